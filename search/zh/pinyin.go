package zh

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

//go:embed polyphones.txt
var polyphonesFile string

// reading is a word whose characters read otherwise than each alone.
type reading struct {
	word      string
	syllables []string
}

var readings = sync.OnceValue(func() map[rune][]reading {
	m := map[rune][]reading{}
	for _, f := range data(polyphonesFile) {
		first, _ := utf8.DecodeRuneInString(f[0])
		m[first] = append(m[first], reading{f[0], f[1:]})
	}
	return m
})

// Pinyin gives the toneless syllable of each Chinese character, in order, other runes skipped. ü is v (lv, nv). Words
// of polyphones.txt decide between readings (银行 yin hang, 行政 xing zheng); else the commonest one is taken.
func Pinyin(s string) []string {
	var out []string
	eachSyllable(s, func(_ rune, syllable string) {
		if syllable != "" {
			out = append(out, syllable)
		}
	})
	return out
}

// Initials gives the first letters of the syllables, letters and digits kept: "身份证" sfz, "5G套餐" 5gtc.
func Initials(s string) string {
	var b strings.Builder
	eachSyllable(s, func(r rune, syllable string) {
		switch {
		case syllable != "":
			b.WriteByte(syllable[0])
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(r)
		}
	})
	return b.String()
}

// PinyinKey is equal for texts that sound alike: syllables and other words joined by blanks, so 身分正 and 身份证 meet.
func PinyinKey(s string) string {
	var b strings.Builder
	word := false // a run of letters or digits is under way
	eachSyllable(s, func(r rune, syllable string) {
		isWord := syllable == "" && (unicode.IsLetter(r) || unicode.IsNumber(r))
		if (syllable != "" || isWord && !word) && b.Len() > 0 {
			b.WriteByte(' ')
		}
		switch {
		case syllable != "":
			b.WriteString(syllable)
		case isWord:
			b.WriteRune(r)
		}
		word = isWord
	})
	return b.String()
}

// eachSyllable visits the folded runes of s with the syllable of each, "" where it has none.
func eachSyllable(s string, visit func(r rune, syllable string)) {
	f := Fold(s)
	known := readings()
	for i := 0; i < len(f); {
		r, size := utf8.DecodeRuneInString(f[i:])
		best := reading{}
		for _, k := range known[r] {
			if len(k.word) > len(best.word) && strings.HasPrefix(f[i:], k.word) {
				best = k
			}
		}
		if best.word == "" {
			visit(r, syllable(r))
			i += size
			continue
		}
		k := 0
		for _, r := range best.word {
			visit(r, best.syllables[k])
			k++
		}
		i += len(best.word)
	}
}

var plain = pinyin.NewArgs()

// syllable is the commonest reading of one character.
func syllable(r rune) string {
	if !IsHan(r) {
		return ""
	}
	if p := pinyin.SinglePinyin(r, plain); len(p) > 0 {
		return p[0]
	}
	return ""
}
