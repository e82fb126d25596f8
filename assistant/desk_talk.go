package assistant

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ganwen/search/zh"
)

// deskWords is data/desk.json.
type deskWords struct {
	About       string              `json:"about"`
	Filler      []string            `json:"filler"`
	Agree       []string            `json:"agree"`
	Correct     []string            `json:"correct"` // what announces that something said before was wrong
	Not         []string            `json:"not"`
	Is          []string            `json:"is"`
	Cues        map[string][]string `json:"cues"`
	Doubtful    []string            `json:"doubtful"` // kinds of emergency that the triage must confirm
	First       map[string]helper   `json:"first"`    // kind of emergency → who comes, beside those called
	Ask         []string            `json:"ask"`
	WhoIs       []string            `json:"who_is"`
	WhoRole     []string            `json:"who_role"`
	WhoWhose    []string            `json:"who_whose"`
	WhenWords   []string            `json:"when_words"`
	WhenSince   []string            `json:"when_since"`
	Problem     []string            `json:"problem"`
	Missing     []missingRule       `json:"missing"`
	NotAccepted []channelRule       `json:"not_accepted"`
	Phrases     map[string]string   `json:"phrases"`

	cues map[string][]deskPattern
}

// helper is who acts in a kind of emergency when the register of duties says nothing clear.
type helper struct {
	Class  string   `json:"class"`
	Bodies []string `json:"bodies"`
}

// missingRule is a question still to be put, unless words answer it.
type missingRule struct {
	ID     string   `json:"id"`
	Types  []string `json:"types"`
	About  []string `json:"about,omitempty"` // first levels of the class list; none = any
	Slot   string   `json:"slot,omitempty"`  // asked when this slot is empty
	Hear   []string `json:"hear,omitempty"`  // asked only when one of these patterns is heard
	Words  []string `json:"words,omitempty"` // patterns that answer it
	Ask    string   `json:"ask"`
	Weight int      `json:"weight"`

	hear, words []deskPattern
}

// channelRule is a kind of matter the hotline does not take.
type channelRule struct {
	Kind    string   `json:"kind"`
	Words   []string `json:"words"`
	Types   []string `json:"types,omitempty"` // of the call; none = any
	Channel string   `json:"channel"`
	Reason  string   `json:"reason"`

	words []deskPattern
}

