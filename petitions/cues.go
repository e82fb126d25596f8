package petitions

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"ganwen/search/zh"
)

//go:embed data
var data embed.FS

// How far apart, in runes, the parts of a pattern may lie.
const (
	closeGap = 3  // ^
	nearGap  = 10 // ~
	farGap   = 25 // ~~
	notNear  = 14 // !: nothing of the kind this close to a match
	spread   = 40 // several clauses of one pattern: within this of the first
)

// cues finds wording in texts: named lists of patterns from a data file. A pattern is clauses apart by blanks; a clause
// is parts in order, with ^ (close), ~ (near) or ~~ (farther) between them; a part is alternatives apart by |, of which @name
// stands for a list of words and # for a numeral. A clause with ! must not stand near the match. Everything has to stand
// in one sentence. Masked phrases (热死了, 打电话) hide what stands in them.
//
// Only words that occur cost time, so that hundreds of patterns read a thousand texts in well under a second. A cues
// value is read-only and safe for concurrent use.
type cues struct {
	words    map[rune][]word // by first rune, longest first
	counted  []counted       // alternatives that hold a numeral: #户
	masks    map[rune][]word
	patterns []pattern
	byFirst  [][]int32 // by literal: patterns that may begin with it
	names    []string  // of the cues, sorted
}

type word struct {
	runes []rune
	id    int32
}

type pattern struct {
	cue     int32
	first   clause
	also    []clause
	without []clause
}

// counted is a word with a numeral in it: 附#户.
type counted struct {
	before, after []rune
	id            int32
}

// clause is a sequence of parts; gaps[i] is the room before part i+1.
type clause struct {
	parts [][]int32
	gaps  []int
}

const numeralID = 0 // the literal #

// cueFile is the data file's layout.
type cueFile struct {
	About string              `json:"about"`
	Masks []string            `json:"masks"`
	Lists map[string][]string `json:"lists"`
	Cues  map[string][]string `json:"cues"`
}

// hit is where a cue stands, in runes of the text.
type hit struct{ start, end int }

// loadCues reads a data file. Errors name the cue and the pattern.
func loadCues(name string) (*cues, error) {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("petitions: cues: %w", err)
	}
	var f cueFile
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("petitions: cues: %s: %w", name, err)
	}
	c, err := compile(f)
	if err != nil {
		return nil, fmt.Errorf("petitions: cues: %s: %w", name, err)
	}
	return c, nil
}

// compile turns a file's patterns into cues.
func compile(f cueFile) (*cues, error) {
	c := &cues{words: map[rune][]word{}, masks: map[rune][]word{}, byFirst: make([][]int32, 1)}
	b := &cueBuilder{file: f, ids: map[string]int32{"#": numeralID}, cues: c}
	c.names = slices.Sorted(maps.Keys(f.Cues))
	for i, cue := range c.names {
		for _, p := range f.Cues[cue] {
			if err := b.add(int32(i), p); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", cue, p, err)
			}
		}
	}
	for _, m := range f.Masks {
		if r := []rune(zh.Fold(m)); len(r) > 0 {
			c.masks[r[0]] = append(c.masks[r[0]], word{runes: r})
		}
	}
	for _, table := range []map[rune][]word{c.words, c.masks} {
		for _, list := range table {
			slices.SortFunc(list, func(a, b word) int { return len(b.runes) - len(a.runes) })
		}
	}
	return c, nil
}

// cueBuilder compiles patterns.
type cueBuilder struct {
	file cueFile
	ids  map[string]int32
	cues *cues
}

func (b *cueBuilder) add(cue int32, text string) error {
	p := pattern{cue: cue}
	for i, field := range strings.Fields(text) {
		not := strings.HasPrefix(field, "!")
		c, err := b.clause(strings.TrimPrefix(field, "!"))
		switch {
		case err != nil:
			return err
		case not:
			p.without = append(p.without, c)
		case i == 0:
			p.first = c
		default:
			p.also = append(p.also, c)
		}
	}
	if len(p.first.parts) == 0 {
		return fmt.Errorf("no words to begin with")
	}
	for _, id := range p.first.parts[0] {
		b.cues.byFirst[id] = append(b.cues.byFirst[id], int32(len(b.cues.patterns)))
	}
	b.cues.patterns = append(b.cues.patterns, p)
	return nil
}

