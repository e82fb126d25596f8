package kg

import (
	_ "embed"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ganwen/search/zh"
)

//go:embed data/dirt.json
var dirtText []byte

// dirt is what imported cells hold instead of values, from data/dirt.json.
var dirt = mustJSON[struct {
	None, Instant, Yes, No []string
	PhoneLabels            []string `json:"phone_labels"`
	AddressLabels          []string `json:"address_labels"`
	NotPhone               []string `json:"not_phone"`
	HoursLabel             string   `json:"hours_label"`
	SessionParameters      []string `json:"session_parameters"`
}](dirtText)

// tidy cleans an imported text: HTML, entities, blanks, and words that say there is nothing.
func tidy(s string) string {
	s = zh.Clean(s)
	if slices.Contains(dirt.None, s) {
		return ""
	}
	return s
}

var (
	doubleOpen  = regexp.MustCompile(`[（(]\s*[（(]`)
	doubleClose = regexp.MustCompile(`[）)]\s*[）)]`)
)

// tidyName cleans a name: brackets of one kind where both kinds are mixed, none doubled — 注册(（外国人）) is 注册（外国人） —,
// no blanks at the ends, and a name that stands there twice stands there once.
func tidyName(s string) string {
	s = strings.ReplaceAll(tidy(s), "\n", "")
	if doubleOpen.MatchString(s) && doubleClose.MatchString(s) {
		s = doubleClose.ReplaceAllString(doubleOpen.ReplaceAllString(s, "（"), "）")
	}
	if strings.ContainsAny(s, "（）") {
		s = strings.NewReplacer("(", "（", ")", "）").Replace(s)
	}
	if half := len(s) / 2; half > 0 && len(s)%2 == 0 && s[:half] == s[half:] {
		s = s[:half]
	}
	return strings.TrimSpace(s)
}

var daysForm = regexp.MustCompile(`^(\d{1,4})\s*个?\s*[（(]?\s*(工作日|自然日)\s*[）)]?$`)

// parseDays reads 20(工作日), 20个工作日 or 即办. 20日 is refused: the law decides which days it means.
func parseDays(s string) (Days, bool) {
	if s = tidy(s); s == "" {
		return Days{}, true
	}
	if slices.Contains(dirt.Instant, s) {
		return Days{Unit: words["instant"]}, true
	}
	m := daysForm.FindStringSubmatch(s)
	if m == nil {
		return Days{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return Days{}, false
	}
	if n == 0 {
		return Days{Unit: words["instant"]}, true
	}
	return Days{Value: &n, Unit: m[2]}, true
}

// phoneForm is a telephone number: area code and seven or eight digits, a mobile or 400 number, or a short hotline; each
// with extensions or keys to press. Digits on either side mean that it is something else.
var phoneForm = regexp.MustCompile(`(?:^|[^\d])((?:` +
	`[（(]?(?:0\d{2,3}|86[- ]?\d{2,3})[）)]?[-－—–\s]{0,2}[2-8]\d{3}\s?\d{3,4}` + // 020-87654321
	`|400-?\d{3,4}-?\d{3,4}|1[3-9]\d{9}|[2-8]\d{6,7}` +
	`|(?:0\d{2,3}[-－—–\s]{1,2})?(?:1[0-2]\d{3}|1[0-2]\d|9[56]\d{3,4}))` + // 12345, 020-12345, 110, 95598
	`(?:(?:转|[-－—–])\d{1,5})*)(?:$|[^\d@])`)

// phonesIn lists the telephone numbers of a text.
func phonesIn(s string) []string {
	var found []string
	for len(s) > 0 {
		at := phoneForm.FindStringSubmatchIndex(s)
		if at == nil {
			break
		}
		found = appendNew(found, strings.TrimSpace(s[at[2]:at[3]]))
		s = s[at[3]:]
	}
	return found
}

// longestPhone is how many runes a phone field may have before only its numbers are kept.
const longestPhone = 100

// tidyPhone gives the telephone numbers of a cell: the cell itself when it is short, else the numbers in it. Opening
// hours that stand in the cell come apart. ok is false when there is text but no number in it.
func tidyPhone(s string) (phone, hours string, ok bool) {
	if s = tidy(s); s == "" {
		return "", "", true
	}
	if before, after, found := strings.Cut(s, dirt.HoursLabel); found {
		hours = strings.TrimRight(firstPart(after), "。.； ")
		s = strings.TrimRight(before, "，,；; ")
	}
	for _, label := range dirt.PhoneLabels {
		s = strings.TrimPrefix(s, label)
	}
	s = strings.TrimSpace(strings.TrimRight(s, "。.；;，, "))
	numbers := phonesIn(s)
	if len(numbers) == 0 {
		return "", hours, false
	}
	if len([]rune(s)) > longestPhone || slices.ContainsFunc(dirt.NotPhone, func(w string) bool { return strings.Contains(s, w) }) {
		return strings.Join(numbers, "、"), hours, true
	}
	return s, hours, true
}

// firstPart is a text up to what ends a part of it.
func firstPart(s string) string {
	if i := strings.IndexAny(s, "；;。\n"); i >= 0 {
		return strings.TrimSpace(s[:i])
	}
	return strings.TrimSpace(s)
}

func tidyAddress(s string) string {
	s = tidy(s)
	for _, label := range dirt.AddressLabels {
		s = strings.TrimPrefix(s, label)
	}
	return tidy(s) // the label may have stood before a word for nothing
}

// tidyURL checks a web address and takes session keys out of it; ok is false for text that is no web address.
func tidyURL(s string) (link string, ok bool) {
	if s = strings.TrimSpace(s); s == "" || slices.Contains(dirt.None, s) {
		return "", true
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	return sessionParameter.ReplaceAllStringFunc(s, func(p string) string {
		if strings.HasSuffix(p, "&") {
			return p[:1] // something follows: it takes the place
		}
		return ""
	}), true
}

// sessionParameter finds the parameters of a link that belong to one person's visit, in its fragment too.
var sessionParameter = regexp.MustCompile(`(?i)[?&](?:` + strings.Join(dirt.SessionParameters, "|") + `)=[^&#]*&?`)

// splitList takes a cell apart: at line ends and semicolons, and when fine at commas too.
func splitList(s string, fine bool) []string {
	at := "；;\n"
	if fine {
		at += "、，,"
	}
	var parts []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(at, r) }) {
		if p = tidy(p); p != "" {
			parts = appendNew(parts, p)
		}
	}
	return parts
}
