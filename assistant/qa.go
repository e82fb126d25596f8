package assistant

import (
	"regexp"
	"strings"

	"ganwen/kg"
	"ganwen/search"
	"ganwen/search/zh"
)

// quoteFloor is the share of a question's telling words a sentence must hold to be quoted as its answer.
const quoteFloor = 0.6

// A sentence of an imported document may hold less, when what it holds is much: questions about documents are long.
const (
	documentFloor = 0.35
	documentHeld  = 6 // pairs of characters
)

// answerOutOfScope says what is not covered and who is competent; a policy, a law or a document that answers is quoted
// instead.
func (a *Assistant) answerOutOfScope(t *turn) {
	if m := a.cat.Matter(t.reading.top().Code); m != nil && t.reading.top().Score >= clearlyOther && a.mention(m, t.bare) != "" {
		a.answerBest(t)
		return
	}
	if a.quote(t) {
		return
	}
	t.ans.Intent, t.ans.Status = IntentOutOfScope, StatusNoEvidence
	t.page.say(a.scopeReason(t), nil)
	if t.reading.Kinds["out_of_scope"] < 0.9 {
		a.nearMatters(t)
	}
	t.ans.Matters = a.named(t.reading.Matters)
	t.page.say("none.who", nil)
	t.ans.Handoff = a.handoff(t)
}

// scopeReason picks why it is not covered, by what the words name.
func (a *Assistant) scopeReason(t *turn) string {
	f := zh.Fold(t.bare)
	for _, kind := range []string{"forgery", "privacy", "province", "expert", "chat"} {
		for _, w := range scopeWords[kind] {
			if strings.Contains(f, w) {
				return "scope." + kind
			}
		}
	}
	return "scope.absent"
}

// scopeWords tell reasons apart (data/scope.json).
var scopeWords = func() map[string][]string {
	m := map[string][]string{}
	mustData("data/scope.json", &m)
	return m
}()

// quote answers from policies, laws and documents with the sentence that holds what was asked, cited to its article or
// section and with the dates it is in force. It reports false when nothing found is good enough.
func (a *Assistant) quote(t *turn) bool {
	return a.quoteFrom(t, search.KindPolicy, search.KindLaw, search.KindDocument)
}

// quoteDocument quotes an imported document where the words name no matter: a question about a plan or a notice is not a
// need for a matter that merely sounds alike.
func (a *Assistant) quoteDocument(t *turn, m *kg.Matter) bool {
	return a.Documents && a.mention(m, t.bare) == "" && a.quoteFrom(t, search.KindDocument)
}

func (a *Assistant) quoteFrom(t *turn, kinds ...search.Kind) bool {
	if a.Search == nil || t.bare == "" {
		return false
	}
	t.tell("search", phrase("step.search", vars{"region": a.placeName(t)}))
	q := search.Query{Text: t.bare, Kinds: kinds, Region: t.sess.Region, Size: 5}
	res, err := a.Search.Search(t.ctx, q)
	t.step("search")
	if err != nil {
		a.Log.Warn("search failed", "error", err)
		t.ans.Degraded = append(t.ans.Degraded, "search")
		return false
	}
	t.ans.Degraded = append(t.ans.Degraded, res.Degraded...)
	best, said, cover := search.Hit{}, "", 0.0
	for _, h := range res.Hits {
		if s, c := bestSentence(t.bare, h.Text); c > cover {
			best, said, cover = h, s, c
		}
	}
	long := best.Kind == search.KindDocument && cover >= documentFloor && cover*float64(len(gramSet(t.bare))) >= documentHeld
	if cover < quoteFloor && !long {
		return false
	}
	a.writeQuote(t, best.Passage, said)
	return true
}

// article is how people name an article of law.
var article = regexp.MustCompile(`《?([\p{Han}]{2,24}?(?:法|条例|办法|规定))》?的?(第[零一二三四五六七八九十百]+条)`)

