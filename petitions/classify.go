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
	sharpSubjects  = 3.6
	sharpActs      = 3.2
	signalFrom     = 0.5 // a signal is named from this probability on,
	shownFrom      = 0.2 // from this one where precise wording shows it,
	calmFrom       = 0.8 // and from this one in a text that only asks or proposes
	articleAppeals = "第三十一条"
)

// classify decides purpose, class, route, signals and urgency, in this order: each may rest on those before.
func (a *Analyzer) classify(r *read, x *Analysis) {
	subjects := r.predict(a.model.subjects)
	acts := r.predict(a.model.acts)
	x.Purpose = a.purpose(r, acts)
	x.Class = a.class(r, subjects, x.Purpose.Value)
	x.Route = a.route(r, acts, x)
	x.Signals = a.signals(r, acts, x.Purpose.Value)
	x.UrgencyWhy = a.urgency(r, acts, x)
	x.Urgency = x.UrgencyWhy.Value
	for step, c := range map[string]float64{"class": x.Class.Confidence, "purpose": x.Purpose.Confidence,
		"route": x.Route.Confidence, "urgency": x.UrgencyWhy.Confidence} {
		if c < sure {
			x.Review = append(x.Review, step)
		}
	}
	slices.Sort(x.Review)
}

// class goes down the list: the first level that a rule names or that is likeliest, in it the likeliest second, in that
// the leaf most spoken of.
func (a *Analyzer) class(r *read, scored []learn.Scored, purpose string) Class {
	first := guesses(scored, kindDomain, sharpSubjects)
	if i := slices.IndexFunc(first, func(g Guess) bool { return g.Value == a.rules.domain(r, purpose) }); i > 0 {
		first = promoted(first, i)
	}
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

// ruleBook is data/decide.json.
type ruleBook struct {
	About   string       `json:"about"`
	Domains []domainRule `json:"domains"`
	Routes  []routeRule  `json:"routes"`
}

// routeRule gives a route to appeals with certain cues; "" leaves it to the model.
type routeRule struct {
	Name  string   `json:"name"`
	Has   []string `json:"has"`
	Not   []string `json:"not"`
	Route string   `json:"route"`
}

// holds reports whether all of has and none of not stand in the text.
func (r *read) holds(has, not []string) bool {
	stands := func(cue string) bool { return len(r.found[cue]) > 0 }
	return !slices.ContainsFunc(not, stands) && !slices.ContainsFunc(has, func(cue string) bool { return !stands(cue) })
}

// route is what the first rule that holds says, and the cue that made it; "" when none does.
func (b *ruleBook) route(r *read) (route, cue string) {
	for _, rule := range b.Routes {
		if r.holds(rule.Has, rule.Not) {
			return rule.Route, rule.Has[0]
		}
	}
	return "", ""
}

// domainRule gives a first-level class to texts with certain cues; "" leaves it to the model.
type domainRule struct {
	Name     string   `json:"name"`
	Purposes []string `json:"purposes"`
	Has      []string `json:"has"`
	Not      []string `json:"not"`
	Domain   string   `json:"domain"`
}

// domain is what the first rule that holds says, "" when none does.
func (b *ruleBook) domain(r *read, purpose string) string {
	for _, rule := range b.Domains {
		if slices.Contains(rule.Purposes, purpose) && r.holds(rule.Has, rule.Not) {
			return rule.Domain
		}
	}
	return ""
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

// purpose follows the act: a text that asks to know something, and for nothing else, is a question even in anger.
func (a *Analyzer) purpose(r *read, scored []learn.Scored) Finding {
	g := guesses(scored, kindPurpose, sharpActs)
	f := Finding{Value: g[0].Value, Confidence: g[0].Confidence, Alternatives: g[1:]}
	if f.Value != Question && r.onlyAsks() {
		if i := slices.IndexFunc(g, func(x Guess) bool { return x.Value == Question && x.Confidence >= doubtful }); i >= 0 {
			return f.decided(Question, r.why("question.sure"))
		}
	}
	f.Why = r.why(purposeCues[f.Value]...)
	return f
}

// doubtful is the probability from which a rule may overrule what the model thought likelier.
const doubtful = 0.25

// purposeCues are the cues whose sentence shows a purpose.
var purposeCues = map[string][]string{Advice: {"advice"}, Report: {"accuse"}, Question: {"question.sure", "question"},
	Appeal: {"demand.hard", "demand", "unanswered", "appeal.refused"}}

// onlyAsks reports whether a text wants to know something and nothing else.
func (r *read) onlyAsks() bool {
	asks := len(r.found["question.sure"]) > 0
	for _, other := range []string{"demand.hard", "advice", "accuse"} {
		asks = asks && len(r.found[other]) == 0
	}
	return asks
}

// route is decided among the six ways of Article 31, for appeals only.
func (a *Analyzer) route(r *read, scored []learn.Scored, x *Analysis) Route {
	if x.Purpose.Value != Appeal {
		return Route{Why: "第三十一条只管申诉求决", Confidence: 1}
	}
	g := guesses(scored, kindRoute, sharpActs)
	why := routeCues[g[0].Value]
	if ruled, cue := a.rules.route(r); ruled != "" {
		why = []string{cue}
		if i := slices.IndexFunc(g, func(x Guess) bool { return x.Value == ruled }); i > 0 {
			g = promoted(g, i)
		}
	}
	return Route{Value: Optional(g[0].Value), Article: articleAppeals, Item: routeItems[g[0].Value], Confidence: g[0].Confidence,
		Alternatives: g[1:min(4, len(g))], Why: r.why(why...)}
}

// promoted puts a guess that a rule makes before those the model thought likelier.
func promoted(g []Guess, i int) []Guess {
	out := slices.Concat(g[i:i+1], g[:i], g[i+1:])
	for k := range out {
		out[k].Confidence *= 1 - ruleConfidence
	}
	out[0].Confidence = ruleConfidence
	return out
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
	SelfHarm: {"self.threat", "self.now"}, Violence: {"violence.sure", "violence", "violence.soft"},
	Gathering: {"gather.agree", "gather.now", "gather.joint", "many"}, IllegalAct: {"illegal.sure", "illegal.plan"},
	SkipLevel: {"skip.sure", "skip"}, Repeat: {"repeat.sure", "repeat.asked", "repeat.again"}, Media: {"media.sure", "media"},
	PublicSafety: {"safety.sure", "safety.hazard"}, Minor: {"minor.sure", "minor.harm"}, WageArrears: {"wage.sure", "wage"},
	FoodSafety: {"food.sure", "food.bad"},
}

// preciseCues are wording that by itself nearly always means the signal.
var preciseCues = map[string]string{SelfHarm: "self.threat", SkipLevel: "skip.sure", Media: "media.sure", WageArrears: "wage.sure",
	FoodSafety: "food.sure"}

// signals names what asks for care, the weightiest first.
func (a *Analyzer) signals(r *read, scored []learn.Scored, purpose string) []Signal {
	out := []Signal{}
	for _, s := range scored {
		name, ok := strings.CutPrefix(s.Label, kindSignal)
		if !ok {
			continue
		}
		from := signalFrom
		switch precise := preciseCues[name]; {
		case purpose == Question || purpose == Advice:
			from = calmFrom
		case precise != "" && len(r.found[precise]) > 0:
			from = shownFrom
		}
		if s.P < from {
			continue
		}
		out = append(out, Signal{Name: name, Evidence: r.why(signalCues[name]...), Weight: a.weigher.weight(name), Confidence: s.P})
	}
	slices.SortStableFunc(out, func(x, y Signal) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.Name, y.Name))
	})
	return out
}

