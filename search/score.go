package search

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"
	"sync"
)

// defaultSize is how many hits a query gets that does not say.
const defaultSize = 10

// Search finds passages that hold any word of the question, best first by BM25 over bigrams and words, ties by id. Total
// and facets count all of them.
func (m *Memory) Search(ctx context.Context, q Query) (*Results, error) {
	s := m.snap.Load()
	if s == nil || q.Text == "" {
		return &Results{Hits: []Hit{}}, ctx.Err()
	}
	wanted := Reader{Synonyms: m.config.Synonyms, Names: s.names(), Freq: s.freq}.Read(q.Text)
	best := &top{size: q.From + cmp.Or(q.Size, defaultSize)}
	res := &Results{Hits: []Hit{}}
	if q.Facets {
		res.Facets = map[string]map[string]int{}
	}
	weights := s.weights(wanted)
	for i := range s.parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.parts[i].search(&q, wanted, weights, best, res)
	}
	ex := NewExplainer(wanted)
	for _, c := range best.from(q.From) {
		h := Hit{Passage: *c.passage, Score: float64(c.score)}
		h.Highlights, h.Why = ex.Explain(c.passage)
		res.Hits = append(res.Hits, h)
	}
	return res, nil
}

func (s *snapshot) freq(term string) int {
	n := 0
	for i := range s.parts {
		n += s.parts[i].seg.freq(term)
	}
	return n
}

// weights are the wanted weights times idf, scaled to impacts.
func (s *snapshot) weights(wanted []Wanted) []float32 {
	rows := 0
	for i := range s.parts {
		rows += len(s.parts[i].seg.passages)
	}
	out := make([]float32, len(wanted))
	for i, w := range wanted {
		out[i] = float32(w.Weight * IDF(rows, s.freq(w.Term)) / impactScale)
	}
	return out
}

// IDF is the weight of a term that freq of n passages hold.
func IDF(n, freq int) float64 {
	return math.Log(1 + (float64(n-freq)+0.5)/(float64(freq)+0.5))
}

// Impact is the BM25 share of a term that stands tf times in a passage of so many terms, without idf; pivot is the average length.
func Impact(tf, length, pivot float64) float64 {
	return tf * (k1 + 1) / (tf + k1*(1-lengthShare+lengthShare*length/pivot))
}

// Pivot rounds an average length to steps of five percent, so that impacts are seldom made anew and scores do not depend
// on the order in which passages came.
func Pivot(average float64) float64 {
	if average <= 0 {
		return 1
	}
	return math.Pow(1.05, math.Round(math.Log(average)/math.Log(1.05)))
}

// accumulators are used again: a search of 100,000 passages would otherwise leave 400 kB to the collector.
var accumulators = sync.Pool{New: func() any { return new([]float32) }}

// search adds up impacts term by term, then looks at every passage once. Adding costs about a nanosecond a posting, which with stop
// words gone is less than keeping posting lists in step to skip some.
func (p *part) search(q *Query, wanted []Wanted, weights []float32, best *top, res *Results) {
	held := accumulators.Get().(*[]float32)
	defer accumulators.Put(held)
	if cap(*held) < len(p.seg.passages) {
		*held = make([]float32, len(p.seg.passages))
	}
	sums := (*held)[:len(p.seg.passages)]
	clear(sums)
	for i, w := range wanted {
		docs, impacts := p.seg.postings(w.Term)
		weight := weights[i]
		for j, doc := range docs {
			sums[doc] += weight * float32(impacts[j])
		}
	}
	keep := p.seg.columns.filter(q)
	for doc, sum := range sums {
		if sum == 0 || p.dead.has(doc) || !keep.keeps(uint32(doc)) {
			continue
		}
		res.Total++
		if res.Facets != nil {
			CountFacets(res.Facets, &p.seg.passages[doc])
		}
		best.offer(sum, &p.seg.passages[doc])
	}
}

// candidate is a passage with its score.
type candidate struct {
	score   float32
	passage *Passage
}

func (c candidate) before(d candidate) bool {
	return c.score > d.score || c.score == d.score && c.passage.ID < d.passage.ID
}

// top keeps the best size candidates, worst on top of a heap.
type top struct {
	size int
	list []candidate
}

func (t *top) Len() int           { return len(t.list) }
func (t *top) Less(i, j int) bool { return t.list[j].before(t.list[i]) }
func (t *top) Swap(i, j int)      { t.list[i], t.list[j] = t.list[j], t.list[i] }
func (t *top) Push(x any)         { t.list = append(t.list, x.(candidate)) }
func (t *top) Pop() any           { panic("search: top never shrinks") }

func (t *top) offer(score float32, p *Passage) {
	c := candidate{score, p}
	if len(t.list) < t.size {
		heap.Push(t, c)
	} else if t.size > 0 && score >= t.list[0].score && c.before(t.list[0]) {
		t.list[0] = c
		heap.Fix(t, 0)
	}
}

// from sorts and leaves out the first n.
func (t *top) from(n int) []candidate {
	slices.SortFunc(t.list, func(a, b candidate) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return t.list[min(n, len(t.list)):]
}