// loadDeskWords reads data/desk.json, strictly.
func loadDeskWords() (*deskWords, error) {
	raw, err := dataFiles.ReadFile("data/desk.json")
	if err != nil {
		return nil, fmt.Errorf("assistant: desk: %w", err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	w := &deskWords{cues: map[string][]deskPattern{}}
	if err := d.Decode(w); err != nil {
		return nil, fmt.Errorf("assistant: desk.json: %w", err)
	}
	for name, list := range w.Cues {
		w.cues[name] = deskPatterns(list)
	}
	for i := range w.Missing {
		w.Missing[i].hear, w.Missing[i].words = deskPatterns(w.Missing[i].Hear), deskPatterns(w.Missing[i].Words)
	}
	for i := range w.NotAccepted {
		w.NotAccepted[i].words = deskPatterns(w.NotAccepted[i].Words)
	}
	slices.SortStableFunc(w.Correct, longFirst)
	slices.SortStableFunc(w.Not, longFirst)
	slices.SortStableFunc(w.Is, longFirst)
	slices.SortStableFunc(w.WhenWords, longFirst)
	slices.SortStableFunc(w.Filler, longFirst)
	return w, nil
}

func longFirst(a, b string) int { return len(b) - len(a) }

// phrase fills one of the desk's own sentences.
func (w *deskWords) phrase(key string, v vars) string {
	s := w.Phrases[key]
	for name, value := range v {
		s = strings.ReplaceAll(s, "{"+name+"}", value)
	}
	return s
}

// hears reports whether a folded text holds a cue of the group.
func (w *deskWords) hears(group, folded string) bool { return matchesAny(w.cues[group], folded) }

// deskPattern is parts that follow one another within a sentence, and words that must not be there.
type deskPattern struct {
	parts [][]string
	not   []string
}

func deskPatterns(list []string) []deskPattern {
	var out []deskPattern
	for _, s := range list {
		body, not, _ := strings.Cut(zh.Fold(s), " !")
		p := deskPattern{}
		for _, part := range strings.Split(body, "~") {
			p.parts = append(p.parts, strings.Split(part, "|"))
		}
		if not != "" {
			p.not = strings.Split(not, "|")
		}
		out = append(out, p)
	}
	return out
}

// match gives the sentence of a folded text that the pattern fits, and whether there is one.
func (p deskPattern) match(folded string) (string, bool) {
	for _, s := range sentencesOf(folded) {
		if p.fits(s) {
			return s, true
		}
	}
	return "", false
}

func (p deskPattern) fits(s string) bool {
	for _, n := range p.not {
		if strings.Contains(s, n) {
			return false
		}
	}
	rest := s
	for _, part := range p.parts {
		end := -1
		for _, w := range part {
			if i := findWord(rest, w); i >= 0 && (end < 0 || i < end) {
				end = i
			}
		}
		if end < 0 {
			return false
		}
		rest = rest[end:]
	}
	return true
}

// findWord gives the offset behind the first occurrence of a word; # stands for a number before the rest.
func findWord(s, w string) int {
	unit, numbered := strings.CutPrefix(w, "#")
	for from := 0; ; {
		i := strings.Index(s[from:], unit)
		if i < 0 {
			return -1
		}
		i += from
		if !numbered || endsInNumber(s[:i]) {
			return i + len(unit)
		}
		from = i + len(unit)
	}
}

func endsInNumber(s string) bool {
	r := []rune(strings.TrimRight(s, " "))
	return len(r) > 0 && strings.ContainsRune("0123456789一二三四五六七八九十百千万两几多个来", r[len(r)-1])
}

func matchesAny(list []deskPattern, folded string) bool {
	return slices.ContainsFunc(list, func(p deskPattern) bool { _, ok := p.match(folded); return ok })
}

func sentencesOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("。！？!?；;\n", r) })
}

// line is one turn of the caller, with what the agent said before it.
type line struct {
	text  string // the caller's words, fillers at the beginning left out
	agent string // the agent's words just before
	index int    // among all turns
	wrong []string
}

// talk is a call taken down: the caller's lines in order, and what he took back.
type talk struct {
	words *deskWords
	lines []line
	wrong []string // words he corrected; they are struck out of what he said before
}

// listen takes down the turns. What a caller corrects ("不是甲，是乙") is remembered, so that it counts no more.
func (w *deskWords) listen(turns []CallTurn) *talk {
	t := &talk{words: w}
	agent := ""
	for i, turn := range turns {
		text := strings.TrimSpace(turn.Text)
		if turn.Role != RoleCaller {
			agent = text
			continue
		}
		if text = w.plain(text); text == "" {
			continue
		}
		l := line{text: text, agent: agent, index: i}
		l.wrong = w.denied(text)
		t.wrong = append(t.wrong, l.wrong...)
		t.lines = append(t.lines, l)
		agent = ""
	}
	return t
}

// plain drops the fillers a turn begins with.
func (w *deskWords) plain(s string) string {
	for again := true; again; {
		again = false
		s = strings.TrimLeft(s, "，,。.、！!？?…—- ~～")
		for _, f := range w.Filler {
			rest, ok := strings.CutPrefix(s, f)
			if ok && (rest == "" || strings.ContainsAny(string([]rune(rest)[:1]), "，,。.、！!？?…—- ~～") || len([]rune(f)) > 2) {
				s, again = rest, true
				break
			}
		}
	}
	return s
}

// longestDenied is how many runes a thing said not to be may have.
const longestDenied = 14

