package search

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Neighbour is a passage near a vector.
type Neighbour struct {
	ID    string
	Score float32 // cosine
}

// Vectors keep one vector a passage, with a fingerprint of the text it was made from. Implementations are safe for concurrent use.
type Vectors interface {
	Has(id string, fingerprint uint64) bool
	Add(id string, fingerprint uint64, vector []float32) error
	Remove(ids ...string)
	Len() int
	// Nearest gives the n nearest that keep lets pass (nil: all), best first, ties by id.
	Nearest(vector []float32, n int, keep func(id string) bool) []Neighbour
}

// DegradedEmbed stands in Results.Degraded when a question was answered without vectors.
const DegradedEmbed = "embed"

// Hybrid joins what words find with what means nearly the same. Without embedder or vectors, or when the embedder fails or is
// late, it answers from words alone and says so.
type Hybrid struct {
	Store                  // finds by words
	Embedder Embedder      // nil: do without
	Vectors  Vectors       // nil: do without
	Budget   time.Duration // for embedding the question; 0 = 150 ms
	Share    float64       // of the score that nearness has; 0 = 0.6
}

var _ Store = (*Hybrid)(nil)

// Defaults of Hybrid, measured on the 1,234 development questions of STARD over 13,152 articles (those that answer and a fifth of the rest):
// recall@10 of words .569, vectors .612, both with shares of .4 .5 .6: .627 .638 .642; by rank alone (RRF) less. Whether scores are
// stretched, taken as they are, or counted below the first hundred makes no difference.
const (
	embedBudget = 150 * time.Millisecond
	vectorShare = 0.6
	fuseDepth   = 100 // hits of each kind that are joined, in steps of it for deep pages
)

// Index hands on, and forgets vectors of texts that changed. EmbedAll makes those that are missing.
func (h *Hybrid) Index(ctx context.Context, passages []Passage) error {
	if err := h.Store.Index(ctx, passages); err != nil {
		return err
	}
	if h.Vectors != nil {
		for i := range passages {
			if p := &passages[i]; !h.Vectors.Has(p.ID, fingerprint(p)) {
				h.Vectors.Remove(p.ID)
			}
		}
	}
	return nil
}

// Delete hands on, and forgets the vectors.
func (h *Hybrid) Delete(ctx context.Context, ids ...string) error {
	if h.Vectors != nil {
		h.Vectors.Remove(ids...)
	}
	return h.Store.Delete(ctx, ids...)
}

// Search fuses both. Total counts what words found, and more when vectors alone found more; facets are those of the words.
func (h *Hybrid) Search(ctx context.Context, q Query) (*Results, error) {
	size := cmp.Or(q.Size, defaultSize)
	deep := q
	deep.From, deep.Size = 0, (q.From+size+fuseDepth-1)/fuseDepth*fuseDepth
	vector, embedErr := h.embed(ctx, q.Text)
	if vector == nil {
		res, err := h.Store.Search(ctx, q)
		if err == nil && embedErr {
			res.Degraded = append(res.Degraded, DegradedEmbed)
		}
		return res, err
	}
	res, err := h.Store.Search(ctx, deep)
	if err != nil {
		return nil, err
	}
	near, err := h.near(ctx, vector, &deep)
	if err != nil {
		return nil, err
	}
	res.Hits = fuse(res.Hits, near, cmp.Or(h.Share, vectorShare))
	res.Total = max(res.Total, len(res.Hits))
	from := min(q.From, len(res.Hits))
	res.Hits = res.Hits[from:min(from+size, len(res.Hits))]
	return res, nil
}

// embed gives the question's vector; nil with missed set when it should have had one.
func (h *Hybrid) embed(ctx context.Context, text string) (vector []float32, missed bool) {
	if text == "" {
		return nil, false
	}
	if h.Embedder == nil || h.Vectors == nil || h.Vectors.Len() == 0 {
		return nil, true
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(h.Budget, embedBudget))
	defer cancel()
	// The embedder may be busy in C or on a wire and not look at ctx: the answer does not wait for it.
	done := make(chan []float32, 1)
	go func() {
		vectors, err := h.Embedder.Embed(ctx, []string{text}, QuerySide)
		if err != nil || len(vectors) != 1 {
			done <- nil
			return
		}
		done <- vectors[0]
	}()
	select {
	case v := <-done:
		return v, v == nil
	case <-ctx.Done():
		return nil, true
	}
}

