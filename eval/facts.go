package eval

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// FactsCase asks something whose answer holds facts: every number, day count, phone, link and name of a paper in the
// text of each reply must stand in a citation or a checklist field of that reply. Nothing else is judged.
type FactsCase struct {
	Common
	Query  string   `json:"query,omitempty"`
	Turns  []string `json:"turns,omitempty"` // instead of Query
	Region string   `json:"region,omitempty"`
}

// Check implements Body.
func (c *FactsCase) Check() error {
	if (strings.TrimSpace(c.Query) == "") == (len(c.Turns) == 0) {
		return &FieldError{"query", "either query or turns"}
	}
	return nil
}

func (c *FactsCase) said() []string {
	if c.Query != "" {
		return []string{c.Query}
	}
	return c.Turns
}

func (c *FactsCase) region() string { return c.Region }

func (c *FactsCase) next(replies []Reply) (string, bool) {
	if said := c.said(); len(replies) < len(said) {
		return said[len(replies)], true
	}
	return "", false
}

// Judge implements Body.
func (c *FactsCase) Judge(o Outcome) Verdict {
	type got struct {
		Texts       []string `json:"texts"`
		Unsupported []string `json:"unsupported"`
	}
	var g got
	for _, r := range o.Replies {
		g.Texts = append(g.Texts, r.Text)
	}
	var marks map[string]Mark
	marks, g.Unsupported = factMarks(o, c.said())
	ok := len(o.Replies) > 0 && len(g.Unsupported) == 0
	return Verdict{OK: ok, Input: strings.Join(c.said(), " / "), Got: g, Want: []string{}, Marks: marks}
}

// factMarks checks every reply of a conversation, whatever kind of suite it belongs to: facts_ok counts conversations
// without a fault, facts_supported the single facts, citations_resolve the marks [cN]. said are the citizen's turns.
func factMarks(o Outcome, said []string) (marks map[string]Mark, faults []string) {
	var total, bad, refs, dead float64
	for i, r := range o.Replies {
		all, unsupported := checkFacts(r, strings.Join(said[:min(i+1, len(said))], "\n"), o.Papers)
		n, unresolved := checkReferences(r)
		total, bad = total+float64(all), bad+float64(len(unsupported))
		refs, dead = refs+float64(n), dead+float64(len(unresolved))
		faults = append(append(faults, unsupported...), unresolved...)
	}
	return map[string]Mark{
		"facts_ok":          yes(len(o.Replies) > 0 && len(faults) == 0),
		"facts_supported":   {total - bad, total},
		"citations_resolve": {refs - dead, refs},
	}, faults
}

var (
	reference = regexp.MustCompile(`\[(c\d+)\]`)
	digits    = regexp.MustCompile(`\p{Nd}[\p{Nd},.\-]*\p{Nd}|\p{Nd}`)
	link      = regexp.MustCompile(`(?i)(?:https?://|www\.)[\w\-.~:/?#@!$&'()*+,;=%]+`)
	// A count in Chinese numerals is a fact when it is a time, money or an article; 一份, 一次, 三种 are ordinary words.
	chineseCount = regexp.MustCompile(`([〇零一二两三四五六七八九十百千万]+)(个?工作日|个?自然日|日|天|个月|周岁|年|元|万元|条)`)
	listNumber   = regexp.MustCompile(`(?m)^[ \t　]*(\d{1,2})[.、．)）]|第(\d{1,2})步|[（(](\d{1,2})[)）]`)
)

// publicNumbers need no citation: the law and the state made them known to everybody.
var publicNumbers = []string{"12345", "110", "119", "120", "122", "12356", "96110"}

// evidenceFields are the parts of a reply that facts may be copied from.
var evidenceFields = []string{"citations", "checklist", "emergency", "handoff", "event", "matters"}

// uncitedNumbers are the numbers of the text that stand nowhere in the reply's other fields. It counts as the outside
// measuring client does, so that both give one figure: a number is found even inside a longer one.
func uncitedNumbers(r Reply) []string {
	text := reference.ReplaceAllString(r.Text, "")
	var seen strings.Builder
	parts := r.parts()
	for _, field := range evidenceFields {
		seen.WriteString(plainJSON(parts[field]))
	}
	var out []string
	for _, n := range digits.FindAllString(text, -1) {
		if strings.Contains(seen.String(), n) || slices.Contains(publicNumbers, n) || len([]rune(n)) >= 20 {
			continue
		}
		if len([]rune(n)) == 1 && regexp.MustCompile(`(^|\n|[（(第])\s*`+n+`\s*([.、）)]|步)`).MatchString(text) {
			continue // numbering of a list
		}
		out = append(out, n)
	}
	return out
}

// plainJSON writes characters as themselves: an escape like \u7535 holds digits that nobody wrote.
func plainJSON(raw json.RawMessage) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return b.String()
}

// checkFacts counts the facts of a text and lists those without evidence. It is stricter than uncitedNumbers: numbers
// must agree whole, and counts in Chinese numerals, links and papers must stand in the evidence too.
func checkFacts(r Reply, asked string, papers []string) (total int, unsupported []string) {
	text := narrow(reference.ReplaceAllString(r.Text, ""))
	seen := newEvidence(r)
	check := func(fact string, ok bool) {
		total++
		if !ok {
			unsupported = append(unsupported, fact)
		}
	}
	for _, l := range link.FindAllString(text, -1) {
		l = strings.TrimRight(l, ".,;:!?)")
		check(l, strings.Contains(seen.text, l))
	}
	text = link.ReplaceAllString(text, " ")
	for _, p := range namesIn(text, papers) {
		check(p, strings.Contains(seen.text, p) || strings.Contains(asked, p))
	}
	for _, m := range chineseCount.FindAllString(text, -1) {
		check(m, strings.Contains(seen.text, m) || seen.hasCount(m))
	}
	text = listNumber.ReplaceAllString(text, " ")
	for _, n := range digits.FindAllString(text, -1) {
		if !slices.Contains(publicNumbers, n) {
			check(n, seen.hasNumber(n))
		}
	}
	return total, unsupported
}

