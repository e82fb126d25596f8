package kg

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Conflict is two statements that cannot both hold. Text is a sentence in Chinese that an applicant can act on.
type Conflict struct {
	Kind string   `json:"kind"` // off_path unknown_option fact paper days
	Text string   `json:"text"`
	Keys []string `json:"keys"` // question ids, material ids, fields or codes concerned
}

//go:embed data/conflicts.json
var conflictText []byte

var conflictWords = mustJSON[map[string]string](conflictText)

func conflict(kind string, keys []string, pairs ...string) Conflict {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return Conflict{Kind: kind, Text: strings.NewReplacer(pairs...).Replace(conflictWords[kind]), Keys: keys}
}

// Conflicts lists what contradicts itself in the answers given for a matter and the facts known: answers to questions
// that the others make pointless, options that do not exist, an answer against a fact, a paper both asked for and waived.
func Conflicts(m *Matter, answers map[string]string, facts Facts) []Conflict {
	var found []Conflict
	l := Checklist(m, answers, facts)
	for _, id := range l.Ignored {
		s := m.Question(id)
		kind := "off_path"
		if l.Open != nil && l.Open.ID == id {
			kind = "unknown_option"
		}
		found = append(found, conflict(kind, []string{id}, "question", s.Ask, "answer", answers[id]))
	}
	needed := map[string]Answered{}
	for _, a := range l.Situation {
		s := m.Question(a.QuestionID)
		if known, ok := facts[s.Fact].(string); ok && s.Fact != "" && known != "" && known != a.Answer && known != a.OptionID {
			found = append(found, conflict("fact", []string{s.ID, s.Fact}, "question", s.Ask, "answer", a.Answer, "known", known))
		}
		o := chosen(s, map[string]string{s.ID: a.OptionID}, nil)
		for _, id := range o.Needs {
			needed[id] = a
		}
		for _, id := range o.Waives {
			if by, both := needed[id]; both && m.Material(id) != nil {
				found = append(found, conflict("paper", []string{by.QuestionID, s.ID, id},
					"paper", m.Material(id).Name, "answer", by.Answer, "other", a.Answer))
			}
		}
	}
	return found
}

// Contradictions compares two records that speak of the same matter of the same department and region, field by field,
// over what a citizen relies on. A field that only one of them publishes does not contradict.
func Contradictions(a, b *Matter) []Conflict {
	if a.Name != b.Name || a.Department != b.Department || a.Region != b.Region {
		return nil
	}
	var found []Conflict
	for _, field := range []string{"legal_days", "promised_days", "fee", "visits", "phone", "address", "materials", "result"} {
		va, okA := a.Field(field)
		vb, okB := b.Field(field)
		if okA && okB && va != vb {
			found = append(found, conflict("days", []string{a.Code, b.Code, field}, "field", FieldLabel(field), "a", clip(va, 60), "b", clip(vb, 60)))
		}
	}
	return found
}

// contradictions finds pairs of records that contradict each other.
func (in *inspector) contradictions() {
	same := map[string][]*Matter{}
	for _, m := range in.cat.Matters {
		key := m.Name + "\x00" + m.Department + "\x00" + m.Region
		same[key] = append(same[key], m)
	}
	for _, m := range in.cat.Matters {
		key := m.Name + "\x00" + m.Department + "\x00" + m.Region
		i := slices.Index(same[key], m)
		if i == 0 {
			continue
		}
		first := same[key][0]
		clashes := Contradictions(first, m)
		for _, c := range clashes {
			in.matter("contradiction", m, c.Keys[2], c.Text)
		}
		if len(clashes) == 0 {
			in.matter("same_record", m, "code", fmt.Sprintf("%s %s", first.Code, m.Code))
		}
	}
}
