package prompts

import "strings"

// A name is believed when what is known about it adds up: what introduces it, the surname, the characters of the given
// name, and what touches it on both sides. The weights were set by hand on composed petitions and calls.
const enough = 2.9

// strongly is how much a word like 举报 or 借给 right before says for a name.
const strongly = 1.2

// candidate is a possible name with what speaks for it.
type candidate struct {
	start, end int
	score      float64
}

// findNames finds names of private persons. Personal data of another kind in the text (known) speaks for names too.
func findNames(t *text, known bool) []span {
	bonus := 0.0
	if known {
		bonus = 0.7
	}
	accused := lexicon.people["accuse"].within(t, 0, len(t.r))
	var found, open []candidate
	last := -1 // where the name before ended
	for i := 0; i < len(t.r); i++ {
		c, ok := bestAt(t, i, accused, last > 0 && i == last+1 && t.r[last] != ',' && joined(t, last, i))
		if !ok {
			continue
		}
		if c.score += bonus; c.score >= enough {
			found, last = append(found, c), c.end
			i = c.end - 1
		} else if c.score > enough-2.5 {
			open = append(open, c)
		}
	}
	found = append(found, neighbours(t, found, open)...)
	var spans []span
	for _, c := range found {
		spans = append(spans, span{Name, c.start, c.end, rankName})
	}
	spans = append(spans, again(t, found)...)
	spans = append(spans, dotted(t)...)
	spans = append(spans, undotted(t)...)
	return append(spans, latin(t)...)
}

// bestAt weighs the names that could start at rune i; listed means that another name and a comma or 和 stand before.
func bestAt(t *text, i int, accused, listed bool) (best candidate, ok bool) {
	if t.taken[i] || !isHan(t.r[i]) {
		return best, false
	}
	surname, weight := surnameAt(t, i)
	if surname == 0 {
		return best, false
	}
	left, introduced := leftEvidence(t, i)
	if listed {
		left = max(left, 2.2)
	}
	stop, crossed := stopping(t, i)
	sure := introduced || listed || left == strongly // enough to say that a word is a name after all
	if introduced && weight < -1 && !strings.ContainsRune(":是叫为", t.r[i-1]) {
		return best, false
	}
	if !introduced && (crossed || weight < -1 || left < strongly && (stop > 0 || measured(t, i))) {
		return best, false
	}
	if weight < 0 && !introduced {
		left = min(left, strongly)
	}
	for given := 2; given >= 1; given-- {
		end := i + surname + given
		g, possible := givenEvidence(t, i+surname, end)
		if !possible || lexicon.people["title"].at(t, i+surname) >= given || given == 1 && lexicon.people["kin"].at(t, i+surname) > 0 {
			continue
		}
		right := rightEvidence(t, end, accused || introduced)
		if n := lexicon.people["famous"].at(t, i); !introduced && n > 0 && n >= end-i {
			continue
		}
		if weight < 0 && left < strongly && right < 2 && g < 2.4 || !introduced && lexicon.people["notgiven"].at(t, i+surname) >= given {
			continue
		}
		c := candidate{i, end, weight + left + g + right}
		if given == 1 && surname == 1 && left < 2 && right < 2 {
			c.score -= 1.2
			if weight == 1 && lexicon.usual[t.r[end-1]] && right > 0.5 {
				c.score += 0.8
			}
		}
		if stop > 0 && (end < len(t.r) && isHan(t.r[end]) && (!sure && (left < 2 || g < 2.2) || right < 0.7 || stop >= end-i) || !introduced && stop >= end-i) {
			c.score -= 6
		}
		if !ok || c.score > best.score {
			best, ok = c, true
		}
	}
	if ok && !accused && officer(t, i) {
		return best, false
	}
	return best, ok
}

func surnameAt(t *text, i int) (length int, weight float64) {
	if n := lexicon.compound.at(t, i); n > 0 {
		return n, 1.5
	}
	if lexicon.surnames.at(t, i) > 0 {
		return 1, 1
	}
	if lexicon.wordlike.at(t, i) > 0 {
		return 1, 0.4
	}
	if lexicon.loose.at(t, i) > 0 {
		return 1, -0.5
	}
	return lexicon.rare.at(t, i), -2
}

// stopping gives the length of the everyday word that starts here, and whether one runs across this place.
func stopping(t *text, i int) (length int, crossed bool) {
	for j := max(0, i-3); j < i; j++ {
		if n := lexicon.stop.at(t, j); n > 0 && j+n > i {
			crossed = true
		}
	}
	return lexicon.stop.at(t, i), crossed
}

// measured says whether a number or pronoun stands before, which makes the surname a measure: 那张, 一段.
func measured(t *text, i int) bool {
	return i > 0 && (strings.ContainsRune("那这几每哪半百千多某", t.r[i-1]) || spokenDigits[t.r[i-1]] != 0 || isDigitRune(t.r[i-1]))
}
