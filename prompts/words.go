package prompts

import (
	"embed"
	"strings"
	"unicode"
)

//go:embed words/*.txt
var files embed.FS

// lexicon holds the word lists, read once: they are part of the program, so a fault in them is a fault of the build.
var lexicon = load()

type words struct {
	surnames, wordlike, loose, rare, compound, stop *set
	given, usual, never                             map[rune]bool
	people, context, address                        map[string]*set
	translit                                        map[rune]bool
	cues                                            *set              // every word of context.txt
	cueKind                                         map[string]string // and what it announces
}

func load() *words {
	surnames, given, people, address := sections("surnames"), sections("given"), sections("people"), sections("address")
	w := &words{
		surnames: newSet(surnames["plain"]), wordlike: newSet(surnames["wordlike"]), rare: newSet(surnames["rare"]), loose: newSet(surnames["loose"]), compound: newSet(surnames["compound"]),
		stop: newSet(append(sections("stopwords")[""], sections("places")[""]...)), given: runesOf(given["other"]), usual: runesOf(given["usual"]), never: runesOf(sections("never")[""]),
		people: sets(people), address: sets(address), context: sets(sections("context")), translit: runesOf(people["translit"]), cueKind: make(map[string]string),
	}
	var cues []string
	for kind, list := range sections("context") {
		for _, word := range list {
			w.cueKind[word] = kind
		}
		cues = append(cues, list...)
	}
	w.cues = newSet(cues)
	return w
}

// sections reads words/NAME.txt: words between blanks, under [headings], # for comments.
func sections(name string) map[string][]string {
	raw, err := files.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic("prompts: reading word list: " + err.Error())
	}
	lists, heading := make(map[string][]string), ""
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			heading = strings.Trim(line, "[]")
		default:
			lists[heading] = append(lists[heading], strings.Fields(line)...)
		}
	}
	return lists
}

func sets(lists map[string][]string) map[string]*set {
	out := make(map[string]*set, len(lists))
	for heading, list := range lists {
		out[heading] = newSet(list)
	}
	return out
}

func runesOf(list []string) map[rune]bool {
	out := make(map[rune]bool)
	for _, word := range list {
		for _, r := range word {
			out[r] = true
		}
	}
	return out
}

// set finds the longest of its words at a place in a text, without allocating.
type set struct {
	words map[string]bool
	first map[rune]bool
	last  map[rune]bool
	max   int // runes of the longest word
}

func newSet(list []string) *set {
	s := &set{words: make(map[string]bool), first: make(map[rune]bool), last: make(map[rune]bool)}
	for _, word := range list {
		r := []rune(word)
		s.words[word], s.first[r[0]], s.last[r[len(r)-1]] = true, true, true
		s.max = max(s.max, len(r))
	}
	return s
}

// at gives the length in runes of the longest word that starts at i, 0 when none does.
func (s *set) at(t *text, i int) int {
	if i < 0 || i >= len(t.r) || !s.first[t.r[i]] {
		return 0
	}
	for n := min(s.max, len(t.r)-i); n > 0; n-- {
		if s.words[t.s[t.off[i]:t.off[i+n]]] {
			return n
		}
	}
	return 0
}

// before gives the length in runes of the longest word that ends at i.
func (s *set) before(t *text, i int) int {
	if i <= 0 || i > len(t.r) || !s.last[t.r[i-1]] {
		return 0
	}
	for n := min(s.max, i); n > 0; n-- {
		if s.words[t.s[t.off[i-n]:t.off[i]]] {
			return n
		}
	}
	return 0
}

// within says whether any word of the set stands in [i, j).
func (s *set) within(t *text, i, j int) bool {
	for ; i < j && i < len(t.r); i++ {
		if n := s.at(t, i); n > 0 && i+n <= j {
			return true
		}
	}
	return false
}

// text is the citizen's text folded for reading: half width, upper case. Rune i of it begins at byte raw[i] of the
// original and byte off[i] of the folded string.
type text struct {
	r     []rune
	s     string
	off   []int
	raw   []int
	taken []bool
}

func read(raw string) *text {
	t := &text{r: make([]rune, 0, len(raw)), raw: make([]int, 0, len(raw)+1), off: make([]int, 0, len(raw)+1)}
	var b strings.Builder
	b.Grow(len(raw))
	for i, r := range raw {
		r = fold(r)
		t.r, t.raw, t.off = append(t.r, r), append(t.raw, i), append(t.off, b.Len())
		b.WriteRune(r)
	}
	t.raw, t.off, t.s = append(t.raw, len(raw)), append(t.off, b.Len()), b.String()
	t.taken = make([]bool, len(t.r))
	return t
}

func fold(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r < 0x80:
		return r
	case r >= '！' && r <= '～':
		return fold(r - '！' + '!')
	case r == '　' || r == '\u00a0':
		return ' '
	case r == '﹣' || r == '‐' || r == '‑' || r == '–' || r == '—' || r == '−':
		return '-'
	}
	return r
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r > 0x7f && unicode.Is(unicode.Han, r) }

// isStop says whether a rune ends a sentence.
func isStop(r rune) bool { return r == '。' || r == '!' || r == '?' || r == ';' || r == '\n' }

// cue finds the last word before rune i, in the same sentence and at most reach runes away, that says what a number
// is; dist counts the runes between.
func (t *text) cue(i, reach int) (kind string, dist int) {
	for end := i; end > 0 && i-end <= reach; end-- {
		if isStop(t.r[end-1]) {
			break
		}
		if n := lexicon.cues.before(t, end); n > 0 {
			return lexicon.cueKind[t.s[t.off[end-n]:t.off[end]]], i - end
		}
	}
	return "", -1
}

// cued says whether a word of one of these kinds stands before rune i within reach, whatever stands between.
func (t *text) cued(i, reach int, kinds ...string) bool {
	for end := i; end > 0 && i-end <= reach; end-- {
		if isStop(t.r[end-1]) {
			return false
		}
		for _, kind := range kinds {
			if lexicon.context[kind].before(t, end) > 0 {
				return true
			}
		}
	}
	return false
}

// near says whether a word of the set ends in the reach runes before i, in the same sentence.
func (s *set) near(t *text, i, reach int) bool {
	for end := i; end > 0 && i-end <= reach && !isStop(t.r[end-1]); end-- {
		if s.before(t, end) > 0 {
			return true
		}
	}
	return false
}
