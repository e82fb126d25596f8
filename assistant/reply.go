package assistant

import (
	"slices"
	"sort"
	"strings"

	"ganwen/kg"
)

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func sortCandidates(c []Candidate) {
	sort.SliceStable(c, func(i, j int) bool {
		if c[i].Score != c[j].Score {
			return c[i].Score > c[j].Score
		}
		return c[i].Code < c[j].Code
	})
}

// shownCandidates is how many candidates an answer carries.
const shownCandidates = 5

// named fills in names and keeps the best few.
func (a *Assistant) named(cands []Candidate) []Candidate {
	out := []Candidate{}
	for _, c := range cands {
		m := a.cat.Matter(c.Code)
		if m == nil || len(out) == shownCandidates {
			continue
		}
		out = append(out, Candidate{Code: c.Code, Name: m.Name, Score: c.Score, Why: m.Summary})
	}
	return out
}

// answerMatter answers one matter for the situation known so far and puts it in focus. lead is the phrase that opens
// the answer; "" when the citizen knows what it is about.
func (a *Assistant) answerMatter(t *turn, m *kg.Matter, fields []string, lead string) {
	t.sess.focus(m.Code)
	t.sess.Event = ""
	presumed := a.presume(t, m)
	list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
	t.tell("search", phrase("step.search", vars{"region": a.placeName(t)}))
	t.ans.Intent = IntentGuide
	if len(fields) > 0 && lead != "" {
		t.ans.Intent = IntentQA
		if len(fields) == 1 && lead == "matter.lead" {
			lead = "matter.lead"
		}
	}
	a.lead(t, m, list, lead, fields, presumed)
	t.ans.Checklist = a.checklist(m, list)
	t.ans.Before = a.prerequisites(m, list)
	t.ans.Matters = front(a.named(t.reading.Matters), m, t.reading.p(m.Code))
	a.askSituation(t, m, list, fields)
	t.step("matter")
}

func (a *Assistant) lead(t *turn, m *kg.Matter, list *kg.List, lead string, fields []string, presumed map[string]bool) {
	if lead != "" {
		about := "summary"
		if m.Summary == "" {
			about = "name"
		}
		t.page.say(lead, vars{"name": m.Name, "summary": m.Summary}, matterCitation(m, about))
	}
	for _, s := range list.Situation {
		if presumed[s.QuestionID] {
			t.page.say("understood.said", vars{"answer": bare(s.Answer)}, optionCitation(m, s))
		}
	}
	a.writeSituation(t.page, list, t.learned)
	if len(list.Ineligible) > 0 && len(t.fields) == 0 {
		return // papers and days of what cannot be done this way would mislead
	}
	if len(fields) > 0 && containsField(fields, "conditions") {
		a.writeEligible(t, m)
		var rest []string
		for _, f := range fields {
			if f != "conditions" {
				rest = append(rest, f)
			}
		}
		if len(rest) == 0 {
			rest = []string{"materials"}
		}
		for _, f := range rest {
			a.writeField(t.page, m, list, f, t.place)
		}
		return
	}
	a.writeMatter(t.page, m, list, fields, t.place)
}

func containsField(fields []string, f string) bool {
	for _, x := range fields {
		if x == f {
			return true
		}
	}
	return false
}

// front makes m the first candidate.
func front(cands []Candidate, m *kg.Matter, p float64) []Candidate {
	out := []Candidate{{Code: m.Code, Name: m.Name, Score: p, Why: m.Summary}}
	for _, c := range cands {
		if c.Code != m.Code && len(out) < shownCandidates {
			out = append(out, c)
		}
	}
	if out[0].Score == 0 {
		out[0].Score = 1
	}
	return out
}

func (a *Assistant) placeName(t *turn) string {
	if t.place != nil {
		return t.place.Name
	}
	return "江西省"
}

// presume answers the questions on the way that his own words have answered already, so that he is never asked what
// he said. Only words that fit one option and no other count. It returns the ids of the questions.
func (a *Assistant) presume(t *turn, m *kg.Matter) map[string]bool {
	presumed := map[string]bool{}
	said := t.bare
	if before := lastNeed(t.sess); before != "" && t.sess.Matter == m.Code && len(t.sess.Turns) > 0 && t.sess.Turns[len(t.sess.Turns)-1].hasMatter(m.Code) {
		said = before + "，" + said
	}
	for range m.Tree {
		list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
		if list.Open == nil {
			break
		}
		match := a.options.presumed(said, m, list.Open)
		if match.index < 0 {
			break
		}
		t.sess.answer(m.Code, list.Open.ID, list.Open.Options[match.index].ID)
		t.learned[list.Open.ID] = true
		presumed[list.Open.ID] = true
	}
	return presumed
}

func (t Turn) hasMatter(code string) bool {
	for _, c := range t.Matters {
		if c == code {
			return true
		}
	}
	return false
}

