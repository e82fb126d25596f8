package assistant

import (
	"cmp"
	"slices"
	"strings"

	"ganwen/prompts"
	"ganwen/search/zh"
)

// notAccepted says which of the kinds the hotline does not take the call may be of, with the channel (A10).
func (d *Desk) notAccepted(h *hearing) {
	folded := zh.Fold(h.said)
	for _, r := range d.words.NotAccepted {
		if h.type_.value == CallHelp || h.matter != nil || len(r.Types) > 0 && !slices.Contains(r.Types, h.type_.value) {
			continue
		}
		for _, p := range r.words {
			if s, ok := p.match(folded); ok {
				h.out.NotAccepted = append(h.out.NotAccepted, DeskChannel{Kind: r.Kind, Reason: r.Reason, Channel: r.Channel, Evidence: s})
				break
			}
		}
	}
}

// mostMissing is how many questions are suggested at a time.
const mostMissing = 3

// missing lists what is still to ask, the weightiest first.
func (d *Desk) missing(h *hearing) {
	var open []missingRule
	folded := zh.Fold(h.said)
	for _, r := range d.words.Missing {
		if slices.Contains(r.Types, h.type_.value) && d.wanted(h, &r, folded) {
			open = append(open, r)
		}
	}
	if h.matter != nil {
		if q := d.openQuestion(h); q != "" {
			h.out.Missing = append(h.out.Missing, q)
		}
	}
	slices.SortStableFunc(open, func(a, b missingRule) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, r := range open {
		if len(h.out.Missing) < mostMissing {
			h.out.Missing = append(h.out.Missing, r.Ask)
		}
	}
}

// wanted reports whether the question of a rule is still open.
func (d *Desk) wanted(h *hearing, r *missingRule, folded string) bool {
	if len(r.About) > 0 && (len(h.out.Class.Path) == 0 || !slices.Contains(r.About, h.out.Class.Path[0])) {
		return false
	}
	if len(r.hear) > 0 && !matchesAny(r.hear, folded) || len(r.words) > 0 && matchesAny(r.words, folded) {
		return false
	}
	s := h.out.Slots
	switch r.Slot {
	case "where":
		return s.Where == nil
	case "where_coarse":
		return s.Where != nil && d.where.coarse(*s.Where)
	case "when":
		return s.When == nil
	case "ask":
		return s.Ask == nil
	case "matter":
		return h.matter == nil
	}
	return true
}

// coarse reports whether a place is no finer than a town.
func (p *placeReader) coarse(place string) bool {
	spots := p.spots(place)
	return len(spots) > 0 && !slices.ContainsFunc(spots, func(s spot) bool { return s.hi > fineTown })
}

// summary puts the slots into two sentences.
func (d *Desk) summary(h *hearing) {
	s := h.out.Slots
	who := said(s.Who)
	if who == "" {
		who = d.words.Phrases["summary.caller"]
	}
	where, when, what := said(s.Where), said(s.When), said(s.What)
	if where != "" && !strings.Contains(what, where) {
		where += "，"
	} else {
		where = ""
	}
	if when != "" && !strings.Contains(what, when) {
		when += "，"
	} else {
		when = ""
	}
	one := d.words.phrase("summary.one", vars{"who": who, "type": h.type_.value, "where": where, "when": when, "what": bare(what)})
	two := d.words.Phrases["summary.noask"]
	if s.Ask != nil {
		two = d.words.phrase("summary.ask", vars{"ask": bare(*s.Ask)})
	}
	h.out.Summary = one + two
}

// draft composes an answer by the guide's own writer: every sentence stands on a field, a duty or a clause, or carries no
// fact. It speaks to the caller and repeats nothing personal.
func (d *Desk) draft(h *hearing) {
	t := d.turn(h)
	switch e := h.out.Emergency; {
	case e != nil:
		t.page.write(d.words.phrase("draft.emergency", vars{"numbers": strings.Join(e.Numbers, "、")}))
		if e.Helpline {
			t.page.write(d.words.Phrases["draft.helpline"])
		}
		d.draftSent(h, t.page)
	case h.matter != nil:
		d.Assistant.settleWith(t, h.matter, "matter.lead", t.fields)
	case h.type_.value == CallQuestion:
		d.draftUnknown(h, t.page)
	default:
		d.draftSent(h, t.page)
	}
	t.page.close()
	h.out.Draft, h.out.Citations = t.ans.Text, t.ans.Citations
	h.out.AIGC = d.Assistant.label(t.ans)
}

// turn is a turn of the guide over the caller's words, which nothing is kept of.
func (d *Desk) turn(h *hearing) *turn {
	a := d.Assistant
	t := a.begin(h.ctx, Request{Plain: true}, nil)
	red, _ := prompts.Redact(h.talk.need())
	t.said = red.String()
	t.bare = withoutPlaceholders(t.said)
	t.sess = &Session{ID: h.out.ID, Created: h.now, Updated: h.now}
	t.reading = h.reading
	a.absorb(t)
	return t
}

// openQuestion is the question whose answer would change the papers.
func (d *Desk) openQuestion(h *hearing) string {
	t := d.turn(h)
	d.Assistant.settleWith(t, h.matter, "matter.lead", t.fields)
	if t.ans.Question == nil {
		return ""
	}
	return t.ans.Question.Text
}

// draftSent says who will act, by which duty and clause.
func (d *Desk) draftSent(h *hearing, p *page) {
	key := "draft.heard"
	if h.type_.value == CallAdvice {
		key = "draft.advice"
	}
	red, _ := prompts.Redact(said(h.out.Slots.What))
	what := withoutPlaceholders(red.String())
	p.write(d.words.phrase(key, vars{"what": bare(what)}), Citation{Kind: "graph", Code: "call", Field: "what", Title: "本次来电", Quote: what})
	for _, n := range h.out.NotAccepted {
		p.write(d.words.phrase("draft.rejected", vars{"reason": n.Reason, "channel": n.Channel}), Citation{Kind: "document", Code: "service-rules",
			Field: "not_accepted/" + n.Kind, Title: d.words.Phrases["title.rule"], Quote: n.Reason + n.Channel})
	}
	if len(h.out.Departments) == 0 {
		p.write(d.words.Phrases["draft.nobody"])
	} else {
		d.draftBody(h.out.Departments[0], p)
	}
	if h.type_.value == CallReport {
		p.write(d.words.Phrases["draft.secret"])
	}
	if h.out.Emergency == nil {
		p.write(d.words.Phrases["draft.after"])
	}
}

func (d *Desk) draftBody(b DeskBody, p *page) {
	p.write(d.words.phrase("draft.sent", vars{"body": b.Name, "duty": sentence(b.Basis)}), Citation{Kind: "document", Code: b.Duty, Field: "duty",
		Title: d.words.phrase("title.duty", vars{"body": b.Name}), Quote: b.Name + "：" + b.Basis})
	if b.Quote != "" {
		p.write(d.words.phrase("draft.law", vars{"law": b.Law, "article": b.Article, "quote": sentence(b.Quote)}), Citation{Kind: "law",
			Code: b.Law + "/" + b.Article, Field: b.Article, Title: "《" + b.Law + "》" + b.Article, Quote: b.Quote})
	}
}

// draftUnknown says that the answer is not at hand, and who has it.
func (d *Desk) draftUnknown(h *hearing, p *page) {
	if len(h.out.Departments) == 0 {
		p.write(d.words.Phrases["draft.question.plain"])
		return
	}
	b := h.out.Departments[0]
	p.write(d.words.phrase("draft.question", vars{"body": b.Name}), Citation{Kind: "document", Code: b.Duty, Field: "duty",
		Title: d.words.phrase("title.duty", vars{"body": b.Name}), Quote: b.Name + "：" + b.Basis})
}

// Bands: who must look at a suggestion before it goes out.
const (
	BandAuto   = "auto"        // only questions answered from the catalogue
	BandSample = "sample"      // some are looked at
	BandReview = "must_review" // a person decides
)

// What a suggestion must be sure of.
const (
	bandSure = 0.5 // of type and class, not to be reviewed
	bandAuto = 0.8 // of type and matter, to stand alone
)

// band sorts a suggestion by how sure it is and how much hangs on it.
func (d *Desk) band(h *hearing) {
	o := h.out
	why := func(reason string, when bool) {
		if when {
			o.BandWhy = append(o.BandWhy, reason)
		}
	}
	why("urgency", o.Urgency != "normal")
	why("risk", o.Risk.Level == "medium" || o.Risk.Level == "high")
	why("report", o.Type == CallReport)
	why("not_accepted", len(o.NotAccepted) > 0)
	why("duplicate", len(o.Duplicates) > 0)
	why("type", o.TypeConfidence < bandSure)
	why("class", o.Class.Confidence < bandSure && h.matter == nil)
	why("degraded", slices.Contains(o.Degraded, "triage"))
	switch {
	case len(o.BandWhy) > 0:
		o.Band = BandReview
	case h.matter != nil && o.Type == CallQuestion && o.TypeConfidence >= bandAuto && h.reading.top().Score >= bandAuto:
		o.Band = BandAuto
	default:
		o.Band = BandSample
	}
}
