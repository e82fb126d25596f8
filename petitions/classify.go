package petitions

import (
	"cmp"
	"slices"
	"strings"

	"ganwen/search/learn"
)

// How sure a step must be to stand without a person's word, and how a margin becomes a probability.
const (
	sure           = 0.5
	sharpSubjects  = 3.0
	sharpActs      = 3.0
	signalFrom     = 0.5 // a signal is named from this probability on
	articleAppeals = "第三十一条"
)

// classify decides class, purpose, route, signals and urgency, in this order: each may rest on those before.
func (a *Analyzer) classify(p *Petition, r *read, x *Analysis) {
	subjects := r.predict(a.model.subjects)
	acts := r.predict(a.model.acts)
	x.Class = a.class(r, subjects)
	x.Purpose = a.purpose(r, acts)
	x.Route = a.route(r, acts, x.Purpose.Value)
	x.Signals = a.signals(r, acts)
	x.UrgencyWhy = a.urgency(p, r, acts, x)
	x.Urgency = x.UrgencyWhy.Value
	for step, c := range map[string]float64{"class": x.Class.Confidence, "purpose": x.Purpose.Confidence,
		"route": x.Route.Confidence, "urgency": x.UrgencyWhy.Confidence} {
		if c < sure {
			x.Review = append(x.Review, step)
		}
	}
	slices.Sort(x.Review)
}

// class goes down the list: the likeliest first level, in it the likeliest second, in that the leaf most spoken of.
func (a *Analyzer) class(r *read, scored []learn.Scored) Class {
	first := guesses(scored, kindDomain, sharpSubjects)
	c := Class{Path: []string{first[0].Value}, Confidence: first[0].Confidence, Alternatives: first[1:min(4, len(first))]}
	second := a.second(r, scored, first[0].Value)
	if second != "" {
		c.Path = append(c.Path, second)
		if third := a.third(r, first[0].Value, second); third != "" {
			c.Path = append(c.Path, third)
		}
	}
	c.Why = r.whyClass(strings.Join(c.Path, "/"))
	return c
}

// second weighs what the model learnt of each second level against how often the text speaks of it.
func (a *Analyzer) second(r *read, scored []learn.Scored, domain string) string {
	best, at := "", 0.0
	for _, name := range a.taxonomy.second[domain] {
		key := domain + "/" + name
		score := float64(min(3, r.votes[key])) * 0.3
		for _, s := range scored {
			if s.Label == kindSecond+key {
				score += s.Score + 1
			}
		}
		if best == "" || score > at {
			best, at = name, score
		}
	}
	return best
}

// third is the leaf the text speaks of most; 其他 where it speaks of none.
func (a *Analyzer) third(r *read, domain, second string) string {
	leaves := a.taxonomy.third[domain+"/"+second]
	best, at := "", 0
	for _, leaf := range leaves {
		if n := r.votes[domain+"/"+second+"/"+leaf]; n > at {
			best, at = leaf, n
		}
	}
	if best == "" && len(leaves) > 0 {
		best = leaves[0]
		if slices.Contains(leaves, "其他") {
			best = "其他"
		}
	}
	return best
}

func (a *Analyzer) purpose(r *read, scored []learn.Scored) Finding {
	g := guesses(scored, kindPurpose, sharpActs)
	f := Finding{Value: g[0].Value, Confidence: g[0].Confidence, Alternatives: g[1:]}
	f.Why = r.why(map[string][]string{Advice: {"advice"}, Report: {"accuse"}, Question: {"question"},
		Appeal: {"demand", "unanswered", "appeal.refused"}}[f.Value]...)
	return f
}

// route is decided among the six ways of Article 31, for appeals only.
func (a *Analyzer) route(r *read, scored []learn.Scored, purpose string) Route {
	if purpose != Appeal {
		return Route{Why: "第三十一条只管申诉求决", Confidence: 1}
	}
	g := guesses(scored, kindRoute, sharpActs)
	f := Route{Value: Optional(g[0].Value), Article: articleAppeals, Item: routeItems[g[0].Value], Confidence: g[0].Confidence,
		Alternatives: g[1:min(4, len(g))]}
	f.Why = r.why(routeCues[g[0].Value]...)
	return f
}

var routeItems = map[string]string{RouteCourt: "一", RouteArbitration: "二", RouteParty: "三", RouteAdministrative: "四",
	RouteDuty: "五", RoutePetition: "六"}

// routeCues are the cues whose sentence shows a route.
var routeCues = map[string][]string{
	RouteCourt: {"court"}, RouteArbitration: {"arbitration"}, RouteParty: {"party.appeal"},
	RouteAdministrative: {"appeal.refused"}, RouteDuty: {"unanswered", "demand"}, RoutePetition: {"service.cut", "old.matter", "demand"},
}

// signalCues are the cues whose sentence shows a signal.
var signalCues = map[string][]string{
	SelfHarm: {"self.threat", "self.now"}, Violence: {"violence", "violence.soft"},
	Gathering: {"gather.agree", "gather.now", "gather.joint", "many"}, IllegalAct: {"illegal.plan"}, SkipLevel: {"skip"},
	Repeat: {"repeat.asked", "repeat.again"}, Media: {"media"}, PublicSafety: {"safety.hazard"}, Minor: {"minor.harm"},
	WageArrears: {"wage"}, FoodSafety: {"food.bad"},
}

// signals names what asks for care, the weightiest first.
func (a *Analyzer) signals(r *read, scored []learn.Scored) []Signal {
	out := []Signal{}
	for _, s := range scored {
		name, ok := strings.CutPrefix(s.Label, kindSignal)
		if !ok || s.P < signalFrom {
			continue
		}
		out = append(out, Signal{Name: name, Evidence: r.why(signalCues[name]...), Weight: a.weigher.weight(name), Confidence: s.P})
	}
	slices.SortStableFunc(out, func(x, y Signal) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.Name, y.Name))
	})
	return out
}

// urgency follows from what was found where that decides, and else from what the model learnt.
func (a *Analyzer) urgency(p *Petition, r *read, scored []learn.Scored, x *Analysis) Finding {
	g := guesses(scored, kindUrgency, sharpActs)
	f := Finding{Value: g[0].Value, Confidence: g[0].Confidence, Alternatives: g[1:]}
	if x.Purpose.Value == Question || x.Purpose.Value == Advice {
		return Finding{Value: Normal, Confidence: x.Purpose.Confidence, Why: x.Purpose.Why}
	}
	if len(x.Signals) > 0 && f.Value != Normal {
		f.Why = x.Signals[0].Evidence
	}
	if f.Why == "" {
		f.Why = r.why("self.now", "safety.hazard", "gather.now", "many", "demand")
	}
	return f
}
