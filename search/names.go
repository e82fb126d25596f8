package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ganwen/search/zh"
)

// Names are the words of titles and other names, found again when they are misspelt: by sound, as southern ears hear
// it (身分正 for 身份证), by Latin spelling of it (shenfenzheng, sfz), or one edit away. Only such words are guessed
// at; to guess among all the words of all texts finds more nonsense than help. Add is not safe for concurrent use, reading is.
type Names struct {
	words    map[string]bool
	sounds   map[string][]string // folded sound → words
	initials map[string][]string
	deletes  map[string][]string // a word less one rune, and the word → words
	hints    map[[2]rune]hint
	heard    map[string]bool // sounds of the first two runes
}

// hint says what two runes are to some name that can be misspelt. One edit leaves the first two, the last two, or the ends alone, so
// that most pieces of a question need not be tried.
type hint uint8

const (
	firstTwo hint = 1 << iota
	lastTwo
	bothEnds
)

// Lengths of names, in runes, that are guessed.
const (
	shortestTypo = 4 // with three, two of three runes in common mean nothing
	longestName  = 10
)

// Add takes in the words of a title and the title itself when it is short.
func (n *Names) Add(title string) {
	if n.words == nil {
		n.words, n.sounds = map[string]bool{}, map[string][]string{}
		n.initials, n.deletes = map[string][]string{}, map[string][]string{}
		n.hints, n.heard = map[[2]rune]hint{}, map[string]bool{}
	}
	folded := zh.Fold(title)
	for _, w := range zh.Words(folded) {
		n.word(w.Text)
	}
	n.word(folded)
}

func (n *Names) word(w string) {
	runes := []rune(w)
	if len(runes) < 2 || len(runes) > longestName || n.words[w] || stopwords()[w] {
		return
	}
	for _, r := range runes {
		if !zh.IsHan(r) && !isAlnum(r) {
			return
		}
	}
	n.words[w] = true
	if zh.IsHan(runes[0]) {
		syllables := zh.Pinyin(w)
		if len(syllables) == len(runes) {
			put(n.sounds, accent(strings.Join(syllables, "")), w)
			n.heard[accent(syllables[0]+syllables[1])] = true
			if len(runes) > 2 {
				put(n.initials, zh.Initials(w), w)
			}
		}
	}
	if len(runes) < shortestTypo {
		return
	}
	last := len(runes) - 1
	n.hints[[2]rune{runes[0], runes[1]}] |= firstTwo
	n.hints[[2]rune{runes[last-1], runes[last]}] |= lastTwo
	n.hints[[2]rune{runes[0], runes[last]}] |= bothEnds
	put(n.deletes, w, w)
	for i := range runes {
		put(n.deletes, without(runes, i), w)
	}
}

func put(m map[string][]string, key, w string) { m[key] = append(m[key], w) }

func without(runes []rune, i int) string { return string(runes[:i]) + string(runes[i+1:]) }

// accents folds the sounds that Jiangxi's speakers do not keep apart.
var accents = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ang", "an", "eng", "en", "ing", "in")

func accent(pinyin string) string { return accents.Replace(pinyin) }

// guess is a name that stands near a rare piece of a question.
type guess struct {
	said, word string
	how        How
	weight     float64
}

// mostGuesses bounds what one question may add.
const mostGuesses = 6

// near looks where the index knows nothing: at runs of Han characters with a bigram no passage has, at unknown Latin runs.
func (n *Names) near(folded string, freq func(string) int) []guess {
	if len(n.words) == 0 {
		return nil
	}
	var out []guess
	ps := pieces(folded)
	for i := 0; i < len(ps) && len(out) < mostGuesses; i++ {
		p := ps[i]
		if !p.han {
			if freq(p.text) == 0 {
				out = append(out, n.latin(p.text)...)
			}
			continue
		}
		end := i + 1
		for end < len(ps) && ps[end].han && ps[end].start == ps[end-1].start+1 {
			end++
		}
		out = append(out, n.inRun(ps[i:end], freq)...)
		i = end - 1
	}
	out = slices.DeleteFunc(out, func(g guess) bool { return strings.Contains(folded, g.word) }) // said already
	return out[:min(len(out), mostGuesses)]
}