// denied are the things a text says are not meant: 甲 of 不是甲，是乙.
func (w *deskWords) denied(text string) []string {
	var out []string
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("，,。！？!?；;、", r) })
	for i, p := range parts {
		p = strings.TrimSpace(p)
		for _, n := range w.Not {
			at := strings.Index(p, n)
			if at < 0 || at > 9 {
				continue
			}
			thing := strings.TrimSpace(p[at+len(n):])
			for _, is := range []string{"，是", "是", "，"} { // 不是甲是乙 in one breath
				if a, _, ok := strings.Cut(thing, is); ok && a != "" {
					thing = a
				}
			}
			size := len([]rune(thing))
			if size < 2 || size > longestDenied || strings.ContainsAny(thing, "吗呢么") {
				continue
			}
			if i+1 < len(parts) && w.replaces(parts[i+1]) || strings.Contains(p[at+len(n):], "是") {
				out = append(out, thing)
			}
			break
		}
	}
	return out
}

// replaces reports whether a clause names what is meant instead.
func (w *deskWords) replaces(clause string) bool {
	clause = strings.TrimSpace(clause)
	return slices.ContainsFunc(w.Is, func(is string) bool { return strings.HasPrefix(clause, is) })
}

// corrects reports whether a line takes back what was said before.
func (t *talk) corrects(l line) bool {
	return len(l.wrong) > 0 || slices.ContainsFunc(t.words.Correct, func(c string) bool { return strings.Contains(l.text, c) })
}

// standing is all that the caller said and did not take back, a turn a sentence.
func (t *talk) standing() string {
	var parts []string
	for _, l := range t.lines {
		if t.agrees(l) {
			continue
		}
		parts = append(parts, t.strike(l.text))
	}
	return strings.Join(parts, "。")
}

// agrees reports whether a line says no more than yes.
func (t *talk) agrees(l line) bool {
	s := strings.Trim(l.text, "，,。.、！!…~ ")
	return len([]rune(s)) <= 6 && slices.ContainsFunc(t.words.Agree, func(w string) bool { return s == w || s == w+"的" || s == w+"咯" || s == w+"啊" })
}

// strike takes out of a text what was corrected.
func (t *talk) strike(s string) string {
	for _, w := range t.wrong {
		for _, n := range t.words.Not {
			s = strings.ReplaceAll(s, n+w, "")
		}
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.Trim(s, "，,、 ")
}

// corrected is what a line puts in place of what was said before; "" when it corrects nothing.
func (t *talk) corrected(l line) string {
	end := -1
	for _, c := range t.words.Correct {
		if i := strings.LastIndex(l.text, c); i >= 0 && i+len(c) > end {
			end = i + len(c)
		}
	}
	if end < 0 {
		return ""
	}
	rest := strings.TrimLeft(l.text[end:], "了的，,。、 是")
	if !strings.Contains(l.text[end:], "是") || len([]rune(rest)) < 4 {
		return ""
	}
	return rest
}

// need is what the caller wants in few words, for finding a matter: the first lines that say something, and those that
// ask or correct.
func (t *talk) need() string {
	var parts []string
	runes := 0
	for i, l := range t.lines {
		text := t.strike(l.text)
		if t.agrees(l) || len([]rune(text)) < 4 {
			continue
		}
		if now := t.corrected(l); now != "" && i > 0 && !t.words.hears("own_loss", zh.Fold(now)) && len(parts) < 3 && !strings.ContainsAny(now, "路街村镇区栋楼期") {
			parts, runes = []string{now}, len([]rune(now)) // 说错了，是身份证: what stood before is not wanted
			continue
		}
		if i == 0 || runes < 60 || t.corrects(l) || t.words.hears("question", zh.Fold(text)) {
			parts = append(parts, text)
			runes += len([]rune(text))
		}
	}
	if len(parts) == 0 {
		return t.standing()
	}
	return clip(strings.Join(parts, "，"), 200)
}
