package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJoinJudge(t *testing.T) {
	suite, err := Read("test", strings.NewReader(`{"suite":"t","kind":"join","version":"1"}
{"id":"a","text":"电梯坏了","label":{"event":"E1"}}
{"id":"b","text":"电梯困人","label":{"event":"E1"}}
{"id":"c","text":"电梯什么时候修","label":{"event":"E1"}}
{"id":"d","text":"楼上漏水","label":{"event":null}}
{"id":"e","text":"不一定","label":{"event":"E1","event_optional":true}}
`))
	require.NoError(t, err)
	run := func(names ...string) *Report {
		r, err := Runner{Open: func(_ context.Context, s *Suite) (Subject, error) {
			return &Joins{Suite: s, Join: func(context.Context, []*JoinCase) ([]string, error) { return names, nil }}, nil
		}}.Run(t.Context(), suite)
		require.NoError(t, err)
		return r
	}
	r := run("x", "x", "x", "y", "y") // e is optional: it spoils nothing
	for _, name := range []string{"pair_f1", "b3_f1", "b3_precision", "pair_recall"} {
		require.Equal(t, 1.0, r.Metrics[name].Value, name)
	}
	r = run("x", "x", "y", "x", "z") // {a b d} {c}: 1 pair of 3 right, 1 of 3 found
	require.InDelta(t, 1.0/3, r.Metrics["pair_precision"].Value, 1e-9)
	require.InDelta(t, 1.0/3, r.Metrics["pair_recall"].Value, 1e-9)
	require.InDelta(t, 1.0/3, r.Metrics["pair_f1"].Value, 1e-9)
	require.InDelta(t, (2.0/3+2.0/3+1+1.0/3)/4, r.Metrics["b3_precision"].Value, 1e-9)
	require.InDelta(t, (2.0/3+2.0/3+1.0/3+1)/4, r.Metrics["b3_recall"].Value, 1e-9)
	require.InDelta(t, 2.0/3, r.Metrics["b3_f1"].Value, 1e-9)
	r = run("1", "2", "3", "4", "5")
	require.NotContains(t, r.Metrics, "pair_precision", "nothing was joined")
	require.Zero(t, r.Metrics["pair_f1"].Value)

	_, err = Runner{Open: func(_ context.Context, s *Suite) (Subject, error) {
		return &Joins{Suite: s, Join: func(context.Context, []*JoinCase) ([]string, error) { return []string{"x"}, nil }}, nil
	}}.Run(t.Context(), suite)
	require.NoError(t, err, "a failure is told case by case")
	_, err = Read("bad", strings.NewReader("{\"suite\":\"t\",\"kind\":\"join\",\"version\":\"1\"}\n{\"id\":\"a\",\"label\":{\"event\":null}}\n"))
	require.ErrorContains(t, err, "field text")
}
