package search

import (
	"strings"
	"unicode/utf8"

	"ganwen/search/zh"
)

// Explainer shows where and why passages answer to what is wanted. Safe for concurrent use.
type Explainer struct {
	pairs map[[2]rune]bool // bigrams to mark; the first rune is 0 for a lone character
	maybe [1024]bool       // hashes of pairs: nearly all of a text is none of them, and is passed over without asking the map
	lone  bool             // there are lone characters
	runs  map[string]bool  // Latin and digit runs
	words []Wanted         // to show, longest first within their order
}

// NewExplainer prepares for the hits of one question.
func NewExplainer(wanted []Wanted) *Explainer {
	e := &Explainer{pairs: map[[2]rune]bool{}, runs: map[string]bool{}}
	shown := map[string]bool{}
	for _, w := range wanted {
		if w.Word == "" && w.Weight <= stopCrossWeight && w.How == Exact {
			continue // half a stop word: counts a little, shows nothing
		}
		r := []rune(w.Term)
		switch {
		case !zh.IsHan(r[0]):
			e.runs[w.Term] = true
		case len(r) == 1:
			e.mark(0, r[0])
			e.lone = true
		case len(r) == 2:
			e.mark(r[0], r[1])
		}
		if w.Word != "" && !shown[w.Word] {
			shown[w.Word] = true
			e.words = append(e.words, w)
		}
	}
	return e
}

func pairHash(a, b rune) int { return int(a*33^b) & 1023 }

func (e *Explainer) mark(a, b rune) {
	e.pairs[[2]rune{a, b}] = true
	e.maybe[pairHash(a, b)] = true
}

func (e *Explainer) marked(a, b rune) bool {
	return e.maybe[pairHash(a, b)] && e.pairs[[2]rune{a, b}]
}

// mostHighlights bounds the spans of one hit.
const mostHighlights = 64

// Explain gives the spans of the text that match, merged and in order, and the words that matched in title, other names or text, with
// the way they did: 身份证, 同义词：医保→基本医疗保险.
func (e *Explainer) Explain(p *Passage) (spans []Span, why []string) {
	text := zh.Fold(p.Text)
	var last rune
	n := 0
	mark := func(start, end int) {
		if k := len(spans); k > 0 && spans[k-1].End >= start {
			spans[k-1].End = max(end, spans[k-1].End)
		} else if k < mostHighlights {
			spans = append(spans, Span{start, end})
		}
	}
	for _, r := range text {
		if zh.IsHan(r) {
			if last != 0 && e.marked(last, r) {
				mark(n-1, n+1)
			} else if e.lone && e.marked(0, r) {
				mark(n, n+1)
			}
			last = r
		} else {
			last = 0
		}
		n++
	}
	if len(e.runs) > 0 {
		spans = e.markRuns(text, spans)
	}
	return spans, e.why(text, zh.Fold(p.Title+"\n"+strings.Join(p.Aliases, "\n")))
}

func (e *Explainer) markRuns(text string, spans []Span) []Span {
	for _, p := range pieces(text) {
		if !p.han && e.runs[p.text] && len(spans) < mostHighlights {
			spans = append(spans, Span{p.start, p.end})
		}
	}
	return MergeSpans(spans)
}

func (e *Explainer) why(text, title string) []string {
	var out []string
	var exact []string
	for _, w := range e.words {
		if !strings.Contains(text, w.Word) && !strings.Contains(title, w.Word) {
			continue
		}
		if w.How == Exact {
			exact = append(exact, w.Word)
		} else {
			out = append(out, string(w.How)+"："+w.Said+"→"+w.Word)
		}
	}
	var words, lone []string
	for i, w := range exact {
		switch {
		case partOfAnother(w, i, exact):
		case utf8.RuneCountInString(w) == 1:
			lone = append(lone, w)
		default:
			words = append(words, w)
		}
	}
	if words = append(words, out...); len(words) == 0 {
		return lone // 办 and 取 explain nothing beside longer words
	}
	return words
}

func partOfAnother(w string, i int, words []string) bool {
	for j, other := range words {
		if i != j && len(other) > len(w) && strings.Contains(other, w) {
			return true
		}
	}
	return false
}
