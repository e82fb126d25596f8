package petitions

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// zone is the one civil time of the country: a limit ends at its midnight wherever the program runs.
var zone = time.FixedZone("CST", 8*60*60)

// day is a civil day, counted from 1970-01-01.
type day int

func dayOf(t time.Time) day {
	y, m, d := t.In(zone).Date()
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// end is the last second of a day.
func (d day) end() time.Time {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, zone)
}

func (d day) year() int { return time.Unix(int64(d)*86400, 0).UTC().Year() }

// weekday counts from Monday = 0; 1970-01-01 was a Thursday.
func (d day) weekday() int { return ((int(d)+3)%7 + 7) % 7 }

// Calendar knows which days are worked: Monday to Friday, but for public holidays and the weekends worked in exchange
// (调休). It is read-only once loaded and safe for concurrent use.
type Calendar struct {
	off, work []day        // weekdays not worked, weekend days worked; sorted
	known     map[int]bool // years whose plan is published
}

//go:embed data/holidays.json
var holidaysJSON string

// LoadCalendar reads the plans of the years; an overlapping or impossible day is an error.
func LoadCalendar(r io.Reader) (*Calendar, error) {
	var plan struct {
		Note  string `json:"note"`
		Years []struct {
			Year   int      `json:"year"`
			Status string   `json:"status"`
			Source string   `json:"source"`
			Off    []string `json:"off"`
			Work   []string `json:"work"`
		} `json:"years"`
	}
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&plan); err != nil {
		return nil, fmt.Errorf("petitions: read calendar: %w", err)
	}
	c := &Calendar{known: map[int]bool{}}
	for _, y := range plan.Years {
		if y.Status != "published" && y.Status != "expected" {
			return nil, fmt.Errorf("petitions: calendar %d: status %q, want published or expected", y.Year, y.Status)
		}
		c.known[y.Year] = y.Status == "published"
		off, err := readDays(y.Off)
		if err != nil {
			return nil, fmt.Errorf("petitions: calendar %d: off: %w", y.Year, err)
		}
		work, err := readDays(y.Work)
		if err != nil {
			return nil, fmt.Errorf("petitions: calendar %d: work: %w", y.Year, err)
		}
		for _, d := range work {
			if d.weekday() < 5 || slices.Contains(off, d) {
				return nil, fmt.Errorf("petitions: calendar %d: work: %s is no weekend day to exchange", y.Year, d.end().Format(time.DateOnly))
			}
		}
		c.work = append(c.work, work...)
		for _, d := range off {
			if d.weekday() < 5 { // a holiday on a weekend changes nothing
				c.off = append(c.off, d)
			}
		}
	}
	slices.Sort(c.off)
	slices.Sort(c.work)
	return c, nil
}

// readDays reads single days and ranges: 2026-01-01, 2026-01-01/2026-01-03.
func readDays(list []string) ([]day, error) {
	var out []day
	for _, s := range list {
		from, to, ranged := strings.Cut(s, "/")
		if !ranged {
			to = from
		}
		a, err := time.ParseInLocation(time.DateOnly, from, zone)
		if err != nil {
			return nil, err
		}
		b, err := time.ParseInLocation(time.DateOnly, to, zone)
		if err != nil {
			return nil, err
		}
		if b.Before(a) || b.Sub(a) > 31*24*time.Hour {
			return nil, fmt.Errorf("%q is no range of days", s)
		}
		for d := dayOf(a); d <= dayOf(b); d++ {
			out = append(out, d)
		}
	}
	return out, nil
}

// Workday reports whether a day is worked, and whether the plan of its year is published.
func (c *Calendar) Workday(t time.Time) (worked, known bool) {
	d := dayOf(t)
	return c.worked(d), c.known[d.year()]
}

func (c *Calendar) worked(d day) bool {
	if d.weekday() < 5 {
		_, off := slices.BinarySearch(c.off, d)
		return !off
	}
	_, work := slices.BinarySearch(c.work, d)
	return work
}

// workdays counts the days worked after a, to b included.
func (c *Calendar) workdays(a, b day) int {
	if b <= a {
		return 0
	}
	return weekdaysTo(b) - weekdaysTo(a) - (countTo(c.off, b) - countTo(c.off, a)) + countTo(c.work, b) - countTo(c.work, a)
}

// weekdaysTo counts Mondays to Fridays since Monday 1969-12-29, to d included.
func weekdaysTo(d day) int {
	n := int(d) + 4 // days since that Monday, d included
	return n/7*5 + min(n%7, 5)
}

func countTo(days []day, d day) int {
	i, _ := slices.BinarySearch(days, d+1)
	return i
}
