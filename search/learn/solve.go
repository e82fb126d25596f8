package learn

import (
	"context"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"
)

// problem is the training data as the solver wants it: sparse rows, dense rows beside them, and per row what it costs.
type problem struct {
	rows   [][]entry
	dense  [][]float32 // nil when there are no vectors; already scaled
	cost   []float64
	square []float64 // of each row's length, bias included
	wide   int       // number of sparse features
	width  int       // length of the dense part
	rounds int
	seed   uint64
}

// weights of one class: sparse part, dense part, bias.
type weights struct {
	sparse []float32
	dense  []float32
	bias   float64
}

// solve fits every class against the rest, as many at once as there are processors. side says whether row i is of
// class k. Each class shuffles with its own seed, so the result does not depend on the number of processors.
func (p *problem) solve(ctx context.Context, classes int, side func(row, class int) bool) ([]weights, error) {
	out := make([]weights, classes)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(processors())
	for k := range classes {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[k] = p.solveOne(func(row int) bool { return side(row, k) }, rand.New(rand.NewPCG(p.seed, uint64(k))))
			return nil
		})
	}
	return out, g.Wait()
}

// The solver stops when no row's gradient is further than this from its best.
const tolerance = 0.1

// solveOne is dual coordinate descent for the squared hinge loss (Hsieh et al. 2008, as LIBLINEAR does it), with
// shrinking: rows far on the right side are left out of later passes, and looked at once more at the end.
func (p *problem) solveOne(positive func(int) bool, random *rand.Rand) weights {
	w := weights{sparse: make([]float32, p.wide), dense: make([]float32, p.width)}
	alpha := make([]float64, len(p.rows))
	active := make([]int, len(p.rows))
	sign := make([]float64, len(p.rows))
	for i := range active {
		active[i] = i
		sign[i] = -1
		if positive(i) {
			sign[i] = 1
		}
	}
	bound := 1e300 // rows whose gradient exceeds it while their alpha is 0 are shrunk
	live := len(active)
	for range p.rounds {
		high, low := -1e300, 1e300
		random.Shuffle(live, func(i, j int) { active[i], active[j] = active[j], active[i] })
		for s := 0; s < live; s++ {
			i := active[s]
			diagonal := 0.5 / p.cost[i]
			gradient := sign[i]*p.margin(&w, i) - 1 + alpha[i]*diagonal
			projected := gradient
			if alpha[i] == 0 {
				if gradient > bound {
					live--
					active[s], active[live] = active[live], active[s]
					s--
					continue
				}
				projected = min(gradient, 0)
			}
			high, low = max(high, projected), min(low, projected)
			if projected > -1e-12 && projected < 1e-12 {
				continue
			}
			old := alpha[i]
			alpha[i] = max(old-gradient/(p.square[i]+diagonal), 0)
			p.add(&w, i, (alpha[i]-old)*sign[i])
		}
		if high-low <= tolerance {
			if live == len(active) {
				break
			}
			live, bound = len(active), 1e300
			continue
		}
		if bound = high; high <= 0 {
			bound = 1e300
		}
	}
	return w
}

// margin is w·x + bias for a row.
func (p *problem) margin(w *weights, row int) float64 {
	var sum float32
	for _, e := range p.rows[row] {
		sum += w.sparse[e.feature] * e.value
	}
	if p.dense != nil {
		sum += dot(w.dense, p.dense[row])
	}
	return float64(sum) + w.bias
}

func (p *problem) add(w *weights, row int, step float64) {
	if step == 0 {
		return
	}
	f := float32(step)
	for _, e := range p.rows[row] {
		w.sparse[e.feature] += f * e.value
	}
	if p.dense != nil {
		x := p.dense[row]
		d := w.dense[:len(x)]
		for i, v := range x {
			d[i] += f * v
		}
	}
	w.bias += step
}

// dot is unrolled: the compiler does not, and it is where vectors spend their time.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+8 <= len(a); i += 8 {
		x, y := a[i:i+8:i+8], b[i:i+8:i+8]
		s0 += x[0]*y[0] + x[4]*y[4]
		s1 += x[1]*y[1] + x[5]*y[5]
		s2 += x[2]*y[2] + x[6]*y[6]
		s3 += x[3]*y[3] + x[7]*y[7]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
