package assistant

import (
	"strings"

	"ganwen/kg"
)

// defaultFields are told, in this order, when the citizen asks for no field in particular.
var defaultFields = []string{"before", "materials", "place", "promise", "cost"}

// writeMatter composes the facts about one matter: the fields he asked for, or the default ones. list is the checklist
// for what is known of his situation.
func (a *Assistant) writeMatter(p *page, m *kg.Matter, list *kg.List, fields []string, place *kg.Region) {
	if len(fields) == 0 {
		fields = defaultFields
	}
	for _, f := range fields {
		a.writeField(p, m, list, f, place)
	}
}

// writeSituation says what the answers learned in this turn change: another matter meant, not possible this way, advice.
func (a *Assistant) writeSituation(p *page, list *kg.List, learned map[string]bool) {
	m := a.cat.Matter(list.Matter)
	for _, r := range list.Refer {
		if to := a.cat.Matter(r.Code); to != nil && learned[r.Because.QuestionID] {
			p.say("refer.first", vars{"name": to.Name}, optionCitation(m, r.Because), matterCitation(to, "name"))
		}
	}
	for _, i := range list.Ineligible {
		p.write(phrase("ineligible", vars{"text": sentence(i.Note)}), optionCitation(m, i))
	}
	for _, n := range list.Notes {
		if learned[n.QuestionID] {
			p.say("note", vars{"note": sentence(n.Note)}, optionCitation(m, n))
		}
	}
}

// optionCitation cites one answer of the situation tree with what follows from it.
func optionCitation(m *kg.Matter, a kg.Answered) Citation {
	c := matterCitation(m, "questions_tree")
	c.Field += "/" + a.QuestionID + "/" + a.OptionID
	c.Quote = a.Question + a.Answer
	if a.Note != "" {
		c.Quote += "：" + a.Note
	}
	return c
}

// fieldWriters compose one field each; what a field lacks is said, never filled in.
var fieldWriters = map[string]func(*Assistant, *page, *kg.Matter, *kg.List, *kg.Region){
	"place":      (*Assistant).writePlace,
	"promise":    (*Assistant).writePromise,
	"cost":       (*Assistant).writeCost,
	"materials":  (*Assistant).writeMaterials,
	"before":     (*Assistant).writeBefore,
	"where":      (*Assistant).writeWhere,
	"address":    (*Assistant).writeAddress,
	"hours":      (*Assistant).writeHours,
	"phone":      (*Assistant).writePhone,
	"days":       (*Assistant).writeDays,
	"fee":        (*Assistant).writeFee,
	"how":        (*Assistant).writeHow,
	"steps":      (*Assistant).writeSteps,
	"proxy":      (*Assistant).writeProxy,
	"result":     (*Assistant).writeResult,
	"conditions": (*Assistant).writeConditions,
	"refused":    (*Assistant).writeRefused,
	"basis":      (*Assistant).writeBasis,
	"next":       (*Assistant).writeNext,
}

func (a *Assistant) writeField(p *page, m *kg.Matter, list *kg.List, field string, place *kg.Region) {
	if w := fieldWriters[field]; w != nil {
		w(a, p, m, list, place)
	}
}

func (a *Assistant) writeMaterials(p *page, m *kg.Matter, list *kg.List, _ *kg.Region) {
	var bring, waived []string
	law := map[string]kg.Clause{}
	for _, paper := range list.Papers {
		if noHandIn(paper.Waiver) {
			waived = append(waived, "「"+paper.Name+"」（"+paper.Waiver+"）")
			if paper.WaivedBy != nil {
				law[paper.WaivedBy.Law+paper.WaivedBy.Article] = *paper.WaivedBy
			}
			continue
		}
		bring = append(bring, paperText(paper.Material))
	}
	c := matterCitation(m, "materials")
	switch {
	case len(bring) > 0 && len(list.Situation) > 0:
		p.say("list.changed", vars{"items": join(bring)}, c)
	case len(bring) > 0:
		p.say("materials", vars{"items": join(bring)}, c)
	case len(waived) == 0:
		p.say("materials.none", vars{"department": m.Department}, matterCitation(m, "department"))
	}
	if len(waived) > 0 {
		ev := []Citation{c}
		for _, cl := range law {
			ev = append(ev, lawCitation(cl))
		}
		p.say("materials.waived", vars{"items": join(waived)}, sortedCitations(ev)...)
	}
}

