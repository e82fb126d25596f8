package assistant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"ganwen/search/learn"
)

// brain is one trained set of models: which matter, which life event, which kind of utterance.
type brain struct {
	fingerprint string
	matters     *learn.Model
	events      *learn.Model // nil when the catalogue has none
	kinds       *learn.Model // nil when the bank has only matters
	near        *learn.Neighbours
	head        head
}

// head is what is learnt on top of the models, from scores of texts they had not seen.
type head struct {
	Temperature float64 // of the matters' final scores
	Closeness   float64 // what a neighbour's similarity adds to a margin
	Router      *router `json:",omitempty"`
}

// most is how many candidates a ranking keeps: past them lies less than a hundredth of the probability. Neighbours are
// asked about these only.
const most = 10

// read ranks one utterance.
func (b *brain) read(text string, vec []float32) Ranking {
	o := opinion{matters: b.matters.Scores(text, vec), known: b.matters.Known(text)}
	out := Ranking{Kind: kindMatter, Kinds: map[string]float64{kindMatter: 1}}
	out.Matters = best(b.matters.Labels(), b.closer(o.matters, vec, -1), b.head.Temperature)
	if b.events != nil {
		o.events = b.events.Scores(text, vec)
		for _, s := range b.events.Predict(text, vec, most) {
			out.Events = append(out.Events, Guess{Code: s.Label, P: s.P})
		}
	}
	if b.head.Router != nil {
		o.kinds = b.kinds.Scores(text, vec)
		out.Kinds, out.Kind = b.head.Router.route(text, o.signals(text, b.head.Temperature))
	}
	return out
}

// closer adds to the best margins how near the text comes to questions of that matter. The others get what the least
// of these got, so that they stay behind.
func (b *brain) closer(scores []float64, vec []float32, fold int) []float64 {
	if b.near == nil || len(vec) != b.near.Width() || b.head.Closeness == 0 {
		return scores
	}
	order := pickBest(scores, most)
	near := make([]float64, len(order))
	for i, k := range order {
		near[i] = b.near.Near(vec, k, fold)
	}
	least := slices.Min(near)
	out := make([]float64, len(scores))
	for k, s := range scores {
		out[k] = s + b.head.Closeness*least
	}
	for i, k := range order {
		out[k] = scores[k] + b.head.Closeness*near[i]
	}
	return out
}

// pickBest lists the places of the n largest numbers, largest first, ties by place.
func pickBest(scores []float64, n int) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	return order[:min(n, len(order))]
}

func best(labels []string, scores []float64, temperature float64) []Guess {
	probabilities := learn.Softmax(scores, temperature)
	var out []Guess
	for _, k := range pickBest(scores, most) {
		out = append(out, Guess{Code: labels[k], P: probabilities[k]})
	}
	return out
}

// teacher trains a brain step by step.
type teacher struct {
	all     []lesson
	vectors [][]float32 // of the lessons, or nil
	config  learn.Config
	brain   *brain

	heldMatters, heldEvents, heldKinds map[int][]float64 // by lesson: scores by models that had not seen it
}

// teach trains a brain. vectors belong to the lessons, one each, or are nil.
func teach(ctx context.Context, all []lesson, vectors [][]float32, seed uint64, progress func(string, float64)) (*brain, error) {
	t := &teacher{all: all, vectors: vectors, config: learn.Config{Seed: seed, PinyinWeight: 1, Folds: 3}, brain: &brain{}}
	var err error
	progress("train matters", 0)
	if t.brain.matters, t.heldMatters, err = t.train(ctx, kindMatter); err != nil {
		return nil, fmt.Errorf("matters: %w", err)
	}
	progress("train events", 0.5)
	if t.brain.events, t.heldEvents, err = t.train(ctx, kindLifeEvent); err != nil && !errors.Is(err, learn.ErrNoExamples) {
		return nil, fmt.Errorf("life events: %w", err)
	}
	progress("train kinds", 0.6)
	if t.brain.kinds, t.heldKinds, err = t.train(ctx, ""); err != nil && !errors.Is(err, learn.ErrNoExamples) {
		return nil, fmt.Errorf("kinds: %w", err)
	}
	progress("calibrate", 0.9)
	if err := t.calibrate(); err != nil {
		return nil, fmt.Errorf("calibrate: %w", err)
	}
	if t.brain.kinds != nil {
		if t.brain.head.Router, err = trainRouter(t.brain.kinds.Labels(), all, t.signals()); err != nil {
			return nil, fmt.Errorf("router: %w", err)
		}
	}
	return t.brain, nil
}

