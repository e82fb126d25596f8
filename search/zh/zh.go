package zh

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a stretch of a text. Start and End are rune offsets, half open; Text is what stands there in the original.
type Token struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// IsHan reports whether r is a Chinese character, the ideographic zero included.
func IsHan(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x4E00 && r <= 0x9FFF:
		return true
	}
	return unicode.Is(unicode.Han, r)
}

// ruler converts byte offsets in a folded text into tokens of the original. It walks from the place asked for last, since
// tokens lie close together, and so needs no memory.
type ruler struct {
	text, folded string
	b, r, o      int // the same place: byte of folded, rune, byte of text
}

func newRuler(text, folded string) *ruler { return &ruler{text: text, folded: folded} }

// seek walks to a byte of the folded text, the first of a rune.
func (u *ruler) seek(to int) {
	for u.b < to {
		_, n := utf8.DecodeRuneInString(u.folded[u.b:])
		_, m := utf8.DecodeRuneInString(u.text[u.o:])
		u.b, u.r, u.o = u.b+n, u.r+1, u.o+m
	}
	for u.b > to {
		_, n := utf8.DecodeLastRuneInString(u.folded[:u.b])
		_, m := utf8.DecodeLastRuneInString(u.text[:u.o])
		u.b, u.r, u.o = u.b-n, u.r-1, u.o-m
	}
}

// token gives the original's token for bytes from:to of the folded text.
func (u *ruler) token(from, to int) Token {
	u.seek(from)
	r, o := u.r, u.o
	u.seek(to)
	return Token{Text: u.text[o:u.o], Start: r, End: u.r}
}

// data iterates over the lines of an embedded data file without comments and blank lines, fields split at tabs or
// blanks.
func data(file string) [][]string {
	var out [][]string
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 0 {
			out = append(out, f)
		}
	}
	return out
}
