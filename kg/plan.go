package kg

import (
	"fmt"
	"slices"
)

// EventPlan is the order in which the matters of a life event are done (一件事联办), for the answers given so far.
type EventPlan struct {
	Event  string        `json:"event"`
	Steps  []PlanStep    `json:"steps"`
	Left   []LeftOut     `json:"left,omitempty"`   // members that an answer excluded
	Shared []SharedPaper `json:"shared,omitempty"` // papers handed in once; Members in the order of the steps
	Open   *OpenQuestion `json:"open,omitempty"`   // next question, nil when all are answered
}

// PlanStep is one matter of a plan.
type PlanStep struct {
	Code     string   `json:"code"`
	Level    int      `json:"level"` // steps of one level do not wait for one another
	Optional bool     `json:"optional"`
	After    []string `json:"after"`              // members of the plan that must be finished first
	Parallel []string `json:"parallel,omitempty"` // members of the same level
	When     string   `json:"when,omitempty"`     // for whom it is
	Why      string   `json:"why,omitempty"`      // why it stands here
	Because  string   `json:"because"`            // the answer, or the rule, that puts it into the plan
}

// LeftOut is a member that is not needed.
type LeftOut struct {
	Code    string `json:"code"`
	Because string `json:"because"`
}

// OpenQuestion is a question of a life event with the ids answers go by.
type OpenQuestion struct {
	ID      string       `json:"id"`
	Ask     string       `json:"ask"`
	Options []OpenOption `json:"options"`
}

// OpenOption is one answer to an OpenQuestion.
type OpenOption struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Question gives the i-th question, counted from 0, with its ids: q1 with q1a, q1b …
func (e *LifeEvent) Question(i int) *OpenQuestion {
	q := &OpenQuestion{ID: fmt.Sprintf("q%d", i+1), Ask: e.Questions[i].Ask}
	for k, o := range e.Questions[i].Options {
		q.Options = append(q.Options, OpenOption{ID: fmt.Sprintf("%s%c", q.ID, 'a'+k), Text: o.Text})
	}
	return q
}

// Plan puts the members of a life event in order of what waits for what. answers: question id or text → option id or
// text. Members excluded by an answer are left out unless another answer includes them; what waited for a member that
// is left out waits for what that one waited for.
func Plan(e *LifeEvent, answers map[string]string) *EventPlan {
	p := &EventPlan{Event: e.Code, Steps: []PlanStep{}}
	in, out := e.decide(answers, p)
	members := map[string]Member{}
	for _, m := range e.Members {
		members[m.Code] = m
	}
	keep := func(code string) bool { _, no := out[code]; _, known := members[code]; return known && !no }
	level := levels(e, members, keep)
	for _, m := range e.Members {
		if because, no := out[m.Code]; no {
			p.Left = append(p.Left, LeftOut{Code: m.Code, Because: because})
			continue
		}
		step := PlanStep{Code: m.Code, Level: level[m.Code], Optional: m.Optional, When: m.When, Why: m.Why,
			After: waitsFor(m.Code, members, keep), Because: in[m.Code]}
		if step.Because == "" {
			step.Because = memberBecause(m)
		}
		p.Steps = append(p.Steps, step)
	}
	slices.SortStableFunc(p.Steps, func(a, b PlanStep) int { return a.Level - b.Level })
	p.markParallel()
	p.share(e)
	return p
}

// decide applies the answers: which members are in, which are out, and because of which answer.
func (e *LifeEvent) decide(answers map[string]string, p *EventPlan) (in, out map[string]string) {
	in, out = map[string]string{}, map[string]string{}
	for i, q := range e.Questions {
		open := e.Question(i)
		given := answers[open.ID]
		if given == "" {
			given = answers[q.Ask]
		}
		k := slices.IndexFunc(open.Options, func(o OpenOption) bool { return given != "" && (o.ID == given || o.Text == given) })
		if k < 0 {
			if p.Open == nil {
				p.Open = open
			}
			continue
		}
		o := q.Options[k]
		for _, code := range o.Exclude {
			out[code] = say("excluded", "answer", o.Text)
		}
		for _, code := range o.Include {
			in[code] = say("included", "answer", o.Text)
		}
	}
	for code := range in {
		delete(out, code)
	}
	return in, out
}

func memberBecause(m Member) string {
	if m.Optional || m.When != "" {
		return say("optional")
	}
	return say("member")
}

// waitsFor lists the kept members that code waits for, looking through those left out. Cycles end the search.
func waitsFor(code string, members map[string]Member, keep func(string) bool) []string {
	after, seen := []string{}, map[string]bool{code: true}
	var look func(string)
	look = func(c string) {
		for _, a := range members[c].After {
			if seen[a] {
				continue
			}
			seen[a] = true
			if keep(a) {
				after = append(after, a)
			} else {
				look(a)
			}
		}
	}
	look(code)
	return after
}

// levels gives each kept member the length of the longest wait before it; a cycle is cut where it closes.
func levels(e *LifeEvent, members map[string]Member, keep func(string) bool) map[string]int {
	level, visiting := map[string]int{}, map[string]bool{}
	var find func(string) int
	find = func(code string) int {
		if l, ok := level[code]; ok {
			return l
		}
		if visiting[code] {
			return -1
		}
		visiting[code] = true
		l := 0
		for _, a := range waitsFor(code, members, keep) {
			l = max(l, find(a)+1)
		}
		level[code] = l
		return l
	}
	for _, m := range e.Members {
		if keep(m.Code) {
			find(m.Code)
		}
	}
	return level
}

func (p *EventPlan) markParallel() {
	for i := range p.Steps {
		for k := range p.Steps {
			if i != k && p.Steps[i].Level == p.Steps[k].Level {
				p.Steps[i].Parallel = append(p.Steps[i].Parallel, p.Steps[k].Code)
			}
		}
	}
}

// share keeps the shared papers that at least two steps of the plan use.
func (p *EventPlan) share(e *LifeEvent) {
	for _, s := range e.Shared {
		var used []string
		for _, step := range p.Steps {
			if slices.Contains(s.Members, step.Code) {
				used = append(used, step.Code)
			}
		}
		if len(used) > 1 {
			p.Shared = append(p.Shared, SharedPaper{Name: s.Name, Members: used})
		}
	}
}
