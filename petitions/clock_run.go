package petitions

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// run is one running of a limit.
type run struct {
	limit    *Limit
	start    time.Time
	ended    *time.Time
	extended int
	pauses   []pause
}

// pause is a stretch of days that do not count, both ends included; an open one has no end yet.
type pause struct {
	from, to day
	open     bool
	by       string // the act that ends it
}

// runs plays the acts, which are in order, through one limit. An act that ends the limit ends all its runnings.
func (b *Book) runs(l *Limit, acts []Act) []*run {
	var all []*run
	for _, a := range acts {
		live := func(do func(*run)) {
			for _, r := range all {
				if r.ended == nil {
					do(r)
				}
			}
		}
		if slices.Contains(l.Until, a.Kind) {
			live(func(r *run) { r.ended = &a.At })
		}
		if slices.Contains(l.From, a.Kind) {
			if l.Restart {
				all = slices.DeleteFunc(all, func(r *run) bool { return r.ended == nil })
			}
			all = append(all, &run{limit: l, start: a.At})
		}
		live(func(r *run) { r.suspend(a) })
		if a.Kind == Extended && a.Limit == l.ID {
			b.lengthen(all, a)
		}
	}
	return all
}

func (r *run) suspend(a Act) {
	for _, p := range r.limit.Pause {
		switch a.Kind {
		case p[0]:
			r.pauses = append(r.pauses, pause{from: dayOf(a.At), open: true, by: p[1]})
		case p[1]:
			for i := range r.pauses {
				if r.pauses[i].open && r.pauses[i].by == p[1] {
					r.pauses[i].to, r.pauses[i].open = dayOf(a.At), false
				}
			}
		}
	}
}

// lengthen gives an extension to the latest running, if the law allows it.
func (b *Book) lengthen(all []*run, ext Act) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ended == nil {
			if b.refusal(all[i], ext) == "" {
				all[i].extended += ext.Days
			}
			return
		}
	}
}

// refusal says why an extension is not allowed; "" when it is.
func (b *Book) refusal(r *run, ext Act) string {
	due, known := b.due(r)
	switch {
	case r.limit.Extend == 0:
		return r.limit.Citation() + " knows no extension"
	case ext.Days <= 0 || r.extended+ext.Days > r.limit.Extend:
		return "days: at most " + strconv.Itoa(r.limit.Extend-r.extended) + " more"
	case ext.Reason == "":
		return "reason: it must be told to the petitioner"
	case ext.By == "":
		return "by: the head of the body must approve"
	case known && dayOf(ext.At) > due:
		return "the limit had passed"
	}
	return ""
}

// counted is how many days of a running have gone by the end of a day.
func (b *Book) counted(r *run, at day) int {
	start := dayOf(r.start)
	n := b.span(r.limit, start, at)
	for _, p := range merged(r.pauses) {
		if p.open {
			p.to = max(at, p.from)
		}
		n -= b.span(r.limit, max(start, p.from-1), min(at, p.to))
	}
	return n
}

// span counts the days of a limit's kind after a, to b included.
func (b *Book) span(l *Limit, from, to day) int {
	if to <= from {
		return 0
	}
	if l.Unit == "workday" {
		return b.calendar.workdays(from, to)
	}
	return int(to - from)
}

// merged are the pauses without overlaps, so that no day is taken off twice.
func merged(pauses []pause) []pause {
	sorted := slices.Clone(pauses)
	slices.SortStableFunc(sorted, func(x, y pause) int { return int(x.from - y.from) })
	var out []pause
	for _, p := range sorted {
		last := len(out) - 1
		switch {
		case last < 0 || !out[last].open && p.from > out[last].to:
			out = append(out, p)
		case out[last].open:
		case p.open:
			out[last].open = true
		default:
			out[last].to = max(out[last].to, p.to)
		}
	}
	return out
}

// due is the first day on which all days have been counted; not known while the running is suspended before that.
func (b *Book) due(r *run) (day, bool) {
	want := r.limit.Days + r.extended
	lo, hi := dayOf(r.start), dayOf(r.start)+1
	for b.counted(r, hi) < want {
		if hi-lo > 20*366 { // nothing in the law takes that long: it is suspended
			return 0, false
		}
		hi += day(2 * want)
	}
	for lo+1 < hi { // counted(lo) < want <= counted(hi)
		mid := lo + (hi-lo)/2
		if b.counted(r, mid) < want {
			lo = mid
		} else {
			hi = mid
		}
	}
	for r.limit.Roll && !b.calendar.worked(hi) {
		hi++
	}
	return hi, true
}

// standing tells how a running stands at a moment.
func (b *Book) standing(r *run, now time.Time) Running {
	out := Running{Limit: r.limit, ID: r.limit.ID, Name: r.limit.Name, Article: r.limit.Citation(), Started: r.start, Extended: r.extended}
	at, total := dayOf(now), r.limit.Days+r.extended
	if r.ended != nil {
		out.Ended, at = *r.ended, dayOf(*r.ended)
	}
	due, known := b.due(r)
	gone := b.counted(r, at)
	out.Excluded = b.span(r.limit, dayOf(r.start), at) - gone
	out.Used, out.Left = float64(gone)/float64(total), total-gone
	if known {
		out.Due, out.Provisional = due.end(), b.unsure(r, due)
		if at <= due { // rolled over a weekend: the days are gone, the limit is not
			out.Left = max(out.Left, 0)
		}
	}
	late := known && at > due
	switch {
	case r.ended != nil && late:
		out.State = "missed"
	case r.ended != nil:
		out.State = "kept"
	case late:
		out.State = "late"
	case !known:
		out.State = "paused"
	default:
		out.State = "running"
	}
	out.Level = b.level(out.Used, late)
	return out
}

// unsure reports whether a due day rests on holidays nobody has published.
func (b *Book) unsure(r *run, due day) bool {
	if r.limit.Unit != "workday" && !r.limit.Roll {
		return false
	}
	for y := dayOf(r.start).year(); y <= due.year(); y++ {
		if !b.calendar.known[y] {
			return true
		}
	}
	return false
}

func (b *Book) level(used float64, late bool) string {
	if late {
		return "late"
	}
	for _, l := range b.levels {
		if used >= l.Used {
			return l.Name
		}
	}
	return ""
}

// For lists the clocks of a petition that has just come in, by what it is. The 60 days of Article 34 run from acceptance;
// before there is one they are shown as if it were accepted on the day it came, and the name says so.
func (b *Book) For(p *Petition, purpose, route string) []Clock {
	out := []Clock{}
	if p.Time.IsZero() {
		return out
	}
	for i := range b.limits {
		l := &b.limits[i]
		if !b.concerns(l, p, purpose, route) {
			continue
		}
		switch {
		case slices.Contains(l.From, "received"):
			out = append(out, Clock{Name: l.Name, Due: b.Due(l, p.Time), Article: l.Citation()})
		case slices.Contains(l.From, "accepted") && len(l.Routes) > 0:
			out = append(out, Clock{Name: l.Name, Due: b.Due(l, p.Time), Article: l.Citation(), Assumed: b.assumed})
		}
	}
	return out
}

// concerns reports whether a limit is owed in a petition of this kind.
func (b *Book) concerns(l *Limit, p *Petition, purpose, route string) bool {
	switch {
	case len(l.Routes) > 0 && !slices.Contains(l.Routes, route), slices.Contains(l.NotPurposes, purpose), l.Named && p.Anonymous:
		return false
	case p.Office == "" || l.Desk == "":
		return true
	}
	return (l.Desk == "office") == strings.Contains(p.Office, b.office)
}
