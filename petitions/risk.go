package petitions

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// weigher weighs the risk of a matter by named factors. Persons are never weighed: no factor speaks of who someone is.
type weigher struct {
	factors map[string]factorRule
	levels  []levelRule
	groups  []groupRule
	helps   []helpRule
}

// factorRule is one factor of data/risk.json. Weight is the chance it leaves of things going wrong, 0 to 1.
type factorRule struct {
	Name   string  `json:"name"`
	Label  string  `json:"label"`
	Weight float64 `json:"weight"`
	Lower  string  `json:"lower"` // what would take it away
}

type levelRule struct {
	Name string  `json:"name"`
	From float64 `json:"from"`
}

// groupRule is the factor for a number of people.
type groupRule struct {
	From int    `json:"from"`
	Name string `json:"name"`
}

// helpRule tells whom to call when a signal stands with an urgency.
type helpRule struct {
	Kind    string   `json:"kind"`
	Signal  string   `json:"signal"`
	Urgency []string `json:"urgency"`
	Numbers []string `json:"numbers"`
	Text    string   `json:"text"`
}

func loadWeigher() (*weigher, error) {
	raw, err := data.ReadFile("data/risk.json")
	if err != nil {
		return nil, fmt.Errorf("petitions: risk: %w", err)
	}
	var f struct {
		About   string       `json:"about"`
		Factors []factorRule `json:"factors"`
		Levels  []levelRule  `json:"levels"`
		Groups  []groupRule  `json:"groups"`
		Helps   []helpRule   `json:"help"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("petitions: risk: %w", err)
	}
	w := &weigher{factors: map[string]factorRule{}, levels: f.Levels, groups: f.Groups, helps: f.Helps}
	for _, r := range f.Factors {
		w.factors[r.Name] = r
	}
	return w, nil
}

// weight is what a signal adds to the risk.
func (w *weigher) weight(signal string) float64 { return w.factors[signal].Weight }

// weigh puts the factors of an analysis together. The score is the chance that not all of them stay quiet.
func (w *weigher) weigh(p *Petition, a *Analysis) Risk {
	r := Risk{Factors: []Factor{}}
	add := func(name, why string) {
		f, ok := w.factors[name]
		if !ok || slices.ContainsFunc(r.Factors, func(x Factor) bool { return x.Name == name }) {
			return
		}
		r.Factors = append(r.Factors, Factor{Name: name, Label: f.Label, Value: f.Weight, Why: why})
		r.Score = 1 - (1-r.Score)*(1-f.Weight)
		if f.Lower != "" && !slices.Contains(r.Lower, f.Lower) {
			r.Lower = append(r.Lower, f.Lower)
		}
	}
	for _, s := range a.Signals {
		add(s.Name, s.Evidence)
	}
	if a.Urgency != Normal {
		add(a.Urgency, a.UrgencyWhy.Why)
	}
	for _, g := range w.groups {
		if a.Facts.People >= g.From {
			add(g.Name, cmpText(a.Facts.PeopleText, fmt.Sprintf("%d 人", a.Facts.People)))
			break
		}
	}
	if p.Repeat {
		add(Repeat, "登记为重件")
	}
	if p.Reviewed {
		add("reviewed", "已有复查复核意见")
	}
	r.Score = math.Round(r.Score*100) / 100
	r.Level = w.level(r.Score)
	slices.SortStableFunc(r.Factors, func(a, b Factor) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return 0
	})
	return r
}

func (w *weigher) level(score float64) string {
	name := "none"
	for _, l := range w.levels {
		if score >= l.From {
			name = l.Name
		}
	}
	return name
}

// help is what comes before anything else, nil when nobody is in danger.
func (w *weigher) help(a *Analysis) *Help {
	for _, h := range w.helps {
		signal := h.Signal == "" || slices.ContainsFunc(a.Signals, func(s Signal) bool { return s.Name == h.Signal })
		if signal && (len(h.Urgency) == 0 || slices.Contains(h.Urgency, a.Urgency)) {
			return &Help{Kind: h.Kind, Numbers: h.Numbers, Text: h.Text}
		}
	}
	return nil
}

func cmpText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
