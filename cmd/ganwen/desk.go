package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"ganwen/assistant"
	"ganwen/kg"
	"ganwen/petitions"
)

// deskTriage lets the hotline desk ask what petitions are asked: class, urgency, risk, and whose duty it is. The desk
// and the petitions do not know each other.
type deskTriage struct {
	analyzer   *petitions.Analyzer
	dispatcher *petitions.Dispatcher
	bodies     map[string][]string // matter code → bodies whose duty it is
}

// newDesk makes the hotline desk. Without an analyzer it goes without class, departments and risk, and says so.
func newDesk(a *assistant.Assistant, analyzer *petitions.Analyzer, duties []*kg.Duty, outcomes assistant.OutcomeStore) (*assistant.Desk, error) {
	c := assistant.DeskConfig{Assistant: a, Outcomes: outcomes}
	if analyzer != nil {
		t := &deskTriage{analyzer: analyzer, dispatcher: petitions.NewDispatcher(duties), bodies: map[string][]string{}}
		for _, d := range duties {
			for _, m := range d.Matters {
				if !slices.Contains(t.bodies[m], d.Body) {
					t.bodies[m] = append(t.bodies[m], d.Body)
				}
			}
		}
		c.Triage = t
	}
	return assistant.NewDesk(c)
}

// Triage implements assistant.Triage.
func (t *deskTriage) Triage(ctx context.Context, text string, now time.Time) (assistant.Triaged, error) {
	list, err := t.analyzer.Analyze(ctx, []petitions.Petition{{Text: text, Channel: "12345", Time: now}})
	if err != nil {
		return assistant.Triaged{}, err
	}
	x := list[0]
	out := assistant.Triaged{Urgency: x.Urgency, Why: x.UrgencyWhy.Why, Purposes: map[string]float64{x.Purpose.Value: x.Purpose.Confidence},
		Class: assistant.DeskClass{Path: x.Class.Path, Confidence: x.Class.Confidence, Why: x.Class.Why},
		Risk:  assistant.DeskRisk{Score: x.Risk.Score, Level: x.Risk.Level, Factors: []assistant.DeskFactor{}}}
	for _, g := range x.Purpose.Alternatives {
		out.Purposes[g.Value] = g.Confidence
	}
	for _, g := range x.Class.Alternatives {
		out.Class.Alternatives = append(out.Class.Alternatives, assistant.DeskGuess(g))
	}
	for _, f := range x.Risk.Factors {
		out.Risk.Factors = append(out.Risk.Factors, assistant.DeskFactor(f))
	}
	for _, o := range x.Facts.Organisations {
		if o.Role == "accused" || o.Kind == "office" && x.Purpose.Value == petitions.Report {
			out.Accused = append(out.Accused, o.Name)
		}
	}
	return out, nil
}

// Dispatch implements assistant.Triage.
func (t *deskTriage) Dispatch(_ context.Context, q assistant.DispatchQuery) []assistant.DeskBody {
	query := petitions.Query{Text: q.Text, Class: q.Read.Class.Path, First: t.bodies[q.Matter], Accused: q.Read.Accused}
	if q.Type == assistant.CallReport {
		query.Purpose = petitions.Report
	}
	var out []assistant.DeskBody
	for i, d := range t.dispatcher.Dispatch(query, 3) {
		law, article := splitClause(d.Law)
		b := assistant.DeskBody{Name: d.Name, Unit: d.Unit, Score: d.Score, Duty: d.Duty, Basis: d.Basis, Law: law, Article: article, Quote: d.Quote, Role: "协办"}
		if i == 0 {
			b.Role = "主办"
		}
		out = append(out, b)
	}
	return out
}

// splitClause parts a law from its article: 户口登记条例第三条.
func splitClause(s string) (law, article string) {
	if i := strings.LastIndex(s, "第"); i > 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
