package eval

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// DialogueCase is a scripted conversation: what the citizen says, and what must hold after some of the turns. What is
// wanted of the last turn is the end state.
type DialogueCase struct {
	Common
	Region string `json:"region,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Turns  []Turn `json:"turns"`
}

// Turn is one thing said.
type Turn struct {
	Say    string   `json:"say"`
	Expect *Expects `json:"expect,omitempty"`
}

// Expects is what must hold of a reply. Absent fields want nothing. Materials are those of the checklist: one to include
// may be named in short (户口簿 for 居民户口簿), one to exclude is named in full, since 身份证 also stands in 监护人身份证.
type Expects struct {
	Matter           Any      `json:"matter,omitempty"`
	Status           Any      `json:"status,omitempty"`
	Intent           Any      `json:"intent,omitempty"`
	Event            Any      `json:"event,omitempty"`
	Asks             *bool    `json:"asks,omitempty"`
	Contains         []string `json:"contains,omitempty"`
	NotContains      []string `json:"not_contains,omitempty"`
	MaterialsInclude []string `json:"materials_include,omitempty"`
	MaterialsExclude []string `json:"materials_exclude,omitempty"`
}

// Any is one value or a list of equally right ones.
type Any []string

// UnmarshalJSON reads a string or a list.
func (a *Any) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = Any{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return &FieldError{"", "want a string or a list of strings"}
	}
	*a = list
	return nil
}

// Check implements Body.
func (c *DialogueCase) Check() error {
	if len(c.Turns) == 0 {
		return &FieldError{"turns", "missing"}
	}
	for i, t := range c.Turns {
		if strings.TrimSpace(t.Say) == "" {
			return &FieldError{fmt.Sprintf("turns[%d].say", i), "missing"}
		}
	}
	if last := c.Turns[len(c.Turns)-1]; last.Expect == nil {
		return &FieldError{fmt.Sprintf("turns[%d].expect", len(c.Turns)-1), "the last turn must say what the end state is"}
	}
	return nil
}

// Judge implements Body.
func (c *DialogueCase) Judge(o Outcome) Verdict {
	type step struct {
		Say    string   `json:"say"`
		Status string   `json:"status"`
		Intent string   `json:"intent"`
		Codes  []string `json:"codes"`
		Text   string   `json:"text"`
		Broken []string `json:"broken,omitempty"`
	}
	var steps []step
	right, wanted, end := 0.0, 0.0, false
	for i, t := range c.Turns {
		var r Reply
		broken := []string{"no reply"}
		if i < len(o.Replies) {
			r = o.Replies[i]
			broken = t.Expect.broken(r)
		}
		if t.Expect != nil {
			wanted++
			if len(broken) == 0 {
				right++
			}
			end = len(broken) == 0
		}
		steps = append(steps, step{t.Say, r.Status, r.Intent, r.codes(3), r.Text, broken})
	}
	var said []string
	for _, t := range c.Turns {
		said = append(said, t.Say)
	}
	ok := right == wanted
	marks, faults := factMarks(o, said)
	marks["dialogue_pass"], marks["end_state"], marks["turn_pass"] = yes(ok), yes(end), Mark{right, wanted}
	got := map[string]any{"turns": steps, "unsupported": faults}
	return Verdict{OK: ok, Kind: c.Kind, Input: strings.Join(said, " / "), Got: got, Want: c.Turns, Marks: marks}
}

// broken lists what does not hold. A nil e wants nothing.
func (e *Expects) broken(r Reply) []string {
	if e == nil {
		return nil
	}
	var out []string
	one := func(field string, want Any, got string) {
		if len(want) > 0 && !slices.Contains(want, got) {
			out = append(out, fmt.Sprintf("%s %q, want %s", field, got, strings.Join(want, " or ")))
		}
	}
	matter := ""
	if len(r.Matters) > 0 {
		matter = r.Matters[0].Code
	}
	one("matter", e.Matter, matter)
	one("status", e.Status, r.Status)
	one("intent", e.Intent, r.Intent)
	one("event", e.Event, r.event())
	if e.Asks != nil && *e.Asks != (r.question() != "") {
		out = append(out, fmt.Sprintf("asks %t, want %t", r.question() != "", *e.Asks))
	}
	for _, s := range e.Contains {
		if !strings.Contains(r.Text, s) {
			out = append(out, "text lacks "+s)
		}
	}
	for _, s := range e.NotContains {
		if strings.Contains(r.Text, s) {
			out = append(out, "text holds "+s)
		}
	}
	for _, s := range e.MaterialsInclude {
		if !slices.ContainsFunc(r.papers(), func(p string) bool { return strings.Contains(p, s) }) {
			out = append(out, "checklist lacks "+s)
		}
	}
	for _, s := range e.MaterialsExclude {
		if slices.Contains(r.papers(), s) {
			out = append(out, "checklist holds "+s)
		}
	}
	return out
}

// papers are the names on the checklist.
func (r Reply) papers() []string {
	if r.Checklist == nil {
		return nil
	}
	var out []string
	for _, m := range r.Checklist.Materials {
		out = append(out, m.Name)
	}
	return out
}

func (c *DialogueCase) region() string { return c.Region }

func (c *DialogueCase) next(replies []Reply) (string, bool) {
	if len(replies) < len(c.Turns) {
		return c.Turns[len(replies)].Say, true
	}
	return "", false
}
