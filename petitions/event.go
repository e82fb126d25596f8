package petitions

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ganwen/search/zh"
)

// The states of an event.
const (
	Proposed  = "proposed"  // joined by the machine
	Confirmed = "confirmed" // a person has said that its members belong together
	Merged    = "merged"    // now part of another
)

// describe fills in what an event says of its members, which come oldest first and are analysed. ID, Status, Into and
// Links are left as they are.
func (e *Event) describe(members []*Record) {
	*e = Event{ID: e.ID, Status: cmp.Or(e.Status, Proposed), Into: e.Into, Links: e.Links, Channels: map[string]int{}, Summary: []string{}}
	persons, places, classes := map[string]bool{}, []string{}, map[string]int{}
	people, unknown := 0, 0
	for _, r := range members {
		p := &r.Petition
		e.Members = append(e.Members, Ref{p.Source, p.ID})
		n := max(p.People, p.Involved, r.Analysis.Facts.People)
		e.People, people = max(e.People, n), people+max(n, 1)
		if p.Person == "" {
			unknown++
		} else {
			persons[p.Person] = true
		}
		if p.Channel != "" {
			e.Channels[p.Channel]++
		}
		if place := r.Analysis.Facts.Place; place != "" {
			places = append(places, place)
		}
		classes[strings.Join(r.Analysis.Class.Path, "\x00")]++
		if e.First.IsZero() || !p.Time.IsZero() && p.Time.Before(e.First) {
			e.First = p.Time
		}
		if p.Time.After(e.Last) {
			e.Last = p.Time
		}
	}
	e.People, e.Persons, e.Place = max(e.People, people), len(persons)+unknown, commonPlace(places)
	e.Class = mostCommon(classes)
	e.Weeks = weeksOf(members, e.First)
	e.Title, e.Summary = summarize(members)
}

// commonPlace is the finest division all places lie in.
func commonPlace(places []string) string {
	if len(places) == 0 {
		return ""
	}
	for _, n := range []int{9, 6, 4, 2} {
		if len(places[0]) >= n && !slices.ContainsFunc(places, func(p string) bool { return !strings.HasPrefix(p, places[0][:n]) }) {
			return places[0][:n]
		}
	}
	return ""
}

func mostCommon(classes map[string]int) []string {
	best, n := "", 0
	for c, k := range classes {
		if k > n || k == n && c < best {
			best, n = c, k
		}
	}
	if best == "" {
		return nil
	}
	return strings.Split(best, "\x00")
}

// mostWeeks keeps a matter of many years from a list of hundreds of empty weeks: what came later counts in the last.
const mostWeeks = 260

func weeksOf(members []*Record, first time.Time) []int {
	var weeks []int
	for _, r := range members {
		w := 0
		if !r.Petition.Time.IsZero() {
			w = min(int(r.Petition.Time.Sub(first).Hours()/(24*7)), mostWeeks-1)
		}
		for len(weeks) <= w {
			weeks = append(weeks, 0)
		}
		weeks[w]++
	}
	return weeks
}

// The summary has so many sentences, of a length that can be read at a glance.
const (
	summarySentences = 3
	sentenceShort    = 10
	sentenceLong     = 90
)

// summarize picks the title whose words most members use, and the sentences that say most of what several members say,
// each adding something: word for word, from redacted text.
func summarize(members []*Record) (title string, summary []string) {
	df := map[uint64]int{}
	for _, r := range members {
		for h := range gramsOf([]rune(zh.Fold(r.Petition.Title + "。" + redactedText(r)))) {
			df[h]++
		}
	}
	worth := func(text string, said map[uint64]bool) float64 {
		sum := 0.0
		for h := range gramsOf([]rune(zh.Fold(text))) {
			if !said[h] && df[h] > 1 {
				sum += float64(df[h] - 1)
			}
		}
		return sum / (8 + float64(utf8.RuneCountInString(text)))
	}
	best := -1.0
	for _, r := range members {
		if w := worth(r.Petition.Title, nil); r.Petition.Title != "" && w > best {
			title, best = r.Petition.Title, w
		}
	}
	said := map[uint64]bool{}
	for range min(summarySentences, 1+len(members)) {
		var pick string
		best := 0.0
		for _, r := range members {
			for _, s := range zh.Sentences(redactedText(r)) {
				text := strings.TrimSpace(s.Text)
				if n := utf8.RuneCountInString(text); n < sentenceShort || n > sentenceLong {
					continue
				}
				if w := worth(text, said); w > best {
					pick, best = text, w
				}
			}
		}
		if pick == "" {
			break
		}
		for h := range gramsOf([]rune(zh.Fold(pick))) {
			said[h] = true
		}
		summary = append(summary, pick)
	}
	if title == "" && len(summary) > 0 {
		title = summary[0]
	}
	if summary == nil {
		summary = []string{}
	}
	return title, summary
}

// redactedText is what may be shown of a petition.
func redactedText(r *Record) string {
	if r.Analysis != nil && r.Analysis.Redacted != "" {
		_, text, ok := strings.Cut(r.Analysis.Redacted, "\n")
		if ok {
			return text
		}
		return r.Analysis.Redacted
	}
	return r.Petition.Text
}