// inRun tries the spans of one run, longest first, that hold an unknown bigram.
func (n *Names) inRun(run []piece, freq func(string) int) []guess {
	unknown := make([]bool, len(run))
	any := false
	for i, p := range run {
		unknown[i] = p.end-p.start == 2 && freq(p.text) == 0
		any = any || unknown[i]
	}
	if !any {
		return nil
	}
	h := n.hear(run)
	var out []guess
	for i := 0; i < len(h.runes); i++ {
		for length := min(longestName, len(h.runes)-i); length > 1; length-- {
			if !anyTrue(unknown[i : i+length-1]) {
				continue
			}
			if g := n.span(h, i, i+length); len(g) > 0 {
				out = append(out, g...)
				i += length - 1
				break
			}
		}
	}
	return out
}

// heard is a run of Han characters with its sounds.
type heard struct {
	runes     []rune
	syllables []string
	known     []bool // a name begins with the sounds of this rune and the next
}

func (n *Names) hear(run []piece) heard {
	var h heard
	for _, p := range run {
		r, _ := utf8.DecodeRuneInString(p.text)
		h.runes = append(h.runes, r)
	}
	last, size := utf8.DecodeLastRuneInString(run[len(run)-1].text)
	if size < len(run[len(run)-1].text) {
		h.runes = append(h.runes, last)
	}
	h.syllables = zh.Pinyin(string(h.runes))
	h.known = make([]bool, len(h.runes))
	if len(h.syllables) != len(h.runes) {
		h.syllables = nil // a character without a reading: its neighbours cannot be told apart
		return h
	}
	for i := range len(h.runes) - 1 {
		h.known[i] = n.heard[accent(h.syllables[i]+h.syllables[i+1])]
	}
	return h
}

func anyTrue(b []bool) bool {
	for _, x := range b {
		if x {
			return true
		}
	}
	return false
}

func (n *Names) span(h heard, from, to int) []guess {
	runes := h.runes[from:to]
	if n.words[string(runes)] {
		return nil
	}
	var out []guess
	if h.known[from] {
		for _, w := range n.sounds[accent(strings.Join(h.syllables[from:to], ""))] {
			if len(runes) > 2 || slices.Equal(h.syllables[from:to], zh.Pinyin(w)) {
				out = append(out, guess{string(runes), w, Sound, soundWeight})
			}
		}
	}
	if len(out) > 0 || len(runes) < shortestTypo-1 {
		return out
	}
	return n.typos(runes)
}

// typos are the names one edit away: a rune changed, left out, put in, or two exchanged.
func (n *Names) typos(runes []rune) []guess {
	last := len(runes) - 1
	if n.hints[[2]rune{runes[0], runes[1]}]&firstTwo == 0 && n.hints[[2]rune{runes[last-1], runes[last]}]&lastTwo == 0 &&
		n.hints[[2]rune{runes[0], runes[last]}]&bothEnds == 0 {
		return nil
	}
	var out []guess
	said := string(runes)
	seen := map[string]bool{}
	try := func(key string) {
		for _, w := range n.deletes[key] {
			if !seen[w] && zh.Distance(said, w, 1) <= 1 {
				out = append(out, guess{said, w, Typo, typoWeight})
			}
			seen[w] = true
		}
	}
	try(said)
	for i := range runes {
		try(without(runes, i))
	}
	return out
}

// latin reads a run of letters as pinyin or initials of names, or as a misspelt name in Latin letters.
func (n *Names) latin(run string) []guess {
	var out []guess
	if len(run) > 3 {
		for _, w := range n.spelt(accent(run)) {
			out = append(out, guess{run, w, Sound, soundWeight})
		}
	}
	if len(out) == 0 && len(run) > 2 {
		for _, w := range n.initials[run] {
			out = append(out, guess{run, w, Sound, soundWeight})
		}
	}
	if len(out) == 0 && len(run) > shortestTypo {
		out = n.typos([]rune(run))
	}
	return out
}

// spelt splits a spelling into names, longest first; it must come out even.
func (n *Names) spelt(key string) []string {
	if words := n.sounds[key]; len(words) > 0 {
		return words[:min(3, len(words))]
	}
	for i := len(key) - 2; i > 2; i-- {
		words := n.sounds[key[:i]]
		if len(words) == 0 {
			continue
		}
		if rest := n.spelt(key[i:]); rest != nil {
			return append(append([]string(nil), words[:1]...), rest...)
		}
	}
	return nil
}
