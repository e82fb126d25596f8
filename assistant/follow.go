package assistant

import (
	"regexp"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// A conversation about a matter stays with it until the citizen turns to something else: his words are first heard as
// answers to the matter's questions, then as questions for its fields, and only when they name another need, or fit
// nothing here, are they ranked anew.

// follow reads the turn in the light of what was said before; false = it stands on its own.
func (a *Assistant) follow(t *turn) bool {
	m := a.cat.Matter(t.sess.Matter)
	if m == nil || len(t.sess.Turns) == 0 {
		return len(t.sess.Turns) > 0 && a.inContext(t, nil)
	}
	f := zh.Fold(t.bare)
	if says(f, "back") && a.goBack(t, m) {
		return true
	}
	if a.aside(t) {
		return false
	}
	if says(f, "switch") || whatAbout(f) || a.turnsAway(t, m) {
		return a.turned(t, m, f)
	}
	if a.hear(t, m) {
		a.stay(t, m, changed(t.fields), "")
		return true
	}
	if len(t.fields) > 0 {
		a.stay(t, m, t.fields, "matter.field")
		return true
	}
	if a.answerFAQ(t, m, 0.3) {
		return true
	}
	if p := t.reading.Kinds["out_of_scope"]; t.reading.Kind == "out_of_scope" && p > 0.8 {
		return false
	}
	if says(f, "correct") && a.corrects(t, m) {
		return true
	}
	return a.unheard(t, m)
}

// aside reports whether the turn is no part of the matter: he wants a person, or is just being polite.
func (a *Assistant) aside(t *turn) bool {
	sure := t.reading.Kinds[t.reading.Kind] > 0.6
	switch t.reading.Kind {
	case "human":
		return sure
	case "smalltalk":
		return sure && len(t.fields) == 0 && polarity(core(t.bare)) == 0
	case "progress", "complaint":
		return t.reading.Kinds[t.reading.Kind] > clearlyOther
	}
	return false
}

// stay answers the matter in focus once more.
func (a *Assistant) stay(t *turn, m *kg.Matter, fields []string, lead string) {
	t.sess.Pending = nil
	a.answerMatter(t, m, fields, lead)
}

// turned ranks a turn that leaves the matter: alone when it is clear, else with what was said before.
func (a *Assistant) turned(t *turn, m *kg.Matter, f string) bool {
	t.sess.Pending = nil
	if t.reading.top().Score >= sureAlone && !whatAbout(f) {
		return false
	}
	return a.inContext(t, m)
}

// procedure is how people ask for a new thing to be done.
var procedure = regexp.MustCompile(`(怎么|如何|咋|怎样|去哪里?|到哪里?|在哪里?|找谁)(去)?(办|补|弄|申请|换|领|报|交|取|搞|查|转|过户|登记|开|处理|投诉|反映)|(要|想|去|得)(办|补|申请|换|领|开|查|注销|登记|投诉)`)

// turnsAway reports whether the words name another need: another matter is clearly likelier, and is named by words that
// are not at home in this one, or asked for as a thing to be done.
func (a *Assistant) turnsAway(t *turn, m *kg.Matter) bool {
	if t.reading.Kind == "life_event" && t.reading.Kinds["life_event"] > clearlyOther && a.namesEvent(t) {
		return true
	}
	top := t.reading.top()
	other := a.cat.Matter(top.Code)
	if other == nil || other == m || top.Score < clearlyOther || len([]rune(core(t.bare))) < 4 {
		return false
	}
	said := a.mention(other, t.bare)
	if said == "" {
		return false
	}
	if !a.athome(m, said) || procedure.MatchString(t.bare) {
		return true
	}
	return top.Score >= 0.95 && len([]rune(said)) >= 4 && !a.answersOpen(t, m)
}

// answersOpen reports whether the words plainly answer the open question.
func (a *Assistant) answersOpen(t *turn, m *kg.Matter) bool {
	list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
	if list.Open == nil {
		return false
	}
	match := a.options.match(t.bare, m, list.Open)
	return match.index >= 0 && match.score >= optionSaid
}

func (a *Assistant) namesEvent(t *turn) bool {
	if len(t.reading.Events) == 0 {
		return false
	}
	e := a.cat.Event(t.reading.Events[0].Code)
	if e == nil {
		return false
	}
	f := zh.Fold(t.bare)
	for _, n := range append([]string{e.Name}, e.Aliases...) {
		if strings.Contains(f, zh.Fold(n)) {
			return true
		}
	}
	return strings.Contains(f, "一件事")
}

// mention is the longest name, alias or keyword of a matter, or part of its name, that stands in the text.
func (a *Assistant) mention(m *kg.Matter, text string) string {
	f := zh.Fold(text)
	best := ""
	for _, list := range [][]string{{m.Name}, m.Aliases, m.Keywords, m.Yields} {
		for _, n := range list {
			if n = zh.Fold(n); len(n) > len(best) && len([]rune(n)) >= 2 && strings.Contains(f, n) {
				best = n
			}
		}
	}
	if part := common(f, zh.Fold(m.Name)); len([]rune(part)) >= 4 && len(part) > len(best) {
		return part
	}
	return best
}

// common is the longest run of characters that two short texts share.
func common(a, b string) string {
	x, y := []rune(a), []rune(b)
	ends := make([]int, len(y)+1)
	best, at := 0, 0
	for i := range x {
		last := 0
		for j := range y {
			here := ends[j+1]
			if ends[j+1] = 0; x[i] == y[j] {
				ends[j+1] = last + 1
			}
			if last = here; ends[j+1] > best {
				best, at = ends[j+1], i+1
			}
		}
	}
	return string(x[at-best : at])
}

// athome reports whether a word belongs to a matter's own papers, questions or keywords.
func (a *Assistant) athome(m *kg.Matter, word string) bool {
	var b strings.Builder
	for _, p := range m.Materials {
		b.WriteString(p.Name + strings.Join(p.AcceptedNames, " "))
	}
	for _, q := range m.Tree {
		b.WriteString(q.Ask)
		for _, o := range q.Options {
			b.WriteString(o.Text)
		}
	}
	b.WriteString(m.Name + strings.Join(m.Keywords, " ") + strings.Join(m.Aliases, " "))
	return strings.Contains(zh.Fold(b.String()), word)
}

// hear takes what the words answer of the matter's questions, clause by clause: the open question first, then any other
// on the way. Said as a correction or of a second person, they may change what was answered before.
func (a *Assistant) hear(t *turn, m *kg.Matter) bool {
	f := zh.Fold(t.bare)
	if says(f, "unsure") && len([]rune(f)) <= 12 {
		if p := t.sess.Pending; p != nil && p.Kind == "situation" && p.Matter == m.Code {
			a.applyOption(t, m.Code, p.Question.ID, "unsure")
			return true
		}
	}
	change := says(f, "correct") || strings.Contains(f, "也要") || strings.Contains(f, "还是") || strings.Contains(f, "改成")
	heard := false
	for _, clause := range hearable(t.bare) {
		if !asking(clause) {
			heard = a.hearClause(t, m, clause, change || strings.Contains(f, "不是"), true) || heard
		}
	}
	return heard
}

// asking reports whether a clause asks something: a question answers none.
func asking(clause string) bool {
	return near(zh.Fold(clause), words["question"])
}

// overhear takes what the words that led to the matter already answer, where they plainly do.
func (a *Assistant) overhear(t *turn, m *kg.Matter) {
	for _, clause := range hearable(t.bare) {
		if !asking(clause) {
			a.hearClause(t, m, clause, false, false)
		}
	}
}

// hearable are the clauses of a turn that state something: what is only denied ("不是到期") is left out when something
// is affirmed beside it. The whole turn comes last, for options that need all of it.
func hearable(text string) []string {
	var out []string
	denied := 0
	for _, c := range clauses(text) {
		if strings.HasPrefix(c, "不是") || strings.HasPrefix(c, "不对") || strings.HasPrefix(c, "说错") {
			denied++
			continue
		}
		out = append(out, strings.TrimPrefix(c, "是"))
	}
	if len(out) != 1 && denied == 0 || len(out) == 0 {
		out = append(out, text)
	}
	return out
}

// How well a clause must fit an option of a question that is not the open one.
const (
	otherSure = 0.5
	otherGap  = 0.3
)

// hearClause hears one clause. asked: a question has just been put, and a weak likeness to one of its options is enough.
func (a *Assistant) hearClause(t *turn, m *kg.Matter, clause string, change, asked bool) bool {
	answers := t.sess.Situation[m.Code]
	if list := kg.Checklist(m, answers, a.facts(t)); list.Open != nil && asked {
		if match := a.options.match(clause, m, list.Open); match.index >= 0 && match.score >= optionSure {
			a.take(t, m, list.Open, match.index)
			return true
		}
	}
	var best *kg.Situation
	pick := optionMatch{index: -1}
	for i := range m.Tree {
		q := &m.Tree[i]
		if _, done := answers[q.ID]; done && !change || t.learned[q.ID] {
			continue
		}
		match := a.options.byWords(clause, m, q)
		if match.index >= 0 && match.score >= otherSure && match.gap >= otherGap && match.score > pick.score {
			best, pick = q, match
		}
	}
	if best == nil {
		return false
	}
	a.take(t, m, best, pick.index)
	return true
}

// take records an answer to a question and says so.
func (a *Assistant) take(t *turn, m *kg.Matter, q *kg.Situation, i int) {
	o := q.Options[i]
	a.applyOption(t, m.Code, q.ID, o.ID)
	t.page.say("understood", vars{"answer": bare(o.Text)}, optionCitation(m, kg.Answered{QuestionID: q.ID, Question: q.Ask, OptionID: o.ID, Answer: o.Text}))
}

// changed is what is told after an answer to a question: the list, unless he asked for something else.
func changed(fields []string) []string {
	if len(fields) == 0 {
		return []string{"materials"}
	}
	return fields
}

// answerFAQ answers with a common question of the matter that is much like this one; false when none is.
func (a *Assistant) answerFAQ(t *turn, m *kg.Matter, floor float64) bool {
	grams := gramSet(t.bare)
	best, like := -1, floor
	for i, f := range m.FAQ {
		if l := overlap(grams, gramSet(f.Q)); l > like {
			best, like = i, l
		}
	}
	if best < 0 || !asking(t.bare) {
		return false
	}
	f := m.FAQ[best]
	c := matterCitation(m, "faq")
	c.Field, c.Quote = "faq/"+itoa(best+1), f.Q+f.A
	t.sess.Pending = nil
	t.sess.focus(m.Code)
	t.ans.Intent = IntentQA
	t.page.say("faq", vars{"a": sentence(f.A)}, c)
	list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
	t.ans.Checklist = a.checklist(m, list)
	t.ans.Before = a.prerequisites(m, list)
	t.ans.Matters = front(a.named(t.reading.Matters), m, t.reading.p(m.Code))
	a.askSituation(t, m, list, nil)
	return true
}

// corrects ranks a correction that answers none of the matter's questions: it may mean another matter, when it names one.
func (a *Assistant) corrects(t *turn, m *kg.Matter) bool {
	both := without(mix(t.reading, a.Reader.Read(t.ctx, lastNeed(t.sess)+"，"+t.bare), 0.35), m.Code)
	other := a.cat.Matter(both.top().Code)
	if other == nil || other == m || both.top().Score < 0.3 || a.mention(other, t.bare) == "" && t.reading.top().Score < sureAlone {
		return false
	}
	t.reading.Matters = both.Matters
	t.sess.Pending = nil
	a.settleWith(t, other, "matter.lead", t.fields)
	return true
}

// unheard handles words that fit no question of the matter and name nothing else: an open question is put once more, and
// then left. A long turn that is clear by itself is a need of its own.
func (a *Assistant) unheard(t *turn, m *kg.Matter) bool {
	if len([]rune(core(t.bare))) > 20 && t.reading.top().Code != m.Code && t.reading.top().Score >= clearlyOther {
		return false
	}
	p := t.sess.Pending
	if p == nil || p.Kind != "situation" || p.Again || asking(t.bare) {
		if p != nil && p.Kind == "situation" {
			t.sess.AskedIDs = append(t.sess.AskedIDs, m.Code+"/"+p.Question.ID)
		}
		t.ans.Status = StatusPartial
		t.page.say("unheard", vars{"name": m.Name, "department": m.Department}, matterCitation(m, "name"), matterCitation(m, "department"))
		a.stay(t, m, changed(nil), "")
		return true
	}
	again := *p
	again.Again = true
	t.sess.Pending = &again
	t.ans.Status, t.ans.Question = StatusAsking, &again.Question
	t.ans.Matters = front(nil, m, t.reading.p(m.Code))
	t.ans.Checklist = a.checklist(m, kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t)))
	t.page.say("ask.again", vars{"name": m.Name}, matterCitation(m, "name"))
	t.page.write(again.Question.Text, questionCitation(again.Question))
	return true
}

