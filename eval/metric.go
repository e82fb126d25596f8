package eval

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Metric is a measured value with its 95 % interval (bootstrap over the cases) and the number of cases behind it.
type Metric struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	N     int     `json:"n"`
}

// resamples of the bootstrap: the third digit of an interval's end still moves, the second does not.
const resamples = 1000

// order is how metrics are listed; others follow by name.
var order = []string{
	"top1", "top3", "mrr", "event_accuracy", "ask_rate", "ambiguous_final", "false_ask_rate", "reject_rate", "false_reject_rate",
	"emergency_recall", "emergency_false_alarm_rate", "human", "smalltalk", "progress", "complaint", "multi_recall", "followup_top1",
	"domain_acc", "domain_f1", "domain_ece", "purpose_acc", "purpose_f1", "route_acc", "route_f1", "urgency_acc", "urgency_f1",
	"signals_f1", "signals_precision", "signals_recall", "pair_f1", "pair_precision", "pair_recall", "b3_f1", "b3_precision", "b3_recall",
	"clock_cases", "clocks_right",
	"type_acc", "dept1", "dept3", "where", "matter1", "matter3", "draft_grounded",
	"verdict", "issue_f1", "issue_precision", "issue_recall",
	"cited", "uncited_rate", "recall@1", "recall@5", "recall@10", "recall@100", "mrr@10", "ndcg@10",
	"pass", "dialogue_pass", "end_state", "turn_pass", "facts_ok", "facts_supported", "citations_resolve", "recall", "precision", "benign_untouched",
}

// LowerIsBetter reports whether a metric counts errors or time, so that its floor is a ceiling.
func LowerIsBetter(name string) bool {
	return strings.HasPrefix(name, "false_") || strings.HasSuffix(name, "_ms") || strings.Contains(name, "false_alarm") ||
		name == "uncited_rate" || name == "errors" || strings.HasSuffix(name, "_ece")
}

// Names lists metrics in the order they are shown.
func Names(metrics map[string]Metric) []string {
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		if strings.HasSuffix(name, "_ms") || name == "errors" {
			return len(order) + 1
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Keys(metrics), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// measure makes the metrics of judged results: one for each name among the marks, the times, and how many cases failed.
func measure(results []Result, seed uint64) map[string]Metric {
	out := map[string]Metric{}
	for _, name := range markNames(results) {
		var marks []Mark
		for _, r := range results {
			if m, ok := r.Marks[name]; ok {
				marks = append(marks, m)
			}
		}
		if m, ok := ratio(marks, random(seed, name)); ok {
			out[name] = m
		}
	}
	maps.Copy(out, setMetrics(results, func(name string) *rand.Rand { return random(seed, name) }))
	var times []float64
	errs := 0.0
	for _, r := range results {
		times = append(times, r.MS)
		if r.Error != "" {
			errs++
		}
	}
	if len(times) > 0 {
		out["p50_ms"] = percentile(times, .50, random(seed, "p50_ms"))
		out["p95_ms"] = percentile(times, .95, random(seed, "p95_ms"))
	}
	if errs > 0 {
		out["errors"] = Metric{errs, errs, errs, len(results)}
	}
	return out
}

func markNames(results []Result) []string {
	names := map[string]bool{}
	for _, r := range results {
		for n := range r.Marks {
			names[n] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// random seeds by metric as well, so that a metric's interval does not depend on which others there are.
func random(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// ratio is the sum of numerators over the sum of denominators, resampled by case; not ok when nothing was counted.
func ratio(marks []Mark, r *rand.Rand) (Metric, bool) {
	value, ok := sumRatio(marks, nil)
	if !ok {
		return Metric{}, false
	}
	lo, hi := bootstrap(len(marks), r, func(pick []int) float64 {
		v, _ := sumRatio(marks, pick)
		return v
	})
	return Metric{value, lo, hi, len(marks)}, true
}

// sumRatio sums all marks, or those picked.
func sumRatio(marks []Mark, pick []int) (float64, bool) {
	num, den := 0.0, 0.0
	if pick == nil {
		for _, m := range marks {
			num, den = num+m.Num, den+m.Den
		}
	}
	for _, i := range pick {
		num, den = num+marks[i].Num, den+marks[i].Den
	}
	if den == 0 {
		return 0, false
	}
	return num / den, true
}

// bootstrap gives the 95 % percentile interval of a statistic of n cases.
func bootstrap(n int, r *rand.Rand, stat func(pick []int) float64) (lo, hi float64) {
	values := make([]float64, resamples)
	pick := make([]int, n)
	for b := range values {
		for i := range pick {
			pick[i] = r.IntN(n)
		}
		values[b] = stat(pick)
	}
	slices.Sort(values)
	return values[resamples*25/1000], values[resamples*975/1000-1]
}

// percentile is the value below which a share p of the times lies: the sorted time at int(n·p), as is usual for latency.
func percentile(times []float64, p float64, r *rand.Rand) Metric {
	sorted := slices.Sorted(slices.Values(times))
	at := int(float64(len(sorted)) * p)
	drawn := make([]float64, len(sorted))
	lo, hi := bootstrap(len(sorted), r, func(pick []int) float64 {
		// Sorting the drawn indexes of a sorted list sorts the draw.
		slices.Sort(pick)
		for i, j := range pick {
			drawn[i] = sorted[j]
		}
		return drawn[at]
	})
	return Metric{sorted[at], lo, hi, len(sorted)}
}

// failures lists what keeps a release back: floors missed or not measured, and cases that could not be run.
func failures(r *Report) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(r.Floors)) {
		floor := r.Floors[name]
		m, ok := r.Metrics[name]
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s was not measured, its floor is %s", name, number(name, floor)))
		case LowerIsBetter(name) && m.Value > floor:
			out = append(out, fmt.Sprintf("%s %s is over %s", name, number(name, m.Value), number(name, floor)))
		case !LowerIsBetter(name) && m.Value < floor:
			out = append(out, fmt.Sprintf("%s %s is under %s", name, number(name, m.Value), number(name, floor)))
		}
	}
	if m, ok := r.Metrics["errors"]; ok {
		out = append(out, fmt.Sprintf("%g of %d cases could not be run", m.Value, m.N))
	}
	return out
}

// number shows a metric's value: times in milliseconds, counts whole, everything else as a share.
func number(name string, v float64) string {
	switch {
	case strings.HasSuffix(name, "_ms"):
		return fmt.Sprintf("%.1f", v)
	case name == "errors":
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