// noHandIn tells the waivers with which nothing is handed in from those that only put it off.
func noHandIn(waiver string) bool { return strings.HasSuffix(waiver, "免交") }

// paperText names a paper with its form and number of copies, as the list has them.
func paperText(m kg.Material) string {
	s := m.Name
	var notes []string
	if m.Form != "" {
		notes = append(notes, m.Form)
	}
	if m.Copies > 1 {
		notes = append(notes, itoa(m.Copies)+"份")
	}
	if m.Waiver != "" && !noHandIn(m.Waiver) {
		notes = append(notes, m.Waiver)
	}
	if len(notes) > 0 {
		s += "（" + strings.Join(notes, "，") + "）"
	}
	return s
}

func sortedCitations(ev []Citation) []Citation {
	for i := 1; i < len(ev); i++ {
		for j := i; j > 1 && ev[j].Code < ev[j-1].Code; j-- {
			ev[j], ev[j-1] = ev[j-1], ev[j]
		}
	}
	return ev
}

// writeBefore names what must come first: the matters that yield a paper of his list.
func (a *Assistant) writeBefore(p *page, m *kg.Matter, list *kg.List, _ *kg.Region) {
	for _, b := range a.prerequisites(m, list) {
		if b.Paper == "" {
			continue
		}
		ev := []Citation{matterCitation(m, "before"), matterCitation(m, "materials")}
		if to := a.cat.Matter(b.Code); to != nil {
			ev = append(ev, matterCitation(to, "name"))
		}
		p.say("before", vars{"paper": b.Paper, "name": b.Name, "why": bare(b.Why)}, ev...)
	}
}

// prerequisites lists the matters that come before this one, by its record. Paper is the paper of his list that such a
// matter gives; without one it concerns only some.
func (a *Assistant) prerequisites(m *kg.Matter, list *kg.List) []Prerequisite {
	var out []Prerequisite
	for _, b := range m.Before {
		to := a.cat.Matter(b.Code)
		if to == nil {
			continue
		}
		pre := Prerequisite{Code: b.Code, Name: to.Name, Why: b.Why}
		for _, paper := range list.Papers {
			if paper.FromMatter == b.Code && pre.Paper == "" {
				pre.Paper = paper.Name
			}
		}
		out = append(out, pre)
	}
	return out
}

// writePlace, writePromise and writeCost are the short forms for a first answer; the card beside it has the rest.
func (a *Assistant) writePlace(p *page, m *kg.Matter, list *kg.List, place *kg.Region) {
	if place != nil || m.Where == "" || m.Address != "" {
		a.writeWhere(p, m, list, place)
		return
	}
	p.say("where", vars{"where": bare(m.Where)}, matterCitation(m, "where"))
}

func (a *Assistant) writePromise(p *page, m *kg.Matter, list *kg.List, place *kg.Region) {
	if t := daysText(m.PromisedDays); t != "" {
		p.say("days.promised", vars{"text": t}, matterCitation(m, "promised_days"))
		return
	}
	a.writeDays(p, m, list, place)
}

func (a *Assistant) writeCost(p *page, m *kg.Matter, list *kg.List, place *kg.Region) {
	if m.Fee.Charged == nil && m.Fee.Text == "" {
		p.say("fee.unknown.short", nil)
		return
	}
	a.writeFee(p, m, list, place)
}

func (a *Assistant) writeWhere(p *page, m *kg.Matter, _ *kg.List, place *kg.Region) {
	if place != nil {
		p.say("where.region", vars{"region": place.Name, "department": m.Department}, matterCitation(m, "department"), regionCitation(place))
	}
	if m.Where != "" {
		p.say("where", vars{"where": bare(m.Where)}, matterCitation(m, "where"))
	} else if place == nil {
		p.say("where.unknown", vars{"department": m.Department}, matterCitation(m, "department"))
	}
	if m.Jurisdiction != "" {
		p.say("where.jurisdiction", vars{"jurisdiction": sentence(m.Jurisdiction)}, matterCitation(m, "jurisdiction"))
	}
	if m.Address != "" {
		p.say("address", vars{"address": bare(m.Address)}, matterCitation(m, "address"))
	}
	if m.Phone != "" {
		p.say("phone", vars{"phone": m.Phone}, matterCitation(m, "phone"))
	}
}

