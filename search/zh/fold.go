package zh

import (
	_ "embed"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed t2s.txt
var t2sFile string

// phrase is a stretch whose characters simplify otherwise than each alone: 乾隆 keeps 乾, 餅乾 does not.
type phrase struct{ from, to []rune }

// table maps runes to runes: an array for the basic plane, a map beyond, phrases by their first rune.
type table struct {
	basic   [0x10000]uint16 // 0: unchanged
	beyond  map[rune]rune
	phrases map[rune][]phrase
	starts  [0x10000 / 64]uint64 // bit set: a phrase starts with this rune
}

var (
	t2s      = readT2S(t2sFile)
	foldings = newFoldings(t2s)
)

// Fold makes a text comparable: full width to half, upper case to lower, traditional to simplified, compatibility
// forms of characters (Kangxi radicals as PDF files yield them) to the ordinary ones. Rune for rune: the result has as
// many runes as s, so rune offsets agree; an invalid byte becomes one U+FFFD.
func Fold(s string) string { return foldings.apply(s) }

// Simplify turns traditional characters into simplified ones and leaves everything else, width and case included. It
// keeps the number of runes. A character with more than one simplification is decided by its neighbours (著名, 看着).
func Simplify(s string) string { return t2s.apply(s) }

// apply leaves a text that needs no change as it is, without allocating.
func (t *table) apply(s string) string {
	var b strings.Builder
	done := 0 // bytes of s written to b
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if t.startsPhrase(r) {
			if p, n := t.match(s[i:], r); n > 0 {
				b.WriteString(s[done:i])
				for _, r := range p.to {
					b.WriteRune(r)
				}
				i += n
				done = i
				continue
			}
		}
		to := t.rune(r)
		if to == r && (r != utf8.RuneError || size != 1) {
			i += size
			continue
		}
		if done == 0 {
			b.Grow(len(s) + 8)
		}
		b.WriteString(s[done:i])
		b.WriteRune(to)
		i += size
		done = i
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

func (t *table) rune(r rune) rune {
	if uint32(r) < uint32(len(t.basic)) {
		if to := t.basic[r]; to != 0 {
			return rune(to)
		}
		return r
	}
	if to, ok := t.beyond[r]; ok {
		return to
	}
	return r
}

func (t *table) set(from, to rune) {
	if uint32(from) < uint32(len(t.basic)) && uint32(to) < uint32(len(t.basic)) {
		t.basic[from] = uint16(to)
		return
	}
	t.beyond[from] = to
}

func (t *table) startsPhrase(r rune) bool {
	return uint32(r) < 0x10000 && t.starts[r>>6]&(1<<(r&63)) != 0
}

// match finds the longest phrase at the head of s, whose first rune is r; n is its length in bytes, 0 for none.
func (t *table) match(s string, r rune) (p phrase, n int) {
next:
	for _, p := range t.phrases[r] {
		n := 0
		for _, want := range p.from {
			got, size := utf8.DecodeRuneInString(s[n:])
			if got != want {
				continue next
			}
			n += size
		}
		return p, n
	}
	return phrase{}, 0
}

func (t *table) addPhrase(from, to string) {
	p := phrase{[]rune(from), []rune(to)}
	first := p.from[0]
	for _, q := range t.phrases[first] {
		if string(q.from) == from {
			return
		}
	}
	t.phrases[first] = append(t.phrases[first], p)
	t.starts[first>>6] |= 1 << (first & 63)
	sort.SliceStable(t.phrases[first], func(i, j int) bool {
		return len(t.phrases[first][i].from) > len(t.phrases[first][j].from)
	})
}

// readT2S reads pairs (萬万) and phrases (乾隆>乾隆). A phrase also protects its own simplified form, so that text that
// is simplified already stays: 显著 must not become 显着.
func readT2S(file string) *table {
	t := &table{beyond: map[rune]rune{}, phrases: map[rune][]phrase{}}
	for _, fields := range data(file) {
		for _, f := range fields {
			if from, to, ok := strings.Cut(f, ">"); ok {
				t.addPhrase(from, to)
				t.addPhrase(to, to)
				continue
			}
			if r := []rune(f); len(r) == 2 {
				t.set(r[0], r[1])
			}
		}
	}
	return t
}

// newFoldings adds width, case and compatibility to the traditional table, so that Fold is one pass.
func newFoldings(t2s *table) *table {
	t := &table{beyond: map[rune]rune{}, phrases: t2s.phrases, starts: t2s.starts}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xD800 && r < 0xE000 { // surrogates are not characters
			continue
		}
		to := r
		if compatible(r) {
			if n := []rune(norm.NFKC.String(string(r))); len(n) == 1 {
				to = n[0]
			}
		}
		if to = unicode.ToLower(t2s.rune(to)); to != r {
			t.set(r, to)
		}
	}
	return t
}

// compatible tells the blocks whose characters are other forms of ordinary ones. Others (①, ², ℃) carry meaning.
func compatible(r rune) bool {
	return r == 0x3000 || // ideographic space
		r >= 0xFF01 && r <= 0xFFEE || // full and half width
		r >= 0x2E80 && r <= 0x2FDF || // radicals
		r >= 0xF900 && r <= 0xFAFF || // compatibility ideographs
		r >= 0x2F800 && r <= 0x2FA1F
}
