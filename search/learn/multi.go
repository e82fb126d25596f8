package learn

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
)

// MultiExample is a text with any number of labels, none included.
type MultiExample struct {
	Text   string
	Labels []string
	Vector []float32
	Weight float64
}

// MultiModel says of every label how likely a text carries it, each on its own. It is safe for concurrent use.
type MultiModel struct {
	Expand func(text string) []string // as Model.Expand

	linear   linear
	logistic [][2]float64 // slope and offset per label
}

// TrainMulti learns labels that do not exclude each other. A label's probability comes from a logistic curve through
// its held-out margins (Platt), with the counts smoothed so that rare labels stay modest.
func TrainMulti(ctx context.Context, ex []MultiExample, c Config) (*MultiModel, error) {
	c.setDefaults()
	flat := make([]Example, len(ex))
	seen := map[string]bool{}
	for i, e := range ex {
		flat[i] = Example{Text: e.Text, Vector: e.Vector, Weight: e.Weight}
		for _, l := range e.Labels {
			seen[l] = true
		}
	}
	if len(seen) == 0 {
		return nil, ErrNoExamples
	}
	labels := make([]string, 0, len(seen))
	for l := range seen {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	width, err := widthOf(flat)
	if err != nil {
		return nil, err
	}
	docs := readAll(flat, c)
	side := func(row, class int) bool { return slices.Contains(ex[row].Labels, labels[class]) }
	m := &MultiModel{Expand: c.Expand, logistic: make([][2]float64, len(labels))}
	if err := m.calibrate(ctx, flat, docs, side, labels, width, c); err != nil {
		return nil, err
	}
	m.linear, err = fit(ctx, flat, docs, pick(len(ex), nil), side, labels, width, c)
	if err != nil {
		return nil, fmt.Errorf("learn: train on %d texts: %w", len(ex), err)
	}
	return m, nil
}

func (m *MultiModel) calibrate(ctx context.Context, ex []Example, docs [][]term, side func(row, class int) bool,
	labels []string, width int, c Config) error {
	scores := make([][]float64, len(labels))
	member := make([][]bool, len(labels))
	held, err := crossScores(ctx, ex, docs, side, labels, width, c)
	if err != nil {
		return err
	}
	for i, row := range held {
		for k, s := range row {
			scores[k] = append(scores[k], s)
			member[k] = append(member[k], side(i, k))
		}
	}
	for k := range labels {
		m.logistic[k] = platt(scores[k], member[k])
	}
	return nil
}

// Predict gives every label with its probability, in the order of the labels.
func (m *MultiModel) Predict(text string, vec []float32) []Scored {
	return m.predict(read(text, m.linear.config, m.Expand), vec)
}

// PredictExpanded is Predict for a text whose further features are known already, as when several models read it.
func (m *MultiModel) PredictExpanded(text string, expanded []string, vec []float32) []Scored {
	return m.predict(read(text, m.linear.config, func(string) []string { return expanded }), vec)
}

func (m *MultiModel) predict(terms []term, vec []float32) []Scored {
	scores := m.linear.scores(terms, vec)
	out := make([]Scored, len(scores))
	for k, s := range scores {
		out[k] = Scored{Label: m.linear.labels[k], Score: s, P: sigmoid(m.logistic[k][0]*s + m.logistic[k][1])}
	}
	return out
}

// Labels lists the labels in the order of Predict. The slice is the model's own.
func (m *MultiModel) Labels() []string { return m.linear.labels }

// Write stores the model.
func (m *MultiModel) Write(w io.Writer) error {
	h := m.linear.header()
	h.Logistic = m.logistic
	return m.linear.write(w, magicMany, h)
}

// ReadMulti loads a model written by MultiModel.Write. It returns ErrFormat when the data is something else.
func ReadMulti(r io.Reader) (*MultiModel, error) {
	l, h, err := readLinear(r, magicMany)
	if err != nil {
		return nil, err
	}
	if len(h.Logistic) != len(h.Labels) {
		return nil, fmt.Errorf("%w: %d curves for %d labels", ErrFormat, len(h.Logistic), len(h.Labels))
	}
	return &MultiModel{linear: l, logistic: h.Logistic}, nil
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// platt fits slope and offset of a logistic curve by Newton's method, after Lin, Lin and Weng (2007).
func platt(scores []float64, member []bool) [2]float64 {
	positives := 0.0
	for _, yes := range member {
		if yes {
			positives++
		}
	}
	negatives := float64(len(scores)) - positives
	if positives == 0 || negatives == 0 {
		return [2]float64{2, 0}
	}
	high, low := (positives+1)/(positives+2), 1/(negatives+2)
	a, b := 1.0, math.Log((positives+1)/(negatives+1))
	for range 50 {
		var ga, gb, haa, hab, hbb float64
		for i, s := range scores {
			p := sigmoid(a*s + b)
			want := low
			if member[i] {
				want = high
			}
			d, v := p-want, max(p*(1-p), 1e-9)
			ga, gb = ga+d*s, gb+d
			haa, hab, hbb = haa+v*s*s, hab+v*s, hbb+v
		}
		haa, hbb = haa+1e-6, hbb+1e-6
		det := haa*hbb - hab*hab
		stepA, stepB := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		// Long steps overshoot where the curve is flat.
		limit := max(1, math.Abs(stepA)/2, math.Abs(stepB)/2)
		a, b = a-stepA/limit, b-stepB/limit
		if math.Abs(stepA)+math.Abs(stepB) < 1e-6 {
			break
		}
	}
	return [2]float64{max(a, 0), b}
}
