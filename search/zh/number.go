package zh

import (
	"math"
	"strings"
	"unicode"
)

// Number is a number found in a text.
type Number struct {
	Token
	Value float64 `json:"value"`
}

// ParseNumber reads a text that is one number: "一百二十", "两万三" (23000), "1.5万", "１２", "百分之五" (0.05), "3/4"
// is none. Round guesses (两三, 几十) are no numbers.
func ParseNumber(s string) (float64, bool) {
	r := []rune(Fold(strings.TrimSpace(s)))
	end, v, ok := numeralData().scan(r, 0)
	return v, ok && end == len(r)
}

// Numbers finds the numbers of a text, in order. A lone Chinese digit counts only before a measure word or after 第;
// words that merely hold one (统一, 九江), numbers of identity cards and phones, and codes (5G, A4) are left out.
func Numbers(s string) []Number {
	n := numeralData()
	text, r := []rune(s), []rune(Fold(s))
	var out []Number
	for i := 0; i < len(r); {
		if k := n.wordAt(r, i); k > 0 {
			i += k
			continue
		}
		end, v, ok := n.scan(r, i)
		if !ok {
			i = n.skip(r, i)
			continue
		}
		if n.stands(r, i, end) {
			out = append(out, Number{Token{string(text[i:end]), i, end}, v})
		}
		i = max(end, n.skip(r, i))
	}
	return out
}

// skip passes over what is no number: a whole run of digits or letters at once, else one rune.
func (n *numerals) skip(r []rune, i int) int {
	k := i
	for k < len(r) && r[k] < 0x80 && (unicode.IsLetter(r[k]) || unicode.IsDigit(r[k])) {
		k++
	}
	if k > i {
		return k
	}
	for k < len(r) && n.isNumeral(r[k]) {
		k++
	}
	return max(k, i+1)
}

func (n *numerals) isNumeral(r rune) bool {
	_, d := n.digit[r]
	_, u := n.unit[r]
	return d || u
}

// wordAt gives the length of the longest word at i that is no number, 0 for none.
func (n *numerals) wordAt(r []rune, i int) int {
	best := 0
	for at := max(0, i-1); at <= i; at++ { // a word may begin one rune before: 统一
		for _, w := range n.words[r[at]] {
			if len(w) > i-at && hasPrefix(r[at:], w) {
				best = max(best, at+len(w)-i)
			}
		}
	}
	return best
}

// startsWord reports whether a word that is no number starts at i: 20千克.
func (n *numerals) startsWord(r []rune, i int) bool {
	for _, w := range n.words[r[i]] {
		if hasPrefix(r[i:], w) {
			return true
		}
	}
	return false
}

func hasPrefix(r, prefix []rune) bool {
	if len(r) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if r[i] != p {
			return false
		}
	}
	return true
}

// stands decides whether the number at r[i:end] is one in its context.
func (n *numerals) stands(r []rune, i, end int) bool {
	if n.hasAny("weekday", r, i, true) {
		return false
	}
	if arabic(r[i]) {
		if i > 1 && r[i-1] == '.' && arabic(r[i-2]) { // 4.2.3 is a section
			return false
		}
		glued := i > 0 && r[i-1] < 0x80 && unicode.IsLetter(r[i-1])
		code := end-i == 1 && end < len(r) && r[end] == 'g' && (end+1 == len(r) || r[end+1] != '/')
		return !glued && !code
	}
	if end-i > 1 {
		return true
	}
	if n.hasAny("after", r, i, true) {
		return true
	}
	return n.hasAny("measure", r, end, false)
}

// hasAny reports whether an item of the set stands at r[i:], or ends at i when before is true.
func (n *numerals) hasAny(set string, r []rune, i int, before bool) bool {
	for _, item := range n.sets[set] {
		w := []rune(item)
		at := i
		if before {
			at = i - len(w)
		}
		if at >= 0 && at < len(r) && hasPrefix(r[at:], w) {
			return true
		}
	}
	return false
}

func arabic(r rune) bool { return r >= '0' && r <= '9' }

