package search

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Shape of BM25, measured on the development questions of CMRC, DRCD, the policy set and STARD. The usual k1 of 1.2 loses one
// point of nDCG on the first three: a bigram that stands twice says little more than once.
const (
	k1          = 0.6
	lengthShare = 0.6 // b: how much long passages are held back
	titleBoost  = 3   // a word in the title counts as often
	impactScale = 65535 / (k1 + 1)
)

// segment is an immutable part of the index. Terms map to postings: passage, how often (titles weighed), and the impact,
// the finished BM25 share of the term without its idf, so that a search only multiplies and adds.
type segment struct {
	passages []Passage
	rows     map[string]uint32 // id → passage
	columns  columns
	terms    map[string]uint32 // term → i: postings start[i] to start[i+1]
	start    []uint32
	docs     []uint32
	tfs      []uint8
	impacts  []uint16
	lengths  []uint16 // in terms, title included
	pivot    float64  // the average length the impacts were made for
}

// counted is one passage's terms, counted.
type counted struct {
	ids    []uint32
	tfs    []uint8
	length uint16
}

// analysed are the terms of one passage, in order.
type analysed struct{ title, text []string }

func analyse(p *Passage) analysed {
	title := Terms(p.Title)
	for _, a := range p.Aliases {
		title = append(title, Terms(a)...)
	}
	return analysed{title, Terms(p.Text)}
}

// newSegment analyses passages on all processors and inverts them.
func newSegment(passages []Passage) *segment {
	s := &segment{passages: passages, terms: map[string]uint32{}, lengths: make([]uint16, len(passages))}
	forward := make([]counted, len(passages))
	const batch = 256
	var counter counter
	counter.terms = s.terms
	results := make([]analysed, batch)
	for at := 0; at < len(passages); at += batch {
		part := passages[at:min(at+batch, len(passages))]
		parallel(len(part), func(i int) { results[i] = analyse(&part[i]) })
		for i := range part {
			forward[at+i] = counter.count(results[i])
			s.lengths[at+i] = forward[at+i].length
		}
	}
	s.invert(forward)
	s.finish()
	return s
}

// finish makes what is looked up by passage.
func (s *segment) finish() {
	s.columns = newColumns(s.passages)
	s.rows = make(map[string]uint32, len(s.passages))
	for i := range s.passages {
		s.rows[s.passages[i].ID] = uint32(i)
	}
}

// parallel calls f(0 … n-1) on all processors.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}

// counter numbers terms and counts them within one passage after another.
type counter struct {
	terms map[string]uint32
	tf    []uint16 // by term id, zero between passages
	seen  []uint32
}

func (c *counter) count(a analysed) counted {
	c.seen = c.seen[:0]
	for _, t := range a.title {
		c.add(t, titleBoost)
	}
	for _, t := range a.text {
		c.add(t, 1)
	}
	out := counted{ids: slices.Clone(c.seen), tfs: make([]uint8, len(c.seen))}
	out.length = uint16(min(len(a.text)+titleBoost*len(a.title), math.MaxUint16))
	for i, id := range c.seen {
		out.tfs[i] = uint8(min(c.tf[id], math.MaxUint8))
		c.tf[id] = 0
	}
	return out
}

func (c *counter) add(term string, n uint16) {
	id, ok := c.terms[term]
	if !ok {
		id = uint32(len(c.terms))
		c.terms[strings.Clone(term)] = id // a term is a piece of its text: do not keep all texts twice
		c.tf = append(c.tf, 0)
	}
	if c.tf[id] == 0 {
		c.seen = append(c.seen, id)
	}
	c.tf[id] = min(c.tf[id]+n, 1<<15)
}

