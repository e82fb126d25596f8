package petitions

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// The second implementation of the clocks, slow on purpose: it shares with the first only the table of limits. It reads
// the calendar for itself, keeps days as dates in words, and walks each day from the start to see what it is.

var slowCalendar = func() map[string]string {
	var plan struct {
		Years []struct{ Off, Work []string }
	}
	if err := json.Unmarshal([]byte(holidaysJSON), &plan); err != nil {
		panic(err)
	}
	days := map[string]string{}
	mark := func(list []string, as string) {
		for _, s := range list {
			from, to, _ := strings.Cut(s, "/")
			if to == "" {
				to = from
			}
			for d := from; d <= to; d = nextDate(d) {
				days[d] = as
			}
		}
	}
	for _, y := range plan.Years {
		mark(y.Off, "off")
		mark(y.Work, "work")
	}
	return days
}()

func nextDate(d string) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		panic(err)
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

func slowWorked(_ *Book, t time.Time) bool {
	switch slowCalendar[t.Format(time.DateOnly)] {
	case "off":
		return false
	case "work":
		return true
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

type slowClock struct {
	limit       *Limit
	start       time.Time
	end         *time.Time
	ext         int
	stops, goes [][2]string // (act that ends it, date)
}

// frozen reports whether a date lies in a suspension, both its days included.
func (c *slowClock) frozen(date string) bool {
	for _, s := range c.stops {
		closed := ""
		for _, g := range c.goes {
			if g[0] == s[0]+s[1] {
				closed = g[1]
			}
		}
		if date >= s[1] && (closed == "" || date <= closed) {
			return true
		}
	}
	return false
}

// tally walks from the day after the start to a date.
func (c *slowClock) tally(to string) (counted, excluded int) {
	for d := c.start.In(zone).Format(time.DateOnly); d < to; {
		d = nextDate(d)
		t, _ := time.Parse(time.DateOnly, d)
		switch {
		case c.limit.Unit == "workday" && !slowWorked(nil, t):
		case c.frozen(d):
			excluded++
		default:
			counted++
		}
	}
	return counted, excluded
}

// due is "none" when two and a half years do not suffice: it is suspended.
func (c *slowClock) due() string {
	n, d := 0, c.start.In(zone).Format(time.DateOnly)
	for range 900 {
		d = nextDate(d)
		t, _ := time.Parse(time.DateOnly, d)
		if (c.limit.Unit == "day" || slowWorked(nil, t)) && !c.frozen(d) {
			n++
		}
		if n == c.limit.Days+c.ext {
			for c.limit.Roll && !slowWorked(nil, t) {
				d = nextDate(d)
				t, _ = time.Parse(time.DateOnly, d)
			}
			return d
		}
	}
	return "none"
}

func slowRun(b *Book, acts []Act, now time.Time) map[string]string {
	acts = slices.Clone(acts)
	sort.SliceStable(acts, func(i, j int) bool { return acts[i].At.Before(acts[j].At) })
	out := map[string]string{}
	for i := range b.limits {
		for _, c := range slowClocks(&b.limits[i], acts, now) {
			at := now
			if c.end != nil {
				at = *c.end
			}
			today, due, total := at.In(zone).Format(time.DateOnly), c.due(), c.limit.Days+c.ext
			counted, excluded := c.tally(today)
			late := due != "none" && today > due
			state := map[bool]string{true: "late", false: "running"}[late]
			if c.end != nil {
				state = map[bool]string{true: "missed", false: "kept"}[late]
			} else if due == "none" {
				state = "paused"
			}
			left := total - counted
			if due != "none" && !late && left < 0 {
				left = 0
			}
			out[c.limit.ID+c.start.Format(" 2006-01-02 15:04:05")] += fmt.Sprintf("%s due %s used %.4f left %d excluded %d extended %d;",
				state, due, float64(counted)/float64(total), left, excluded, c.ext)
		}
	}
	return out
}

func slowClocks(l *Limit, acts []Act, now time.Time) []*slowClock {
	var all []*slowClock
	for _, a := range acts {
		if a.At.After(now) {
			break
		}
		date := a.At.In(zone).Format(time.DateOnly)
		for _, c := range all {
			if c.end == nil && slices.Contains(l.Until, a.Kind) {
				end := a.At
				c.end = &end
			}
		}
		if slices.Contains(l.From, a.Kind) {
			if l.Restart {
				all = slices.DeleteFunc(all, func(c *slowClock) bool { return c.end == nil })
			}
			all = append(all, &slowClock{limit: l, start: a.At})
		}
		for _, c := range all {
			if c.end == nil {
				c.see(a, date)
			}
		}
		if a.Kind == Extended && a.Limit == l.ID {
			for i := len(all) - 1; i >= 0; i-- {
				if c := all[i]; c.end == nil {
					due := c.due()
					if a.Days > 0 && a.Reason != "" && a.By != "" && c.ext+a.Days <= l.Extend && (due == "none" || date <= due) {
						c.ext += a.Days
					}
					break
				}
			}
		}
	}
	return all
}

func (c *slowClock) see(a Act, date string) {
	for _, p := range c.limit.Pause {
		if a.Kind == p[0] {
			c.stops = append(c.stops, [2]string{p[1] + fmt.Sprint(len(c.stops)) + "@", date})
		}
		if a.Kind == p[1] {
			for _, s := range c.stops {
				open := strings.HasPrefix(s[0], p[1])
				for _, g := range c.goes {
					open = open && g[0] != s[0]+s[1]
				}
				if open {
					c.goes = append(c.goes, [2]string{s[0] + s[1], date})
				}
			}
		}
	}
}
