package zh

import "unicode"

// Bigrams gives the index terms of a text that needs no dictionary: each pair of neighbouring characters within a run of
// Chinese, a lone character by itself, and runs of other letters and digits whole. The terms are folded.
func Bigrams(s string) []string {
	f := Fold(s)
	out := make([]string, 0, len(f)/3)
	start, prev, han := -1, -1, false // of the run under way; prev is the byte of its last rune
	end := func(i int) {
		if start >= 0 && (!han || prev == start) {
			out = append(out, f[start:i])
		}
		start, prev = -1, -1
	}
	for i, r := range f {
		isHan := IsHan(r)
		if !isHan && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			end(i)
			continue
		}
		if start >= 0 && han != isHan {
			end(i)
		}
		if start < 0 {
			start, han = i, isHan
		} else if han {
			out = append(out, f[prev:i+len(string(r))])
		}
		prev = i
	}
	end(len(f))
	return out
}
