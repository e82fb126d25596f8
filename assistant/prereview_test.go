package assistant

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func newTestPrereviewer(t testing.TB) *Prereviewer {
	t.Helper()
	p, err := NewPrereviewer()
	require.NoError(t, err)
	return p
}

func found(res *PrereviewResult) []wanted {
	out := []wanted{}
	for _, is := range res.Issues {
		out = append(out, wanted{is.Type, is.Target})
	}
	return out
}

// TestPrereviewProperty holds every matter to two promises: a complete valid set passes, and one thing broken yields
// exactly that issue.
func TestPrereviewProperty(t *testing.T) {
	p := newTestPrereviewer(t)
	for code, rules := range p.rules {
		m := &kg.Matter{Code: code, Name: rules.Name}
		for seed := range uint64(3) {
			w := newWorld(rules, seed)
			valid := w.request()
			res, err := p.Review(m, valid)
			require.NoError(t, err)
			require.Empty(t, res.Issues, "%s seed %d: %+v", code, seed, valid)
			require.Equal(t, VerdictPass, res.Verdict)
			for _, b := range w.breakages(valid) {
				res, err := p.Review(m, b.req)
				require.NoError(t, err)
				require.Equal(t, b.want, found(res), "%s seed %d: %s\n%+v", code, seed, b.name, b.req)
				require.Equal(t, b.verdict, res.Verdict, "%s: %s", code, b.name)
			}
		}
	}
}
