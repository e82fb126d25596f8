package learn

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
)

// linear is what both kinds of model are made of: a vocabulary and, for every feature, one small number a class.
// Weights are kept by feature and in eight bits with one scale a feature: a text touches a hundred features, each a
// single cache line or two, and 100,000 features by 128 classes take 13 MB.
type linear struct {
	config     Config
	labels     []string
	vocabulary vocabulary
	width      int // numbers in a vector
	rows       []int8
	scales     []float32 // one a feature, then one a vector component
	bias       []float32
}

func processors() int { return runtime.GOMAXPROCS(0) }

// readAll reads the features of all texts, in parallel.
func readAll(ex []Example, c Config) [][]term {
	docs := make([][]term, len(ex))
	var wg sync.WaitGroup
	workers := processors()
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(ex); i += workers {
				docs[i] = read(ex[i].Text, c, c.Expand)
			}
		})
	}
	wg.Wait()
	return docs
}

// pick lists 0…n-1 without those left out.
func pick(n int, without func(int) bool) []int {
	out := make([]int, 0, n)
	for i := range n {
		if without == nil || !without(i) {
			out = append(out, i)
		}
	}
	return out
}

// sided turns one label index an example into membership.
func sided(targets []int) func(row, class int) bool {
	return func(row, class int) bool { return targets[row] == class }
}

// fit trains on the chosen examples; side speaks of examples, not of chosen rows.
func fit(ctx context.Context, ex []Example, docs [][]term, chosen []int, side func(row, class int) bool,
	labels []string, width int, c Config) (linear, error) {
	l := linear{config: c, labels: labels, width: width, vocabulary: buildVocabulary(docs, chosen, c)}
	p := problem{rows: make([][]entry, len(chosen)), cost: make([]float64, len(chosen)), square: make([]float64, len(chosen)),
		wide: len(l.vocabulary.hashes), width: width, rounds: c.Rounds, seed: c.Seed}
	if width > 0 {
		p.dense = make([][]float32, len(chosen))
	}
	for r, i := range chosen {
		p.rows[r] = l.vocabulary.vectorise(docs[i], &c)
		p.cost[r] = c.Cost
		if ex[i].Weight > 0 {
			p.cost[r] *= ex[i].Weight
		}
		p.square[r] = 1
		for _, e := range p.rows[r] {
			p.square[r] += float64(e.value) * float64(e.value)
		}
		if width > 0 {
			p.dense[r] = scaled(ex[i].Vector, c.VectorWeight)
			p.square[r] += float64(dot(p.dense[r], p.dense[r]))
		}
	}
	solved, err := p.solve(ctx, len(labels), func(row, class int) bool { return side(chosen[row], class) })
	if err != nil {
		return linear{}, err
	}
	l.keep(solved)
	return l, nil
}

func scaled(v []float32, by float64) []float32 {
	if by == 1 {
		return v
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = x * float32(by)
	}
	return out
}

// keep turns the classes' weights into rows by feature of eight bits.
func (l *linear) keep(solved []weights) {
	classes, wide := len(solved), len(l.vocabulary.hashes)
	l.rows = make([]int8, (wide+l.width)*classes)
	l.scales = make([]float32, wide+l.width)
	l.bias = make([]float32, classes)
	row := make([]float32, classes)
	for f := range wide + l.width {
		largest := float32(0)
		for k := range solved {
			if f < wide {
				row[k] = solved[k].sparse[f]
			} else {
				row[k] = solved[k].dense[f-wide]
			}
			largest = max(largest, float32(math.Abs(float64(row[k]))))
		}
		if largest == 0 {
			continue
		}
		l.scales[f] = largest / 127
		for k, x := range row {
			l.rows[f*classes+k] = int8(math.Round(float64(x / l.scales[f])))
		}
	}
	for k := range solved {
		l.bias[k] = float32(solved[k].bias)
	}
}

// scores are the margins of all classes for a text's features and, if any, its vector.
func (l *linear) scores(terms []term, vec []float32) []float64 {
	classes := len(l.labels)
	sum := slices.Clone(l.bias)
	for _, e := range l.vocabulary.vectorise(terms, &l.config) {
		l.addRow(sum, int(e.feature), e.value*l.scales[e.feature])
	}
	if len(vec) == l.width {
		wide := len(l.vocabulary.hashes)
		for i, x := range vec {
			l.addRow(sum, wide+i, x*float32(l.config.VectorWeight)*l.scales[wide+i])
		}
	}
	out := make([]float64, classes)
	for k, s := range sum {
		out[k] = float64(s)
	}
	return out
}

func (l *linear) addRow(sum []float32, feature int, by float32) {
	row := l.rows[feature*len(sum) : (feature+1)*len(sum)]
	for k, w := range row {
		sum[k] += by * float32(w)
	}
}
