package zh

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Distance counts the edits between the folded texts: a rune inserted, left out, replaced, or two neighbours swapped. It
// stops counting above limit and then gives limit+1.
func Distance(a, b string, limit int) int {
	x, y := []rune(Fold(a)), []rune(Fold(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	if limit < 0 || len(y)-len(x) > limit {
		return limit + 1
	}
	before, prev, row := make([]int, len(x)+1), make([]int, len(x)+1), make([]int, len(x)+1)
	for i := range prev {
		prev[i] = i
	}
	for j := 1; j <= len(y); j++ {
		row[0] = j
		least := j
		for i := 1; i <= len(x); i++ {
			same := prev[i-1]
			if x[i-1] != y[j-1] {
				same++
			}
			row[i] = min(same, prev[i]+1, row[i-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[i] = min(row[i], before[i-2]+1)
			}
			least = min(least, row[i])
		}
		if least > limit {
			return limit + 1
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(x)], limit+1)
}

// accents merges what people in Jiangxi do not tell apart when they speak, longest first: 湖南 and 福兰.
var accents = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "hu", "fu", "n", "l", "r", "l")

// SoundKey is PinyinKey for speech with an accent: z/zh, c/ch, s/sh, n/l/r, h/f before u, and -n/-ng are one. It is
// coarse, so use it to propose, never to decide.
func SoundKey(s string) string {
	words := strings.Fields(PinyinKey(s))
	for i, w := range words {
		if w[0] >= 0x80 || !known(w) {
			continue
		}
		if strings.HasSuffix(w, "ng") {
			w = w[:len(w)-1]
		}
		tail := ""
		if strings.HasSuffix(w, "n") && len(w) > 1 {
			w, tail = w[:len(w)-1], "n"
		}
		words[i] = accents.Replace(w) + tail
	}
	return strings.Join(words, " ")
}

// allSyllables are the toneless syllables that characters and the words of polyphones.txt have.
var allSyllables = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		if p := pinyin.SinglePinyin(r, plain); len(p) > 0 {
			m[p[0]] = true
		}
	}
	for _, f := range data(polyphonesFile) {
		for _, s := range f[1:] {
			m[s] = true
		}
	}
	for _, rare := range []string{"n", "ng", "m", "hm", "hng", "ê"} { // interjections, no way to type a word
		delete(m, rare)
	}
	return m
})

func known(syllable string) bool { return allSyllables()[syllable] }

// Syllables splits typed pinyin, "shenfenzheng" into shen fen zheng, taking long syllables first; an apostrophe or blank
// parts syllables. A last syllable that is still being typed is given as it stands; nil if s is no pinyin.
func Syllables(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(Fold(s), func(r rune) bool { return r == ' ' || r == '\'' || r == '’' }) {
		part = strings.ReplaceAll(part, "ü", "v")
		if len(part) > 64 {
			return nil
		}
		got := splitSyllables(part, map[string][]string{})
		if got == nil {
			return nil
		}
		out = append(out, got...)
	}
	return out
}

// splitSyllables remembers what it tried, so that no input takes long.
func splitSyllables(s string, tried map[string][]string) []string {
	if s == "" {
		return []string{}
	}
	if got, ok := tried[s]; ok {
		return got
	}
	tried[s] = nil
	for n := min(6, len(s)); n > 0; n-- {
		if !known(s[:n]) {
			continue
		}
		if rest := splitSyllables(s[n:], tried); rest != nil {
			tried[s] = append([]string{s[:n]}, rest...)
			return tried[s]
		}
	}
	if utf8.RuneCountInString(s) == len(s) && begins(s) {
		tried[s] = []string{s}
	}
	return tried[s]
}

// begins reports whether a syllable begins with s.
func begins(s string) bool {
	all := sortedSyllables()
	i, _ := slices.BinarySearch(all, s)
	return i < len(all) && strings.HasPrefix(all[i], s)
}

var sortedSyllables = sync.OnceValue(func() []string {
	all := make([]string, 0, len(allSyllables()))
	for s := range allSyllables() {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
})
