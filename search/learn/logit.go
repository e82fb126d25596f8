package learn

import (
	"errors"
	"fmt"
	"math"
)

// Logit chooses among a few classes by a few numbers: multinomial logistic regression, for what is learnt on top of
// other models' scores. It is plain data, stored as JSON, and safe for concurrent use.
type Logit struct {
	Center  []float64   // of each number
	Scale   []float64   // its standard deviation
	Weights [][]float64 // by class; the last is the offset
}

// Point is one observation: numbers, the class they belong to, and how much it counts (0 means 1).
type Point struct {
	X      []float64
	Class  int
	Weight float64
}

// logitRidge keeps weights small; numbers are standardised, so one value does for all.
const logitRidge = 0.002

// TrainLogit fits the probabilities of the classes to the points. It is deterministic.
func TrainLogit(points []Point, classes int) (*Logit, error) {
	if len(points) == 0 || classes < 2 {
		return nil, ErrNoExamples
	}
	for i, p := range points {
		if len(p.X) != len(points[0].X) || p.Class < 0 || p.Class >= classes {
			return nil, fmt.Errorf("learn: point %d does not fit the others", i)
		}
	}
	l := standardise(points)
	rows := make([][]float64, len(points))
	total := 0.0
	for i, p := range points {
		rows[i] = l.standard(p.X)
		total += weightOf(p)
	}
	l.Weights = make([][]float64, classes)
	ahead := make([][]float64, classes) // Nesterov's look-ahead point
	for k := range classes {
		l.Weights[k] = make([]float64, len(rows[0]))
		ahead[k] = make([]float64, len(rows[0]))
	}
	// 1/4 of the mean squared length bounds the curvature from above; rows are standardised, so it is about their number.
	step := 4 / (float64(len(rows[0])) + 1)
	const rounds = 200
	for round := range rounds {
		slope := gradient(points, rows, ahead, total)
		momentum := float64(round) / float64(round+3)
		for k := range ahead {
			for j := range ahead[k] {
				next := ahead[k][j] - step*(slope[k][j]+logitRidge*ahead[k][j])
				ahead[k][j] = next + momentum*(next-l.Weights[k][j])
				l.Weights[k][j] = next
			}
		}
	}
	return l, nil
}

// Predict gives the probability of each class, or an error when x is of another length.
func (l *Logit) Predict(x []float64) ([]float64, error) {
	if len(x) != len(l.Center) {
		return nil, errors.New("learn: another number of features than trained on")
	}
	return classScores(l.Weights, l.standard(x)), nil
}

func weightOf(p Point) float64 {
	if p.Weight > 0 {
		return p.Weight
	}
	return 1
}

func standardise(points []Point) *Logit {
	n, width := float64(len(points)), len(points[0].X)
	l := &Logit{Center: make([]float64, width), Scale: make([]float64, width)}
	for _, p := range points {
		for j, x := range p.X {
			l.Center[j] += x / n
		}
	}
	for _, p := range points {
		for j, x := range p.X {
			l.Scale[j] += (x - l.Center[j]) * (x - l.Center[j]) / n
		}
	}
	for j, v := range l.Scale {
		l.Scale[j] = math.Sqrt(v)
		if l.Scale[j] < 1e-9 {
			l.Scale[j] = 1
		}
	}
	return l
}

// standard is x in standard deviations, held within five so that an odd value decides nothing, and 1 for the offset.
func (l *Logit) standard(x []float64) []float64 {
	out := make([]float64, len(x)+1)
	for j, v := range x {
		out[j] = min(max((v-l.Center[j])/l.Scale[j], -5), 5)
	}
	out[len(x)] = 1
	return out
}

func classScores(weights [][]float64, row []float64) []float64 {
	scores := make([]float64, len(weights))
	for k, w := range weights {
		for j, x := range row {
			scores[k] += w[j] * x
		}
	}
	return Softmax(scores, 1)
}

func gradient(points []Point, rows, weights [][]float64, total float64) [][]float64 {
	out := make([][]float64, len(weights))
	for k := range out {
		out[k] = make([]float64, len(rows[0]))
	}
	for i, p := range points {
		share := weightOf(p) / total
		for k, probability := range classScores(weights, rows[i]) {
			if k == p.Class {
				probability--
			}
			for j, x := range rows[i] {
				out[k][j] += share * probability * x
			}
		}
	}
	return out
}
