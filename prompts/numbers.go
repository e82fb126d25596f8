package prompts

import "strings"

// Ranks of numbers: lower is believed first. A checksum beats a word before the number, which beats a mere shape.
const (
	rankID = iota + 1
	rankUSCC
	rankCard
	rankDocument
	rankPhone
	rankLandline
	rankPlate
	rankAccount
	rankLoose
	rankAddress
	rankName
)

// chunk is a run of digits or letters with nothing between; chunks that people separate by blanks, hyphens or, when
// speaking, by commas and fillers are read together as well.
type chunk struct {
	start, end int    // runes
	s          string // digits and upper case letters, Chinese digits read as digits
	spoken     bool   // written in Chinese digits
}

// spokenDigits are the digits as people say them: 幺 for one, 洞 and 拐 and 勾 on the radio.
var spokenDigits = map[rune]byte{
	'零': '0', '〇': '0', '洞': '0', '一': '1', '幺': '1', '么': '1', '二': '2', '两': '2', '三': '3', '四': '4', '五': '5',
	'六': '6', '七': '7', '拐': '7', '八': '8', '九': '9', '勾': '9', '壹': '1', '贰': '2', '叁': '3', '肆': '4', '伍': '5', '陆': '6', '柒': '7', '捌': '8', '玖': '9',
}

// findNumbers finds everything that is told by its digits.
func findNumbers(t *text) []span {
	var spans []span
	for _, group := range groups(t) {
		for a := range group {
			joined := ""
			for b := a; b < len(group); b++ {
				if joined += group[b].s; len(joined) > 34 {
					break
				}
				first, last := group[a], group[b]
				if s, ok := classify(t, joined, first, last); ok {
					spans = append(spans, s)
				}
			}
			spans = append(spans, spokenTail(t, group[a])...)
		}
	}
	return spans
}

// groups collects chunks that may belong together.
func groups(t *text) [][]chunk {
	var out [][]chunk
	var group []chunk
	for i := 0; i < len(t.r); {
		c, ok := chunkAt(t, i)
		if !ok {
			i++
			continue
		}
		if n := len(group); n > 0 && !joins(t, group[n-1], c) {
			out, group = append(out, group), nil
		}
		group = append(group, c)
		i = c.end
	}
	if len(group) > 0 {
		out = append(out, group)
	}
	return out
}

func chunkAt(t *text, i int) (chunk, bool) {
	class := classOf(t.r[i])
	if class == 0 {
		return chunk{}, false
	}
	var b strings.Builder
	j := i
	for j < len(t.r) && classOf(t.r[j]) == class {
		if d, ok := spokenDigits[t.r[j]]; ok {
			b.WriteByte(d)
		} else if class == 'x' {
			b.WriteByte('X')
		} else {
			b.WriteByte(byte(t.r[j]))
		}
		j++
	}
	return chunk{i, j, b.String(), class == 's'}, true
}

func classOf(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return 'd'
	case r >= 'A' && r <= 'Z':
		return 'l'
	case r == '叉': // how an identity number's last X is read out
		return 'x'
	case r < 0x80:
		return 0
	}
	if _, ok := spokenDigits[r]; ok {
		return 's'
	}
	return 0
}

// joins says whether two chunks may be parts of one number: at most three separators between, and commas or fillers
// only in speech.
func joins(t *text, a, b chunk) bool {
	if b.start-a.end > 3 {
		return false
	}
	for _, r := range t.r[a.end:b.start] {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '(' || r == ')' || r == '+' || r == '·' || r == '_':
		case (a.spoken || b.spoken) && strings.ContainsRune(",，、嗯啊呃哦…", r):
		default:
			return false
		}
	}
	return true
}

// classify says what the digits of some neighbouring chunks are.
func classify(t *text, s string, first, last chunk) (span, bool) {
	if len(s) < 5 {
		return span{}, false
	}
	found := func(kind string, rank int) (span, bool) { return span{kind, first.start, last.end, rank}, true }
	if whole := edges(t, first, last); whole {
		if kind, rank := bySum(t, s, first); kind != "" {
			return found(kind, rank)
		}
		if kind, rank := byCue(t, s, first, last); kind != "" {
			return found(kind, rank)
		}
	}
	if sp, ok := byShape(t, s, first, last); ok {
		return sp, true
	}
	return span{}, false
}

// edges says whether the chunks are not the middle of something longer.
func edges(t *text, first, last chunk) bool {
	cued := classOf(t.r[first.start]) == 'd' && lexicon.cues.before(t, first.start) > 0 // QQ10001
	return (cued || !(first.start > 0 && isAlnum(t.r[first.start-1]) && isAlnum(t.r[first.start]))) &&
		!(last.end < len(t.r) && isAlnum(t.r[last.end]) && isAlnum(t.r[last.end-1]))
}

func isAlnum(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' }
