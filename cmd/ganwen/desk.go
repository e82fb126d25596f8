package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"ganwen/assistant"
	"ganwen/kg"
	"ganwen/petitions"
)

// deskTriage lets the hotline desk ask what petitions are asked: class, urgency, risk, and whose duty it is. The desk
// and the petitions do not know each other.
type deskTriage struct {
	analyzer   *petitions.Analyzer
	dispatcher *petitions.Dispatcher
	duties     map[string][]*kg.Duty // by matter code
}

// newDesk makes the hotline desk. Without an analyzer it goes without class, departments and risk, and says so.
func newDesk(a *assistant.Assistant, analyzer *petitions.Analyzer, duties []*kg.Duty, outcomes assistant.OutcomeStore) (*assistant.Desk, error) {
	c := assistant.DeskConfig{Assistant: a, Outcomes: outcomes}
	if analyzer != nil {
		t := &deskTriage{analyzer: analyzer, dispatcher: petitions.NewDispatcher(duties), duties: map[string][]*kg.Duty{}}
		for _, d := range duties {
			for _, m := range d.Matters {
				t.duties[m] = append(t.duties[m], d)
			}
		}
		c.Triage = t
	}
	return assistant.NewDesk(c)
}

// Triage implements assistant.Triage.
func (t *deskTriage) Triage(ctx context.Context, q assistant.TriageQuery) (assistant.Triaged, error) {
	list, err := t.analyzer.Analyze(ctx, []petitions.Petition{{Text: q.Text, Channel: "12345", Time: q.Now}})
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
	t.weighClass(&out, q.Matters)
	return out, nil
}

// weighClass lets what the guide thinks is wanted bear on the class: a matter belongs where the duties that name it do.
func (t *deskTriage) weighClass(out *assistant.Triaged, matters []assistant.Candidate) {
	p := map[string]float64{}
	if len(out.Class.Path) > 0 {
		p[out.Class.Path[0]] = out.Class.Confidence
	}
	for _, g := range out.Class.Alternatives {
		p[g.Value] = g.Confidence
	}
	paths := map[string][]string{}
	share := out.Purposes[petitions.Question] // whose matter it is says little of a grievance
	for _, m := range matters {
		classes := t.classes(m.Code)
		for _, c := range classes {
			p[c[0]] += matterWeight * share * m.Score / float64(len(classes))
			if paths[c[0]] == nil {
				paths[c[0]] = c
			}
		}
	}
	best, total := "", 0.0
	for _, name := range slices.Sorted(maps.Keys(p)) {
		total += p[name]
		if best == "" || p[name] > p[best] {
			best = name
		}
	}
	if best == "" {
		return
	}
	if best != out.Class.Path[0] {
		out.Class.Path, out.Class.Why = paths[best], ""
		if out.Class.Path == nil {
			out.Class.Path = []string{best}
		}
	}
	out.Class.Confidence = p[best] / total
}

// matterWeight is how much a matter that is surely wanted counts against the words of the call.
const matterWeight = 1.5

// classes are the classes of the duties that name a matter.
func (t *deskTriage) classes(matter string) [][]string {
	var out [][]string
	for _, d := range t.duties[matter] {
		if len(d.Classes) > 0 {
			out = append(out, strings.Split(d.Classes[0], "/"))
		}
	}
	return out
}

// Dispatch implements assistant.Triage.
func (t *deskTriage) Dispatch(_ context.Context, q assistant.DispatchQuery) []assistant.DeskBody {
	query := petitions.Query{Text: q.Text, Class: q.Read.Class.Path, Accused: q.Read.Accused}
	if q.Type == assistant.CallReport {
		query.Purpose = petitions.Report
	}
	own := slices.Clone(q.First) // and bodies whose register names the matter
	for _, d := range t.duties[q.Matter] {
		own = append(own, d.Body)
	}
	list := t.dispatcher.Dispatch(query, 20)
	slices.SortStableFunc(list, func(a, b petitions.Department) int {
		return cmp.Compare(place(own, a.Name), place(own, b.Name))
	})
	for _, d := range t.duties[q.Matter] {
		if !slices.ContainsFunc(list, func(x petitions.Department) bool { return x.Name == d.Body }) {
			list = slices.Insert(list, min(len(list), 1), department(d))
		}
	}
	var out []assistant.DeskBody
	for i, d := range list[:min(3, len(list))] {
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

// place sorts bodies that a register names before others.
func place(own []string, name string) int {
	if slices.Contains(own, name) {
		return 0
	}
	return 1
}

func department(d *kg.Duty) petitions.Department {
	out := petitions.Department{Name: d.Body, Unit: d.Unit, Duty: d.ID, Basis: d.Duty}
	if len(d.Basis) > 0 {
		out.Law, out.Quote = d.Basis[0].Law+d.Basis[0].Article, d.Basis[0].Quote
	}
	return out
}
