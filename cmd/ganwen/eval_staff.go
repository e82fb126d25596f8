package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ganwen/assistant"
	"ganwen/eval"
	"ganwen/petitions"
)

// staffSubject gives the kinds of suites about the staff's side what they are measured on.
func (s *service) staffSubject(suite *eval.Suite) (eval.Subject, error) {
	if suite.Kind == "prereview" {
		return s.prereviews()
	}
	o, err := s.office()
	if err != nil {
		return nil, err
	}
	switch suite.Kind {
	case "petition":
		return eval.Petitions{Reader: eval.ReadFunc(o.read)}, nil
	case "join":
		return &eval.Joins{Suite: suite, Join: o.join}, nil
	case "clock":
		return eval.ClockFunc(o.clocks), nil
	}
	return eval.Desks{DeskAgent: eval.DeskFunc(o.suggest), Papers: s.papers()}, nil
}

// prereviews reviews papers as the server does, from the request's JSON to the reply's.
func (s *service) prereviews() (eval.Subject, error) {
	p, err := assistant.NewPrereviewer()
	if err != nil {
		return nil, err
	}
	return eval.Prereviews{PaperReviewer: eval.PaperReviewFunc(func(_ context.Context, matter string, body []byte) ([]byte, error) {
		var req assistant.PrereviewRequest
		if err := json.Unmarshal(body, &req); err != nil {
			return nil, err
		}
		m := s.catalogue.Matter(matter)
		if m == nil {
			return nil, fmt.Errorf("no matter %q", matter)
		}
		res, err := p.Review(m, req)
		if err != nil {
			return nil, err
		}
		return encodeJSON(res)
	})}, nil
}

// read analyzes one petition alone.
func (o *office) read(ctx context.Context, c *eval.PetitionCase) (eval.PetitionReply, error) {
	list, err := o.analyzer.Analyze(ctx, []petitions.Petition{{ID: c.ID, Title: c.Title, Text: c.Text, Channel: c.Channel, Time: c.Time, Place: c.Place, People: c.People}})
	if err != nil {
		return eval.PetitionReply{}, err
	}
	x := list[0]
	r := eval.PetitionReply{Path: x.Class.Path, Confidence: x.Class.Confidence, Purpose: x.Purpose.Value, Route: string(x.Route.Value), Urgency: x.Urgency}
	for _, sig := range x.Signals {
		r.Signals = append(r.Signals, sig.Name)
	}
	return r, nil
}

// join analyzes all petitions of a suite together and names their events; one that stands alone is its own.
func (o *office) join(ctx context.Context, cases []*eval.JoinCase) ([]string, error) {
	list := make([]petitions.Petition, len(cases))
	for i, c := range cases {
		list[i] = petitions.Petition{ID: c.ID, Title: c.Title, Text: c.Text, Channel: c.Channel, Time: c.Time, Place: c.Place, People: c.People}
	}
	found, err := o.analyzer.Analyze(ctx, list)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(found))
	for i, x := range found {
		if names[i] = string(x.Event); names[i] == "" {
			names[i] = "alone/" + cases[i].ID
		}
	}
	return names, nil
}

// clocks runs the statutory clocks over a history.
func (o *office) clocks(_ context.Context, acts []eval.ClockAct, now time.Time) ([]eval.ClockRow, error) {
	history := make([]petitions.Act, len(acts))
	for i, a := range acts {
		history[i] = petitions.Act(a)
	}
	byLimit := map[string]eval.ClockRow{}
	var order []string
	for _, r := range o.book.Run(history, now) {
		if _, seen := byLimit[r.ID]; !seen {
			order = append(order, r.ID)
		}
		left := r.Left
		row := eval.ClockRow{Limit: r.ID, Article: r.Article, State: r.State, Level: r.Level, Left: &left, Due: "none"}
		if !r.Due.IsZero() {
			row.Due = r.Due.Format(time.DateOnly)
		}
		byLimit[r.ID] = row
	}
	out := make([]eval.ClockRow, len(order))
	for i, id := range order {
		out[i] = byLimit[id]
	}
	return out, nil
}

// suggest prompts an agent as the server does.
func (o *office) suggest(ctx context.Context, body []byte) ([]byte, error) {
	var call assistant.Call
	if err := json.Unmarshal(body, &call); err != nil {
		return nil, err
	}
	res, err := o.desk.Suggest(ctx, call)
	if err != nil {
		return nil, err
	}
	return encodeJSON(res)
}
