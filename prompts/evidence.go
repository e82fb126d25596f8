package prompts

import "strings"

// leftEvidence weighs what stands before a name. introduced means that the citizen says it is a name.
func leftEvidence(t *text, i int) (weight float64, introduced bool) {
	j := i
	for j > 0 && i-j < 3 && strings.ContainsRune(" :是为叫,\"“(", t.r[j-1]) {
		j--
	}
	if lexicon.people["introduce"].before(t, j) > 0 || lexicon.people["introduce"].before(t, i) > 0 {
		return 4, true
	}
	if lexicon.people["role"].before(t, j) > 0 && j < i && t.r[j] != ' ' {
		return 4, true
	}
	if lexicon.people["relation"].before(t, i) > 0 || lexicon.people["role"].before(t, i) > 0 {
		return 2.2, false
	}
	if i >= 2 && t.r[i-1] == '叫' && !isHan(t.r[i-2]) {
		return 3, true
	}
	if j < i && lexicon.people["relation"].before(t, j) > 0 {
		return 2.2, t.r[i-1] == '叫'
	}
	switch {
	case officer(t, i):
		return 2, false
	case i == 0 || !isHan(t.r[i-1]):
		return 0.5, false
	case i >= 2 && t.r[i-1] == '是' && (t.r[i-2] == '我' || t.r[i-2] == '人'):
		return 1.3, false
	case lexicon.people["strong"].before(t, i) > 0:
		return strongly, false
	case lexicon.people["before"].before(t, i) > 0:
		return 0.5, false
	}
	return -1, false
}

// givenEvidence weighs the characters of a given name.
func givenEvidence(t *text, i, end int) (weight float64, possible bool) {
	if end > len(t.r) {
		return 0, false
	}
	for _, r := range t.r[i:end] {
		if !isHan(r) || lexicon.never[r] {
			return 0, false
		}
		switch {
		case lexicon.usual[r]:
			weight += 1.2
		case lexicon.given[r]:
			weight++
		default:
			weight -= 0.5
		}
	}
	return weight, !t.taken[i] && !t.taken[end-1]
}

// rightEvidence weighs what follows a name.
func rightEvidence(t *text, end int, accused bool) float64 {
	switch {
	case end == len(t.r):
		return 0.6
	case lexicon.people["title"].at(t, end) > 0:
		return 2.2
	case lexicon.people["office"].at(t, end) > 0:
		if accused {
			return 1.5
		}
		return -4
	case followed(t, end):
		return 2
	case lexicon.people["after"].at(t, end) > 0:
		return 0.7
	case !isHan(t.r[end]):
		return 0.6
	}
	for j := end; j < min(len(t.r), end+5) && isHan(t.r[j]); j++ {
		if lexicon.people["firm"].at(t, j) > 0 || j == end && lexicon.people["place"].at(t, j) > 0 {
			return -4
		}
	}
	return -0.4
}

// followed says whether a number of the person's stands right after: 张小明 139…, 张小明，身份证…
func followed(t *text, end int) bool {
	for j := end; j < min(len(t.r), end+4); j++ {
		if t.taken[j] {
			return true
		}
		if isHan(t.r[j]) || isStop(t.r[j]) {
			break
		}
	}
	near := t.near(end, 4)
	for _, word := range []string{",男", ",女", "(男", "(女", ",身份", ",电话", ",手机", " 男", " 女", ",19", ",20", ",今年", ",现年", ",汉族", "电话", "手机", "身份证"} {
		if strings.HasPrefix(near, word) {
			return true
		}
	}
	return false
}

// officer says whether the post of an office stands right before: 局长李明.
func officer(t *text, i int) bool {
	n := lexicon.people["office"].before(t, i)
	return n > 0 && n >= lexicon.people["relation"].before(t, i)
}

// neighbours takes in weaker candidates that stand in a row with a found name: 张小明、王强和李芳.
func neighbours(t *text, found, open []candidate) []candidate {
	var more []candidate
	for again := true; again; {
		again = false
		for i, c := range open {
			if c.end == 0 || c.score+2.2 < enough || !inRow(t, c, found) && !inRow(t, c, more) {
				continue
			}
			more, again = append(more, c), true
			open[i].end = 0
		}
	}
	return more
}