// train learns codes from the lessons of one kind, or kinds from all when kind is "".
func (t *teacher) train(ctx context.Context, kind string) (*learn.Model, map[int][]float64, error) {
	count := map[string]int{}
	for _, l := range t.all {
		count[l.kind]++
	}
	var examples []learn.Example
	var of []int
	for i, l := range t.all {
		e := learn.Example{Text: l.text, Label: l.code}
		switch {
		case kind == "" && l.bare:
			continue
		case kind == "":
			// Rare kinds count for more, though not so much as to drown the matters.
			e.Label = l.kind
			e.Weight = math.Sqrt(float64(len(t.all)) / float64(len(count)*count[l.kind]))
		case l.kind != kind:
			continue
		}
		if t.vectors != nil {
			e.Vector = t.vectors[i]
		}
		examples, of = append(examples, e), append(of, i)
	}
	m, rows, err := learn.TrainHeld(ctx, examples, t.config)
	if err != nil {
		return nil, nil, err
	}
	held := make(map[int][]float64, len(rows))
	for r, row := range rows {
		if row != nil {
			held[of[r]] = row
		}
	}
	return m, held, nil
}

// calibrate finds what a neighbour's similarity is worth and how sure the sum is, on a part of the held-out matters.
func (t *teacher) calibrate() error {
	b := t.brain
	b.head.Temperature = 1
	var chosen []int
	var examples []learn.Example
	for i, l := range t.all {
		if l.kind != kindMatter {
			continue
		}
		if t.heldMatters[i] != nil && (len(t.heldMatters) < 2000 || len(examples)%thin == 0) {
			chosen = append(chosen, i)
		}
		e := learn.Example{Text: l.text, Label: l.code}
		if t.vectors != nil {
			e.Vector = t.vectors[i]
		}
		examples = append(examples, e)
	}
	targets := make([]int, len(chosen))
	for r, i := range chosen {
		targets[r], _ = slices.BinarySearch(b.matters.Labels(), t.all[i].code)
	}
	worths := []float64{0}
	if t.vectors != nil {
		var err error
		if b.near, err = learn.NewNeighbours(examples, t.config.Fold); err != nil {
			return err
		}
		worths = []float64{0, 0.4, 0.8, 1.2, 1.6, 2, 2.5, 3}
	}
	// With closeness 1 the rows give similarities; any other worth follows from them.
	b.head.Closeness = 1
	near := make([][]float64, len(chosen))
	parallel(len(chosen), func(r int) {
		i := chosen[r]
		if t.vectors != nil {
			near[r] = b.closer(t.heldMatters[i], t.vectors[i], t.config.Fold(t.all[i].text))
		}
	})
	least := math.Inf(1)
	for _, worth := range worths {
		rows := make([][]float64, len(chosen))
		for r, i := range chosen {
			rows[r] = slices.Clone(t.heldMatters[i])
			for k := range near[r] {
				rows[r][k] += worth * (near[r][k] - t.heldMatters[i][k])
			}
		}
		temperature := learn.FitTemperature(rows, targets)
		if loss := learn.NegativeLog(rows, targets, temperature); loss < least {
			least, b.head.Closeness, b.head.Temperature = loss, worth, temperature
		}
	}
	return nil
}

// signals are the router's numbers for every lesson, from held-out scores wherever the model was trained on it.
func (t *teacher) signals() [][]float64 {
	out := make([][]float64, len(t.all))
	b := t.brain
	parallel(len(t.all), func(i int) {
		var vec []float32
		if t.vectors != nil {
			vec = t.vectors[i]
		}
		text := t.all[i].text
		scores := func(m *learn.Model, held map[int][]float64) []float64 {
			if m == nil {
				return nil
			}
			if row, ok := held[i]; ok {
				return row
			}
			return m.Scores(text, vec)
		}
		o := opinion{matters: scores(b.matters, t.heldMatters), events: scores(b.events, t.heldEvents),
			kinds: scores(b.kinds, t.heldKinds), known: b.matters.Known(text)}
		out[i] = o.signals(text, b.head.Temperature)
	})
	return out
}

// parallel calls f for 0…n-1 on all processors.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	const workers = 4
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}