// scan reads the longest number at r[i:], folded.
func (n *numerals) scan(r []rune, i int) (end int, v float64, ok bool) {
	if i == len(r) || !n.starts[r[i]] {
		return i, 0, false
	}
	for prefix, of := range n.share {
		if p := []rune(prefix); hasPrefix(r[i:], p) {
			end, v, ok := n.scanPlain(r, i+len(p))
			return end, v / of, ok
		}
	}
	for _, item := range n.sets["negative"] {
		if p := []rune(item); hasPrefix(r[i:], p) {
			end, v, ok := n.scan(r, i+len(p))
			return end, -v, ok
		}
	}
	if i < len(r) && r[i] == '-' && (i == 0 || !unicode.IsLetter(r[i-1]) && !unicode.IsDigit(r[i-1])) &&
		i+1 < len(r) && arabic(r[i+1]) {
		end, v, ok := n.scanPlain(r, i+1)
		return end, -v, ok
	}
	if end, v, ok = n.scanPlain(r, i); !ok {
		return i, 0, false
	}
	if end < len(r) {
		if of, found := n.percent[r[end]]; found {
			return end + 1, v / of, true
		}
	}
	if part := []rune(n.sets["part"][0]); v != 0 && hasPrefix(r[end:], part) { // 三分之二
		if e, num, found := n.scanPlain(r, end+len(part)); found {
			return e, num / v, true
		}
	}
	return end, v, true
}

// scanPlain reads a number without share, sign or per cent: coefficients and units by turns.
func (n *numerals) scanPlain(r []rune, i int) (int, float64, bool) {
	if i < len(r) && !arabic(r[i]) {
		if end, v, found, run := n.digitString(r, i); run {
			return end, v, found
		}
	}
	var total, section, coef float64
	has, zero, lastUnit, small := false, false, 0.0, math.Inf(1) // small: the last unit within the section
	start, plain := i, false                                     // plain: the coefficient cannot mean "of the next lower unit"
	for i < len(r) {
		c := r[i]
		if arabic(c) && !has {
			end, v, ok := arabicAt(r, i)
			if !ok {
				return start, 0, false
			}
			coef, has, plain = v, true, end-i > 1
			i = n.aboutUnit(r, end)
			continue
		}
		if d, ok := n.digit[c]; ok && !has {
			if d == 0 && i > start {
				zero = true
				i++
				continue
			}
			coef, has, plain = d, true, false
			if f, end := n.fraction(r, i+1); end > 0 {
				coef, plain, i = d+f, true, end
				if lastUnit > 0 { // 十二点五: the fraction belongs to the whole
					coef, section, has = 0, section+d+f, false
					lastUnit, zero = 1, true
				}
				continue
			}
			i = n.aboutUnit(r, i+1)
			continue
		}
		if u, ok := n.unit[c]; ok {
			if u == 1000 && i > start && n.startsWord(r, i) || !has && (u == 100 || u == 1000 || lastUnit >= 10 && lastUnit < 10000 && !zero) || u >= small {
				break
			}
			if !has {
				coef = 1
			}
			section += coef * u
			coef, has, zero, small = 0, false, false, u
			lastUnit = min(u, 10)
			if u >= 100 {
				lastUnit = u
			}
			i = n.aboutUnit(r, i+1)
			continue
		}
		u, ok := n.big[c]
		if !ok && has && arabic(r[i-1]) && (i+1 == len(r) || !unicode.IsLetter(r[i+1]) || IsHan(r[i+1])) {
			u, ok = n.letter[c]
		}
		if !ok {
			break
		}
		section += coef
		if section == 0 && total == 0 {
			break
		}
		if u > lastUnit && lastUnit >= 10000 {
			total = (total + section) * u
		} else {
			total += section * u
		}
		section, coef, has, zero, small, lastUnit = 0, 0, false, false, math.Inf(1), u
		i++
	}
	if i == start || !has && lastUnit == 0 && !zero {
		return start, 0, false
	}
	if has && !zero && !plain && lastUnit >= 100 {
		coef *= lastUnit / 10 // 两万三
	}
	return i, total + section + coef, true
}

// aboutUnit passes 多 or 几 when a unit follows: 二十多万.
func (n *numerals) aboutUnit(r []rune, i int) int {
	if i+1 < len(r) && n.hasAny("about", r, i, false) {
		_, small := n.unit[r[i+1]]
		_, big := n.big[r[i+1]]
		if small && r[i-1] < 0x80 || big {
			return i + 1
		}
	}
	return i
}