// namedArticle quotes an article that the words name, when the catalogue has it.
func (a *Assistant) namedArticle(t *turn) bool {
	m := article.FindStringSubmatch(t.bare)
	if m == nil {
		return false
	}
	for _, matter := range a.cat.Matters {
		for _, cl := range matter.Basis {
			if cl.Article == m[2] && strings.Contains(cl.Law, strings.TrimPrefix(m[1], "中华人民共和国")) {
				t.ans.Intent = IntentQA
				t.page.say("qa.quote", vars{"title": cl.Law, "article": cl.Article, "quote": cl.Quote}, lawCitation(cl))
				return true
			}
		}
	}
	return false
}

// writeQuote quotes one passage; what is not in force is said to be so. Text of documents is only ever quoted.
func (a *Assistant) writeQuote(t *turn, h search.Passage, said string) {
	t.ans.Intent, t.ans.Status = IntentQA, StatusAnswered
	if p := a.cat.Policy(h.Code); p != nil {
		a.writePolicy(t, p)
		return
	}
	c := passageCitation(h, said)
	if h.Kind == search.KindLaw {
		t.page.say("qa.quote", vars{"title": strings.Trim(h.Code, "《》"), "article": h.Field, "quote": said}, c)
	} else {
		t.page.say("qa.document", vars{"title": h.Title, "quote": said}, c)
	}
	today := t.now.Format("2006-01-02")
	dates := Citation{Kind: c.Kind, Code: c.Code, Field: "effective", Title: h.Title, Quote: h.From + "—" + h.To}
	switch {
	case h.To != "" && h.To < today:
		t.page.say("qa.expired", vars{"to": h.To}, dates)
	case h.From != "" && h.From > today:
		t.page.say("qa.future", vars{"from": h.From}, dates)
	}
	who := h.Department
	if who == "" {
		who = "主管部门"
	}
	t.page.say("qa.partial", vars{"who": who})
}

// writePolicy answers about one policy from its fields.
func (a *Assistant) writePolicy(t *turn, p *kg.Policy) {
	cite := func(field, quote string) Citation {
		return Citation{Kind: "policy", Code: p.Code, Field: field, Title: p.Name, Quote: quote, Version: p.Version, EffectiveFrom: p.ValidFrom}
	}
	var cond []string
	for _, c := range p.Conditions {
		cond = append(cond, bare(c.Text))
	}
	t.page.say("policy.lead", vars{"name": p.Name, "summary": p.Summary}, cite("summary", p.Name+"："+p.Summary))
	if len(cond) > 0 {
		t.page.say("policy.conditions", vars{"items": strings.Join(cond, "；")}, cite("conditions", strings.Join(cond, "；")))
	}
	if p.Benefit != "" {
		t.page.say("policy.benefit", vars{"benefit": sentence(p.Benefit)}, cite("benefit", p.Benefit))
	}
	if p.Delivery != "" {
		t.page.say("policy.delivery", vars{"delivery": p.Delivery}, cite("delivery", p.Delivery))
	}
	if len(p.Materials) > 0 {
		t.page.say("policy.materials", vars{"items": join(p.Materials)}, cite("materials", join(p.Materials)))
	}
	t.page.say("policy.department", vars{"department": p.Department}, cite("department", p.Department))
	t.ans.Intent = IntentQA
}

// namedPolicy finds a policy whose name or alias stands in the words.
func (a *Assistant) namedPolicy(text string) *kg.Policy {
	f := zh.Fold(text)
	var best *kg.Policy
	longest := 0
	for _, p := range a.cat.Policies {
		for _, n := range append([]string{p.Name}, p.Aliases...) {
			if l := len([]rune(n)); l >= 4 && l > longest && strings.Contains(f, zh.Fold(n)) {
				best, longest = p, l
			}
		}
	}
	return best
}

// bestSentence finds the sentence that holds most of the question's telling words, and the share it holds.
func bestSentence(question, text string) (string, float64) {
	want := map[string]float64{}
	total := 0.0
	for _, g := range zh.Bigrams(question) {
		if _, ok := want[g]; !ok && !says(g, "particles") {
			want[g] = 1
			total++
		}
	}
	if total == 0 {
		return "", 0
	}
	best, cover := "", 0.0
	for _, s := range zh.Sentences(text) {
		have := gramSet(s.Text)
		held := 0.0
		for g, w := range want {
			if have[g] {
				held += w
			}
		}
		if c := held / total; held >= 3 && c > cover {
			best, cover = strings.TrimSpace(s.Text), c
		}
	}
	return best, cover
}