func (s *segment) invert(forward []counted) {
	s.start = make([]uint32, len(s.terms)+1)
	for _, f := range forward {
		for _, id := range f.ids {
			s.start[id+1]++
		}
	}
	for i := 1; i < len(s.start); i++ {
		s.start[i] += s.start[i-1]
	}
	s.allocate(int(s.start[len(s.terms)]))
	next := slices.Clone(s.start)
	for doc, f := range forward {
		for i, id := range f.ids {
			s.docs[next[id]], s.tfs[next[id]] = uint32(doc), f.tfs[i]
			next[id]++
		}
	}
}

func (s *segment) allocate(postings int) {
	s.docs, s.tfs = make([]uint32, postings), make([]uint8, postings)
}

// weigh gives the segment with impacts for another average length; the same one when nothing changes.
func (s *segment) weigh(pivot float64) *segment {
	if s.pivot == pivot && s.impacts != nil {
		return s
	}
	out := *s
	out.pivot, out.impacts = pivot, make([]uint16, len(s.docs))
	norms := make([]float32, len(s.lengths))
	for i, n := range s.lengths {
		norms[i] = float32(k1 * (1 - lengthShare + lengthShare*float64(n)/pivot))
	}
	for i, doc := range s.docs {
		tf := float32(s.tfs[i])
		out.impacts[i] = uint16(impactScale * tf * (k1 + 1) / (tf + norms[doc]))
	}
	return &out
}

// postings of a term, none if the segment does not have it.
func (s *segment) postings(term string) (docs []uint32, impacts []uint16) {
	i, ok := s.terms[term]
	if !ok {
		return nil, nil
	}
	return s.docs[s.start[i]:s.start[i+1]], s.impacts[s.start[i]:s.start[i+1]]
}

func (s *segment) freq(term string) int {
	i, ok := s.terms[term]
	if !ok {
		return 0
	}
	return int(s.start[i+1] - s.start[i])
}

// merge joins live passages of segments, in order, without reading their texts again.
func merge(parts []part) *segment {
	out := &segment{terms: map[string]uint32{}}
	moved := make([][]uint32, len(parts)) // old passage → new + 1; 0 for the dead
	for k, p := range parts {
		moved[k] = make([]uint32, len(p.seg.passages))
		for i := range p.seg.passages {
			if !p.dead.has(i) {
				out.passages = append(out.passages, p.seg.passages[i])
				out.lengths = append(out.lengths, p.seg.lengths[i])
				moved[k][i] = uint32(len(out.passages))
			}
		}
	}
	ids := out.joinTerms(parts, moved)
	next := slices.Clone(out.start)
	for k, p := range parts {
		for old, id := range ids[k] {
			for i := p.seg.start[old]; i < p.seg.start[old+1]; i++ {
				if to := moved[k][p.seg.docs[i]]; to > 0 {
					out.docs[next[id]], out.tfs[next[id]] = to-1, p.seg.tfs[i]
					next[id]++
				}
			}
		}
	}
	out.finish()
	return out
}

// joinTerms numbers the terms that are still in use and lays out their postings; it gives each part's term → new term.
func (s *segment) joinTerms(parts []part, moved [][]uint32) [][]uint32 {
	var sizes []uint32
	ids := make([][]uint32, len(parts))
	for k, p := range parts {
		ids[k] = make([]uint32, len(p.seg.terms))
		for term, old := range p.seg.terms {
			n := uint32(0)
			for _, doc := range p.seg.docs[p.seg.start[old]:p.seg.start[old+1]] {
				if moved[k][doc] > 0 {
					n++
				}
			}
			id, ok := s.terms[term]
			if !ok && n > 0 {
				id = uint32(len(s.terms))
				s.terms[term] = id
				sizes = append(sizes, 0)
			}
			if n > 0 {
				sizes[id] += n
			}
			ids[k][old] = id
		}
	}
	s.start = make([]uint32, len(sizes)+1)
	for i, n := range sizes {
		s.start[i+1] = s.start[i] + n
	}
	s.allocate(int(s.start[len(sizes)]))
	return ids
}
