package eval

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// Comparison sets a new run of a suite against an old one, case by case.
type Comparison struct {
	Suite   string                `json:"suite"`
	Cases   int                   `json:"cases"` // in both runs
	Changes map[string]Difference `json:"changes"`
	Wins    []string              `json:"wins"`   // ids of cases that became right
	Losses  []string              `json:"losses"` // ids of cases that became wrong
	P       float64               `json:"p"`      // McNemar's exact test on wins and losses, two-sided
	Notes   []string              `json:"notes,omitempty"`
}

// Difference is how a metric moved on the cases both runs have, with the 95 % interval of a paired bootstrap.
type Difference struct {
	Old   float64 `json:"old"`
	New   float64 `json:"new"`
	Delta float64 `json:"delta"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	N     int     `json:"n"`
}

// Significant reports whether the interval leaves no change out.
func (d Difference) Significant() bool { return d.Lo > 0 || d.Hi < 0 }

// Compare pairs the cases of two runs by id. Runs of different suites cannot be compared; cases only one run has are
// left out and noted, as are fingerprints that differ.
func Compare(old, new *Report) (*Comparison, error) {
	if old.Suite != new.Suite {
		return nil, fmt.Errorf("eval: compare %s with %s: not the same suite", old.Suite, new.Suite)
	}
	before := map[string]Result{}
	for _, r := range old.Detail {
		before[r.ID] = r
	}
	c := &Comparison{Suite: new.Suite, Changes: map[string]Difference{}, Wins: []string{}, Losses: []string{}}
	var was, is []Result
	for _, r := range new.Detail {
		b, ok := before[r.ID]
		if !ok {
			continue
		}
		was, is = append(was, b), append(is, r)
		switch {
		case r.OK && !b.OK:
			c.Wins = append(c.Wins, r.ID)
		case !r.OK && b.OK:
			c.Losses = append(c.Losses, r.ID)
		}
	}
	c.Cases = len(is)
	if c.Cases == 0 {
		return nil, fmt.Errorf("eval: compare %s: the runs have no case in common", new.Suite)
	}
	for _, name := range markNames(is) {
		if d, ok := difference(name, was, is); ok {
			c.Changes[name] = d
		}
	}
	c.P = mcnemar(len(c.Wins), len(c.Losses))
	c.note(old, new)
	return c, nil
}

func (c *Comparison) note(old, new *Report) {
	if n := len(new.Detail) - c.Cases; n > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d cases are new", n))
	}
	if n := len(old.Detail) - c.Cases; n > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d cases are gone", n))
	}
	keys := markKeys(old.Fingerprints, new.Fingerprints)
	for _, k := range keys {
		if a, b := old.Fingerprints[k], new.Fingerprints[k]; a != b {
			c.Notes = append(c.Notes, fmt.Sprintf("%s differs: %s → %s", k, orNone(a), orNone(b)))
		}
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func markKeys(maps ...map[string]string) []string {
	var keys []string
	for _, m := range maps {
		for k := range m {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// difference resamples pairs, so that what both runs find hard does not blur what changed.
func difference(name string, was, is []Result) (Difference, bool) {
	var a, b []Mark
	for i := range is {
		ma, okA := was[i].Marks[name]
		mb, okB := is[i].Marks[name]
		if okA && okB {
			a, b = append(a, ma), append(b, mb)
		}
	}
	before, okA := sumRatio(a, nil)
	after, okB := sumRatio(b, nil)
	if !okA || !okB {
		return Difference{}, false
	}
	lo, hi := bootstrap(len(a), random(0, name), func(pick []int) float64 {
		x, okX := sumRatio(a, pick)
		y, okY := sumRatio(b, pick)
		if !okX || !okY {
			return 0
		}
		return y - x
	})
	return Difference{before, after, after - before, lo, hi, len(a)}, true
}

// mcnemar is the probability of a split at least as uneven as wins : losses if both were equally likely.
func mcnemar(wins, losses int) float64 {
	n, k := wins+losses, min(wins, losses)
	if n == 0 {
		return 1
	}
	logFact := func(n int) float64 { v, _ := math.Lgamma(float64(n) + 1); return v }
	p := 0.0
	for i := 0; i <= k; i++ {
		p += math.Exp(logFact(n) - logFact(i) - logFact(n-i) - float64(n)*math.Ln2)
	}
	return min(1, 2*p)
}

// Regressions are the metrics that became worse beyond chance.
func (c *Comparison) Regressions() []string {
	var out []string
	for name, d := range c.Changes {
		if d.Significant() && (d.Delta < 0) != LowerIsBetter(name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// WriteText writes the table of changes; * marks what is beyond chance.
func (c *Comparison) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\t%d cases in both\t%d won, %d lost, p = %.3f\n", c.Suite, c.Cases, len(c.Wins), len(c.Losses), c.P)
	shown := map[string]Metric{}
	for name := range c.Changes {
		shown[name] = Metric{}
	}
	for _, name := range Names(shown) {
		d := c.Changes[name]
		mark := ""
		if d.Significant() {
			mark = "*"
		}
		fmt.Fprintf(t, "  %s\t%.3f → %.3f\t%+.3f [%+.3f, %+.3f]%s\tn=%d\n", name, d.Old, d.New, d.Delta, d.Lo, d.Hi, mark, d.N)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("eval: write comparison: %w", err)
	}
	for _, list := range []struct {
		name string
		ids  []string
	}{{"won", c.Wins}, {"lost", c.Losses}, {"note", c.Notes}} {
		for _, id := range list.ids {
			if _, err := fmt.Fprintf(w, "  %s %s\n", list.name, id); err != nil {
				return fmt.Errorf("eval: write comparison: %w", err)
			}
		}
	}
	return nil
}