// askSituation adds the next open question of the situation tree, when its answer would change something.
func (a *Assistant) askSituation(t *turn, m *kg.Matter, list *kg.List, fields []string) {
	q := list.Open
	t.sess.Pending = nil
	if q == nil || len(list.Ineligible) > 0 || t.sess.Asked >= maxAsked || a.skipped(t, m.Code+"/"+q.ID) {
		return
	}
	question := Question{ID: q.ID, Text: q.Ask, Why: q.Why}
	for _, o := range q.Options {
		if len(question.Options) < 5 {
			question.Options = append(question.Options, Option{ID: o.ID, Text: o.Text})
		}
	}
	question.Options = append(question.Options, Option{ID: "unsure", Text: phrase("ask.unsure", nil)})
	t.ans.Question = &question
	t.sess.Pending = &Pending{Question: question, Kind: "situation", Matter: m.Code, Said: t.bare}
	if len(fields) == 0 || len(list.Situation) > 0 {
		t.page.write(q.Ask, questionCitation(question))
	}
}

func (a *Assistant) skipped(t *turn, id string) bool {
	for _, s := range t.sess.AskedIDs {
		if s == id {
			return true
		}
	}
	return false
}

// nameRunnerUp tells a close second apart from the first, by the sentence the catalogue has for the pair.
func (a *Assistant) nameRunnerUp(t *turn, m *kg.Matter) {
	for _, c := range t.reading.Matters {
		if c.Code == m.Code {
			continue
		}
		other := a.cat.Matter(c.Code)
		if other == nil || c.Score < 0.12 {
			return
		}
		for _, link := range m.Confusable {
			if link.Code == c.Code && link.How != "" {
				t.page.say("matter.runner", vars{"other": other.Name, "how": bare(link.How)}, matterCitation(m, "confusable"))
				return
			}
		}
		if c.Score >= 0.25 {
			t.page.say("matter.runner.plain", vars{"other": other.Name}, matterCitation(other, "name"))
		}
		return
	}
}

// writeEligible says which conditions his facts meet, which they do not, and which are still open.
func (a *Assistant) writeEligible(t *turn, m *kg.Matter) {
	if len(m.Conditions) == 0 {
		t.page.say("conditions.unknown", vars{"department": m.Department}, matterCitation(m, "department"))
		return
	}
	facts := a.facts(t)
	var met, unmet, open []string
	for _, c := range m.Conditions {
		switch text := bare(c.Text); a.judge(c, facts) {
		case kg.Met:
			met = append(met, text)
		case kg.Unmet:
			unmet = append(unmet, text)
		default:
			open = append(open, text)
		}
	}
	c := matterCitation(m, "conditions")
	if len(met)+len(unmet) == 0 {
		t.page.say("conditions", vars{"items": strings.Join(open, "；")}, c)
		return
	}
	for _, part := range []struct {
		key   string
		items []string
	}{{"conditions.unmet", unmet}, {"conditions.met", met}, {"conditions.open", open}} {
		if len(part.items) > 0 {
			t.page.say(part.key, vars{"items": strings.Join(part.items, "；")}, c)
		}
	}
}

// judge decides one condition; what no machine can decide is unknown.
func (a *Assistant) judge(c kg.Condition, facts kg.Facts) kg.Verdict {
	if a.Judge == nil || c.Fact == "" {
		return kg.Unknown
	}
	v, err := a.Judge(c, facts)
	if err != nil {
		a.Log.Debug("condition cannot be judged", "condition", c.ID, "fact", c.Fact, "error", err)
		return kg.Unknown
	}
	return v
}

func (a *Assistant) writeConditions(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	var items []string
	for _, c := range m.Conditions {
		items = append(items, bare(c.Text))
	}
	if len(items) > 0 {
		p.say("conditions", vars{"items": strings.Join(items, "；")}, matterCitation(m, "conditions"))
	}
}

// answerNone says that there is no evidence, names what is near, and where a person helps.
func (a *Assistant) answerNone(t *turn) {
	t.ans.Status, t.ans.Intent = StatusNoEvidence, IntentOutOfScope
	t.page.say("none.lead", nil)
	a.nearMatters(t)
	t.page.say("none.who", nil)
	t.ans.Handoff = a.handoff(t)
}

// nearMatters offers the nearest matters, without claiming that they fit.
func (a *Assistant) nearMatters(t *turn) {
	var items []string
	var ev []Citation
	for _, c := range a.named(t.reading.Matters) {
		if len(items) < 3 && c.Score >= 0.05 {
			items = append(items, "「"+c.Name+"」")
			ev = append(ev, matterCitation(a.cat.Matter(c.Code), "name"))
		}
	}
	if len(items) > 0 {
		t.page.say("none.near", vars{"items": join(items)}, ev...)
	}
	t.ans.Matters = a.named(t.reading.Matters)
}

func (a *Assistant) answerEmergency(t *turn, e *EmergencyCall) {
	t.ans.Intent, t.ans.Status = IntentEmergency, StatusEmergency
	a.sayEmergency(t, e)
	t.page.say("emergency.tip", nil)
	t.page.say("emergency.after", nil)
}

