// Package learn learns classes from labelled texts: characters, pinyin and word features, optional dense vectors,
// one linear model against the rest for every class, and probabilities that mean what they say. It is pure Go,
// deterministic for a seed, and trains on ten thousand short texts in seconds.
//
// A text becomes character and syllable n-grams weighted by sublinear tf-idf, each group of unit length, beside its
// vector if there is one. [Train] fits a linear support vector machine for every class against the rest by dual
// coordinate descent and turns margins into probabilities by one temperature found on held-out parts. [TrainMulti] does
// the same for labels that do not exclude each other, with a logistic curve for each. [TrainHeld] hands out the
// held-out margins, so that a [Logit] or a mixture with [Neighbours] on top learns from honest scores.
//
// # Choices, measured
//
// On the sample bank (128 matters; five-fold on the training part, 2,489 questions of one fold; then the other writers'
// bank when trained on one writer's, which comes closest to strangers):
//
//	                                        fold   second from first   first from second
//	characters + pinyin                     .842   .755                .835
//	the same and bge vectors                .875   .794                .873
//	the same and three nearest questions    .878   .808                .883
//
// No gain: words (−.004) and word pairs, 4-grams, features that occur once, cost .5 or 2, mean-pooled vectors beside
// the first token's, random Fourier features of the vectors (a Gaussian kernel), kernel ridge regression, one-against-one
// machines among the best four (±.002), the lexicon's meanings appended to the text (−.009 to +.002). More questions by
// other voices gain more than all of these: 3,200 more gave +.012, and without vectors on the development fifth +.03.
package learn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrNoExamples is returned when there is nothing to tell apart: no examples, or only one label.
var ErrNoExamples = errors.New("learn: fewer than two labels to tell apart")

// Example is one labelled text. Either every example has a Vector of the same length or none has. Weight scales the
// cost of getting it wrong; 0 means 1.
type Example struct {
	Text   string
	Label  string
	Vector []float32
	Weight float64
}

// Scored is a label with its raw Score (a margin, only comparable within one prediction) and its probability.
type Scored struct {
	Label string
	Score float64
	P     float64
}

// Model predicts one of several labels. It is safe for concurrent use once trained or read.
type Model struct {
	// Expand is Config.Expand again: functions cannot be stored, so whoever reads a model that was trained with one
	// sets it before the first prediction.
	Expand func(text string) []string

	linear      linear
	temperature float64
}

// Train learns to tell the labels apart. Labels are ordered by their text, so equal input gives an equal model. It
// returns ErrNoExamples for fewer than two labels, and the context's error when that is done first.
func Train(ctx context.Context, ex []Example, c Config) (*Model, error) {
	m, _, err := TrainHeld(ctx, ex, c)
	return m, err
}

// TrainHeld is Train, and gives besides what a model that had not seen it scored each example (in the order of
// Labels): the honest input for whatever is learnt on top of this model. A row is nil where Config.Folds made none.
func TrainHeld(ctx context.Context, ex []Example, c Config) (*Model, [][]float64, error) {
	c.setDefaults()
	labels, err := labelsOf(ex)
	if err != nil {
		return nil, nil, err
	}
	width, err := widthOf(ex)
	if err != nil {
		return nil, nil, err
	}
	docs := readAll(ex, c)
	targets := make([]int, len(ex))
	for i, e := range ex {
		targets[i], _ = slices.BinarySearch(labels, e.Label)
	}
	m := &Model{Expand: c.Expand, temperature: 1}
	held, err := crossScores(ctx, ex, docs, sided(targets), labels, width, c)
	if err != nil {
		return nil, nil, err
	}
	m.temperature = FitTemperature(held, targets)
	m.linear, err = fit(ctx, ex, docs, pick(len(ex), nil), sided(targets), labels, width, c)
	if err != nil {
		return nil, nil, fmt.Errorf("learn: train on %d texts: %w", len(ex), err)
	}
	return m, held, nil
}

// Predict gives the n best labels, best first, ties by label; n = 0 means all. The vector may be nil: then only the
// text speaks, and a model trained with vectors loses accuracy, so keep one trained without for that case.
func (m *Model) Predict(text string, vec []float32, n int) []Scored {
	scores := m.Scores(text, vec)
	probabilities := Softmax(scores, m.temperature)
	out := make([]Scored, len(scores))
	for i, s := range scores {
		out[i] = Scored{Label: m.linear.labels[i], Score: s, P: probabilities[i]}
	}
	slices.SortFunc(out, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Label, b.Label))
	})
	if n > 0 && n < len(out) {
		out = out[:n]
	}
	return out
}

// Scores gives the raw margin of every label in the order of Labels: the input of a second model.
func (m *Model) Scores(text string, vec []float32) []float64 {
	return m.linear.scores(read(text, m.linear.config, m.Expand), vec)
}

// Labels lists the labels in the order of Scores. The slice is the model's own.
func (m *Model) Labels() []string { return m.linear.labels }

// Known is the share of the text's character n-grams, weighted by rarity, that training had seen: near 0 for
// text about something else altogether.
func (m *Model) Known(text string) float64 { return m.linear.vocabulary.known(text, m.linear.config) }

// Features is the number of text features kept.
func (m *Model) Features() int { return len(m.linear.vocabulary.hashes) }

// labelsOf lists the distinct labels in order.
func labelsOf(ex []Example) ([]string, error) {
	seen := map[string]bool{}
	for _, e := range ex {
		seen[e.Label] = true
	}
	if len(seen) < 2 {
		return nil, ErrNoExamples
	}
	labels := make([]string, 0, len(seen))
	for l := range seen {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	return labels, nil
}

// widthOf is the length every vector has; 0 when there are none.
func widthOf(ex []Example) (int, error) {
	width := len(ex[0].Vector)
	for i, e := range ex {
		if len(e.Vector) != width {
			return 0, fmt.Errorf("learn: vector of example %d has %d numbers, the first has %d", i, len(e.Vector), width)
		}
	}
	return width, nil
}

// Softmax turns margins into probabilities; a larger temperature here means a surer model.
func Softmax(scores []float64, temperature float64) []float64 {
	best := slices.Max(scores)
	out := make([]float64, len(scores))
	sum := 0.0
	for i, s := range scores {
		out[i] = math.Exp((s - best) * temperature)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
