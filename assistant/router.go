package assistant

import (
	"errors"

	"ganwen/search/learn"
)

func isTooFew(err error) bool { return errors.Is(err, learn.ErrNoExamples) }

// read ranks one utterance.
func (b *brain) read(text string, vec []float32) Ranking {
	out := Ranking{Matters: guesses(b.matters, text, vec), Kind: kindMatter, Kinds: map[string]float64{kindMatter: 1}}
	if b.events != nil {
		out.Events = guesses(b.events, text, vec)
	}
	if b.kinds != nil {
		for i, k := range b.kinds.Predict(text, vec, 0) {
			out.Kinds[k.Label] = k.P
			if i == 0 {
				out.Kind = k.Label
			}
		}
	}
	return out
}

// most is how many candidates a ranking keeps: past them lies less than a hundredth of the probability.
const most = 10

func guesses(m *learn.Model, text string, vec []float32) []Guess {
	var out []Guess
	for _, s := range m.Predict(text, vec, most) {
		out = append(out, Guess{Code: s.Label, P: s.P})
	}
	return out
}
