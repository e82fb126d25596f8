package bleve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/blevesearch/bleve/v2"
	bsearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"ganwen/search"
)

// Search finds passages that hold any word of the question, scored as search.Memory scores them.
func (x *Index) Search(ctx context.Context, q search.Query) (*search.Results, error) {
	if err := ctx.Err(); err != nil || q.Text == "" {
		return &search.Results{Hits: []search.Hit{}}, err
	}
	r, err := x.low.Reader()
	if err != nil {
		return nil, fmt.Errorf("bleve: search: %w", err)
	}
	res, err := x.search(ctx, r, &q)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("bleve: search: %w", err)
	}
	return res, nil
}

func (x *Index) search(ctx context.Context, r index.IndexReader, q *search.Query) (*search.Results, error) {
	freqs := map[string]int{}
	freq := func(term string) int { return frequency(ctx, r, term, freqs) }
	names, err := x.names.Load().vocabulary()
	if err != nil {
		return nil, err
	}
	wanted := search.Reader{Synonyms: x.synonyms, Names: names, Freq: freq}.Read(q.Text)
	sums, err := accumulate(ctx, r, wanted)
	if err != nil {
		return nil, err
	}
	defer sums.free()
	if q.Filtered() {
		if err := x.filter(ctx, r, q, sums); err != nil {
			return nil, err
		}
	}
	res := &search.Results{Hits: []search.Hit{}}
	best, err := sums.best(r, q.From+cmp.Or(q.Size, 10))
	if err != nil {
		return nil, err
	}
	res.Total = sums.count()
	if q.Facets {
		if res.Facets, err = countFacets(r, sums); err != nil {
			return nil, err
		}
	}
	ex := search.NewExplainer(wanted)
	for _, c := range best[min(q.From, len(best)):] {
		p, err := load(r, c.id)
		if err != nil {
			return nil, err
		}
		h := search.Hit{Passage: *p, Score: float64(c.score)}
		h.Highlights, h.Why = ex.Explain(p)
		res.Hits = append(res.Hits, h)
	}
	return res, nil
}

// frequency counts the passages that hold a term. A term that cannot be read is taken as unknown; the search itself reports why.
func frequency(ctx context.Context, r index.IndexReader, term string, known map[string]int) int {
	if n, ok := known[term]; ok {
		return n
	}
	t, err := r.TermFieldReader(ctx, []byte(term), fieldText, false, false, false)
	if err != nil {
		return 0
	}
	known[term] = int(t.Count())
	t.Close()
	return known[term]
}

// sums are the scores by bleve's passage number. They are used again.
type sums struct {
	score   []float32
	touched []uint64 // those with a score, each once
}

var pool = sync.Pool{New: func() any { return new(sums) }}

// accumulate adds up our BM25 term by term. bleve's own bm25 takes the number of distinct terms for the average length and so
// all but ignores long passages; its heap of term readers costs several times this.
func accumulate(ctx context.Context, r index.IndexReader, wanted []search.Wanted) (*sums, error) {
	var l length
	kept, err := r.GetInternal(keyLength)
	if err != nil {
		return nil, err
	}
	l.parse(string(kept))
	count, err := r.DocCount()
	if err != nil {
		return nil, err
	}
	s := pool.Get().(*sums)
	for _, w := range wanted {
		if err := ctx.Err(); err != nil {
			s.free()
			return nil, err
		}
		if err := s.add(ctx, r, w, int(count), l.pivot()); err != nil {
			s.free()
			return nil, err
		}
	}
	return s, nil
}

func (s *sums) add(ctx context.Context, r index.IndexReader, w search.Wanted, count int, pivot float64) error {
	t, err := r.TermFieldReader(ctx, []byte(w.Term), fieldText, true, true, false)
	if err != nil {
		return err
	}
	defer t.Close()
	n := int(t.Count())
	if n == 0 {
		return nil
	}
	weight := w.Weight * search.IDF(count, n)
	var held index.TermFieldDoc
	for {
		d, err := t.Next(&held)
		if err != nil || d == nil {
			return err
		}
		doc := d.ID.Value()
		if doc >= uint64(len(s.score)) {
			s.score = append(s.score, make([]float32, doc+1-uint64(len(s.score))+1024)...)
		}
		if s.score[doc] == 0 {
			s.touched = append(s.touched, doc)
		}
		s.score[doc] += float32(weight * search.Impact(float64(d.Freq), 1/(d.Norm*d.Norm), pivot))
	}
}