func inRow(t *text, c candidate, found []candidate) bool {
	for _, f := range found {
		if gap := c.start - f.end; gap >= 1 && gap <= 2 && joined(t, f.end, c.start) {
			return true
		}
		if gap := f.start - c.end; gap >= 1 && gap <= 2 && joined(t, c.end, f.start) {
			return true
		}
	}
	return false
}

func joined(t *text, i, j int) bool {
	for _, r := range t.r[i:j] {
		if !strings.ContainsRune("、,和与跟及 同/", r) {
			return false
		}
	}
	return true
}

// again finds further mentions of the names found.
func again(t *text, found []candidate) []span {
	var spans []span
	for _, c := range found {
		name := t.s[t.off[c.start]:t.off[c.end]]
		if strings.Count(t.s, name) < 2 {
			continue
		}
		for i := range t.r {
			if t.r[i] == t.r[c.start] && strings.HasPrefix(t.s[t.off[i]:], name) {
				spans = append(spans, span{Name, i, i + c.end - c.start, rankName})
			}
		}
	}
	return spans
}

// dotted finds names of minorities and foreigners written with a dot: 阿依古丽·买买提. Both sides must be made of
// characters used for transliteration, or somebody must introduce the name: estates have dots too.
func dotted(t *text) []span {
	var spans []span
	for i := 1; i+1 < len(t.r); i++ {
		if !strings.ContainsRune("·•・‧.", t.r[i]) || !isHan(t.r[i-1]) || !isHan(t.r[i+1]) || t.r[i] == '.' && !lexicon.translit[t.r[i-1]] {
			continue
		}
		start, end := i, i+1
		for start > 0 && i-start < 7 && isHan(t.r[start-1]) && (lexicon.translit[t.r[start-1]] || i-start < 2) && !introducing(t, start) {
			start--
		}
		for end < len(t.r) && end-i < 8 && (isHan(t.r[end]) && lexicon.translit[t.r[end]] || t.r[end] == t.r[i]) {
			end++
		}
		left, introduced := leftEvidence(t, start)
		foreign := 0
		for _, r := range t.r[start:i] {
			if lexicon.translit[r] {
				foreign++
			}
		}
		if end-i >= 2 && i-start >= 2 && (foreign*2 > i-start || introduced || left > 2) {
			spans = append(spans, span{Name, start, end, rankName - 1})
		}
	}
	return spans
}

// undotted finds Tibetan and other transliterated names without a dot (扎西多吉), where somebody is named.
func undotted(t *text) []span {
	var spans []span
	for i := 0; i < len(t.r); i++ {
		end := i
		for end < len(t.r) && lexicon.translit[t.r[end]] && !t.taken[end] {
			end++
		}
		if end-i >= 4 && end-i <= 7 {
			if left, _ := leftEvidence(t, i); left > 2 || i > 0 && t.r[i-1] == '族' {
				spans = append(spans, span{Name, i, end, rankName})
			}
		}
		i = max(i, end)
	}
	return spans
}

func introducing(t *text, i int) bool {
	return lexicon.people["introduce"].before(t, i) > 0 || lexicon.people["relation"].before(t, i) > 0
}

// latin finds names in Latin letters after 我叫 or 姓名.
func latin(t *text) []span {
	var spans []span
	for i := 1; i < len(t.r); i++ {
		if !(t.r[i] >= 'A' && t.r[i] <= 'Z') || isAlnum(t.r[i-1]) || t.taken[i] {
			continue
		}
		if _, introduced := leftEvidence(t, i); !introduced {
			continue
		}
		end := i
		for end < len(t.r) && !t.taken[end] && (t.r[end] >= 'A' && t.r[end] <= 'Z' || end > i && strings.ContainsRune(" .'-", t.r[end]) && end+1 < len(t.r) && t.r[end+1] >= 'A' && t.r[end+1] <= 'Z') {
			end++
		}
		if end-i >= 4 {
			spans = append(spans, span{Name, i, end, rankName})
		}
	}
	return spans
}
