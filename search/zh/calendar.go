package zh

import (
	_ "embed"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed dates.txt
var datesFile string

const past = "前"

// calendar is dates.txt in memory.
type calendar struct {
	patterns []datePattern
	words    map[string]map[string]string // line kind → word → value
	before   []string
	behind   []string
	tail     []string
	need     map[string]string // pattern kind → characters one of which is there
}

type datePattern struct {
	kind string
	re   *regexp.Regexp
}

var calendarData = sync.OnceValue(func() *calendar {
	c := &calendar{words: map[string]map[string]string{}, need: map[string]string{}}
	defs := []string{}
	for _, f := range data(datesFile) {
		switch kind := f[0]; kind {
		case "def":
			defs = append(defs, "{"+f[1]+"}", "(?:"+f[2]+")")
		case "date", "days", "week", "ago", "lunar":
			expr := strings.NewReplacer(defs...).Replace(f[1])
			re := regexp.MustCompile(expr)
			re.Longest()
			c.patterns = append(c.patterns, datePattern{kind, re})
		case "before":
			c.before = append(c.before, f[1:]...)
		case "behind":
			c.behind = append(c.behind, f[1:]...)
		case "need":
			c.need[f[1]] = f[2]
		case "tail":
			c.tail = append(c.tail, f[1:]...)
		default:
			if c.words[kind] == nil {
				c.words[kind] = map[string]string{}
			}
			for _, item := range f[1:] {
				k := strings.IndexAny(item, "-0123456789:abcdefghijklmnopqrstuvwxyz")
				c.words[kind][item[:k]] = strings.TrimPrefix(item[k:], ":")
			}
		}
	}
	return c
})

// offset gives the number of a relative word, 去年 → -1.
func (c *calendar) offset(kind, word string) int {
	n, _ := strconv.Atoi(c.words[kind][word])
	return n
}

// candidate is a match before it is known which of the overlapping ones stands.
type candidate struct {
	from, to int // bytes of the folded text
	kind     string
	text     string
	group    map[string]string
}

// find gives the matches that stand: leftmost, then longest. It looks clause by clause, since no date reaches over a comma,
// and most clauses hold none.
func (c *calendar) find(folded string) []candidate {
	var all []candidate
	for start := 0; start < len(folded); {
		end := strings.IndexAny(folded[start:], ",，。;；!?、\n")
		if end < 0 {
			end = len(folded)
		} else {
			_, size := utf8.DecodeRuneInString(folded[start+end:])
			end += start + size
		}
		for i := range c.patterns {
			if p := &c.patterns[i]; strings.ContainsAny(folded[start:end], c.need[p.kind]) {
				all = c.match(all, p, folded, start, end)
			}
		}
		start = end
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].from != all[j].from {
			return all[i].from < all[j].from
		}
		return all[i].to > all[j].to
	})
	out := all[:0]
	end := 0
	for _, m := range all {
		if m.from >= end && m.from < m.to {
			out = append(out, m)
			end = m.to
		}
	}
	return out
}

// match adds the matches of one pattern within a clause.
func (c *calendar) match(all []candidate, p *datePattern, folded string, start, end int) []candidate {
	for _, loc := range p.re.FindAllStringSubmatchIndex(folded[start:end], -1) {
		m := candidate{from: start + loc[0], kind: p.kind, group: map[string]string{}}
		for i, name := range p.re.SubexpNames() {
			if name != "" && loc[2*i] >= 0 {
				m.group[name] = folded[start+loc[2*i] : start+loc[2*i+1]]
			}
		}
		m.text = c.trim(folded[m.from : start+loc[1]])
		m.to = m.from + len(m.text)
		if c.stands(folded, m) {
			all = append(all, m)
		}
	}
	return all
}

// trim leaves out what joins a date to the next word: 今年的.
func (c *calendar) trim(text string) string {
	for _, w := range c.tail {
		text = strings.TrimSuffix(text, w)
	}
	return strings.TrimSpace(text)
}

// stands rejects what only looks like a date: part of a longer number, 5号楼, 自受理之日起5日.
func (c *calendar) stands(folded string, m candidate) bool {
	text, head, tail := m.text, folded[:m.from], folded[m.to:]
	if n := numeralData(); head != "" && m.kind != "lunar" {
		last := []rune(head[max(0, len(head)-4):])
		first := []rune(text)[0]
		prev := last[len(last)-1]
		if (arabic(first) || n.isNumeral(first)) && (arabic(prev) || n.isNumeral(prev) || prev == '.' || prev == '-') {
			return false
		}
	}
	last := text[len(text)-1]
	if arabic(rune(last)) && tail != "" && arabic(rune(tail[0])) {
		return false
	}
	if m.group["dir"] != "" && !strings.HasSuffix(text, past) { // 检修两天后: of the time told, not of now
		prev, _ := utf8.DecodeLastRuneInString(head)
		return head == "" || !unicode.IsLetter(prev) && !unicode.IsDigit(prev)
	}
	if m.kind != "date" || m.group["y"] != "" || m.group["yr"] != "" || m.group["mr"] != "" {
		return true
	}
	dayOnly := m.group["d"] != "" && m.group["m"] == ""
	if dayOnly && !strings.HasSuffix(text, "号") {
		return false // 5日 alone is a length of time
	}
	if dayOnly || m.group["solar"] != "" || m.group["m"] != "" && m.group["d"] == "" {
		for _, w := range c.before {
			if strings.HasPrefix(tail, w) {
				return false
			}
		}
		for _, w := range c.behind {
			if strings.HasSuffix(head, w) {
				return false
			}
		}
	}
	return true
}
