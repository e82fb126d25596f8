package assistant

import (
	"slices"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// answerEvent answers a life event (一件事): its matters in the order they must be done, what can be done side by side,
// and the papers handed in once.
func (a *Assistant) answerEvent(t *turn) {
	var e *kg.LifeEvent
	if len(t.reading.Events) > 0 {
		e = a.cat.Event(t.reading.Events[0].Code)
	}
	if e == nil {
		a.answerBest(t)
		return
	}
	t.sess.Event = e.Code
	t.sess.Pending = nil
	a.presumeEvent(t, e)
	a.tellEvent(t, e, true)
}

// tellEvent writes the plan of an event for the answers given so far.
func (a *Assistant) tellEvent(t *turn, e *kg.LifeEvent, lead bool) {
	made := kg.Plan(e, t.sess.Situation[e.Code])
	plan := a.eventPlan(e, made)
	t.ans.Event = plan
	t.ans.Matters = a.lift(eventMatters(plan), t.reading.top())
	a.writeEvent(t.page, e, plan, lead)
	a.askEvent(t, made.Open)
	t.step("event")
}

// presumeEvent takes what his words already say about the event's questions.
func (a *Assistant) presumeEvent(t *turn, e *kg.LifeEvent) {
	for i := range e.Questions {
		q := e.Question(i)
		if _, done := t.sess.Situation[e.Code][q.ID]; done {
			continue
		}
		var texts []string
		for _, o := range q.Options {
			texts = append(texts, o.Text)
		}
		if m := presumedOption(a.options.widen.text(t.bare), texts, nil); m.index >= 0 {
			t.sess.answer(e.Code, q.ID, q.Options[m.index].ID)
			t.page.say("understood.said", vars{"answer": bare(texts[m.index])}, eventCitation(e, "questions", q.Ask+join(texts)))
		}
	}
}

// pendingEvent reads the turn as an answer to the event's open question.
func (a *Assistant) pendingEvent(t *turn, p *Pending) bool {
	e := a.cat.Event(t.sess.Event)
	if e == nil {
		return false
	}
	var texts, ids []string
	for _, o := range p.Question.Options {
		if o.ID != "unsure" {
			texts, ids = append(texts, o.Text), append(ids, o.ID)
		}
	}
	m := a.options.among(t.bare, texts)
	if m.index < 0 || m.score < optionSure || m.gap < 0.1 || (t.reading.top().Score >= clearlyOther && m.score < 0.9) {
		return false
	}
	return a.chooseEvent(t, p, ids[m.index])
}

// chooseEvent applies an option of the event's question and tells the plan anew.
func (a *Assistant) chooseEvent(t *turn, p *Pending, oid string) bool {
	e := a.cat.Event(t.sess.Event)
	if e == nil {
		return false
	}
	t.sess.Pending = nil
	for _, o := range p.Question.Options {
		if o.ID == oid {
			t.sess.answer(e.Code, p.Question.ID, oid)
			if oid != "unsure" {
				t.page.say("understood", vars{"answer": bare(o.Text)}, questionCitation(p.Question))
			}
		}
	}
	a.tellEvent(t, e, false)
	return true
}

// eventCue names a life event by ideas that must all be in the words, and none of others (data/events.json): what people
// say when they do not yet know what there is to do.
type eventCue struct {
	Event  string     `json:"event"`
	All    [][]string `json:"all"`
	None   []string   `json:"none"`
	Mourns bool       `json:"mourns"`
}

var eventCues = func() []eventCue {
	var list []eventCue
	mustData("data/events.json", &list)
	return list
}()

// cuedEvent is the life event that the words cue, unless one matter is clearly meant.
func (a *Assistant) cuedEvent(t *turn) *kg.LifeEvent {
	f := zh.Fold(t.bare)
	for _, c := range eventCues {
		hit := !near(f, c.None)
		for _, any := range c.All {
			hit = hit && near(f, any)
		}
		if e := a.cat.Event(c.Event); hit && e != nil {
			if c.Mourns {
				t.page.say("event.condolence", nil)
			}
			return e
		}
	}
	return nil
}

func (a *Assistant) eventPlan(e *kg.LifeEvent, made *kg.EventPlan) *EventPlan {
	plan := &EventPlan{Code: e.Code, Name: e.Name, Steps: []EventStep{}}
	for _, s := range made.Steps {
		name := s.Code
		if m := a.cat.Matter(s.Code); m != nil {
			name = m.Name
		}
		after := s.After
		if after == nil {
			after = []string{}
		}
		plan.Steps = append(plan.Steps, EventStep{Code: s.Code, Name: name, After: after, Optional: s.Optional, Stage: s.Level, When: s.When, Why: s.Why})
	}
	for _, p := range made.Shared {
		plan.Shared = append(plan.Shared, SharedItem(p))
	}
	return plan
}

func eventMatters(plan *EventPlan) []Candidate {
	out := []Candidate{}
	for _, s := range plan.Steps {
		if !s.Optional {
			out = append(out, Candidate{Code: s.Code, Name: s.Name, Score: 1, Why: s.Why})
		}
	}
	for _, s := range plan.Steps {
		if s.Optional && len(out) < 9 {
			out = append(out, Candidate{Code: s.Code, Name: s.Name, Score: 0.5, Why: s.Why})
		}
	}
	return out
}

// lift puts the member that the words are most about first; a matter outside the event that they are clearly about comes
// third, so that it is not lost.
func (a *Assistant) lift(members []Candidate, top Candidate) []Candidate {
	m := a.cat.Matter(top.Code)
	if m == nil || top.Score < 0.5 {
		return members
	}
	i := slices.IndexFunc(members, func(c Candidate) bool { return c.Code == top.Code })
	if i < 0 {
		top.Name, top.Why = m.Name, m.Summary
		return slices.Insert(members, min(2, len(members)), top)
	}
	c := members[i]
	return slices.Insert(slices.Delete(members, i, i+1), 0, c)
}

func eventCitation(e *kg.LifeEvent, field, quote string) Citation {
	return Citation{Kind: "event", Code: e.Code, Field: field, Title: e.Name + "一件事", Quote: quote, Version: e.Version, EffectiveFrom: e.EffectiveFrom}
}

func (a *Assistant) writeEvent(p *page, e *kg.LifeEvent, plan *EventPlan, lead bool) {
	if lead {
		p.say("event.lead", vars{"name": e.Name, "summary": e.Summary}, eventCitation(e, "summary", e.Name+"："+e.Summary))
	}
	stageSize := map[int]int{}
	for _, s := range plan.Steps {
		if !s.Optional {
			stageSize[s.Stage]++
		}
	}
	var optional []string
	i := 0
	for _, s := range plan.Steps {
		if s.Optional {
			optional = append(optional, optionalText(s))
			continue
		}
		a.writeStep(p, e, plan, s, i, stageSize[s.Stage] > 1)
		i++
	}
	if len(optional) > 0 {
		p.say("event.optional", vars{"items": join(optional)}, memberCitation(e, plan))
	}
	if len(plan.Shared) > 0 {
		var names []string
		for _, s := range plan.Shared {
			names = append(names, s.Name)
		}
		p.say("event.shared", vars{"items": join(names)}, eventCitation(e, "shared_materials", join(names)))
	}
	if e.Notes != "" {
		p.say("event.notes", vars{"notes": sentence(e.Notes)}, eventCitation(e, "notes", e.Notes))
	}
}

func optionalText(s EventStep) string {
	if s.When == "" {
		return phrase("event.optional.plain", vars{"name": s.Name})
	}
	return phrase("event.optional.item", vars{"name": s.Name, "when": bare(s.When)})
}

func (a *Assistant) writeStep(p *page, e *kg.LifeEvent, plan *EventPlan, s EventStep, i int, side bool) {
	v := vars{"i": ordinal(i), "name": s.Name}
	if m := a.cat.Matter(s.Code); m != nil {
		v["dept"] = m.Department
	}
	var after []string
	for _, code := range s.After {
		for _, o := range plan.Steps {
			if o.Code == code {
				after = append(after, o.Name)
			}
		}
	}
	switch {
	case len(after) > 0:
		v["after"] = phrase("event.step.after", vars{"after": join(after)})
	case side:
		v["side"] = phrase("event.step.side", nil)
	}
	if s.Why != "" {
		v["why"] = "：" + sentence(s.Why)
	}
	p.say("event.step", v, eventCitation(e, "members/"+s.Code, s.Name+"："+s.Why))
}

func memberCitation(e *kg.LifeEvent, plan *EventPlan) Citation {
	var parts []string
	for _, s := range plan.Steps {
		part := s.Name
		if s.When != "" {
			part += "（" + s.When + "）"
		}
		parts = append(parts, part)
	}
	return eventCitation(e, "members", strings.Join(parts, "；"))
}

// askEvent asks the next question that decides which parts apply.
func (a *Assistant) askEvent(t *turn, open *kg.OpenQuestion) {
	if open == nil || t.sess.Asked >= maxAsked {
		return
	}
	q := Question{ID: open.ID, Text: open.Ask}
	for _, o := range open.Options {
		q.Options = append(q.Options, Option(o))
	}
	q.Options = append(q.Options, Option{ID: "unsure", Text: phrase("ask.unsure", nil)})
	t.ans.Question = &q
	t.sess.Pending = &Pending{Question: q, Kind: "event", Said: t.bare}
	t.page.write(q.Text, questionCitation(q))
}