func regionCitation(r *kg.Region) Citation {
	return Citation{Kind: "graph", Code: "region:" + r.Code, Field: "name", Title: r.Name, Quote: r.Name}
}

func (a *Assistant) writeAddress(p *page, m *kg.Matter, _ *kg.List, place *kg.Region) {
	if m.Address != "" {
		p.say("address", vars{"address": bare(m.Address)}, matterCitation(m, "address"))
		return
	}
	a.writeWhere(p, m, nil, place)
	p.say("address.unknown", nil)
}

func (a *Assistant) writeHours(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if m.Hours == "" {
		p.say("hours.unknown", nil)
		return
	}
	p.say("hours", vars{"hours": bare(m.Hours)}, matterCitation(m, "hours"))
}

func (a *Assistant) writePhone(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if m.Phone == "" {
		p.say("phone.unknown", nil)
		return
	}
	p.say("phone", vars{"phone": m.Phone}, matterCitation(m, "phone"))
	if m.ComplainTo != "" {
		p.say("phone.complain", vars{"phone": m.ComplainTo}, matterCitation(m, "complain_phone"))
	}
}

func (a *Assistant) writeDays(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	said := false
	if t := daysText(m.PromisedDays); t != "" {
		p.say("days.promised", vars{"text": t}, matterCitation(m, "promised_days"))
		said = true
	}
	if t := daysText(m.LegalDays); t != "" && m.LegalDays.Value != nil {
		ev := []Citation{matterCitation(m, "legal_days")}
		if b := m.LegalDays.Basis; b != nil && *b >= 0 && *b < len(m.Basis) {
			ev = append(ev, lawCitation(m.Basis[*b]))
		}
		p.say("days.legal", vars{"text": t}, ev...)
		said = true
	}
	if !said {
		p.say("days.unknown", vars{"department": m.Department}, matterCitation(m, "department"))
		return
	}
	if len(m.NotCounted) > 0 {
		p.say("days.notcounted", vars{"items": join(m.NotCounted)}, matterCitation(m, "not_counted"))
	}
}

// daysText is the limit in words, from the record; without words, value and unit.
func daysText(d kg.Days) string {
	switch {
	case d.Text != "":
		return bare(d.Text)
	case d.Value != nil:
		return itoa(*d.Value) + "个" + d.Unit
	case d.Unit == "即办":
		return d.Unit
	}
	return ""
}

func (a *Assistant) writeFee(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	f := m.Fee
	if f.Charged == nil && f.Text == "" {
		p.say("fee.unknown", nil)
		return
	}
	ev := []Citation{matterCitation(m, "fee")}
	if f.Basis != nil && *f.Basis >= 0 && *f.Basis < len(m.Basis) {
		ev = append(ev, lawCitation(m.Basis[*f.Basis]))
	}
	switch {
	case f.Charged != nil && !*f.Charged:
		p.say("fee.free", vars{"text": sentence(f.Text)}, ev...)
	case f.Charged != nil:
		p.say("fee.charged", vars{"text": bare(f.Text)}, ev...)
	default:
		p.say("fee.text", vars{"text": bare(f.Text)}, ev...)
	}
}

func (a *Assistant) writeHow(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if len(m.How) == 0 && m.OnlineHint == "" {
		p.say("how.unknown", vars{"name": m.Name}, matterCitation(m, "name"))
	} else {
		ev := []Citation{matterCitation(m, "how")}
		if m.OnlineHint != "" {
			ev = append(ev, matterCitation(m, "online_hint"))
		}
		p.say("how", vars{"items": join(m.How), "hint": sentence(m.OnlineHint)}, ev...)
	}
	if m.OnlineURL != "" {
		p.say("url", vars{"url": m.OnlineURL}, matterCitation(m, "online_url"))
	}
	if m.AnyRegion != "" {
		p.say("where.any", vars{"any": m.AnyRegion}, matterCitation(m, "any_region"))
	}
	if m.Visits != nil {
		key := "visits"
		if *m.Visits == 0 {
			key = "visits.none"
		}
		p.say(key, vars{"visits": itoa(*m.Visits)}, matterCitation(m, "visits"))
	}
}

func (a *Assistant) writeSteps(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if len(m.Steps) == 0 {
		a.writeHow(p, m, nil, nil)
		return
	}
	var items []string
	for i, s := range m.Steps {
		items = append(items, ordinal(i)+s.Name+"："+bare(s.Text))
	}
	p.say("steps", vars{"items": strings.Join(items, "；")}, matterCitation(m, "steps"))
}

