package zh

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed t2s.txt
var t2sFile string

// rule decides a character by its neighbours: 乾 stays in 乾隆. The neighbours are simplified, so that a rule holds in
// simplified text as well: 显著 must not become 显着.
type rule struct {
	before []rune // nearest first
	after  []rune
	to     rune
}

// table maps runes to runes: an array for the basic plane, a map beyond, rules where one rune has several results.
type table struct {
	basic  [0x10000]uint16 // 0: unchanged
	beyond map[rune]rune
	rules  map[rune][]rule      // longest first
	ruled  [0x10000 / 64]uint64 // bit set: the rune has rules
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
		to := t.rune(r)
		if t.hasRules(r) {
			to = t.decide(s[:i], s[i+size:], r, to)
		}
		if to == r && (r != utf8.RuneError || size != 1) {
			i += size
			continue
		}
		if b.Len() == 0 {
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
		switch to := t.basic[r]; to {
		case 0:
			return r
		case farAway:
		default:
			return rune(to)
		}
	}
	if to, ok := t.beyond[r]; ok {
		return to
	}
	return r
}

// farAway, no character, sends a lookup in the basic plane on to the map: the result lies beyond it.
const farAway = 0xD800

func (t *table) set(from, to rune) {
	if uint32(from) < uint32(len(t.basic)) && uint32(to) < uint32(len(t.basic)) {
		t.basic[from] = uint16(to)
		return
	}
	if uint32(from) < uint32(len(t.basic)) {
		t.basic[from] = farAway
	}
	t.beyond[from] = to
}

func (t *table) hasRules(r rune) bool {
	return uint32(r) < 0x10000 && t.ruled[r>>6]&(1<<(r&63)) != 0
}

// decide applies the longest rule of r that the text before and after it fits, else gives the default.
func (t *table) decide(before, after string, r, otherwise rune) rune {
next:
	for _, u := range t.rules[r] {
		rest := before
		for _, want := range u.before {
			got, size := utf8.DecodeLastRuneInString(rest)
			if t.rune(got) != want {
				continue next
			}
			rest = rest[:len(rest)-size]
		}
		rest = after
		for _, want := range u.after {
			got, size := utf8.DecodeRuneInString(rest)
			if t.rune(got) != want {
				continue next
			}
			rest = rest[size:]
		}
		return u.to
	}
	return otherwise
}

// addPhrase turns a phrase into a rule for each of its characters that it simplifies otherwise than the table does.
func (t *table) addPhrase(from, to []rune) {
	for i, r := range from {
		if t.rune(r) == to[i] && !t.hasRules(r) {
			continue
		}
		u := rule{to: to[i]}
		for _, c := range slices.Backward(from[:i]) {
			u.before = append(u.before, t.rune(c))
		}
		for _, c := range from[i+1:] {
			u.after = append(u.after, t.rune(c))
		}
		t.rules[r] = append(t.rules[r], u)
		t.ruled[r>>6] |= 1 << (r & 63)
	}
}

// readT2S reads pairs (萬万) and then phrases (乾隆>乾隆), which count by their length, then by their order.
func readT2S(file string) *table {
	t := &table{beyond: map[rune]rune{}, rules: map[rune][]rule{}}
	var phrases []string
	for _, fields := range data(file) {
		for _, f := range fields {
			if strings.Contains(f, ">") {
				phrases = append(phrases, f)
			} else if r := []rune(f); len(r) == 2 {
				t.set(r[0], r[1])
			}
		}
	}
	for _, p := range phrases {
		from, to, _ := strings.Cut(p, ">")
		t.addPhrase([]rune(from), []rune(to))
	}
	for _, rules := range t.rules {
		slices.SortStableFunc(rules, func(a, b rule) int {
			return len(b.before) + len(b.after) - len(a.before) - len(a.after)
		})
	}
	return t
}

// newFoldings adds width, case and compatibility to the traditional table, so that Fold is one pass.
func newFoldings(t2s *table) *table {
	t := &table{beyond: map[rune]rune{}, rules: t2s.rules, ruled: t2s.ruled}
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