// inContext ranks the turn together with what he said before, and answers what is likeliest.
func (a *Assistant) inContext(t *turn, current *kg.Matter) bool {
	before, f := lastNeed(t.sess), zh.Fold(t.bare)
	if before == "" {
		return false
	}
	w := contextWeight(f, t.reading.top().Score)
	if w == 0 {
		return false
	}
	mixed := mix(t.reading, a.Reader.Read(t.ctx, before+"，"+t.bare), w)
	if current != nil && (says(f, "correct") || whatAbout(f)) {
		mixed = without(mixed, current.Code)
	}
	best := mixed.top()
	m := a.cat.Matter(best.Code)
	if m == nil || best.Score < 0.2 || t.reading.Kind == "out_of_scope" && t.reading.Kinds["out_of_scope"] > 0.8 && best.Score < 0.6 {
		return false
	}
	t.reading.Matters = mixed.Matters
	t.sess.Pending = nil
	lead := "matter.lead"
	if current != nil && current.Code == m.Code {
		lead = "matter.field"
	}
	a.settleWith(t, m, lead, t.fields)
	return true
}

// contextWeight is how much of a turn's meaning is taken from what was said before: nothing when it is clear alone,
// most when it points back.
func contextWeight(folded string, sure float64) float64 {
	switch {
	case says(folded, "correct"), whatAbout(folded):
		return 0.35
	case pointsBack(folded):
		return 0.6
	case sure >= sureAlone:
		return 0
	}
	return 0.6
}