func (a *Assistant) writeProxy(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if m.Proxy == "" {
		p.say("proxy.unknown", nil)
		return
	}
	p.say("proxy", vars{"text": sentence(m.Proxy)}, matterCitation(m, "proxy"))
}

func (a *Assistant) writeResult(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if m.Result.Name == "" {
		p.say("result.unknown", nil)
		return
	}
	p.say("result", vars{"name": m.Result.Name}, matterCitation(m, "result"))
	if m.Result.Validity != "" {
		p.say("result.validity", vars{"validity": bare(m.Result.Validity)}, matterCitation(m, "result"))
	}
}

func (a *Assistant) writeRefused(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if m.Refused == "" {
		p.say("refused.unknown", nil)
		return
	}
	p.say("refused", vars{"text": sentence(m.Refused)}, matterCitation(m, "refused"))
}

func (a *Assistant) writeBasis(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	if len(m.Basis) == 0 {
		p.say("basis.unknown", vars{"department": m.Department}, matterCitation(m, "department"))
		return
	}
	for _, cl := range m.Basis {
		p.say("basis", vars{"law": cl.Law, "article": cl.Article, "quote": cl.Quote}, lawCitation(cl))
	}
}

func (a *Assistant) writeNext(p *page, m *kg.Matter, _ *kg.List, _ *kg.Region) {
	for _, l := range m.After {
		if to := a.cat.Matter(l.Code); to != nil {
			p.say("next", vars{"name": to.Name, "why": bare(l.Why)}, matterCitation(m, "after"))
		}
	}
}

// checklist copies the list for the client: every value is a field of the record.
func (a *Assistant) checklist(m *kg.Matter, list *kg.List) *Checklist {
	c := &Checklist{Matter: m.Code, Name: m.Name, Situation: []SituationFact{}, Materials: []MaterialItem{},
		Where: m.Where, Address: m.Address, Hours: m.Hours, How: m.How, Fee: feeText(m.Fee), LegalDays: daysText(m.LegalDays),
		PromisedDays: daysText(m.PromisedDays), NotCounted: m.NotCounted, Visits: m.Visits, Phone: m.Phone, OnlineURL: m.OnlineURL,
		OnlineHint: m.OnlineHint, Proxy: m.Proxy, Result: m.Result.Name, Refused: m.Refused, Unknown: m.Unknown}
	if c.How == nil {
		c.How = []string{}
	}
	if c.Where == "" {
		c.Where = m.Department
	}
	for _, s := range list.Situation {
		c.Situation = append(c.Situation, SituationFact{Question: s.Question, Answer: s.Answer})
	}
	for _, n := range list.Notes {
		c.Notes = append(c.Notes, n.Note)
	}
	for _, paper := range list.Papers {
		c.Materials = append(c.Materials, a.materialItem(paper))
	}
	for _, s := range m.Steps {
		c.Steps = append(c.Steps, StepItem(s))
	}
	return c
}

func (a *Assistant) materialItem(paper kg.Paper) MaterialItem {
	it := MaterialItem{ID: paper.ID, Name: paper.Name, Required: !noHandIn(paper.Waiver), Form: paper.Form, Original: paper.Original,
		Copies: paper.Copies, Because: paper.Because, HowToGet: paper.HowToGet, Checks: paper.Checks, Note: paper.Note}
	if paper.Waiver != "" {
		w := paper.Waiver
		it.Waived = &w
		if paper.WaivedBy != nil {
			it.WaivedBy = "《" + paper.WaivedBy.Law + "》" + paper.WaivedBy.Article
		}
	}
	if paper.FromMatter != "" {
		code := paper.FromMatter
		it.FromMatter = &code
		if from := a.cat.Matter(code); from != nil {
			it.FromName = from.Name
		}
	}
	return it
}

func feeText(f kg.Fee) string {
	switch {
	case f.Text != "":
		return f.Text
	case f.Charged == nil:
		return strings.SplitN(phrases["fee.unknown"], "：", 2)[0]
	case *f.Charged:
		return strings.SplitN(phrases["fee.charged"], "：", 2)[0]
	}
	return strings.SplitN(phrases["fee.free"], "。", 2)[0]
}