func (b *cueBuilder) clause(text string) (clause, error) {
	var c clause
	for text != "" {
		end := strings.IndexAny(text, "~^")
		if end < 0 {
			end = len(text)
		}
		part, err := b.part(text[:end])
		if err != nil {
			return c, err
		}
		c.parts = append(c.parts, part)
		text = text[end:]
		switch {
		case strings.HasPrefix(text, "~~"):
			c.gaps, text = append(c.gaps, farGap), text[2:]
		case strings.HasPrefix(text, "~"):
			c.gaps, text = append(c.gaps, nearGap), text[1:]
		case strings.HasPrefix(text, "^"):
			c.gaps, text = append(c.gaps, closeGap), text[1:]
		}
	}
	if len(c.parts) == 0 || len(c.gaps) >= len(c.parts) {
		return c, fmt.Errorf("a clause ends in words")
	}
	return c, nil
}

func (b *cueBuilder) part(text string) ([]int32, error) {
	var ids []int32
	for _, alt := range strings.Split(text, "|") {
		words := []string{alt}
		if name, ok := strings.CutPrefix(alt, "@"); ok {
			if words = b.file.Lists[name]; len(words) == 0 {
				return nil, fmt.Errorf("no list %q", name)
			}
		}
		for _, w := range words {
			if w == "" {
				return nil, fmt.Errorf("empty word")
			}
			ids = append(ids, b.literal(zh.Fold(w)))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (b *cueBuilder) literal(w string) int32 {
	id, ok := b.ids[w]
	if !ok {
		id = int32(len(b.cues.byFirst))
		b.ids[w] = id
		b.cues.byFirst = append(b.cues.byFirst, nil)
		if before, after, ok := strings.Cut(w, "#"); ok {
			b.cues.counted = append(b.cues.counted, counted{[]rune(before), []rune(after), id})
			return id
		}
		r := []rune(w)
		b.cues.words[r[0]] = append(b.cues.words[r[0]], word{r, id})
	}
	return id
}

// reading is a folded text, its sentences and the words that occur in it.
type reading struct {
	runes     []rune // folded; offsets agree with the text's runes
	text      []rune
	sentences []zh.Token
	of        []int32         // sentence of each rune
	at        map[int32][]hit // literal → where
}

// read prepares a text.
func (c *cues) read(text string) *reading {
	r := &reading{text: []rune(text), runes: []rune(zh.Fold(text)), sentences: zh.Sentences(text), at: map[int32][]hit{}}
	r.of = make([]int32, len(r.runes))
	for i, s := range r.sentences {
		for k := s.Start; k < s.End; k++ {
			r.of[k] = int32(i)
		}
	}
	hidden := c.hidden(r.runes)
	for i := range r.runes {
		for _, w := range c.words[r.runes[i]] {
			if startsWith(r.runes[i:], w.runes) && !within(hidden, i, i+len(w.runes)) {
				r.at[w.id] = append(r.at[w.id], hit{i, i + len(w.runes)})
			}
		}
	}
	for i := 0; i < len(r.runes); i++ {
		k := i
		for k < len(r.runes) && isNumeral(r.runes[k]) {
			k++
		}
		if k > i {
			r.at[numeralID] = append(r.at[numeralID], hit{i, k})
			c.count(r, hit{i, k})
			i = k
		}
	}
	return r
}

// count notes the words that hold this numeral. Between it and what is counted may stand 多, 余, 来, 几 or 个.
func (c *cues) count(r *reading, n hit) {
	end := n.end
	for end < len(r.runes) && end < n.end+2 && strings.ContainsRune("多余来几个", r.runes[end]) {
		end++
	}
	for _, w := range c.counted {
		if n.start < len(w.before) || !startsWith(r.runes[n.start-len(w.before):], w.before) {
			continue
		}
		for _, from := range []int{n.end, end} {
			if startsWith(r.runes[from:], w.after) {
				r.at[w.id] = append(r.at[w.id], hit{n.start - len(w.before), from + len(w.after)})
				break
			}
		}
	}
}

// hidden marks the runes of masked phrases with the end of the phrase they stand in.
func (c *cues) hidden(runes []rune) []hit {
	var out []hit
	for i := range runes {
		for _, m := range c.masks[runes[i]] {
			if startsWith(runes[i:], m.runes) {
				out = append(out, hit{i, i + len(m.runes)})
				break
			}
		}
	}
	return out
}

// within reports whether one of the phrases holds all of start to end.
func within(phrases []hit, start, end int) bool {
	for _, p := range phrases {
		if p.start <= start && end <= p.end {
			return true
		}
	}
	return false
}

func startsWith(r, prefix []rune) bool {
	return len(r) >= len(prefix) && slices.Equal(r[:len(prefix)], prefix)
}

func isNumeral(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("一二三四五六七八九十百千万两几廿卅", r)
}

// find gives, for each cue that stands in the text, where it does, in order and without those inside another.
func (c *cues) find(r *reading) map[string][]hit {
	seen := map[int32]bool{}
	out := map[string][]hit{}
	for id := range r.at {
		for _, p := range c.byFirst[id] {
			if seen[p] {
				continue
			}
			seen[p] = true
			name := c.names[c.patterns[p].cue]
			out[name] = append(out[name], c.patterns[p].match(r)...)
		}
	}
	for name, hits := range out {
		if len(hits) == 0 {
			delete(out, name)
			continue
		}
		slices.SortFunc(hits, func(a, b hit) int { return cmpHit(a, b) })
		out[name] = slices.Compact(hits)
	}
	return out
}

func cmpHit(a, b hit) int {
	if a.start != b.start {
		return a.start - b.start
	}
	return b.end - a.end
}

func (p *pattern) match(r *reading) []hit {
	var out []hit
	for _, id := range p.first.parts[0] {
		for _, h := range r.at[id] {
			m, ok := p.first.from(r, h)
			if ok && p.joined(r, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// from follows the parts of a clause after its first, nearest first.
func (c *clause) from(r *reading, first hit) (hit, bool) {
	return c.follow(r, first, 1)
}

func (c *clause) follow(r *reading, so hit, part int) (hit, bool) {
	if part == len(c.parts) {
		return so, true
	}
	limit := so.end + c.gaps[part-1]
	for _, id := range c.parts[part] {
		for _, h := range r.at[id] {
			if h.start < so.end || h.start > limit || r.of[h.start] != r.of[so.start] {
				continue
			}
			if m, ok := c.follow(r, hit{so.start, h.end}, part+1); ok {
				return m, true
			}
		}
	}
	return hit{}, false
}

// joined checks the other clauses of a pattern round a match.
func (p *pattern) joined(r *reading, m hit) bool {
	for i := range p.also {
		if !p.also[i].near(r, m, spread) {
			return false
		}
	}
	for i := range p.without {
		if p.without[i].near(r, m, notNear) {
			return false
		}
	}
	return true
}

// near reports whether the clause stands in the sentence of the match, no farther than room from it.
func (c *clause) near(r *reading, m hit, room int) bool {
	for _, id := range c.parts[0] {
		for _, h := range r.at[id] {
			if r.of[h.start] != r.of[m.start] || h.end < m.start-room || h.start > m.end+room {
				continue
			}
			if _, ok := c.from(r, h); ok {
				return true
			}
		}
	}
	return false
}

// quoteRoom is how much of an unpunctuated text is quoted on either side of a match.
const quoteRoom = 24

// quote gives the sentence a match stands in, or its neighbourhood where the sentence has no end in sight.
func (r *reading) quote(h hit) string {
	if h.start >= len(r.of) || len(r.sentences) == 0 {
		return ""
	}
	s := r.sentences[r.of[h.start]]
	start, end := s.Start, s.End
	if end-start > 3*quoteRoom {
		start, end = max(start, h.start-quoteRoom), min(end, h.end+quoteRoom)
		start, end = r.widen(start, s.Start, -1), r.widen(end, s.End, 1)
	}
	return strings.TrimFunc(string(r.text[start:end]), func(c rune) bool { return unicode.IsSpace(c) || c == '，' || c == '；' })
}

// widen moves a cut to the nearest comma, a dozen runes at most.
func (r *reading) widen(at, limit, step int) int {
	for k := at; k > 0 && k < len(r.text) && k != limit && (k-at)*step < 12; k += step {
		if strings.ContainsRune("，；：,;:", r.text[k]) {
			return k
		}
	}
	return at
}
