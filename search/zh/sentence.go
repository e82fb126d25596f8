package zh

import "unicode"

// Sentences splits a text at 。！？…, their half-width forms, and line ends. Closing quotes and brackets stay with their
// sentence; a full stop within a number, an address or after a list number does not end one. Blanks at either end of
// a sentence are left out of it.
func Sentences(s string) []Token {
	r := []rune(s)
	var out []Token
	start := 0
	flush := func(end int) {
		a, b := start, end
		for a < b && unicode.IsSpace(r[a]) {
			a++
		}
		for a < b && unicode.IsSpace(r[b-1]) {
			b--
		}
		if a < b {
			out = append(out, Token{Text: string(r[a:b]), Start: a, End: b})
		}
		start = end
	}
	for i := 0; i < len(r); i++ {
		switch {
		case r[i] == '\n' || r[i] == '\r':
			flush(i)
		case endsSentence(r, i):
			for i+1 < len(r) && (endsSentence(r, i+1) || closes(r[i+1])) {
				i++
			}
			flush(i + 1)
		}
	}
	flush(len(r))
	return out
}

// endsSentence reports whether the mark at r[i] ends a sentence.
func endsSentence(r []rune, i int) bool {
	switch r[i] {
	case '。', '！', '？', '!', '?', '…', '｡':
		return true
	case '.', '．':
		if i == 0 || unicode.IsDigit(r[i-1]) && listNumber(r, i) {
			return false
		}
		return i+1 == len(r) || unicode.IsSpace(r[i+1]) || closes(r[i+1]) || IsHan(r[i-1]) && IsHan(r[i+1])
	}
	return false
}

// listNumber reports whether the digits before the stop at r[i] open a line: "1. 身份证".
func listNumber(r []rune, i int) bool {
	k := i - 1
	for k >= 0 && unicode.IsDigit(r[k]) {
		k--
	}
	for k >= 0 && (r[k] == ' ' || r[k] == '\t' || r[k] == '\u3000') {
		k--
	}
	return k < 0 || r[k] == '\n' || r[k] == '\r'
}

func closes(r rune) bool {
	switch r {
	case '”', '’', '"', '」', '』', '）', ')', '》', '】', '〕', ']':
		return true
	}
	return false
}
