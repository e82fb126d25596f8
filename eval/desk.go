package eval

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// DeskCase is a hotline call or a ticket, and what a careful agent makes of it.
type DeskCase struct {
	Common
	Transcript []DeskTurn `json:"transcript,omitempty"`
	Ticket     *DeskForm  `json:"ticket,omitempty"`
	Label      DeskLabel  `json:"label"`
}

// DeskTurn is one turn of a call.
type DeskTurn struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// DeskForm is a written request.
type DeskForm struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Place string `json:"place,omitempty"`
	Phone string `json:"phone,omitempty"`
	Time  string `json:"time,omitempty"`
}

// DeskLabel is the wanted reading. Accept holds values that are as right as the wanted one, by field. Matter is null for
// a call that the catalogue does not answer.
type DeskLabel struct {
	Type    string              `json:"type"`
	Domain  string              `json:"domain"`
	Urgency string              `json:"urgency"`
	Depts   []string            `json:"dept_any_of"`
	Facts   DeskFacts           `json:"key_facts"`
	Matter  *string             `json:"matter"`
	Accept  map[string][]string `json:"accept,omitempty"`
}

// DeskFacts are words the suggestion must hold. Where is null when the caller gave no place.
type DeskFacts struct {
	Where *string `json:"where"`
	When  *string `json:"when,omitempty"`
	What  *string `json:"what,omitempty"`
	Ask   *string `json:"ask,omitempty"`
	Who   *string `json:"who,omitempty"`
}

// DeskReply is what the service suggested.
type DeskReply struct {
	Type    string   `json:"type"`
	Path    []string `json:"path"`
	Urgency string   `json:"urgency"`
	Bodies  []string `json:"bodies"`
	Matters []string `json:"matters"`
	Where   *string  `json:"where"`
	Missing []string `json:"missing"`
	Draft   string   `json:"draft"`
	Uncited []string `json:"uncited"` // facts and marks of the draft without evidence
	Band    string   `json:"band"`
	P       float64  `json:"p"` // of the type
}

var (
	callTypes = []string{"咨询", "求助", "建议", "投诉", "举报"}
	urgencies = []string{"emergency", "urgent", "normal"}
)

// Check implements Body.
func (c *DeskCase) Check() error {
	switch {
	case len(c.Transcript) == 0 && c.Ticket == nil:
		return &FieldError{"transcript", "missing, and there is no ticket"}
	case !slices.Contains(callTypes, c.Label.Type):
		return &FieldError{"label.type", "one of " + strings.Join(callTypes, " ")}
	case c.Label.Domain == "":
		return &FieldError{"label.domain", "missing"}
	case !slices.Contains(urgencies, c.Label.Urgency):
		return &FieldError{"label.urgency", "one of " + strings.Join(urgencies, " ")}
	case len(c.Label.Depts) == 0:
		return &FieldError{"label.dept_any_of", "missing"}
	}
	for i, t := range c.Transcript {
		if t.Role != "caller" && t.Role != "agent" || strings.TrimSpace(t.Text) == "" {
			return &FieldError{fmt.Sprintf("transcript[%d]", i), "a role, caller or agent, and a text"}
		}
	}
	return nil
}

// Kept reports whether a case is for reporting only: nobody looks at it to make the service better. It is decided by the
// id, so that a case never changes sides.
func (c *DeskCase) Kept() bool { return sha256.Sum256([]byte(c.ID))[0]%2 == 1 }

// Judge implements Body. Names of bodies and places count as the outside client counts them: one holds the other.
// Every mark is made twice for a kept case, so that what nobody tuned on is reported by itself.
func (c *DeskCase) Judge(o Outcome) Verdict {
	got := DeskReply{}
	if o.Desk != nil {
		got = *o.Desk
	}
	ran := o.Desk != nil
	domain := ""
	if len(got.Path) > 0 {
		domain = got.Path[0]
	}
	right := func(field, want, have string) bool {
		return ran && (want == have || slices.Contains(c.Label.Accept[field], have))
	}
	marks := map[string]Mark{
		"type_acc":    yes(right("type", c.Label.Type, got.Type)),
		"domain_acc":  yes(right("domain", c.Label.Domain, domain)),
		"urgency_acc": yes(right("urgency", c.Label.Urgency, got.Urgency)),
		"dept1":       yes(c.body(got.Bodies, 1)),
		"dept3":       yes(c.body(got.Bodies, 3)),
		"where":       yes(ran && c.place(got.Where)),
	}
	if ran && got.Draft != "" {
		marks["draft_grounded"] = yes(len(got.Uncited) == 0)
	}
	if c.Label.Matter != nil {
		marks["matter1"] = yes(c.matter(got.Matters, 1))
		marks["matter3"] = yes(c.matter(got.Matters, 3))
	}
	ok := true
	for _, m := range marks {
		ok = ok && m.Num == m.Den
	}
	if c.Kept() {
		for name, m := range maps.Clone(marks) {
			marks[name+":kept"] = m
		}
	}
	return Verdict{OK: ok, Kind: c.Label.Type, Input: c.text(), Got: got, Want: c.Label, Marks: marks}
}

