package assistant

import (
	"context"
	"math"
	"sort"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// NameReader finds matters by their names: what a catalogue without a question bank can be asked by. It knows the
// matters that the bank has no question for; for the others it asks Next. It is safe for concurrent use.
type NameReader struct {
	next    Reader // nil: names are all there is
	entries []nameEntry
	byGram  map[string][]int
	idf     map[string]float64
	regions *kg.Regions
}

type nameEntry struct {
	code   string
	name   string // folded
	region string
	grams  map[string]bool
	weight float64
}

// Shares of words that name and question must have in common.
const (
	nameSure  = 0.55 // taken before the ranker's word
	nameFloor = 0.25 // offered at all
)

// NewNameReader indexes the matters of a catalogue that have no question in its bank.
func NewNameReader(c *kg.Catalogue, regions *kg.Regions, next Reader) *NameReader {
	r := &NameReader{next: next, byGram: map[string][]int{}, idf: map[string]float64{}, regions: regions}
	asked := map[string]bool{}
	for _, q := range c.Bank {
		asked[q.Code] = true
	}
	for _, m := range c.Matters {
		if asked[m.Code] && next != nil {
			continue
		}
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			r.entries = append(r.entries, nameEntry{code: m.Code, name: zh.Fold(n), region: m.Region, grams: gramSet(n)})
		}
	}
	for i, e := range r.entries {
		for g := range e.grams {
			r.byGram[g] = append(r.byGram[g], i)
		}
	}
	for g, list := range r.byGram {
		r.idf[g] = math.Log(1 + float64(len(r.entries))/float64(len(list)))
	}
	for i := range r.entries {
		for g := range r.entries[i].grams {
			r.entries[i].weight += r.idf[g]
		}
	}
	return r
}

// Read implements Reader.
func (r *NameReader) Read(ctx context.Context, text string) Reading {
	var out Reading
	if r.next != nil {
		out = r.next.Read(ctx, text)
	}
	found := r.find(text)
	if len(found) == 0 {
		if r.next == nil {
			out.Kind, out.Kinds = "out_of_scope", map[string]float64{"out_of_scope": 1}
		}
		return out
	}
	switch best := found[0].Score; {
	case r.next == nil:
		out.Kind, out.Kinds = "matter", map[string]float64{"matter": best}
		if best < nameSure && len(found) > 1 && found[1].Score > 0.9*best {
			out.Kind = "ambiguous"
		}
		out.Matters = found
	case best >= nameSure && (best > out.top().Score || out.Kind == "out_of_scope"):
		out.Kind = "matter"
		out.Matters = append(found, out.Matters...)
	}
	return out
}

// find ranks names by the share of words in common with the question, both ways; a place named in the question lifts
// the matters of that place.
func (r *NameReader) find(text string) []Candidate {
	if len(r.entries) == 0 {
		return nil
	}
	scores := map[int]float64{}
	total := 0.0
	for g := range gramSet(r.withoutAsking(text)) {
		w, ok := r.idf[g]
		if !ok {
			w = 1
		}
		total += w
		for _, i := range r.byGram[g] {
			scores[i] += w
		}
	}
	places := r.places(text)
	best := map[string]float64{}
	folded := zh.Fold(text)
	for i, s := range scores {
		e := &r.entries[i]
		f := 2 * s / (total + e.weight)
		if len([]rune(e.name)) >= 4 && strings.Contains(folded, e.name) {
			f = 1 // said in full
		}
		if e.region != "" && len(places) > 0 {
			f *= placeFactor(places, e.region)
		}
		best[e.code] = math.Max(best[e.code], math.Min(f, 1))
	}
	var out []Candidate
	for _, code := range sortedKeys(best) {
		if best[code] >= nameFloor {
			out = append(out, Candidate{Code: code, Score: best[code]})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Score > out[j].Score })
	return out[:min(len(out), shownCandidates)]
}

// withoutAsking drops places and the words that only ask (要带什么, 多久): they are in no name.
func (r *NameReader) withoutAsking(text string) string {
	t := zh.Fold(text)
	for _, rule := range fieldWords {
		for _, w := range sortedLong(rule.Words) {
			t = strings.ReplaceAll(t, w, " ")
		}
	}
	for _, w := range words["particles"] {
		t = strings.ReplaceAll(t, w, " ")
	}
	if r.regions == nil {
		return t
	}
	runes := []rune(t)
	for _, m := range r.regions.Find(t) {
		for i := m.Start; i < m.End && i < len(runes); i++ {
			runes[i] = ' '
		}
	}
	return string(runes)
}

func (r *NameReader) places(text string) []string {
	if r.regions == nil {
		return nil
	}
	var out []string
	for _, m := range r.regions.Find(text) {
		for _, c := range m.Candidates {
			out = append(out, c.Code)
		}
	}
	return out
}

// placeFactor prefers matters of the named place and takes from those of another.
func placeFactor(places []string, region string) float64 {
	for _, p := range places {
		if p == region {
			return 1.15
		}
	}
	for _, p := range places {
		if strings.HasPrefix(p, region) || strings.HasPrefix(region, p) {
			return 1
		}
	}
	return 0.6
}