// whatAbout reports whether a short turn asks the same of something else ("医保呢").
func whatAbout(folded string) bool {
	t := strings.TrimRight(folded, "?!。？！ ")
	return len([]rune(t)) <= 14 && strings.HasSuffix(t, "呢") && len(asksFields(t)) == 0
}

// pointsBack reports whether a short turn speaks of something named before.
func pointsBack(folded string) bool {
	if len([]rune(folded)) > 18 {
		return false
	}
	if near(folded, words["pronoun"]) {
		return true
	}
	for _, w := range words["pointing"] {
		if strings.HasPrefix(folded, w) {
			return true
		}
	}
	return false
}

// lastNeed is what he said in the last turn that was about a matter.
func lastNeed(s *Session) string {
	for i := len(s.Turns) - 1; i >= 0; i-- {
		switch s.Turns[i].Intent {
		case IntentSmalltalk, IntentHandoff, IntentEmergency, IntentRefused, IntentQA:
			continue
		}
		if said := withoutPlaceholders(s.Turns[i].Said); said != "" {
			return said
		}
	}
	return ""
}

// mix weighs a turn alone and in context, which has weight w.
func mix(alone, both Reading, w float64) Reading {
	p := map[string]float64{}
	for _, c := range alone.Matters {
		p[c.Code] += (1 - w) * c.Score
	}
	for _, c := range both.Matters {
		p[c.Code] += w * c.Score
	}
	var out Reading
	for _, code := range sortedKeys(p) {
		out.Matters = append(out.Matters, Candidate{Code: code, Score: p[code]})
	}
	sortCandidates(out.Matters)
	return out
}

