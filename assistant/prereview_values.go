package assistant

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ganwen/kg"
)

// tidy is the form in which values and names of papers are compared: NFKC, without spaces (rule G3).
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// persons splits a field that names several: 甲、乙.
func persons(s string) []string {
	return strings.FieldsFunc(tidy(s), func(r rune) bool { return r == '、' || r == ',' || r == ';' })
}

func numeral(s string) string { return strings.ToUpper(tidy(s)) }

// validID checks a resident's number by GB 11643: 18 characters, a real date, MOD 11-2.
func validID(s string) bool {
	s = numeral(s)
	if len(s) != 18 || !allDigits(s[:17]) {
		return false
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11] == s[17]
}

// idBirth is the date of birth in a valid number.
func idBirth(id string) (time.Time, bool) {
	if !validID(id) {
		return time.Time{}, false
	}
	d, err := time.Parse("20060102", numeral(id)[6:14])
	return d, err == nil
}

// validCredit checks a unified social credit code by GB 32100.
func validCredit(s string) bool { return kg.CheckCreditCode(numeral(s)) == nil }

// validCard checks a bank card's number: 13 to 19 digits, the last by Luhn.
func validCard(s string) bool {
	s = cardDigits(s)
	if len(s) < 13 || len(s) > 19 || !allDigits(s) {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// cardDigits drops the strokes a card number is often grouped with.
func cardDigits(s string) string { return strings.ReplaceAll(numeral(s), "-", "") }

func allDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// paperDay is a date on a paper. One that names only a month runs from its first to its last day.
type paperDay struct{ first, last time.Time }

var dayPattern = regexp.MustCompile(`^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:(?:-|/|\.|月)(\d{1,2})日?|月)?(?:T.*)?$|^(\d{4})(\d{2})(\d{2})$`)

// parseDay reads 2026-11-23 and the other ways a date is printed; not ok for 长期 and for dates that do not exist.
func parseDay(s string) (paperDay, bool) {
	m := dayPattern.FindStringSubmatch(tidy(s))
	if m == nil {
		return paperDay{}, false
	}
	year, month, day := m[1]+m[4], m[2]+m[5], m[3]+m[6]
	first, err := time.Parse("2006-1-2", year+"-"+strings.TrimLeft(month, "0")+"-"+cmp.Or(strings.TrimLeft(day, "0"), "1"))
	if err != nil {
		return paperDay{}, false
	}
	if day == "" {
		return paperDay{first, first.AddDate(0, 1, -1)}, true
	}
	return paperDay{first, first}, true
}

// addMonths is the corresponding day n months on, or that month's last day when it has none (民法典 第二百零二条).
func addMonths(d time.Time, n int) time.Time {
	first := time.Date(d.Year(), d.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d.Day(), last)-1)
}

// fullYears is the age on a day; it is reached on the birthday itself (rule G11).
func fullYears(birth, on time.Time) int {
	years := on.Year() - birth.Year()
	if on.Month() < birth.Month() || on.Month() == birth.Month() && on.Day() < birth.Day() {
		years--
	}
	return years
}

// sameValue compares two values of a field that is no name: numbers letter for letter, dates by day, amounts by value.
func sameValue(field, a, b string) bool {
	switch field {
	case "birth", "date", "issued", "start", "accident":
		x, okA := parseDay(a)
		y, okB := parseDay(b)
		if okA && okB {
			return x == y
		}
	case "amount":
		x, okA := parseAmount(a)
		y, okB := parseAmount(b)
		if okA && okB {
			return x == y
		}
	case "id", "uscc", "no":
		return numeral(a) == numeral(b)
	}
	return tidy(a) == tidy(b)
}

// namesPersons tells fields that hold names, maybe several, from those that hold one number or day.
func namesPersons(field string) bool {
	return !slices.Contains([]string{"id", "uscc", "no", "birth", "date", "issued", "start", "accident", "amount"}, field)
}

var amountPattern = regexp.MustCompile(`^[¥￥]?(\d+)(?:\.(\d{1,2})0*)?元?$`)

// parseAmount reads an amount of money into cents, so that 1200 and 1,200.00元 are the same.
func parseAmount(s string) (int64, bool) {
	m := amountPattern.FindStringSubmatch(strings.NewReplacer(",", "", "人民币", "", "整", "").Replace(tidy(s)))
	if m == nil || len(m[1]) > 12 {
		return 0, false
	}
	cents := int64(0)
	for _, c := range m[1] + (m[2] + "00")[:2] {
		cents = cents*10 + int64(c-'0')
	}
	return cents, true
}
