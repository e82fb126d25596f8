package assistant

import (
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// Thresholds of the guide. They were chosen by hand while looking at the
// development suites (guide-dev, dialogue-dev), so those suites flatter them.
const (
	sureAlone    = 0.55 // a turn whose own best matter is at least this likely needs no context
	clearlyOther = 0.80 // free text this sure of another matter is a change of topic, even while a question is open
	maxAsked     = 3    // questions in a row
	optionSure   = 0.35 // how well free text must fit an option of an open question
	optionSaid   = 0.60 // how well words said before must fit an option to answer it unasked
)

// absorb takes in what the request and the words say of place and person.
func (a *Assistant) absorb(t *turn) {
	s := t.sess
	if a.Regions != nil {
		if r, ok := a.region(t.req.Region); ok {
			s.Region = r.Code
		}
		for _, m := range a.Regions.Find(t.bare) {
			if len(m.Candidates) == 1 && !m.Confirm && a.covered(m.Candidates[0]) {
				s.Region = a.county(m).Code
			}
		}
		if r, ok := a.Regions.ByCode(s.Region); ok && a.covered(r) {
			t.place = &r
		}
	}
	if !t.req.Plain && !s.Impersonal {
		for name, v := range t.req.Profile {
			s.learn(name, factString(v), "profile", t.now)
		}
		for name, v := range findFacts(t.bare) {
			s.learn(name, v, "said", t.now)
		}
	}
	t.fields = asksFields(t.bare)
	t.step("facts")
}

// covered reports whether the catalogue is about this place: the regions its records name, or Jiangxi.
func (a *Assistant) covered(r kg.Region) bool {
	return strings.HasPrefix(r.Code, "36") || a.regional[r.Code]
}

// county prefers the county to a town of the same name, unless the words name the town in full.
func (a *Assistant) county(m kg.RegionMention) kg.Region {
	r := m.Candidates[0]
	if r.Level != "town" || strings.HasSuffix(m.Text, "镇") || strings.HasSuffix(m.Text, "乡") || strings.HasSuffix(m.Text, "街道") {
		return r
	}
	if up, ok := a.Regions.ByCode(r.Parent); ok && strings.HasPrefix(up.Name, m.Text) {
		return up
	}
	return r
}

// region resolves a name or code of the request.
func (a *Assistant) region(name string) (kg.Region, bool) {
	if name == "" || a.Regions == nil {
		return kg.Region{}, false
	}
	if r, ok := a.Regions.ByCode(name); ok {
		return r, true
	}
	if list := a.Regions.Lookup(name); len(list) == 1 {
		return list[0], true
	}
	return kg.Region{}, false
}

func (a *Assistant) shownPlace(t *turn) *Place {
	if t.place == nil {
		return nil
	}
	return &Place{Code: t.place.Code, Name: t.place.Name}
}

// decide chooses what to do with the turn.
func (a *Assistant) decide(t *turn) {
	t.tell("understand", phrase("step.understand", nil))
	if a.command(t) {
		return
	}
	if a.chips(t) {
		return
	}
	t.reading = a.Reader.Read(t.ctx, t.bare)
	t.ans.Degraded = append(t.ans.Degraded, t.reading.Degraded...)
	t.step("rank")
	if m := a.cat.Matter(t.sess.Matter); m != nil && a.onlyPlace(t) {
		a.answerMatter(t, m, []string{"where"}, "matter.field")
		return
	}
	if t.sess.Crisis && (t.reading.Kind == "smalltalk" || len([]rune(core(t.bare))) <= 8 && len(t.fields) == 0) {
		t.sess.Crisis = false
		t.ans.Intent = IntentEmergency
		t.page.say("crisis.after", nil)
		return
	}
	if a.pending(t) {
		return
	}
	if a.follow(t) {
		return
	}
	a.fresh(t)
}

// command answers turns that are about the conversation itself.
func (a *Assistant) command(t *turn) bool {
	f := zh.Fold(t.bare)
	switch {
	case len([]rune(f)) <= 16 && says(f, "forget"):
		t.sess = &Session{ID: t.sess.ID, Created: t.now, Updated: t.now}
		t.place = nil
		t.ans.Intent = IntentSmalltalk
		t.page.say("forget.done", nil)
	case len([]rune(f)) <= 12 && says(f, "person"):
		a.answerHuman(t)
	case len([]rune(f)) <= 16 && says(f, "recall"):
		a.recall(t)
	case len([]rune(f)) <= 20 && says(f, "impersonal"):
		t.sess.Impersonal, t.sess.Facts = true, nil
		t.ans.Intent = IntentRecommend
		t.page.say("recommend.stopped", nil)
	default:
		return false
	}
	return true
}

func (a *Assistant) recall(t *turn) {
	t.ans.Intent = IntentSmalltalk
	var items []string
	if t.place != nil {
		items = append(items, t.place.Name)
	}
	for _, name := range sortedKeys(t.sess.Facts) {
		if label := factLabel(name); label != "" {
			items = append(items, label+"："+factWord(t.sess.Facts[name].Value))
		}
	}
	if len(items) == 0 {
		t.page.say("forget.nothing", nil)
		return
	}
	c := Citation{Kind: "graph", Code: "profile", Field: "facts", Title: "本次会话", Quote: join(items)}
	t.page.say("forget.what", vars{"items": join(items)}, c)
}

// chips applies answers given by tapping.
func (a *Assistant) chips(t *turn) bool {
	if len(t.req.Answers) == 0 {
		return false
	}
	p := t.sess.Pending
	for _, qid := range sortedKeys(t.req.Answers) {
		oid := t.req.Answers[qid]
		switch {
		case p != nil && p.Kind == "matter" && p.Question.ID == qid:
			return a.choose(t, p, oid)
		case p != nil && p.Kind == "event" && p.Question.ID == qid:
			return a.chooseEvent(t, p, oid)
		case p != nil && p.Question.ID == qid && p.Kind == "situation":
			a.applyOption(t, p.Matter, qid, oid)
		case t.sess.Matter != "":
			a.applyOption(t, t.sess.Matter, qid, oid)
		}
	}
	t.sess.Pending = nil
	if m := a.cat.Matter(t.sess.Matter); m != nil {
		a.answerMatter(t, m, changed(nil), "")
		return true
	}
	return strings.TrimSpace(t.req.Message) == "" && a.nothing(t)
}

func (a *Assistant) nothing(t *turn) bool {
	a.answerNone(t)
	return true
}

// applyOption records an option; "unsure" skips the question.
func (a *Assistant) applyOption(t *turn, code, qid, oid string) {
	m := a.cat.Matter(code)
	if m == nil {
		return
	}
	q := m.Question(qid)
	if q == nil {
		return
	}
	if oid == "unsure" {
		t.sess.AskedIDs = append(t.sess.AskedIDs, code+"/"+qid)
		return
	}
	for _, o := range q.Options {
		if o.ID == oid {
			t.sess.answer(code, qid, oid)
			t.learned[qid] = true
			if q.Fact != "" {
				t.sess.learn(q.Fact, o.Text, "answer", t.now)
			}
		}
	}
}

// pending reads the turn as an answer to the open question, unless it plainly is about something else.
func (a *Assistant) pending(t *turn) bool {
	p := t.sess.Pending
	if p == nil {
		return false
	}
	switch p.Kind {
	case "matter":
		return a.pendingMatter(t, p)
	case "event":
		return a.pendingEvent(t, p)
	}
	return false
}

// pendingMatter weighs the answer alone, the need with the answer, and the likeness to the options.
func (a *Assistant) pendingMatter(t *turn, p *Pending) bool {
	if isWord(t.bare, "none") {
		t.sess.Pending = nil
		a.answerNone(t)
		return true
	}
	var texts, ids []string
	for _, o := range p.Question.Options {
		if o.ID != "unsure" {
			texts, ids = append(texts, o.Text), append(ids, o.ID)
		}
	}
	if says(zh.Fold(t.bare), "unsure") && len([]rune(t.bare)) <= 12 {
		return a.choose(t, p, "unsure")
	}
	if a.aside(t) {
		return false
	}
	m := matchOption(t.bare, texts)
	if m.index >= 0 && m.score >= 0.99 {
		return a.choose(t, p, ids[m.index])
	}
	code := a.weigh(t, p, m, ids)
	if code == "" {
		return false
	}
	t.sess.Pending = nil
	if m := a.cat.Matter(code); m != nil {
		a.overhear(t, m)
	}
	a.settle(t, a.cat.Matter(code), "matter.lead")
	return true
}

// weigh scores each matter by what the answer says alone, what need and answer say together, and the option it is like.
func (a *Assistant) weigh(t *turn, p *Pending, m optionMatch, ids []string) string {
	both := a.Reader.Read(t.ctx, p.Said+"，"+t.bare)
	alone := t.reading
	scores := map[string]float64{}
	for _, c := range both.Matters {
		scores[c.Code] += 0.5 * c.Score
	}
	for _, c := range alone.Matters {
		scores[c.Code] += 0.5 * c.Score
	}
	for oid, code := range p.Codes {
		scores[code] += 0.15
		if m.index >= 0 && ids[m.index] == oid {
			scores[code] += 0.6 * m.gap
		}
	}
	best := ""
	for _, code := range sortedKeys(scores) {
		if best == "" || scores[code] > scores[best] {
			best = code
		}
	}
	return best
}

// choose follows a tapped or plainly named option of a question between matters.
func (a *Assistant) choose(t *turn, p *Pending, oid string) bool {
	t.sess.Pending = nil
	if code, ok := p.Codes[oid]; ok {
		if m := a.cat.Matter(code); m != nil {
			t.bare = p.Said
			a.settle(t, m, "matter.lead")
			return true
		}
	}
	if oid != "unsure" {
		return false
	}
	first := a.cat.Matter(p.Codes[p.Question.Options[0].ID])
	if first == nil {
		return false
	}
	t.page.say("ask.unsure.ok", vars{"name": first.Name}, matterCitation(first, "name"))
	t.bare = p.Said
	a.settle(t, first, "matter.lead")
	return true
}

// onlyPlace reports whether the turn says hardly more than where he is.
func (a *Assistant) onlyPlace(t *turn) bool {
	if a.Regions == nil || len(t.fields) > 0 {
		return false
	}
	left := len([]rune(core(t.bare)))
	found := a.Regions.Find(t.bare)
	for _, m := range found {
		left -= m.End - m.Start
	}
	return len(found) > 0 && left <= 6
}

// fresh answers a turn that stands on its own.
func (a *Assistant) fresh(t *turn) {
	if a.namedArticle(t) {
		return
	}
	if p := a.namedPolicy(t.bare); p != nil && t.reading.Kind != "human" {
		a.writePolicy(t, p)
		return
	}
	if t.reading.Kind != "human" && Elsewhere(t.bare, a.Regions) {
		a.answerBeyond(t, "scope.province")
		return
	}
	if near(zh.Fold(t.bare), scopeWords["absent"]) {
		if !a.quote(t) {
			a.answerBeyond(t, "scope.absent")
		}
		return
	}
	if says(zh.Fold(t.bare), "recommend") && t.reading.top().Score < clearlyOther {
		a.answerRecommend(t)
		return
	}
	if e := a.cuedEvent(t); e != nil {
		t.reading.Events = append([]Candidate{{Code: e.Code, Score: 1}}, t.reading.Events...)
		t.reading.Kind = "life_event"
	}
	switch a.kind(t) {
	case "human":
		a.answerHuman(t)
	case "smalltalk":
		t.ans.Intent = IntentSmalltalk
		t.page.say(smalltalk(t.bare), nil)
	case "progress":
		a.answerProgress(t)
	case "complaint":
		a.answerComplaint(t)
	case "life_event":
		a.answerEvent(t)
	case "multi":
		a.answerSeveral(t)
	case "out_of_scope":
		a.answerOutOfScope(t)
	case "ambiguous":
		if t.sess.Asked < maxAsked && len(t.reading.Matters) > 1 && !a.namesOne(t) {
			a.askMatter(t)
			return
		}
		a.answerBest(t)
	default:
		a.answerBest(t)
	}
}

// kind is the kind of turn to act on: a matter that is nearly certain outweighs another kind that is only likelier than
// not to be noticed.
func (a *Assistant) kind(t *turn) string {
	kind, p := t.reading.Kind, t.reading.Kinds[t.reading.Kind]
	if t.reading.top().Score < 0.95 {
		return kind
	}
	switch kind {
	case "human", "progress", "complaint", "out_of_scope":
		if p < 0.5 {
			return "matter"
		}
	case "life_event":
		if p < 0.35 {
			return "matter"
		}
	}
	return kind
}

// namesOne reports whether the words name one matter and no other: the likeliest by a name of four characters or more
// that the next likeliest has not. Asking would only be tiresome then.
func (a *Assistant) namesOne(t *turn) bool {
	first, second := t.reading.Matters[0], t.reading.Matters[1]
	m, other := a.cat.Matter(first.Code), a.cat.Matter(second.Code)
	if m == nil || other == nil || first.Score < 0.9 {
		return false
	}
	name := a.mention(m, t.bare)
	return len([]rune(name)) >= 4 && len([]rune(a.mention(other, t.bare))) < len([]rune(name))
}

// askMatter asks which of the candidates is meant.
func (a *Assistant) askMatter(t *turn) {
	q, codes := a.asker.matterQuestion(t.bare, t.reading.Matters)
	t.sess.Pending = &Pending{Question: q, Kind: "matter", Codes: codes, Said: t.bare}
	t.ans.Status = StatusAsking
	t.ans.Question = &q
	t.ans.Matters = a.named(t.reading.Matters)
	t.page.say("ask.lead", nil)
	t.page.write(q.Text, questionCitation(q))
}

func questionCitation(q Question) Citation {
	var texts []string
	for _, o := range q.Options {
		texts = append(texts, o.Text)
	}
	return Citation{Kind: "graph", Code: "question", Field: "options", Title: q.Text, Quote: q.Text + "：" + join(texts)}
}

// answerBest answers the likeliest matter, or says that there is no evidence.
func (a *Assistant) answerBest(t *turn) {
	m := a.cat.Matter(t.reading.top().Code)
	if m == nil {
		a.answerNone(t)
		return
	}
	if a.quoteDocument(t, m) {
		return
	}
	lead := "matter.lead"
	if t.reading.top().Score < 0.5 {
		lead = "matter.likely"
	}
	a.settleWith(t, m, lead, t.fields)
}

// settle puts a matter in focus and answers it.
func (a *Assistant) settle(t *turn, m *kg.Matter, lead string) {
	if m == nil {
		a.answerNone(t)
		return
	}
	a.settleWith(t, m, lead, asksFields(t.bare))
}

func (a *Assistant) settleWith(t *turn, m *kg.Matter, lead string, fields []string) {
	a.answerMatter(t, m, fields, lead)
	a.nameRunnerUp(t, m)
}
