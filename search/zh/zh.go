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

// ruler converts byte offsets in a folded text into tokens of the original.
type ruler struct {
	text   string
	runeAt []int32 // byte offset in the folded text → rune offset
	byteAt []int32 // rune offset → byte offset in the original
}

func newRuler(text, folded string) *ruler {
	u := &ruler{text: text, runeAt: make([]int32, len(folded)+1), byteAt: make([]int32, 0, len(folded)/2+1)}
	n := int32(0)
	for i := 0; i < len(folded); n++ {
		_, size := utf8.DecodeRuneInString(folded[i:])
		for k := range size {
			u.runeAt[i+k] = n
		}
		i += size
	}
	u.runeAt[len(folded)] = n
	for i := range text {
		u.byteAt = append(u.byteAt, int32(i))
	}
	u.byteAt = append(u.byteAt, int32(len(text)))
	return u
}

// token gives the original's token for bytes from:to of the folded text.
func (u *ruler) token(from, to int) Token {
	a, b := u.runeAt[from], u.runeAt[to]
	return Token{Text: u.text[u.byteAt[a]:u.byteAt[b]], Start: int(a), End: int(b)}
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