// urgency follows from what was found where that decides, and else from what the model learnt. Signals that ask for
// haste by themselves make it urgent at least; a call for help with someone in danger, or a hazard that may kill within
// hours, makes it an emergency.
func (a *Analyzer) urgency(r *read, scored []learn.Scored, x *Analysis) Finding {
	if x.Purpose.Value == Question || x.Purpose.Value == Advice {
		return Finding{Value: Normal, Confidence: x.Purpose.Confidence, Why: x.Purpose.Why}
	}
	g := guesses(scored, kindUrgency, sharpActs)
	f := Finding{Value: g[0].Value, Confidence: g[0].Confidence, Alternatives: g[1:]}
	if why := r.emergency(x); why != "" {
		return f.decided(Emergency, why)
	}
	if f.Value == Normal {
		if why := a.hasty(r, x); why != "" {
			return f.decided(Urgent, why)
		}
	}
	if len(x.Signals) > 0 && f.Value != Normal {
		f.Why = x.Signals[0].Evidence
	}
	if f.Why == "" {
		f.Why = r.why("now.danger", "safety.sure", "gather.now", "demand")
	}
	return f
}

// decided is the finding with a value that a rule gives; what the model thought of it stays as the alternatives.
func (f Finding) decided(value, why string) Finding {
	if f.Value == value {
		f.Why = why
		return f
	}
	out := Finding{Value: value, Why: why, Confidence: ruleConfidence, Alternatives: []Guess{{f.Value, 1 - ruleConfidence}}}
	return out
}

// ruleConfidence is how often the rules were right on the composed rows when the model thought otherwise.
const ruleConfidence = 0.8

// emergency gives the sentence that shows that hours may kill, "" when none does.
func (r *read) emergency(x *Analysis) string {
	has := func(signal string) bool {
		return slices.ContainsFunc(x.Signals, func(s Signal) bool { return s.Name == signal })
	}
	switch {
	case has(SelfHarm) && len(r.found["self.now"]) > 0:
		return r.why("self.now")
	case has(PublicSafety) && len(r.found["now.hours"]) > 0:
		return r.why("now.hours")
	case len(r.found["now.help"]) > 0 && len(r.found["now.danger"]) > 0:
		return r.why("now.danger")
	}
	return ""
}

// manyPeople with one grievance make it urgent.
const manyPeople = 10

// hasty gives the sentence that asks for haste, "" when none does.
func (a *Analyzer) hasty(r *read, x *Analysis) string {
	for _, name := range []string{SelfHarm, PublicSafety, IllegalAct, SkipLevel, Gathering} {
		for _, s := range x.Signals {
			if s.Name == name {
				return s.Evidence
			}
		}
	}
	if x.Facts.People >= manyPeople {
		return cmpText(x.Facts.PeopleText, r.why("many"))
	}
	if len(r.found["hunger"]) > 0 {
		return r.why("hunger")
	}
	return ""
}
