package assistant

import (
	"sort"
	"strings"

	"ganwen/kg"
)

// ChecklistFor gives the checklist of a matter for answers and facts, outside a conversation.
func (a *Assistant) ChecklistFor(m *kg.Matter, answers map[string]string, profile map[string]any) *ChecklistAnswer {
	list := kg.Checklist(m, answers, kg.Facts(profile))
	out := &ChecklistAnswer{Checklist: a.checklist(m, list), Before: a.prerequisites(m, list), Citations: []Citation{}, Ignored: list.Ignored}
	if q := list.Open; q != nil {
		question := Question{ID: q.ID, Text: q.Ask, Why: q.Why}
		for _, o := range q.Options {
			question.Options = append(question.Options, Option{ID: o.ID, Text: o.Text})
		}
		question.Options = append(question.Options, Option{ID: "unsure", Text: phrase("ask.unsure", nil)})
		out.Question = &question
	}
	for i, field := range []string{"materials", "where", "promised_days", "legal_days", "fee"} {
		c := matterCitation(m, field)
		if c.Quote != "" {
			c.ID = "c" + itoa(i+1)
			out.Citations = append(out.Citations, c)
		}
	}
	for _, i := range list.Ineligible {
		out.Ineligible = append(out.Ineligible, i.Note)
	}
	for _, r := range list.Refer {
		out.Refer = append(out.Refer, r.Code)
	}
	return out
}

// ChecklistAnswer is a checklist with the next open question.
type ChecklistAnswer struct {
	*Checklist
	Question   *Question      `json:"question"`
	Before     []Prerequisite `json:"before,omitempty"`
	Refer      []string       `json:"refer,omitempty"`
	Ineligible []string       `json:"ineligible,omitempty"`
	Ignored    []string       `json:"ignored,omitempty"`
	Citations  []Citation     `json:"citations"`
}

// Recommendations are matters and policies that may concern a person or a company, with the conditions behind each.
type Recommendations struct {
	Personalised bool         `json:"personalised"`
	Used         []string     `json:"used"` // facts that were used
	Items        []Suggestion `json:"items"`
	AIGC         AIGC         `json:"aigc"`
}

// mostRecommended bounds a list that should be read to its end.
const mostRecommended = 8

// Recommend finds matters and policies by their conditions on the given facts (智能推荐). Not personalised, no fact is
// used and the list is the same for everybody (个人信息保护法 第二十四条).
func (a *Assistant) Recommend(profile map[string]any, personalised bool) *Recommendations {
	out := &Recommendations{Personalised: personalised, Used: []string{}, Items: []Suggestion{}}
	facts := kg.Facts{}
	if personalised {
		for k, v := range profile {
			facts[k] = v
		}
	}
	type ranked struct {
		Suggestion
		score int
	}
	var all []ranked
	add := func(code, kind, name, summary string, conds []kg.Condition, basis []kg.Clause) {
		s := a.weighConditions(conds, basis, facts)
		s.Code, s.Kind, s.Name, s.Summary = code, kind, name, summary
		if len(s.Unmet) > 0 || personalised && len(s.Met) == 0 {
			return
		}
		all = append(all, ranked{s, 10*len(s.Met) - len(s.Unknown)})
	}
	for _, m := range a.cat.Matters {
		add(m.Code, "matter", m.Name, m.Summary, m.Conditions, m.Basis)
	}
	for _, p := range a.cat.Policies {
		add(p.Code, "policy", p.Name, p.Summary, p.Conditions, nil)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	for i, r := range all {
		if i == mostRecommended {
			break
		}
		out.Items = append(out.Items, r.Suggestion)
	}
	out.Used = append(out.Used, sortedKeys(facts)...)
	out.AIGC = a.label(&Answer{AnswerID: a.NewID()})
	return out
}

// answerRecommend recommends on the facts he gave in the conversation; without any it asks for some.
func (a *Assistant) answerRecommend(t *turn) {
	t.ans.Intent = IntentRecommend
	facts := a.facts(t)
	if len(facts) == 0 && !t.sess.Impersonal {
		t.ans.Status = StatusPartial
		t.page.say("recommend.none", nil)
		return
	}
	rec := a.Recommend(facts, len(facts) > 0)
	if len(rec.Items) == 0 {
		t.ans.Status = StatusPartial
		t.page.say("recommend.none", nil)
		return
	}
	t.ans.Recommend = rec.Items
	key := "recommend.lead"
	if !rec.Personalised {
		key = "recommend.off"
	}
	t.page.say(key, nil)
	for i, it := range rec.Items {
		c := Citation{Kind: it.Kind, Code: it.Code, Field: "conditions", Title: it.Name, Quote: it.Name + "：" + it.Summary + conditionTexts(it)}
		t.page.say("recommend.item", vars{"i": ordinal(i), "name": it.Name, "summary": it.Summary}, c)
		if len(it.Met) > 0 {
			t.page.say("recommend.met", vars{"items": joinConditions(it.Met)}, c)
		}
		if len(it.Unknown) > 0 {
			t.page.say("recommend.unknown", vars{"items": joinConditions(it.Unknown)}, c)
		}
		if it.Kind == "matter" {
			t.ans.Matters = append(t.ans.Matters, Candidate{Code: it.Code, Name: it.Name, Score: 0.5, Why: it.Summary})
		}
	}
}

func joinConditions(list []ConditionFact) string {
	var out []string
	for _, c := range list {
		out = append(out, bare(c.Text))
	}
	return strings.Join(out, "；")
}

func conditionTexts(s Suggestion) string {
	return joinConditions(s.Met) + "；" + joinConditions(s.Unknown)
}

// weighConditions sorts conditions into met, unmet and unknown.
func (a *Assistant) weighConditions(conds []kg.Condition, basis []kg.Clause, facts kg.Facts) Suggestion {
	s := Suggestion{Met: []ConditionFact{}, Unmet: []ConditionFact{}, Unknown: []ConditionFact{}}
	for _, c := range conds {
		f := ConditionFact{Text: c.Text, Fact: c.Fact}
		if c.Basis != nil && *c.Basis >= 0 && *c.Basis < len(basis) {
			f.Basis = "《" + basis[*c.Basis].Law + "》" + basis[*c.Basis].Article
		}
		switch a.judge(c, facts) {
		case kg.Met:
			s.Met = append(s.Met, f)
		case kg.Unmet:
			s.Unmet = append(s.Unmet, f)
		default:
			s.Unknown = append(s.Unknown, f)
		}
	}
	return s
}