// checkReferences counts the marks [cN] of a text and lists those that name no citation of the reply.
func checkReferences(r Reply) (total int, unresolved []string) {
	for _, m := range reference.FindAllStringSubmatch(r.Text, -1) {
		total++
		if !slices.ContainsFunc(r.Citations, func(c Citation) bool { return c.ID == m[1] }) {
			unresolved = append(unresolved, m[0])
		}
	}
	return total, unresolved
}

// evidence is everything a fact may be taken from.
type evidence struct {
	text    string
	numbers map[string]bool
}

// newEvidence gathers the strings and numbers of the citations, the checklist, the emergency numbers, the hand-over and
// the names of matters and event. Scores and reasons are no evidence.
func newEvidence(r Reply) evidence {
	var b strings.Builder
	parts := r.parts()
	for _, field := range evidenceFields {
		var v any
		if json.Unmarshal(parts[field], &v) == nil {
			gather(&b, v, field == "citations" || field == "checklist")
		}
	}
	e := evidence{text: narrow(b.String()), numbers: map[string]bool{}}
	for _, n := range digits.FindAllString(link.ReplaceAllString(e.text, " "), -1) {
		e.numbers[canonical(n)] = true
		// A date or an article range holds its parts: 2026-03-05 supports 2026年.
		for _, part := range strings.FieldsFunc(n, func(r rune) bool { return r == '-' }) {
			e.numbers[canonical(part)] = true
			e.numbers[canonical(strings.TrimLeft(part, "0"))] = true
		}
	}
	return e
}

func gather(b *strings.Builder, v any, deep bool) {
	switch v := v.(type) {
	case string:
		b.WriteString(v)
		b.WriteByte('\n')
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
		b.WriteByte('\n')
	case []any:
		for _, x := range v {
			gather(b, x, deep)
		}
	case map[string]any:
		for key, x := range v {
			if deep && key != "id" && key != "score" || slices.Contains([]string{"name", "numbers", "phone", "channel", "summary", "steps"}, key) {
				gather(b, x, deep)
			}
		}
	}
}

// canonical removes what only groups digits, so that 1,000 and 1000 agree.
func canonical(n string) string { return strings.ReplaceAll(n, ",", "") }

// hasNumber reports whether the number stands in the evidence, in digits or written in Chinese numerals as laws do.
func (e evidence) hasNumber(n string) bool {
	if e.numbers[canonical(n)] {
		return true
	}
	v, err := strconv.Atoi(canonical(n))
	return err == nil && v > 0 && v < 10000 && containsNumeral(e.text, chineseNumeral(v))
}

// hasCount reports whether a count in Chinese numerals stands in the evidence in digits.
func (e evidence) hasCount(count string) bool {
	m := chineseCount.FindStringSubmatch(count)
	for v := 1; v < 1000; v++ {
		if chineseNumeral(v) == strings.ReplaceAll(m[1], "两", "二") {
			return e.numbers[strconv.Itoa(v)]
		}
	}
	return false
}

const numeralRunes = "零一二三四五六七八九十百千万"

// containsNumeral finds a numeral that is not part of a longer one.
func containsNumeral(text, numeral string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], numeral)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(numeral)
		before := []rune(text[max(0, start-3):start])
		after := []rune(text[end:min(len(text), end+3)])
		if !(len(before) > 0 && strings.ContainsRune(numeralRunes, before[len(before)-1])) &&
			!(len(after) > 0 && strings.ContainsRune(numeralRunes, after[0])) {
			return true
		}
		from = end
	}
}

// chineseNumeral writes 1 … 9999 as laws do: 15 → 十五, 120 → 一百二十, 105 → 一百零五.
func chineseNumeral(v int) string {
	digit := []rune("零一二三四五六七八九")
	var out []rune
	gap := false
	for i, unit := range []int{1000, 100, 10, 1} {
		d := v / unit % 10
		if d == 0 {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, digit[0])
			gap = false
		}
		if !(unit == 10 && d == 1 && len(out) == 0) {
			out = append(out, digit[d])
		}
		if unit > 1 {
			out = append(out, []rune("千百十")[i])
		}
	}
	return string(out)
}

// narrow turns full-width digits and letters into ordinary ones and leaves punctuation alone: a Chinese comma narrowed
// would join the numbers on both sides of it.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if '０' <= r && r <= '９' || 'Ａ' <= r && r <= 'Ｚ' || 'ａ' <= r && r <= 'ｚ' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// namesIn finds the known names in a text, the longest where one holds another. Names of two characters (照片, 证据) are
// ordinary words as well and are left out.
func namesIn(text string, names []string) []string {
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int { return len(b) - len(a) })
	var out []string
	for _, n := range slices.Compact(sorted) {
		if utf8.RuneCountInString(n) > 2 && strings.Contains(text, n) {
			out = append(out, n)
			text = strings.ReplaceAll(text, n, "\x00")
		}
	}
	return out
}
