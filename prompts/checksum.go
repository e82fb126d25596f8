package prompts

import (
	"strings"
	"time"
)

// provinces are the first two digits of resident identity numbers, 81–83 for residents of Hong Kong, Macao and Taiwan.
var provinces = func() (ok [100]bool) {
	for _, p := range []int{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91} {
		ok[p] = true
	}
	return ok
}()

// idShape says whether 18 characters look like a resident's number: a province and a real date of birth.
func idShape(s string) bool {
	if len(s) != 18 || !digits(s[:17]) || !(s[17] == 'X' || isDigit(s[17])) {
		return false
	}
	return provinces[int(s[0]-'0')*10+int(s[1]-'0')] && birthday(s[6:14])
}

// idSum checks the last character as GB 11643 (ISO 7064 MOD 11-2) wants it.
func idSum(s string) bool {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11] == s[17]
}

// oldID says whether 15 digits look like a number of before 1999; there is no check digit.
func oldID(s string) bool {
	return len(s) == 15 && digits(s) && provinces[int(s[0]-'0')*10+int(s[1]-'0')] && birthday("19"+s[6:12])
}

func birthday(s string) bool {
	d, err := time.Parse("20060102", s)
	return err == nil && d.Year() >= 1900 && d.Year() < 2100
}

// usccShape says whether 18 characters could be a unified social credit code.
func usccShape(s string) bool {
	if len(s) != 18 || !digits(s[2:8]) {
		return false
	}
	for i := range len(s) {
		if usccValue(s[i]) < 0 {
			return false
		}
	}
	return strings.IndexByte("123456789ANY", s[0]) >= 0 // the registering body
}

// usccSum checks the last character as GB 32100 wants it.
func usccSum(s string) bool {
	sum, weight := 0, 1
	for i := range 17 {
		sum += usccValue(s[i]) * weight
		weight = weight * 3 % 31
	}
	return usccValue(s[17]) == (31-sum%31)%31
}

func usccValue(c byte) int {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}

// luhn checks a bank card's last digit.
func luhn(s string) bool {
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
