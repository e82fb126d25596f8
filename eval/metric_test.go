package eval

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func results(marks ...map[string]Mark) []Result {
	var out []Result
	for i, m := range marks {
		out = append(out, Result{MS: float64(i + 1), Marks: m})
	}
	return out
}

func TestMeasure(t *testing.T) {
	var rs []Result
	for i := range 100 {
		rs = append(rs, Result{MS: float64(i), Marks: map[string]Mark{"top1": yes(i < 80), "recall": {float64(i % 3), 2}}})
	}
	rs[0].Error = "broken"
	m := measure(rs, 1)
	require.InDelta(t, .8, m["top1"].Value, 1e-9)
	require.Equal(t, 100, m["top1"].N)
	// The interval of a share of .8 of 100: about ± 1.96·√(.8·.2/100) = ± .078.
	require.InDelta(t, .8-.078, m["top1"].Lo, .025)
	require.InDelta(t, .8+.078, m["top1"].Hi, .025)
	require.InDelta(t, 99./200, m["recall"].Value, 1e-9) // sums, not a mean of ratios
	require.Equal(t, 50.0, m["p50_ms"].Value)
	require.Equal(t, 95.0, m["p95_ms"].Value)
	require.Equal(t, 1.0, m["errors"].Value)
	require.Equal(t, m, measure(rs, 1), "the same seed gives the same intervals")
	require.NotEqual(t, m["recall"], measure(rs, 2)["recall"])
}

func TestMeasureLeavesOutWhatWasNotCounted(t *testing.T) {
	m := measure(results(map[string]Mark{"precision": {0, 0}, "recall": {1, 2}}), 1)
	require.NotContains(t, m, "precision")
	require.Equal(t, Metric{.5, .5, .5, 1}, m["recall"])
	require.NotContains(t, m, "errors")
	require.Empty(t, measure(nil, 1))
	for name, v := range m {
		require.False(t, math.IsNaN(v.Value+v.Lo+v.Hi), name)
	}
}

func TestFailures(t *testing.T) {
	r := &Report{Suite: "s", Metrics: map[string]Metric{
		"top1": {Value: .9}, "top3": {Value: .95}, "false_ask_rate": {Value: .1}, "p95_ms": {Value: 30}, "errors": {Value: 2, N: 9},
	}, Floors: map[string]float64{"top1": .9, "top3": .97, "false_ask_rate": .08, "p95_ms": 40, "event_accuracy": .9}}
	require.Equal(t, []string{
		"event_accuracy was not measured, its floor is 0.900",
		"false_ask_rate 0.100 is over 0.080",
		"top3 0.950 is under 0.970",
		"2 of 9 cases could not be run",
	}, failures(r))
}

func TestNamesAreInReadingOrder(t *testing.T) {
	m := map[string]Metric{"p50_ms": {}, "top3": {}, "top1": {}, "recall:phone": {}, "errors": {}, "cited": {}, "another": {}}
	require.Equal(t, "top1 top3 cited another recall:phone errors p50_ms", strings.Join(Names(m), " "))
}

func BenchmarkMeasure(b *testing.B) {
	var rs []Result
	for i := range 3524 {
		rs = append(rs, Result{MS: float64(i * 7 % 1000), Marks: map[string]Mark{"ndcg@10": {float64(i%10) / 10, 1}}})
	}
	for b.Loop() {
		measure(rs, 1)
	}
}