// body reports whether one of the first n bodies is wanted.
func (c *DeskCase) body(bodies []string, n int) bool {
	return slices.ContainsFunc(bodies[:min(n, len(bodies))], func(b string) bool {
		return b != "" && slices.ContainsFunc(c.Label.Depts, func(w string) bool { return strings.Contains(b, w) || strings.Contains(w, b) })
	})
}

func (c *DeskCase) matter(codes []string, n int) bool {
	return slices.ContainsFunc(codes[:min(n, len(codes))], func(code string) bool {
		return code == *c.Label.Matter || slices.Contains(c.Label.Accept["matter"], code)
	})
}

// place reports whether the place is the wanted one, as fine or finer.
func (c *DeskCase) place(got *string) bool {
	want := c.Label.Facts.Where
	if want == nil && got == nil {
		return true
	}
	if got == nil || *got == "" {
		return false
	}
	list := slices.Clone(c.Label.Accept["where"])
	if want != nil {
		list = append(list, *want)
	}
	return slices.ContainsFunc(list, func(w string) bool { return w != "" && (strings.Contains(*got, w) || strings.Contains(w, *got)) })
}

// text is the call for a reader.
func (c *DeskCase) text() string {
	if c.Ticket != nil {
		return c.Ticket.Title + "｜" + c.Ticket.Text
	}
	var b strings.Builder
	for _, t := range c.Transcript {
		who := "民："
		if t.Role == "agent" {
			who = "席："
		}
		b.WriteString(who + t.Text + " ")
	}
	return b.String()
}

// Request is the case as it goes over HTTP.
func (c *DeskCase) Request() ([]byte, error) {
	if c.Ticket != nil {
		return json.Marshal(map[string]any{"ticket": c.Ticket})
	}
	return json.Marshal(map[string]any{"transcript": c.Transcript})
}

// DeskAgent suggests.
type DeskAgent interface {
	// Suggest takes the body of the request and returns the reply's body.
	Suggest(ctx context.Context, body []byte) ([]byte, error)
}

// DeskFunc is a function that is a DeskAgent.
type DeskFunc func(ctx context.Context, body []byte) ([]byte, error)

// Suggest calls f.
func (f DeskFunc) Suggest(ctx context.Context, body []byte) ([]byte, error) { return f(ctx, body) }

// Desks puts calls to a DeskAgent. Papers are names a draft must not use without a source.
type Desks struct {
	DeskAgent
	Papers []string
}

// deskAnswer is the part of a reply that is judged. Its draft is checked as a reply of the guide is.
type deskAnswer struct {
	Reply
	Type        string
	P           float64
	Path        []string
	Urgency     string
	Departments []Named
	Where       *string
	Missing     []string
	Band        string
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *deskAnswer) UnmarshalJSON(raw []byte) error {
	var own struct {
		Type    string  `json:"type"`
		P       float64 `json:"type_confidence"`
		Urgency string  `json:"urgency"`
		Band    string  `json:"band"`
		Class   struct {
			Path []string `json:"path"`
		} `json:"class"`
		Departments []Named `json:"departments"`
		Slots       struct {
			Where *string `json:"where"`
		} `json:"slots"`
		Missing []string `json:"missing"`
	}
	if err := json.Unmarshal(raw, &own); err != nil {
		return err
	}
	parts := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	parts["text"] = parts["draft"]
	text, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	a.Type, a.P, a.Urgency, a.Band, a.Path = own.Type, own.P, own.Urgency, own.Band, own.Class.Path
	a.Departments, a.Where, a.Missing = own.Departments, own.Slots.Where, own.Missing
	return json.Unmarshal(text, &a.Reply)
}

// Run asks for one suggestion.
func (d Desks) Run(ctx context.Context, c Case) (Outcome, error) {
	body, ok := c.Body.(*DeskCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is no call", c.ID)
	}
	request, err := body.Request()
	if err != nil {
		return Outcome{}, fmt.Errorf("eval: case %s: %w", c.ID, err)
	}
	raw, err := d.Suggest(ctx, request)
	if err != nil {
		return Outcome{}, err
	}
	var a deskAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		return Outcome{}, fmt.Errorf("eval: case %s: reply: %w", c.ID, err)
	}
	r := &DeskReply{Type: a.Type, Path: a.Path, Urgency: a.Urgency, Where: a.Where, Missing: a.Missing, Draft: a.Text, Band: a.Band, P: a.P}
	_, faults := checkFacts(a.Reply, body.text(), d.Papers)
	_, dead := checkReferences(a.Reply)
	r.Uncited = slices.Concat(faults, dead)
	for _, x := range a.Departments {
		r.Bodies = append(r.Bodies, x.Name)
	}
	for _, x := range a.Matters {
		r.Matters = append(r.Matters, x.Code)
	}
	return Outcome{Desk: r}, nil
}
