package petitions

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"ganwen/kg"
	"ganwen/search/zh"
)

// How much each kind of evidence for a duty counts. A leaf of the class list names few duties, a first level dozens.
const (
	leafWeight   = 3.0
	secondWeight = 1.5
	namedWeight  = 1.0 // the text names the body
	firstWeight  = 6.0 // the body comes first by law
	notWeight    = 0.5 // of a keyword that the duty's border gives to another body
)

// Dispatcher finds the bodies whose duty a matter is, from the register of duties (权责清单). It is read-only and safe
// for concurrent use.
type Dispatcher struct {
	duties   []*kg.Duty
	keywords map[rune][]dutyWord
	byClass  map[string][]int
	rarity   map[string]float64
	names    []string // of bodies, and what else they are called
}

type dutyWord struct {
	runes  []rune
	text   string
	duties []int
}

// Query is a matter to be dispatched.
type Query struct {
	Text    string
	Class   []string // path, as far as known
	Purpose string   // a Report never goes to a body it accuses
	Accused []string // names of those complained of
	First   []string // bodies that come first whatever the words say, such as the one a route names
}

// NewDispatcher indexes a register of duties.
func NewDispatcher(duties []*kg.Duty) *Dispatcher {
	d := &Dispatcher{duties: duties, keywords: map[rune][]dutyWord{}, byClass: map[string][]int{}, rarity: map[string]float64{}}
	words := map[string][]int{}
	for i, duty := range duties {
		for _, name := range append([]string{duty.Body}, duty.Aliases...) {
			if utf8.RuneCountInString(name) > 1 && !slices.Contains(d.names, name) {
				d.names = append(d.names, name)
			}
		}
		for _, w := range duty.Keywords {
			w = zh.Fold(w)
			if !slices.Contains(words[w], i) && utf8.RuneCountInString(w) > 1 {
				words[w] = append(words[w], i)
			}
		}
		for _, c := range duty.Classes {
			d.byClass[c] = append(d.byClass[c], i)
			if path := strings.SplitN(c, "/", 3); len(path) == 3 {
				second := path[0] + "/" + path[1]
				if !slices.Contains(d.byClass[second], i) {
					d.byClass[second] = append(d.byClass[second], i)
				}
			}
		}
	}
	for w, list := range words {
		r := []rune(w)
		d.keywords[r[0]] = append(d.keywords[r[0]], dutyWord{r, w, list})
		// Longer words say more, and words of many duties say less.
		d.rarity[w] = math.Sqrt(float64(len(r))/2) / math.Sqrt(float64(len(list)))
	}
	return d
}

// Dispatch gives the n best bodies, best first, each with its best duty. A body that is accused in a Report is left out:
// such a letter must not reach it (Article 30).
func (d *Dispatcher) Dispatch(q Query, n int) []Department {
	scores := d.scores(q)
	type body struct {
		best, more int
		score      float64
	}
	bodies := map[string]*body{}
	for _, i := range sortedDuties(scores) {
		name := d.duties[i].Body
		switch b := bodies[name]; {
		case d.accused(q, d.duties[i]):
		case b == nil:
			bodies[name] = &body{best: i, score: scores[i]}
		case b.more < 2: // further duties support a body, but many duties alone do not make it the right one
			b.score, b.more = b.score+scores[i]/4, b.more+1
		}
	}
	out := make([]Department, 0, len(bodies))
	for name, b := range bodies {
		out = append(out, d.department(name, b.best, b.score))
	}
	slices.SortFunc(out, func(a, b Department) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	})
	if len(out) > n {
		out = out[:n]
	}
	return normalised(out)
}

// scores adds up the evidence for each duty.
func (d *Dispatcher) scores(q Query) map[int]float64 {
	scores := map[int]float64{}
	text := []rune(zh.Fold(q.Text))
	seen := map[string]bool{}
	for i := range text {
		for _, w := range d.keywords[text[i]] {
			if seen[w.text] || !startsWith(text[i:], w.runes) {
				continue
			}
			seen[w.text] = true
			for _, k := range w.duties {
				scores[k] += d.rarity[w.text]
			}
			d.border(scores, w)
		}
	}
	if len(q.Class) > 1 {
		for _, k := range d.byClass[q.Class[0]+"/"+q.Class[1]] {
			scores[k] += secondWeight
		}
	}
	if len(q.Class) > 2 {
		for _, k := range d.byClass[strings.Join(q.Class[:3], "/")] {
			scores[k] += leafWeight
		}
	}
	for i, duty := range d.duties {
		if scores[i] == 0 {
			continue
		}
		if slices.Contains(q.First, duty.Body) {
			scores[i] += firstWeight
		}
		if q.Purpose != Report && strings.Contains(q.Text, duty.Body) {
			scores[i] += namedWeight
		}
	}
	return scores
}

// border lowers duties whose text gives what the keyword names to another body.
func (d *Dispatcher) border(scores map[int]float64, w dutyWord) {
	for k := range scores {
		if strings.Contains(d.duties[k].Not, w.text) && !slices.Contains(w.duties, k) {
			scores[k] -= notWeight * d.rarity[w.text]
		}
	}
}

// accused reports whether a duty belongs to a body that a Report complains of.
func (d *Dispatcher) accused(q Query, duty *kg.Duty) bool {
	if q.Purpose != Report {
		return false
	}
	return slices.ContainsFunc(q.Accused, func(name string) bool {
		return strings.Contains(name, duty.Body) || slices.ContainsFunc(duty.Aliases, func(a string) bool {
			return a == name || utf8.RuneCountInString(a) > 2 && strings.Contains(name, a)
		})
	})
}

func (d *Dispatcher) department(name string, duty int, score float64) Department {
	x := d.duties[duty]
	out := Department{Name: name, Unit: x.Unit, Score: score, Duty: x.ID, Basis: x.Duty}
	if len(x.Basis) > 0 {
		out.Law, out.Quote = x.Basis[0].Law+x.Basis[0].Article, x.Basis[0].Quote
	}
	return out
}

func sortedDuties(scores map[int]float64) []int {
	out := make([]int, 0, len(scores))
	for i, s := range scores {
		if s > 0 {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	return out
}

// normalised makes the scores shares of the whole.
func normalised(list []Department) []Department {
	sum := 0.0
	for _, x := range list {
		sum += x.Score
	}
	for i := range list {
		list[i].Score = math.Round(list[i].Score/sum*100) / 100
	}
	return list
}
