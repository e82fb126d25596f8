package search

import (
	"cmp"
	"context"
	"slices"
)

// Kind is what a passage was taken from.
type Kind string

// Kinds of passages.
const (
	KindMatter   Kind = "matter"
	KindPolicy   Kind = "policy"
	KindLaw      Kind = "law"
	KindDocument Kind = "document"
	KindEvent    Kind = "event"
)

// Passage is the unit that is indexed, found and cited.
type Passage struct {
	ID         string   `json:"id"` // unique; indexing the same id again replaces it
	Kind       Kind     `json:"kind"`
	Code       string   `json:"code,omitempty"`  // record it belongs to: matter, event or policy code, document id, law name
	Field      string   `json:"field,omitempty"` // field, article or section within the record
	Title      string   `json:"title,omitempty"`
	Text       string   `json:"text"`
	Aliases    []string `json:"aliases,omitempty"` // other names and common questions: found like the title, completed by Suggest
	Region     string   `json:"region,omitempty"`  // division code, see Division; "" = everywhere
	Type       string   `json:"type,omitempty"`    // 事项类型, document type
	Themes     []string `json:"themes,omitempty"`
	Audience   []string `json:"audience,omitempty"`
	From       string   `json:"effective_from,omitempty"` // ISO day, "" = open
	To         string   `json:"effective_to,omitempty"`
	URL        string   `json:"url,omitempty"`
	Version    string   `json:"version,omitempty"`
	Department string   `json:"department,omitempty"`
}

// Query asks for passages. The zero filters mean no filter.
type Query struct {
	Text     string
	Kinds    []Kind
	Codes    []string // only these records
	Region   string   // division code: passages of that region, its ancestors, or everywhere
	Type     string
	Theme    string
	Audience string
	On       string // ISO day: only what is in force then
	Size     int    // 0 = 10
	From     int    // offset, for pages
	Facets   bool
}

// Hit is one passage found.
type Hit struct {
	Passage
	Score      float64  `json:"score"`
	Highlights []Span   `json:"highlights,omitempty"` // rune offsets into Text
	Why        []string `json:"why,omitempty"`        // the query words that matched, and how (同义词, 拼音, 向量)
}

// Span is a half-open range of runes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Results are hits best first, ties broken by passage id. Hits is never nil.
type Results struct {
	Hits     []Hit                     `json:"hits"`
	Total    int                       `json:"total"`
	Facets   map[string]map[string]int `json:"facets,omitempty"` // facet → value → count
	Degraded []string                  `json:"degraded,omitempty"`
}

// Searcher finds passages. Implementations are safe for concurrent use; an empty query gives no hits and no error.
type Searcher interface {
	Search(ctx context.Context, q Query) (*Results, error)
}

// Embedder turns texts into vectors of unit length, one each, in order. It is optional everywhere: nil means
// do without, and say so. Query marks the texts as questions; models that know the difference use it.
type Embedder interface {
	Embed(ctx context.Context, texts []string, side Side) ([][]float32, error)
}

// Side says whether texts are questions or passages.
type Side int

// Sides.
const (
	PassageSide Side = iota
	QuerySide
)

// Store keeps passages and finds them. Implementations are safe for concurrent use; a search sees an Index of up to a thousand
// passages whole or not at all.
type Store interface {
	Searcher
	// Index adds passages, replacing those with the same id; ErrNoID for one without.
	Index(ctx context.Context, passages []Passage) error
	// Delete removes passages; absent ids are no error.
	Delete(ctx context.Context, ids ...string) error
	// Get gives passages in the order asked, without the absent.
	Get(ctx context.Context, ids ...string) ([]Passage, error)
	// Suggest completes what is typed so far.
	Suggest(typed string, n int) []Suggestion
	// Len is the number of passages.
	Len() int
}

// MergeSpans sorts spans and joins those that touch.
func MergeSpans(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
