package kg

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ErrCode is returned for a code that does not follow its rule; the wrapping text says which part is wrong.
var ErrCode = errors.New("kg: bad code")

// Rules of GB/T 39554.1. Local catalogues use capital letters too, within the same lengths.
var (
	catalogCode = regexp.MustCompile(`^[0-9A-Z]{12}$`)
	taskCode    = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}[1-7][0-9A-Z]{12}$`)
	handleCode  = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}[1-7][0-9A-Z]{12}[0-9]{2}$`)
	creditCode  = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}$`)
)

// CheckCatalogCode checks a 基本编码 (12).
func CheckCatalogCode(code string) error {
	if !catalogCode.MatchString(code) {
		return fmt.Errorf("%w: 基本编码 %q: want 12 digits or capitals", ErrCode, code)
	}
	return nil
}

// CheckTaskCode checks a 实施编码 (31): credit code, level 1–7, 基本编码.
func CheckTaskCode(code string) error {
	if !taskCode.MatchString(code) {
		return fmt.Errorf("%w: 实施编码 %q: want credit code (18), level 1-7, 基本编码 (12)", ErrCode, code)
	}
	return CheckCreditCode(code[:18])
}

// CheckHandleCode checks a 业务办理项编码 (33): 实施编码 and two digits.
func CheckHandleCode(code string) error {
	if !handleCode.MatchString(code) {
		return fmt.Errorf("%w: 业务办理项编码 %q: want 实施编码 (31) and two digits", ErrCode, code)
	}
	return CheckCreditCode(code[:18])
}

// creditAlphabet gives the values of GB 32100's characters; I, O, S, V and Z are not used.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckCreditCode checks a unified social credit code (统一社会信用代码) with its check character (GB 32100).
func CheckCreditCode(code string) error {
	if !creditCode.MatchString(code) {
		return fmt.Errorf("%w: 统一社会信用代码 %q: want 18 characters without I, O, S, V, Z", ErrCode, code)
	}
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(creditAlphabet, code[i]) * weight
		weight = weight * 3 % 31
	}
	if want := creditAlphabet[(31-sum%31)%31]; code[17] != want {
		return fmt.Errorf("%w: 统一社会信用代码 %q: check character %c, want %c", ErrCode, code, code[17], want)
	}
	return nil
}
