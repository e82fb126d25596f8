package petitions

import (
	"cmp"
	"fmt"
	"slices"
)

// Reason is one ground for taking two petitions for one matter. Value is what it adds to the odds; A and B are the
// sentences of the two that show it.
type Reason struct {
	Name  string  `json:"name"` // place organisation object wrong class time text person copy meaning
	Value float64 `json:"value"`
	Why   string  `json:"why,omitempty"`
	A     string  `json:"a,omitempty"`
	B     string  `json:"b,omitempty"`
}

// reasons names what speaks for a pair, the strongest first.
func (j *Joiner) reasons(p *pair, a, b *traits) []Reason {
	add := func(list ...int) (sum float64) {
		for _, m := range list {
			sum += p.x[m] * j.weights[m]
		}
		return sum
	}
	var out []Reason
	say := func(r Reason) {
		if r.Value > .05 {
			out = append(out, r)
		}
	}
	if p.x[mTown]+p.x[mNoTown]+p.x[mNoCounty] > 0 || a.county == b.county {
		say(Reason{Name: "place", Value: add(mTown, mNoTown, mNoCounty, mClassTown, mTextTown), Why: j.placeName(a, b)})
	}
	if p.x[mName] > 0 {
		say(Reason{Name: "organisation", Value: add(mName), Why: p.name[0].full(), A: a.quoteOf(p.name[0]), B: b.quoteOf(p.name[1])})
	}
	if p.shown != "" {
		say(Reason{Name: "object", Value: add(mRare, mRare2), Why: p.shown, A: a.quote(a.sentence(p.run[0][0])), B: b.quote(b.sentence(p.run[1][0]))})
	}
	say(Reason{Name: "wrong", Value: add(mWrong, mWrongTown, mWrongName), Why: j.wrongBoth(a, b)})
	class := ""
	if len(b.item.Classes) > 0 {
		class = b.item.Classes[0].Value
	}
	say(Reason{Name: "class", Value: add(mClass, mPath), Why: class})
	say(Reason{Name: "text", Value: add(mText), Why: fmt.Sprintf("%.2f", p.x[mText])})
	say(Reason{Name: "meaning", Value: add(mVector), Why: fmt.Sprintf("%.2f", p.x[mVector])})
	say(Reason{Name: "copy", Value: add(mCopy)})
	say(Reason{Name: "person", Value: add(mPerson)})
	if !a.item.Time.IsZero() && !b.item.Time.IsZero() && p.x[mTime] < 3 {
		out = append(out, Reason{Name: "time", Value: add(mTime), Why: fmt.Sprintf("%.0f", p.x[mTime]*30)})
	}
	slices.SortStableFunc(out, func(x, y Reason) int { return cmp.Compare(y.Value, x.Value) })
	return out
}

func (r *traits) quoteOf(n properName) string {
	for i := range r.sentences {
		if s := r.quote(i); containsCore(s, n) {
			return s
		}
	}
	return ""
}

// wrongBoth is the kind of wrong both speak of most.
func (j *Joiner) wrongBoth(a, b *traits) string {
	best, name := 0.0, ""
	for c, w := range a.wrongs {
		if v := w * b.wrongs[c]; v > best || v == best && v > 0 && j.words.wrongs[c] < name {
			best, name = v, j.words.wrongs[c]
		}
	}
	return name
}

// placeName is the finest division both lie in.
func (j *Joiner) placeName(a, b *traits) string {
	code := a.county
	if a.town != "" && a.town == b.town {
		code = a.town
	}
	if j.regions == nil || code == "" {
		return code
	}
	return j.regions.FullName(code)
}