// near gives the nearest passages that pass the filters.
func (h *Hybrid) near(ctx context.Context, vector []float32, q *Query) ([]Hit, error) {
	var keep func(string) bool
	var failed error
	if q.Filtered() {
		keep = func(id string) bool {
			p, err := h.Store.Get(ctx, id)
			if err != nil {
				failed = err
			}
			return len(p) == 1 && q.Keeps(&p[0])
		}
	}
	neighbours := h.Vectors.Nearest(vector, q.Size, keep)
	if failed != nil {
		return nil, fmt.Errorf("search: passages near the question: %w", failed)
	}
	ids := make([]string, len(neighbours))
	for i, n := range neighbours {
		ids[i] = n.ID
	}
	passages, err := h.Store.Get(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("search: passages near the question: %w", err)
	}
	hits := make([]Hit, 0, len(passages))
	for i := 0; len(passages) > 0 && i < len(neighbours); i++ {
		if passages[0].ID == neighbours[i].ID { // a vector may outlive its passage a moment
			hits = append(hits, Hit{Passage: passages[0], Score: float64(neighbours[i].Score), Why: []string{string(Meaning)}})
			passages = passages[1:]
		}
	}
	return hits, nil
}

// fuse adds the scores of both lists, each stretched to 0…1 between its last and its best.
func fuse(words, near []Hit, share float64) []Hit {
	at := map[string]int{}
	out := make([]Hit, 0, len(words)+len(near))
	scale := stretch(words)
	for _, h := range words {
		h.Score = (1 - share) * scale(h.Score)
		at[h.ID] = len(out)
		out = append(out, h)
	}
	scale = stretch(near)
	for _, h := range near {
		if i, ok := at[h.ID]; ok {
			out[i].Score += share * scale(h.Score)
			out[i].Why = append(slices.Clip(out[i].Why), h.Why...)
			continue
		}
		h.Score = share * scale(h.Score)
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func stretch(hits []Hit) func(float64) float64 {
	if len(hits) == 0 {
		return nil
	}
	best, last := hits[0].Score, hits[len(hits)-1].Score
	if best == last {
		return func(float64) float64 { return 1 }
	}
	return func(score float64) float64 { return (score - last) / (best - last) }
}

// embedBatch is how many texts an embedder gets at once: enough for it to put those of similar length together.
const embedBatch = 64

// EmbedAll makes the vectors that are missing for these passages, and tells how far it is after every batch (nil: nobody). It can be
// stopped and called again; searches go on meanwhile with the vectors there are.
func EmbedAll(ctx context.Context, e Embedder, v Vectors, passages []Passage, progress func(done, of int)) error {
	for at := 0; at < len(passages); at += embedBatch {
		part := passages[at:min(at+embedBatch, len(passages))]
		var texts []string
		var missing []*Passage
		for i := range part {
			if !v.Has(part[i].ID, fingerprint(&part[i])) {
				missing = append(missing, &part[i])
				texts = append(texts, embedded(&part[i]))
			}
		}
		if len(texts) > 0 {
			vectors, err := e.Embed(ctx, texts, PassageSide)
			if err != nil {
				return fmt.Errorf("search: embed passages %d to %d of %d: %w", at, at+len(part), len(passages), err)
			}
			for i, p := range missing {
				if err := v.Add(p.ID, fingerprint(p), vectors[i]); err != nil {
					return fmt.Errorf("search: keep vector of %s: %w", p.ID, err)
				}
			}
		}
		if progress != nil {
			progress(at+len(part), len(passages))
		}
	}
	return nil
}

// embedded is what a passage's vector is made of: title and text. An article of law goes without, as the name of its law draws all its
// articles together (recall@10 of both .633 with, .642 without).
func embedded(p *Passage) string {
	if p.Title == "" || p.Kind == KindLaw {
		return p.Text
	}
	return p.Title + "\n" + p.Text
}

func fingerprint(p *Passage) uint64 {
	h := fnv.New64a()
	h.Write([]byte(embedded(p)))
	return h.Sum64()
}
