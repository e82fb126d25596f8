package petitions

import "math"

// FitJoin learns the weights from petitions whose events a person has named ("" = it stands alone), by logistic regression
// over the pairs of each county. The threshold is kept: it is a choice of caution, not of likelihood.
func (j *Joiner) FitJoin(items []Item, events []string) Weights {
	reads := j.readAll(items)
	var xs [][measures]float64
	var ys []float64
	for i := range items {
		for k := range i {
			if reads[i].county == "" || reads[i].county != reads[k].county {
				continue
			}
			if p, ok := j.compare(reads[k], reads[i]); ok {
				y := 0.0
				if events[i] != "" && events[i] == events[k] {
					y = 1
				}
				xs, ys = append(xs, p.x), append(ys, y)
			}
		}
	}
	w := logistic(xs, ys, 1, nil)
	for m := range w { // likeness can speak for a pair, never against it: what two strangers share by chance would teach that
		if supports[m] && w[m] < 0 {
			w = logistic(xs, ys, 1, append(dropped(w), m))
		}
	}
	out := Weights{"threshold": j.threshold}
	for m, name := range measureNames {
		out[name] = math.Round(w[m]*1000) / 1000
	}
	return out
}

// supports are the measures that may not count against a pair.
var supports = map[int]bool{mClass: true, mPath: true, mClassTown: true, mText: true, mTextTown: true, mRare: true, mRare2: true,
	mName: true, mPerson: true, mCopy: true, mVector: true, mWrong: true, mWrongTown: true, mWrongName: true}

// dropped are the supporting measures a fit has left out or turned against.
func dropped(w [measures]float64) []int {
	var out []int
	for m := range w {
		if supports[m] && w[m] <= 0 {
			out = append(out, m)
		}
	}
	return out
}

// logistic minimises the log loss by Newton's method; ridge keeps measures that never occur at zero.
func logistic(xs [][measures]float64, ys []float64, ridge float64, without []int) [measures]float64 {
	var w [measures]float64
	for range 30 {
		var grad [measures]float64
		var hess [measures][measures]float64
		for i := range w {
			if i != mBias {
				grad[i] = ridge * w[i]
			}
			hess[i][i] = ridge
		}
		for n, x := range xs {
			z := 0.0
			for i := range x {
				z += w[i] * x[i]
			}
			p := sigmoid(z)
			for i := range x {
				grad[i] += (p - ys[n]) * x[i]
				for k := range x {
					hess[i][k] += p * (1 - p) * x[i] * x[k]
				}
			}
		}
		for _, m := range without {
			hess[m], grad[m] = [measures]float64{}, 0
			for i := range hess {
				hess[i][m] = 0
			}
			hess[m][m] = 1
		}
		step := solve(hess, grad)
		size := 0.0
		for i := range w {
			w[i] -= step[i]
			size += math.Abs(step[i])
		}
		if size < 1e-6 {
			break
		}
	}
	return w
}

// solve solves a x = b by elimination with pivots.
func solve(a [measures][measures]float64, b [measures]float64) [measures]float64 {
	for c := range b {
		p := c
		for r := c + 1; r < measures; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p], b[c], b[p] = a[p], a[c], b[p], b[c]
		for r := c + 1; r < measures; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < measures; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	for c := measures - 1; c >= 0; c-- {
		for k := c + 1; k < measures; k++ {
			b[c] -= a[c][k] * b[k]
		}
		b[c] /= a[c][c]
	}
	return b
}
