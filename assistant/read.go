package assistant

import "context"

// Read implements Reader.
func (r *Ranker) Read(ctx context.Context, text string) Reading {
	k := r.Rank(ctx, text)
	return Reading{Kind: k.Kind, Kinds: k.Kinds, Matters: candidates(k.Matters), Events: candidates(k.Events), Degraded: k.Degraded}
}

func candidates(g []Guess) []Candidate {
	out := make([]Candidate, len(g))
	for i, x := range g {
		out[i] = Candidate{Code: x.Code, Score: x.P}
	}
	return out
}

var _ Reader = (*Ranker)(nil)
