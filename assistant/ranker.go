package assistant

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ganwen/kg"
	"ganwen/search"
)

// ErrNoBank is returned when a catalogue has no questions to learn from.
var ErrNoBank = errors.New("assistant: the catalogue has no question bank")

// Ranker finds the matters and life events an utterance may mean, and what kind of utterance it is, by models trained
// from the catalogue's own questions. It works at once without vectors; Refine adds them. All methods are safe for
// concurrent use, and a Ranker swaps its models without stopping.
type Ranker struct {
	cat      *kg.Catalogue
	config   RankerConfig
	training sync.Mutex
	lexical  atomic.Pointer[brain]
	full     atomic.Pointer[brain]
}

// RankerConfig says where trained models are kept and what may help. The zero value trains in memory without vectors.
type RankerConfig struct {
	Dir      string          // kept models; "" = nothing is kept
	Embedder search.Embedder // nil = without vectors
	Seed     uint64
	Budget   time.Duration // most a question waits for its vector; 0 = 300 ms
	// Progress is told how far Refine is, from 0 to 1. It may be nil.
	Progress func(step string, share float64)
}

// Guess is a candidate with its calibrated probability.
type Guess struct {
	Code string
	P    float64
}

// Ranking is what an utterance may mean, likeliest first. Probabilities of matters are given that it asks for one
// matter at all, those of events given that it asks for a life event; Kinds says how likely each of these is.
type Ranking struct {
	Matters  []Guess
	Events   []Guess
	Kinds    map[string]float64
	Kind     string
	Degraded []string // "embed": answered without vectors although an embedder is configured
}

// TrainRanker trains the models that need no vectors, or reads them when the directory holds them for this catalogue
// and configuration. It takes seconds. Call Refine afterwards, in the background, for the models with vectors.
func TrainRanker(ctx context.Context, cat *kg.Catalogue, c RankerConfig) (*Ranker, error) {
	if len(cat.Bank) == 0 {
		return nil, ErrNoBank
	}
	if c.Budget == 0 {
		c.Budget = 300 * time.Millisecond
	}
	r := &Ranker{cat: cat, config: c}
	b, err := r.obtain(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("assistant: train ranker: %w", err)
	}
	r.lexical.Store(b)
	if c.Embedder != nil {
		if b, err := r.kept(ctx, fullFile); err == nil {
			r.full.Store(b)
		}
	}
	return r, nil
}

// Refine computes the vectors of the bank, trains with them and swaps the models in. It does nothing without an
// embedder or when the models with vectors are there already. Vectors already kept are not computed again.
func (r *Ranker) Refine(ctx context.Context) error {
	r.training.Lock()
	defer r.training.Unlock()
	if r.config.Embedder == nil || r.full.Load() != nil {
		return nil
	}
	vectors, err := r.embedBank(ctx)
	if err != nil {
		return fmt.Errorf("assistant: refine ranker: %w", err)
	}
	b, err := r.obtain(ctx, vectors)
	if err != nil {
		return fmt.Errorf("assistant: refine ranker: %w", err)
	}
	r.full.Store(b)
	r.progress("ready", 1)
	return nil
}

// Refined reports whether the models with vectors are in use.
func (r *Ranker) Refined() bool { return r.full.Load() != nil }

// Fingerprint names the catalogue and configuration the models in use were trained from.
func (r *Ranker) Fingerprint() string {
	if b := r.full.Load(); b != nil {
		return b.fingerprint
	}
	return r.lexical.Load().fingerprint
}

// Rank reads one utterance. It never fails: without a vector in time it answers from the words alone and says so.
func (r *Ranker) Rank(ctx context.Context, text string) Ranking {
	vec, degraded := r.vector(ctx, text)
	b := r.lexical.Load()
	if vec != nil {
		b = r.full.Load()
	}
	out := b.read(text, vec)
	out.Degraded = degraded
	return out
}

// Route gives the probability of every kind of utterance.
func (r *Ranker) Route(ctx context.Context, text string) map[string]float64 {
	return r.Rank(ctx, text).Kinds
}

// vector embeds a question within the budget; nil when there is no embedder, no refined model, or no time.
func (r *Ranker) vector(ctx context.Context, text string) ([]float32, []string) {
	if r.config.Embedder == nil {
		return nil, nil
	}
	if r.full.Load() == nil || text == "" {
		return nil, []string{"embed"}
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Budget)
	defer cancel()
	vecs, err := r.config.Embedder.Embed(ctx, []string{text}, search.QuerySide)
	if err != nil || len(vecs) != 1 {
		return nil, []string{"embed"}
	}
	return vecs[0], nil
}

func (r *Ranker) progress(step string, share float64) {
	if r.config.Progress != nil {
		r.config.Progress(step, share)
	}
}