// without takes most of the weight off a matter that he has just corrected.
func without(r Reading, code string) Reading {
	for i := range r.Matters {
		if r.Matters[i].Code == code {
			r.Matters[i].Score *= 0.3
		}
	}
	sortCandidates(r.Matters)
	return r
}

// goBack returns to a matter spoken of before: the one whose name the words are most like; without any likeness the last
// one, or the one in focus when he says to go on with it.
func (a *Assistant) goBack(t *turn, current *kg.Matter) bool {
	said := gramSet(t.bare)
	m, best := current, 0.0
	if says(zh.Fold(t.bare), "on") {
		best = a.nameLikeness(said, current)
	}
	for i := len(t.sess.Recent) - 1; i >= 0; i-- {
		c := a.cat.Matter(t.sess.Recent[i])
		if c == nil || c == current {
			continue
		}
		if l := a.nameLikeness(said, c); l > best || best == 0 && m == current && !says(zh.Fold(t.bare), "on") {
			m, best = c, l
		}
	}
	if t.reading.top().Score >= clearlyOther && t.reading.top().Code != m.Code && best == 0 {
		return false
	}
	t.sess.Pending = nil
	t.sess.focus(m.Code)
	a.hear(t, m)
	a.answerMatter(t, m, t.fields, "matter.lead")
	return true
}

// nameLikeness is how much of the words stands in a matter's names.
func (a *Assistant) nameLikeness(said map[string]bool, m *kg.Matter) float64 {
	return overlap(said, gramSet(m.Name+" "+strings.Join(m.Aliases, " ")))
}
