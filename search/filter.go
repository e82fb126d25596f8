package search

import (
	"slices"
	"strings"
)

// Keeps says whether a passage passes the query's filters. Backends that filter in their own way agree with it.
func (q *Query) Keeps(p *Passage) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, p.Kind)) &&
		(len(q.Codes) == 0 || slices.Contains(q.Codes, p.Code)) &&
		(q.Type == "" || q.Type == p.Type) &&
		(q.Theme == "" || slices.Contains(p.Themes, q.Theme)) &&
		(q.Audience == "" || slices.Contains(p.Audience, q.Audience)) &&
		(q.Region == "" || inRegion(q.Region, p.Region)) &&
		(q.On == "" || inForce(q.On, p.From, p.To))
}

// Filtered says whether the query has any filter.
func (q *Query) Filtered() bool {
	return len(q.Kinds)+len(q.Codes) > 0 || q.Type+q.Theme+q.Audience+q.Region+q.On != ""
}

// Division gives the short form of a division code: 360000 → 36, 360100 → 3601, 360102001000 → 360102001. Short codes
// stay; a division's code begins with that of every division it lies in.
func Division(code string) string {
	switch len(code) {
	case 12:
		if cut, ok := strings.CutSuffix(code, "000"); ok {
			return Division(strings.TrimSuffix(cut, "000"))
		}
	case 6:
		for len(code) > 2 && strings.HasSuffix(code, "00") {
			code = code[:len(code)-2]
		}
	}
	return code
}

// Ancestors gives a division and those it lies in, smallest first.
func Ancestors(code string) []string {
	code = Division(code)
	out := []string{code}
	for _, n := range []int{9, 6, 4, 2} {
		if n < len(code) {
			out = append(out, code[:n])
		}
	}
	return out
}

func inRegion(asked, of string) bool {
	return of == "" || strings.HasPrefix(Division(asked), Division(of))
}

// inForce takes both days as within.
func inForce(on, from, to string) bool {
	return (from == "" || from <= on) && (to == "" || on <= to)
}

// Names of facets.
const (
	FacetKind     = "kind"
	FacetType     = "type"
	FacetTheme    = "theme"
	FacetAudience = "audience"
	FacetRegion   = "region"
)

// CountFacets adds a passage to facet counts.
func CountFacets(facets map[string]map[string]int, p *Passage) {
	count := func(facet, value string) {
		if value == "" {
			return
		}
		if facets[facet] == nil {
			facets[facet] = map[string]int{}
		}
		facets[facet][value]++
	}
	count(FacetKind, string(p.Kind))
	count(FacetType, p.Type)
	count(FacetRegion, p.Region)
	for _, t := range p.Themes {
		count(FacetTheme, t)
	}
	for _, a := range p.Audience {
		count(FacetAudience, a)
	}
}
