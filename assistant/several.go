package assistant

import (
	"slices"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// answerSeveral answers several needs of one turn, in the order they were said.
func (a *Assistant) answerSeveral(t *turn) {
	found := a.needs(t)
	if len(found) < 2 {
		a.answerBest(t)
		return
	}
	t.ans.Matters = a.named(append(found, others(t.reading.Matters, found)...))
	t.page.say("multi.lead", vars{"n": chineseDigit(len(found))})
	for i, c := range found {
		m := a.cat.Matter(c.Code)
		list := kg.Checklist(m, t.sess.Situation[m.Code], a.facts(t))
		t.page.say("multi.item", vars{"i": ordinal(i), "name": m.Name, "summary": m.Summary}, matterCitation(m, "summary"))
		a.writeMaterials(t.page, m, list, t.place)
	}
	q := Question{ID: "matter", Text: phrase("multi.ask", nil)}
	codes := map[string]string{}
	for i, c := range found {
		id := "o" + itoa(i+1)
		q.Options = append(q.Options, Option{ID: id, Text: shortName(a.cat.Matter(c.Code).Name)})
		codes[id] = c.Code
	}
	t.ans.Question = &q
	t.sess.Pending = &Pending{Question: q, Kind: "matter", Codes: codes, Said: t.bare}
	t.sess.focus(found[0].Code)
	first := a.cat.Matter(found[0].Code)
	t.ans.Checklist = a.checklist(first, kg.Checklist(first, t.sess.Situation[first.Code], a.facts(t)))
	t.page.write(q.Text)
}

// others are the candidates that were not found.
func others(all, found []Candidate) []Candidate {
	var out []Candidate
	for _, c := range all {
		if !slices.ContainsFunc(found, func(f Candidate) bool { return f.Code == c.Code }) {
			out = append(out, c)
		}
	}
	return out
}

func chineseDigit(n int) string {
	return string([]rune("零一两三四五六七八九十")[min(n, 10)])
}

// needs ranks the clauses of the turn one by one, and the whole, and keeps the matters that are likely, in order.
func (a *Assistant) needs(t *turn) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	add := func(c Candidate, floor float64) {
		if c.Score >= floor && !seen[c.Code] && a.cat.Matter(c.Code) != nil && len(out) < 4 {
			seen[c.Code] = true
			out = append(out, c)
		}
	}
	add(t.reading.top(), 0.95)
	for _, clause := range clauses(t.bare) {
		r := a.Reader.Read(t.ctx, clause)
		add(r.top(), 0.45)
	}
	for i, c := range t.reading.Matters {
		if i < 3 {
			add(c, 0.2)
		}
	}
	return out
}

// clauses cuts a turn where a new need may begin.
func clauses(text string) []string {
	cut := func(r rune) bool { return strings.ContainsRune("，,。；;！!？?、\n", r) }
	var out []string
	for _, part := range strings.FieldsFunc(zh.Fold(text), cut) {
		for _, sub := range splitWords(part, []string{"另外", "还有", "顺便", "然后", "再就是", "还想", "同时"}) {
			if len([]rune(sub)) >= 3 {
				out = append(out, sub)
			}
		}
	}
	return out
}

func splitWords(s string, at []string) []string {
	for _, w := range at {
		s = strings.ReplaceAll(s, w, "\x00"+w)
	}
	return strings.Split(s, "\x00")
}