// sayEmergency says the numbers first.
func (a *Assistant) sayEmergency(t *turn, e *EmergencyCall) {
	t.ans.Emergency = &Numbers{Numbers: e.Numbers}
	t.page.say("emergency.lead", vars{"numbers": strings.Join(e.Numbers, "、")})
	if e.Helpline {
		t.page.say("emergency.helpline", nil)
		t.ans.Emergency.Numbers = append(slices.Clone(e.Numbers), "12356")
		t.sess.Crisis = true
	}
}

func (a *Assistant) answerRefused(t *turn, r *RefusalReason) {
	t.ans.Intent, t.ans.Status = IntentRefused, StatusRefused
	t.page.say("refused.lead", vars{"reason": r.Reason})
	if r.LawfulWay != "" {
		// The way is a rule of the service itself, kept as data; it is cited like any other text.
		t.page.say("refused.way", vars{"way": r.LawfulWay}, Citation{Kind: "document", Code: "service-rules", Field: "refusal",
			Title: phrase("title.rule", nil), Quote: r.LawfulWay})
	}
}

// answerBeyond says why the thing is not covered here: another province's rules, or a matter that the catalogue has not.
func (a *Assistant) answerBeyond(t *turn, reason string) {
	t.ans.Intent, t.ans.Status = IntentOutOfScope, StatusNoEvidence
	t.page.say(reason, nil)
	t.page.say("none.who", nil)
	t.ans.Matters = a.named(t.reading.Matters)
	t.ans.Handoff = a.handoff(t)
}

func (a *Assistant) answerHuman(t *turn) {
	t.ans.Intent, t.ans.Status = IntentHandoff, StatusHandoff
	t.ans.Handoff = a.handoff(t)
	t.page.say("human.lead", nil)
	if t.ans.Handoff.Summary == "" {
		t.page.say("human.plain", nil)
		return
	}
	t.page.say("human.summary", vars{"summary": t.ans.Handoff.Summary},
		Citation{Kind: "graph", Code: "session", Field: "summary", Title: "本次会话", Quote: t.ans.Handoff.Summary})
}

// handoff summarises the conversation for the person who takes over, in redacted words.
func (a *Assistant) handoff(t *turn) *Handoff {
	h := &Handoff{Channel: phrase("human.channel", nil), Phone: "12345"}
	var parts []string
	if m := a.cat.Matter(t.sess.Matter); m != nil {
		parts = append(parts, phrase("handoff.need", vars{"items": m.Name}))
		var sit []string
		for _, s := range kg.Checklist(m, t.sess.Situation[m.Code], nil).Situation {
			sit = append(sit, bare(s.Answer))
		}
		if len(sit) > 0 {
			parts = append(parts, phrase("handoff.situation", vars{"items": join(sit)}))
		}
	}
	var said []string
	for _, turn := range t.sess.Turns {
		if turn.Intent != IntentSmalltalk && turn.Intent != IntentHandoff && turn.Said != "" {
			said = append(said, "“"+clip(turn.Said, 60)+"”")
		}
	}
	if n := len(said); n > 4 {
		said = said[n-4:]
	}
	if len(said) > 0 {
		parts = append(parts, phrase("handoff.said", vars{"items": join(said)}))
	}
	if t.place != nil {
		parts = append(parts, phrase("handoff.region", vars{"region": t.place.Name}))
	}
	h.Summary = strings.Join(parts, "；")
	return h
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

// answerProgress says where progress can be seen; it is never guessed.
func (a *Assistant) answerProgress(t *turn) {
	t.ans.Intent = IntentProgress
	t.page.say("progress.lead", nil)
	if m := a.cat.Matter(t.reading.top().Code); m != nil && t.reading.top().Score >= 0.4 {
		t.page.say("progress.matter", vars{"name": m.Name, "department": m.Department}, matterCitation(m, "department"))
		a.writeDays(t.page, m, nil, nil)
		t.sess.focus(m.Code)
		t.ans.Matters = front(a.named(t.reading.Matters), m, t.reading.top().Score)
	}
	if len(t.ans.Matters) == 0 {
		t.ans.Matters = a.named(t.reading.Matters)
	}
	t.page.say("progress.where", nil)
	t.page.say("progress.late", nil)
}

// answerComplaint sends a grievance to those who must act; a matter that takes such complaints is named too.
func (a *Assistant) answerComplaint(t *turn) {
	t.ans.Intent, t.ans.Status = IntentHandoff, StatusHandoff
	t.page.say("complaint.lead", nil)
	if m := a.cat.Matter(t.reading.top().Code); m != nil && t.reading.top().Score >= 0.3 {
		t.page.say("complaint.matter", vars{"name": m.Name, "department": m.Department}, matterCitation(m, "department"), matterCitation(m, "name"))
		t.sess.focus(m.Code)
		list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
		a.writeMaterials(t.page, m, list, nil)
		t.ans.Checklist = a.checklist(m, list)
		t.ans.Matters = front(a.named(t.reading.Matters), m, t.reading.top().Score)
	}
	if len(t.ans.Matters) == 0 {
		t.ans.Matters = a.named(t.reading.Matters)
	}
	t.page.say("complaint.tell", nil)
	t.ans.Handoff = a.handoff(t)
}
