package search

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"ganwen/search/zh"
)

// Terms gives the index terms of a text, repeated as often as they occur: the bigrams of its folded runs of Han
// characters, Latin and digit runs whole, and words of one rune or of three and more. A word of two runes is a
// bigram already. Every backend indexes these and no others, so that one query means the same everywhere.
func Terms(text string) []string {
	folded := zh.Fold(text)
	terms := make([]string, 0, len(folded)/2)
	for _, p := range pieces(folded) {
		terms = append(terms, p.text)
	}
	for _, w := range zh.Words(folded) {
		if longWord(w) {
			terms = append(terms, w.Text)
		}
	}
	return terms
}

// Content is what a backend indexes of a passage when it takes one text: title and other names as often as they weigh, then the text.
func Content(p *Passage) string {
	var b strings.Builder
	for range titleBoost {
		for _, name := range append([]string{p.Title}, p.Aliases...) {
			b.WriteString(name)
			b.WriteByte('\n')
		}
	}
	b.WriteString(p.Text)
	return b.String()
}

// TermsOf gives the terms of the Content of passages, read on all processors.
func TermsOf(passages []Passage) [][]string {
	out := make([][]string, len(passages))
	parallel(len(passages), func(i int) { out[i] = Terms(Content(&passages[i])) })
	return out
}

// piece is a bigram or a whole Latin or digit run, with its rune offsets.
type piece struct {
	text       string
	start, end int
	han        bool
}

// pieces cuts folded text. A run of a single Han character gives that character, or 税 alone could never be found.
func pieces(folded string) []piece {
	out := make([]piece, 0, len(folded)/3)
	prev, run, runStart, n := -1, -1, 0, 0 // byte offset of the Han rune before, of the Latin run, and its rune offset
	single := false
	flushHan := func(end int) {
		if prev >= 0 && single {
			out = append(out, piece{folded[prev:end], n - 1, n, true})
		}
		prev = -1
	}
	flushRun := func(end int) {
		if run >= 0 {
			out = append(out, piece{folded[run:end], runStart, n, false})
		}
		run = -1
	}
	for i, r := range folded {
		switch {
		case zh.IsHan(r):
			flushRun(i)
			if prev >= 0 {
				out = append(out, piece{folded[prev : i+utf8.RuneLen(r)], n - 1, n + 1, true})
			}
			single = prev < 0
			prev = i
		case isAlnum(r):
			flushHan(i)
			if run < 0 {
				run, runStart = i, n
			}
		default:
			flushHan(i)
			flushRun(i)
		}
		n++
	}
	flushHan(len(folded))
	flushRun(len(folded))
	return out
}

// longWord says whether a word is a term of its own beside the bigrams.
func longWord(w zh.Token) bool {
	n := w.End - w.Start
	if n == 2 {
		return false
	}
	for _, r := range w.Text {
		if !zh.IsHan(r) {
			return false
		}
	}
	return n > 2 || !stopwords()[w.Text]
}

func isAlnum(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

//go:embed stopwords.txt
var stopwordsText string

// stopwords are the words that say how something is asked, not what about.
var stopwords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(stopwordsText) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			set[w] = true
		}
	}
	return set
})
