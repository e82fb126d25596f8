package bleve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"ganwen/search"
)

// Fields of a document in bleve.
const (
	fieldText   = "text"   // our terms of Content
	fieldSource = "src"    // the passage as JSON, stored
	fieldName   = "name"   // its names as JSON suggestions, for completions
	fieldCode   = "code"   // filter
	fieldIn     = "in"     // filter: short division code, everywhere for none
	fieldFrom   = "from"   // filter: first day, beginning for none
	fieldTo     = "to"     // filter: last day, end for none
	everywhere  = "*"      // sorts and compares as no code does
	beginning   = "0"      // before any day
	end         = "9"      // after any day
	tokenizer   = "ganwen" // registered once in the process, as bleve demands
)

func init() {
	err := registry.RegisterTokenizer(tokenizer, func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) {
		return splitter{}, nil
	})
	if err != nil {
		panic(err) // the name is taken: a mistake in the program
	}
}

// separator stands between terms handed to bleve. No term holds it.
const separator = 0

// splitter is the tokenizer: passages are read into terms by search.Terms before bleve sees them, once, so that their number is
// known for the average length. Offsets are left out: nothing asks for them, the Explainer highlights.
type splitter struct{}

func (splitter) Tokenize(input []byte) analysis.TokenStream {
	n := bytes.Count(input, []byte{separator})
	tokens := make([]analysis.Token, 0, n)
	stream := make(analysis.TokenStream, 0, n)
	for len(input) > 0 {
		term, rest, _ := bytes.Cut(input, []byte{separator})
		tokens = append(tokens, analysis.Token{Term: term, Position: len(tokens) + 1})
		stream = append(stream, &tokens[len(tokens)-1])
		input = rest
	}
	return stream
}

// join ends every term with the separator.
func join(terms []string) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(t)
		b.WriteByte(separator)
	}
	return b.String()
}

// newMapping is lean: bleve's default keeps term vectors and doc values of everything, five times the space.
func newMapping() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(tokenizer, map[string]any{"type": custom.Name, "tokenizer": tokenizer}); err != nil {
		return nil, fmt.Errorf("bleve: analyzer: %w", err)
	}
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	doc := bleve.NewDocumentStaticMapping()
	add := func(name string, f mapping.FieldMapping) {
		f.Type, f.IncludeInAll, f.IncludeTermVectors = "text", false, false
		doc.AddFieldMappingsAt(name, &f)
	}
	add(fieldText, mapping.FieldMapping{Analyzer: tokenizer, Index: true})
	add(fieldSource, mapping.FieldMapping{Store: true})
	for _, name := range []string{fieldName, fieldCode, fieldIn, fieldFrom, fieldTo} {
		add(name, mapping.FieldMapping{Analyzer: keyword.Name, Index: true, SkipFreqNorm: true})
	}
	for _, name := range facets {
		add(name, mapping.FieldMapping{Analyzer: keyword.Name, Index: true, SkipFreqNorm: true, DocValues: true})
	}
	m.DefaultMapping = doc
	return m, nil
}

var facets = []string{search.FacetKind, search.FacetType, search.FacetTheme, search.FacetAudience, search.FacetRegion}

// document gives a passage as bleve takes it.
func document(p *search.Passage, terms []string) (map[string]any, error) {
	source, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("bleve: passage %s: %w", p.ID, err)
	}
	var names []string
	for _, text := range append([]string{p.Title}, p.Aliases...) {
		if text == "" {
			continue
		}
		name, err := json.Marshal(search.Suggestion{Text: text, Name: p.Title, Kind: p.Kind, Code: p.Code})
		if err != nil {
			return nil, fmt.Errorf("bleve: name of passage %s: %w", p.ID, err)
		}
		names = append(names, string(name))
	}
	return map[string]any{
		fieldText: join(terms), fieldSource: string(source), fieldName: names, fieldCode: p.Code,
		fieldIn: or(search.Division(p.Region), everywhere), fieldFrom: or(p.From, beginning), fieldTo: or(p.To, end),
		search.FacetKind: string(p.Kind), search.FacetType: p.Type, search.FacetTheme: p.Themes,
		search.FacetAudience: p.Audience, search.FacetRegion: p.Region,
	}, nil
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
