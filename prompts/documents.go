package prompts

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// plateProvinces begin a vehicle's plate.
const plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// findPlates finds vehicle plates, spaced, dotted, in lower case or read out ("赣A幺二三四五").
func findPlates(t *text) []span {
	var spans []span
	for i, r := range t.r {
		if !strings.ContainsRune(plateProvinces, r) || i+1 >= len(t.r) || !isPlateLetter(t.r[i+1]) {
			continue
		}
		j, n, figures := i+2, 0, 0
		for j < len(t.r) && n < 6 {
			d, spoken := spokenDigits[t.r[j]]
			switch {
			case spoken && t.r[j] != '两' && t.r[j] != '么' || isDigitRune(t.r[j]) || d != 0 && spoken:
				n, figures = n+1, figures+1
			case isPlateLetter(t.r[j]) || t.r[j] == 'O' || t.r[j] == 'I':
				n++
			case n < 5 && strings.ContainsRune(" ·•・.-", t.r[j]):
			case n == 4 && strings.ContainsRune("挂学警港澳使领", t.r[j]):
				n = 5
			default:
				goto done
			}
			j++
		}
	done:
		if n >= 5 && figures >= 2 && !(j < len(t.r) && isAlnum(t.r[j])) {
			spans = append(spans, span{Plate, i, j, rankPlate})
		}
	}
	return spans
}

func isPlateLetter(r rune) bool { return r >= 'A' && r <= 'Z' && r != 'I' && r != 'O' }

// findEmails finds addresses of private mailboxes, also as read out ("艾特", "点com").
func findEmails(t *text) []span {
	var spans []span
	for i := range t.r {
		n := 0
		switch {
		case t.r[i] == '@':
			n = 1
		case t.r[i] == '艾' && i+1 < len(t.r) && t.r[i+1] == '特':
			n = 2
		}
		if n == 0 {
			continue
		}
		start, end := i, i+n
		for start > 0 && (mailRune(t.r[start-1]) || n == 2 && spokenDigits[t.r[start-1]] != 0) {
			start--
		}
		for end < len(t.r) && (mailRune(t.r[end]) || t.r[end] == '点' && n == 2) {
			end++
		}
		for end > i+n && !isAlnum(t.r[end-1]) {
			end--
		}
		domain := t.s[t.off[min(i+n, end)]:t.off[end]]
		if start == i || !strings.ContainsAny(domain, ".点") || strings.HasSuffix(domain, ".GOV.CN") {
			continue
		}
		spans = append(spans, span{Email, start, end, rankAccount - 4})
	}
	return spans
}

func mailRune(r rune) bool {
	return isAlnum(r) || r == '.' || r == '_' || r == '-' || r == '+' || r == '%'
}

// papers are numbers written with words inside: deeds, soldiers' cards, marriage certificates, food licences. They are
// matched on the folded text: half width, upper case.
var papers = []struct {
	kind, needs string
	re          *regexp.Regexp
}{
	{Deed, "不动产", regexp.MustCompile(`\p{Han}?\s?[(\[〔【]\s?\d{4}\s?[)\]〕】]\s?\p{Han}{2,12}?不动产(?:权|证明)(?:证)?第?\s?[\d ]{4,9}\d号?`)},
	{Deed, "不动产", regexp.MustCompile(`不动产单元号?[:：是为 ]*\d{6}[ -]?\d{6}[ -]?[A-Z]{2}\d{5}[ -]?[A-Z]\d{8}`)},
	{Deed, "房", regexp.MustCompile(`\p{Han}{1,4}房(?:地)?(?:权|产)?(?:证|字)\p{Han}{0,8}?[(〔\[]?\d{0,4}[)〕\]]?(?:字)?第?\s?\d[\d-]{4,14}号?`)},
	{Deed, "用", regexp.MustCompile(`\p{Han}{0,2}(?:国|集|土)用\s?[(〔\[]\d{4}[)〕\]](?:字)?第?\s?\d[\d-]{1,14}号?`)},
	{Deed, "林", regexp.MustCompile(`\p{Han}{0,4}林(?:权)?证(?:字)?\s?[(〔\[]\d{4}[)〕\]](?:字)?第?\s?\d{4,14}号?`)},
	{Licence, "字第", regexp.MustCompile(`[军兵士文职广海空警武南北沈兰成济退优]\p{Han}?字第\s?\d{4,10}号?`)},
	{Licence, "-", regexp.MustCompile(`\b[JLBS]\d{6}-\d{4}-\d{6}\b`)},
	{Licence, "JY", regexp.MustCompile(`\bJY\d{14}\b`)},
	{Licence, "赣", regexp.MustCompile(`赣[\p{Han}]{1,4}[字证][(〔\[]?\d{4}[)〕\]]?第?\d{6,12}号?`)},
}

func findDocuments(t *text) []span {
	var spans []span
	for _, p := range papers {
		if !strings.Contains(t.s, p.needs) {
			continue
		}
		for _, m := range p.re.FindAllStringIndex(t.s, -1) {
			start := utf8.RuneCountInString(t.s[:m[0]])
			spans = append(spans, span{p.kind, start, start + utf8.RuneCountInString(t.s[m[0]:m[1]]), 0})
		}
	}
	return spans
}