// free clears what was touched and gives the memory back.
func (s *sums) free() {
	for _, doc := range s.touched {
		s.score[doc] = 0
	}
	s.touched = s.touched[:0]
	pool.Put(s)
}

func (s *sums) count() int { return len(s.touched) }

// scored is a passage found.
type scored struct {
	id    string
	score float32
}

// best gives the n best, ties by id. Ids are only read of those that may be among them.
func (s *sums) best(r index.IndexReader, n int) ([]scored, error) {
	var out []scored
	floor := s.nth(n)
	for _, doc := range s.touched {
		if s.score[doc] < floor {
			continue
		}
		id, err := r.ExternalID(index.NewIndexInternalID(nil, doc))
		if err != nil {
			return nil, err
		}
		out = append(out, scored{id, s.score[doc]})
	}
	slices.SortFunc(out, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
	})
	return out[:min(n, len(out))], nil
}

// nth is the score of the nth best, 0 when there are fewer.
func (s *sums) nth(n int) float32 {
	if n >= len(s.touched) {
		return 0
	}
	top := make([]float32, 0, n) // descending
	for _, doc := range s.touched {
		score := s.score[doc]
		if len(top) == n && score <= top[n-1] {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, score, func(a, b float32) int { return cmp.Compare(b, a) })
		if len(top) < n {
			top = append(top, 0)
		}
		copy(top[at+1:], top[at:len(top)-1])
		top[at] = score
	}
	return top[n-1]
}

// filter drops the scores of passages that do not pass.
func (x *Index) filter(ctx context.Context, r index.IndexReader, q *search.Query, s *sums) error {
	f, err := filterQuery(q).Searcher(ctx, r, x.mapping, bsearch.SearcherOptions{Score: "none"})
	if err != nil {
		return err
	}
	defer f.Close()
	pool := bsearch.NewDocumentMatchPool(f.DocumentMatchPoolSize()+1, 0)
	context := &bsearch.SearchContext{DocumentMatchPool: pool}
	passed := map[uint64]bool{}
	for {
		m, err := f.Next(context)
		if err != nil {
			return err
		}
		if m == nil {
			break
		}
		if doc := m.IndexInternalID.Value(); doc < uint64(len(s.score)) && s.score[doc] > 0 {
			passed[doc] = true
		}
		pool.Put(m)
	}
	kept := s.touched[:0]
	for _, doc := range s.touched {
		if passed[doc] {
			kept = append(kept, doc)
		} else {
			s.score[doc] = 0
		}
	}
	s.touched = kept
	return nil
}

// filterQuery is search.Query.Keeps for bleve.
func filterQuery(q *search.Query) query.Query {
	all := bleve.NewConjunctionQuery()
	any := func(field string, values ...string) {
		if len(values) == 0 || values[0] == "" {
			return
		}
		some := bleve.NewDisjunctionQuery()
		for _, v := range values {
			t := bleve.NewTermQuery(v)
			t.SetField(field)
			some.AddQuery(t)
		}
		all.AddQuery(some)
	}
	kinds := make([]string, len(q.Kinds))
	for i, k := range q.Kinds {
		kinds[i] = string(k)
	}
	any(search.FacetKind, kinds...)
	any(fieldCode, q.Codes...)
	any(search.FacetType, q.Type)
	any(search.FacetTheme, q.Theme)
	any(search.FacetAudience, q.Audience)
	if q.Region != "" {
		any(fieldIn, append(search.Ancestors(q.Region), everywhere)...)
	}
	if q.On != "" {
		yes := true
		from := bleve.NewTermRangeInclusiveQuery("", q.On, nil, &yes)
		from.SetField(fieldFrom)
		to := bleve.NewTermRangeInclusiveQuery(q.On, "", &yes, nil)
		to.SetField(fieldTo)
		all.AddQuery(from, to)
	}
	return all
}

func countFacets(r index.IndexReader, s *sums) (map[string]map[string]int, error) {
	values, err := r.DocValueReader(facets)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]int{}
	var id index.IndexInternalID
	slices.Sort(s.touched) // doc values are read block by block
	for _, doc := range s.touched {
		id = index.NewIndexInternalID(id, doc)
		err := values.VisitDocValues(id, func(facet string, value []byte) {
			if len(value) == 0 {
				return
			}
			if out[facet] == nil {
				out[facet] = map[string]int{}
			}
			out[facet][string(value)]++
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
