package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ClockCase is the history of a matter, and how its limits stand at a moment.
type ClockCase struct {
	Common
	Kind   string     `json:"kind,omitempty"` // what the case is about, for the report
	Acts   []ClockAct `json:"acts"`
	Now    time.Time  `json:"now"`
	Expect []ClockRow `json:"expect"`
	Absent []string   `json:"absent,omitempty"` // limits that must not run
}

// ClockAct is something that was done: received, accepted, extended, …
type ClockAct struct {
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Limit  string    `json:"limit,omitempty"`
	Days   int       `json:"days,omitempty"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by,omitempty"`
}

// ClockRow is how one limit stands. In an expectation an empty field is not judged.
type ClockRow struct {
	Limit   string `json:"limit"`
	Article string `json:"article,omitempty"`
	Due     string `json:"due,omitempty"` // the last day, 2006-01-02; "none" while it is suspended
	State   string `json:"state,omitempty"`
	Level   string `json:"level,omitempty"`
	Left    *int   `json:"left,omitempty"`
}

// Check implements Body.
func (c *ClockCase) Check() error {
	switch {
	case len(c.Acts) == 0:
		return &FieldError{"acts", "missing"}
	case c.Now.IsZero():
		return &FieldError{"now", "missing"}
	case len(c.Expect)+len(c.Absent) == 0:
		return &FieldError{"expect", "missing"}
	}
	return nil
}

// Judge implements Body. Where a limit ran more than once, the latest counts.
func (c *ClockCase) Judge(o Outcome) Verdict {
	ok, right := true, 0
	for _, want := range c.Expect {
		i := slices.IndexFunc(o.Clocks, func(r ClockRow) bool { return r.Limit == want.Limit })
		if i < 0 || !want.agrees(o.Clocks[i]) {
			ok = false
			continue
		}
		right++
	}
	for _, limit := range c.Absent {
		if slices.ContainsFunc(o.Clocks, func(r ClockRow) bool { return r.Limit == limit }) {
			ok = false
		} else {
			right++
		}
	}
	var kinds []string
	for _, a := range c.Acts {
		kinds = append(kinds, a.Kind+" "+a.At.Format(time.DateOnly))
	}
	return Verdict{OK: ok, Kind: c.Kind, Input: strings.Join(kinds, ", ") + " → " + c.Now.Format(time.DateOnly), Got: o.Clocks, Want: c.Expect,
		Marks: map[string]Mark{"clocks_right": {float64(right), float64(len(c.Expect) + len(c.Absent))}, "clock_cases": yes(ok)}}
}

func (want ClockRow) agrees(got ClockRow) bool {
	same := func(w, g string) bool { return w == "" || w == g }
	return same(want.Article, got.Article) && same(want.Due, got.Due) && same(want.State, got.State) && same(want.Level, got.Level) &&
		(want.Left == nil || got.Left != nil && *want.Left == *got.Left)
}

// ClockFunc tells how the limits of a history stand at a moment, the latest running of each limit.
type ClockFunc func(ctx context.Context, acts []ClockAct, now time.Time) ([]ClockRow, error)

// Run puts one case to the function.
func (f ClockFunc) Run(ctx context.Context, c Case) (Outcome, error) {
	body, ok := c.Body.(*ClockCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is not of kind clock", c.ID)
	}
	rows, err := f(ctx, body.Acts, body.Now)
	return Outcome{Clocks: rows}, err
}
