package zh

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:embed numbers.txt
var numbersFile string

// numerals is numbers.txt in memory.
type numerals struct {
	digit   map[rune]float64
	unit    map[rune]float64 // 十 百 千
	big     map[rune]float64 // 万 亿
	letter  map[rune]float64 // w k after digits
	percent map[rune]float64
	share   map[string]float64 // 百分之 → 100
	sets    map[string][]string
	words   map[rune][][]rune // no numbers, by first rune
	starts  map[rune]bool     // the first runes of everything scan reads
}

var numeralData = sync.OnceValue(func() *numerals {
	n := &numerals{
		digit: map[rune]float64{}, unit: map[rune]float64{}, big: map[rune]float64{}, letter: map[rune]float64{},
		percent: map[rune]float64{}, share: map[string]float64{}, sets: map[string][]string{}, words: map[rune][][]rune{},
	}
	runes := map[string]map[rune]float64{
		"digit": n.digit, "unit": n.unit, "big": n.big, "letter": n.letter, "percent": n.percent,
	}
	for _, f := range data(numbersFile) {
		for _, item := range f[1:] {
			if m, ok := runes[f[0]]; ok {
				r := []rune(item)
				m[r[0]], _ = strconv.ParseFloat(string(r[1:]), 64)
				continue
			}
			switch f[0] {
			case "share":
				k := strings.TrimRight(item, "0123456789")
				n.share[k], _ = strconv.ParseFloat(item[len(k):], 64)
			case "word":
				r := []rune(item)
				n.words[r[0]] = append(n.words[r[0]], r)
			default:
				n.sets[f[0]] = append(n.sets[f[0]], item)
			}
		}
	}
	n.starts = map[rune]bool{'-': true}
	for _, m := range []map[rune]float64{n.digit, n.unit} {
		for r := range m {
			n.starts[r] = true
		}
	}
	for r := '0'; r <= '9'; r++ {
		n.starts[r] = true
	}
	for prefix := range n.share {
		n.starts[[]rune(prefix)[0]] = true
	}
	for _, prefix := range n.sets["negative"] {
		n.starts[[]rune(prefix)[0]] = true
	}
	return n
})

// arabicAt reads 1,234.5 at r[i:]. Identifiers are no numbers: a leading zero, or eleven digits and more on end.
func arabicAt(r []rune, i int) (end int, v float64, ok bool) {
	digits := make([]rune, 0, 16)
	k, grouped := i, false
	for k < len(r) {
		if arabic(r[k]) {
			digits = append(digits, r[k])
			k++
			continue
		}
		if r[k] == ',' && threeDigits(r, k+1) && (grouped || k-i <= 3) {
			grouped = true
			k++
			continue
		}
		break
	}
	whole := len(digits)
	if k+1 < len(r) && r[k] == '.' && arabic(r[k+1]) {
		digits = append(digits, '.')
		for k++; k < len(r) && arabic(r[k]); k++ {
			digits = append(digits, r[k])
		}
	}
	section := k+1 < len(r) && r[k] == '.' && arabic(r[k+1])
	if section || whole > 10 && !grouped || whole > 1 && digits[0] == '0' {
		return i, 0, false
	}
	v, err := strconv.ParseFloat(string(digits), 64)
	return k, v, err == nil
}

// threeDigits reports a group of exactly three digits at r[i:].
func threeDigits(r []rune, i int) bool {
	return i+3 <= len(r) && arabic(r[i]) && arabic(r[i+1]) && arabic(r[i+2]) && (i+3 == len(r) || !arabic(r[i+3]))
}

// fraction reads 点五 after a digit; end is 0 for none. 三点五十 and 三点五分 are times of day.
func (n *numerals) fraction(r []rune, i int) (f float64, end int) {
	if i+1 >= len(r) || !n.hasAny("point", r, i, false) {
		return 0, 0
	}
	k, scale := i+1, 0.1
	for ; k < len(r); k++ {
		d, ok := n.digit[r[k]]
		if !ok {
			break
		}
		f += d * scale
		scale /= 10
	}
	if k == i+1 {
		return 0, 0
	}
	if k < len(r) {
		if u := n.unit[r[k]]; u == 10 || n.hasAny("clock", r, k, false) {
			return 0, 0
		}
	}
	return math.Round(f*1e9) / 1e9, k
}

// digitString reads two and more Chinese digits on end: 二〇二六 is a number, 三五 and 七八十 are guesses and none. run
// tells that such a run stands here at all.
func (n *numerals) digitString(r []rune, i int) (end int, v float64, ok, run bool) {
	k, zero := i, false
	for k < len(r) {
		d, found := n.digit[r[k]]
		if !found {
			break
		}
		zero = zero || d == 0
		v = v*10 + d
		k++
	}
	if k-i < 2 {
		return i, 0, false, false
	}
	if k < len(r) {
		if _, unit := n.unit[r[k]]; unit {
			return i, 0, false, true
		}
	}
	if k-i == 2 && !zero || k-i > 10 {
		return i, 0, false, true
	}
	return k, v, true, true
}
