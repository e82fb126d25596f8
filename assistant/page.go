package assistant

import (
	"regexp"
	"strings"

	"ganwen/kg"
	"ganwen/search"
	"ganwen/search/zh"
)

// page is an answer while it is being written: sentences, each with the evidence it was copied from. A sentence whose
// numbers, links or phone do not stand in its evidence is withheld, whoever wrote it.
type page struct {
	ans   *Answer
	lines []string
	known map[string]string // citation key → id
}

func newPage(ans *Answer) *page {
	return &page{ans: ans, known: map[string]string{}}
}

// say adds a sentence from a phrase, grounded on the citations.
func (p *page) say(key string, v vars, evidence ...Citation) {
	p.write(phrase(key, v), evidence...)
}

// write adds one sentence. It is dropped, and counted, when it carries a number or link that its evidence does not hold.
func (p *page) write(text string, evidence ...Citation) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if len(ungrounded(text, evidence)) > 0 {
		p.ans.withheld++
		return
	}
	var marks strings.Builder
	for _, c := range evidence {
		marks.WriteString("[" + p.cite(c) + "]")
	}
	p.lines = append(p.lines, strings.TrimRight(text, "\n")+marks.String())
}

// cite registers a citation once and returns its id.
func (p *page) cite(c Citation) string {
	key := c.Kind + "\x00" + c.Code + "\x00" + c.Field + "\x00" + c.Quote
	if id, ok := p.known[key]; ok {
		return id
	}
	c.ID = "c" + itoa(len(p.ans.Citations)+1)
	p.ans.Citations = append(p.ans.Citations, c)
	p.known[key] = c.ID
	return c.ID
}

// close puts the sentences into the answer.
func (p *page) close() {
	p.ans.Text = strings.Join(p.lines, "\n")
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var b [8]byte
	i := len(b)
	for ; n > 0; n /= 10 {
		i--
		b[i] = byte('0' + n%10)
	}
	return string(b[i:])
}

// hotlines are national numbers that may stand in any sentence: they are no fact of a matter.
var hotlines = map[string]bool{"12345": true, "110": true, "119": true, "120": true, "122": true, "12356": true, "96110": true}

var (
	digits   = regexp.MustCompile(`\d[\d,.\-]*\d|\d`)
	link     = regexp.MustCompile(`(?i)https?://[^\s，。；）)】]+|www\.[^\s，。；）)】]+`)
	chNumber = regexp.MustCompile(`[零〇一二两三四五六七八九十百千万]+(?:个)?(?:工作日|自然日|日内|天|个月|年内|元|块钱|周岁|岁)`)
)

// ungrounded returns the numbers and links of a sentence that stand in none of its evidence.
func ungrounded(text string, evidence []Citation) []string {
	var held strings.Builder
	for _, c := range evidence {
		held.WriteString(c.Quote)
		held.WriteByte('\n')
		held.WriteString(c.Title)
		held.WriteByte('\n')
	}
	seen := zh.Fold(held.String())
	var out []string
	check := func(found []string) {
		for _, n := range found {
			if !hotlines[n] && !strings.Contains(seen, zh.Fold(n)) {
				out = append(out, n)
			}
		}
	}
	check(digits.FindAllString(text, -1))
	check(link.FindAllString(text, -1))
	check(chNumber.FindAllString(text, -1))
	return out
}

// matterCitation cites fields of a matter, quoted exactly as the catalogue has them.
func matterCitation(m *kg.Matter, field string) Citation {
	quote, _ := m.Field(field)
	c := Citation{Kind: "matter", Code: m.Code, Field: field, Title: m.Name + "·" + kg.FieldLabel(field), Quote: quote,
		Version: m.Version, EffectiveFrom: m.EffectiveFrom, URL: m.OnlineURL}
	if m.EffectiveTo != "" {
		to := m.EffectiveTo
		c.EffectiveTo = &to
	}
	return c
}

// lawCitation cites an article that a matter names as its basis.
func lawCitation(cl kg.Clause) Citation {
	return Citation{Kind: "law", Code: cl.Law + "/" + cl.Article, Field: cl.Article, Title: "《" + cl.Law + "》" + cl.Article, Quote: cl.Quote}
}

// passageCitation cites what was found in an index; quote is the sentence used.
func passageCitation(h search.Passage, quote string) Citation {
	c := Citation{Kind: string(h.Kind), Code: h.Code, Field: h.Field, Title: h.Title, Quote: quote, Version: h.Version,
		EffectiveFrom: h.From, URL: h.URL}
	if h.To != "" {
		to := h.To
		c.EffectiveTo = &to
	}
	return c
}
