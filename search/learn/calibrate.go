package learn

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// crossScores trains on all folds but one and scores that one, for every fold; rows in the order of the examples, all
// nil when there are no folds.
func crossScores(ctx context.Context, ex []Example, docs [][]term, side func(row, class int) bool, labels []string,
	width int, c Config) ([][]float64, error) {
	out := make([][]float64, len(ex))
	for fold := range max(c.Folds, 0) {
		in := func(i int) bool { return c.Fold(ex[i].Text) == fold }
		chosen := pick(len(ex), in)
		if len(chosen) == 0 || len(chosen) == len(ex) {
			continue
		}
		l, err := fit(ctx, ex, docs, chosen, side, labels, width, c)
		if err != nil {
			return nil, fmt.Errorf("learn: calibrate, part %d: %w", fold, err)
		}
		for i := range ex {
			if in(i) {
				out[i] = l.scores(docs[i], ex[i].Vector)
			}
		}
	}
	return out, nil
}

// Fold is the part of the cross-validation a text belongs to. It follows a hash of the text, so that an example keeps
// its fold when others come or go, and so that other models can be held out alike.
func (c Config) Fold(text string) int {
	c.setDefaults()
	if c.Folds < 2 {
		return 0
	}
	h := hashToken(hashStart^c.Seed, text)
	h ^= h >> 32
	return int(h % uint64(c.Folds))
}

// FitTemperature finds the factor on the margins that makes the targets likeliest under Softmax. Rows without scores
// are left out; with none left it is 1.
func FitTemperature(scores [][]float64, targets []int) float64 {
	loss := func(log float64) float64 { return NegativeLog(scores, targets, math.Exp(log)) }
	if loss(0) == 0 {
		return 1
	}
	return math.Exp(minimise(loss, math.Log(0.2), math.Log(50)))
}

// NegativeLog is the summed negative logarithm of the targets' probabilities: what calibration makes small.
func NegativeLog(scores [][]float64, targets []int, temperature float64) float64 {
	sum := 0.0
	for i, row := range scores {
		if row == nil {
			continue
		}
		best, all := slices.Max(row), 0.0
		for _, s := range row {
			all += math.Exp((s - best) * temperature)
		}
		sum += math.Log(all) - (row[targets[i]]-best)*temperature
	}
	return sum
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
