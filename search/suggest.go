package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"ganwen/search/zh"
)

// Suggestion is a completion of what is typed.
type Suggestion struct {
	Text string `json:"text"`           // what to ask
	Name string `json:"name"`           // the title of the record it belongs to
	Kind Kind   `json:"kind,omitempty"` // of the record
	Code string `json:"code,omitempty"`
}

// Completer completes names, other names and common questions: by their beginning, their middle, pinyin and initials.
// It keeps every tail of every entry in three sorted lists (characters, pinyin, initials), so that each lookup is a binary
// search. It does not change once made.
type Completer struct {
	entries                 []Suggestion
	runes                   []int // length of each entry
	chars, pinyin, initials tails
}

// tail is an entry from one of its characters on.
type tail struct {
	key   string
	entry int32
	at    int32 // rune it begins with; 0 is the whole
}

// tails come sorted by key; whole keeps the complete entries apart, as beginnings are worth more and must not drown.
type tails struct{ whole, inner []tail }

// NewCompleter keeps the entries in order of preference.
func NewCompleter(entries []Suggestion) *Completer {
	c := &Completer{entries: entries, runes: make([]int, len(entries))}
	for i, e := range entries {
		folded := zh.Fold(e.Text)
		c.runes[i] = utf8.RuneCountInString(folded)
		sounds, initials, starts := spell(folded)
		n := 0
		for at := range folded {
			c.chars.add(folded[at:], i, n)
			c.pinyin.add(sounds[starts[n]:], i, n)
			c.initials.add(initials[n:], i, n)
			n++
		}
	}
	for _, t := range []*tails{&c.chars, &c.pinyin, &c.initials} {
		sortTails(t.whole)
		sortTails(t.inner)
	}
	return c
}

func (t *tails) add(key string, entry, at int) {
	x := tail{key, int32(entry), int32(at)}
	if at == 0 {
		t.whole = append(t.whole, x)
	} else {
		t.inner = append(t.inner, x)
	}
}

func sortTails(list []tail) {
	slices.SortFunc(list, func(a, b tail) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.entry, b.entry), cmp.Compare(a.at, b.at))
	})
}

// spell gives the accent-folded pinyin of a folded text, one initial a rune, and where in the pinyin each rune begins. Other letters
// stand for themselves.
func spell(folded string) (sounds, initials string, starts []int) {
	syllables := zh.Pinyin(folded)
	var s, in strings.Builder
	k := 0
	for _, r := range folded {
		starts = append(starts, s.Len())
		if zh.IsHan(r) && k < len(syllables) {
			syllable := syllables[k]
			k++
			s.WriteString(accent(syllable))
			in.WriteString(first(syllable))
			continue
		}
		if r > 0x7f {
			r = ' '
		}
		s.WriteRune(r)
		in.WriteRune(r)
	}
	return s.String(), in.String(), starts
}

func first(syllable string) string {
	if syllable == "" {
		return " "
	}
	return syllable[:1]
}

// Suggest gives at most n completions of what is typed: first those that begin with it, then those that hold it, then by pinyin, then by
// initials; within each the shorter and earlier ones. No two have the same text.
func (c *Completer) Suggest(typed string, n int) []Suggestion {
	typed = strings.TrimSpace(zh.Fold(typed))
	if typed == "" || n <= 0 {
		return nil
	}
	p := picker{c: c, n: n, seen: map[string]bool{}}
	p.pick(c.chars, typed)
	sounds, _, _ := spell(typed)
	sounds = strings.ReplaceAll(sounds, " ", "")
	p.pick(c.pinyin, accent(sounds))
	if isLatin(typed) {
		p.pick(c.initials, typed)
	}
	return p.out
}

func isLatin(s string) bool {
	for _, r := range s {
		if r > 0x7f {
			return false
		}
	}
	return true
}

// mostTails bounds how many matches one list is searched for the best: one letter can match everything.
const mostTails = 4096

type picker struct {
	c    *Completer
	n    int
	seen map[string]bool
	out  []Suggestion
}

func (p *picker) pick(t tails, key string) {
	if key == "" {
		return
	}
	p.from(t.whole, key)
	p.from(t.inner, key)
}

func (p *picker) from(list []tail, key string) {
	if len(p.out) >= p.n {
		return
	}
	lo, _ := slices.BinarySearchFunc(list, key, func(t tail, k string) int { return strings.Compare(t.key, k) })
	hi := lo
	for hi < len(list) && hi-lo < mostTails && strings.HasPrefix(list[hi].key, key) {
		hi++
	}
	found := slices.Clone(list[lo:hi])
	slices.SortFunc(found, func(a, b tail) int {
		return cmp.Or(cmp.Compare(p.c.runes[a.entry], p.c.runes[b.entry]), cmp.Compare(a.entry, b.entry), cmp.Compare(a.at, b.at))
	})
	for _, t := range found {
		e := p.c.entries[t.entry]
		if len(p.out) < p.n && !p.seen[e.Text] {
			p.seen[e.Text] = true
			p.out = append(p.out, e)
		}
	}
}

// collect gathers the names of the live passages.
func (s *snapshot) collect() *Collector {
	c := new(Collector)
	for i := range s.parts {
		for row := range s.parts[i].seg.passages {
			if !s.parts[i].dead.has(row) {
				c.Add(&s.parts[i].seg.passages[row])
			}
		}
	}
	return c
}

// Collector gathers the names in passages. The zero value works.
type Collector struct {
	entries []Suggestion
	seen    map[string]bool
}

// Add takes a passage's title and other names, each text once.
func (c *Collector) Add(p *Passage) {
	for _, text := range append([]string{p.Title}, p.Aliases...) {
		c.AddSuggestion(Suggestion{Text: text, Name: p.Title, Kind: p.Kind, Code: p.Code})
	}
}

// AddSuggestion takes one name, unless its text is there already.
func (c *Collector) AddSuggestion(s Suggestion) {
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	if s.Text != "" && !c.seen[s.Text] {
		c.seen[s.Text] = true
		c.entries = append(c.entries, s)
	}
}

// Completer completes the names gathered.
func (c *Collector) Completer() *Completer { return NewCompleter(slices.Clone(c.entries)) }

// Names are the words of the names gathered, and of what synonyms stand for.
func (c *Collector) Names(syn *Synonyms) *Names {
	n := new(Names)
	for _, e := range c.entries {
		n.Add(e.Text)
	}
	if syn != nil {
		for _, e := range syn.terms {
			for _, m := range e.Means {
				n.Add(m)
			}
		}
	}
	return n
}

// Suggest completes titles, other names and common questions of the passages.
func (m *Memory) Suggest(typed string, n int) []Suggestion {
	s := m.snap.Load()
	if s == nil {
		return nil
	}
	return s.completer().Suggest(typed, n)
}
