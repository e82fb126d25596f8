package learn

import (
	"context"
	"fmt"
	"math"
)

// held is one example as a model sees it that was not trained on it.
type held struct {
	scores []float64
	target int
}

// crossScores trains on all folds but one and scores that one, for every fold. Folds follow a hash of the text, so
// that an example keeps its fold when others come or go.
func crossScores(ctx context.Context, ex []Example, docs [][]term, targets []int, labels []string, width int, c Config) ([]held, error) {
	out := make([]held, 0, len(ex))
	for fold := range c.Folds {
		in := func(i int) bool { return foldOf(ex[i].Text, c) == fold }
		chosen := pick(len(ex), in)
		if len(chosen) == 0 || len(chosen) == len(ex) {
			continue
		}
		l, err := fit(ctx, ex, docs, chosen, sided(targets, len(labels)), labels, width, c)
		if err != nil {
			return nil, fmt.Errorf("learn: calibrate, part %d: %w", fold, err)
		}
		for i := range ex {
			if in(i) {
				out = append(out, held{scores: l.scores(docs[i], ex[i].Vector), target: targets[i]})
			}
		}
	}
	return out, nil
}

// foldOf is the part of the cross-validation a text belongs to.
func foldOf(text string, c Config) int {
	h := hashToken(hashStart^c.Seed, text)
	h ^= h >> 32
	return int(h % uint64(c.Folds))
}

// fitTemperature finds the factor on the margins that makes the held-out answers likeliest, by golden section in the
// logarithm; the loss has one valley there.
func fitTemperature(data []held) float64 {
	if len(data) == 0 {
		return 1
	}
	loss := func(log float64) float64 {
		sum := 0.0
		for _, h := range data {
			sum -= math.Log(max(softmax(h.scores, math.Exp(log))[h.target], 1e-12))
		}
		return sum
	}
	return math.Exp(minimise(loss, math.Log(0.2), math.Log(50)))
}

// minimise finds the lowest point of a function with one valley.
func minimise(f func(float64) float64, low, high float64) float64 {
	const golden = 0.6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := f(a), f(b)
	for range 24 {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
