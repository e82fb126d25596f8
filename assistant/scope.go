package assistant

import (
	_ "embed"
	"slices"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

//go:embed guard/elsewhere.txt
var elsewhereRules string

var elsewhere = mustRules("guard/elsewhere.txt", elsewhereRules)

// Elsewhere says whether what is asked for is to be done in another province or abroad. It goes by role: where the thing
// is to be done, or whose rules are asked for, not where somebody has been, works, was treated or paid before. A place
// of Jiangxi in the text, found by regions (nil knows none), speaks against it. Words only, microseconds, safe for
// concurrent use.
func Elsewhere(text string, regions *kg.Regions) bool {
	text = zh.Fold(asked(text))
	t := elsewhere.scan(text)
	if len(t.of(elsewhere, "@home")) > 0 || regions != nil && atHome(text, regions) {
		return false
	}
	if len(t.of(elsewhere, "@ask")) == 0 && len(t.r) > callLength {
		return false
	}
	for _, clause := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("，,。；;：:！!？?\n", c) }) {
		if ofKind(elsewhere.read(clause), "here") {
			return true
		}
	}
	return ofKind(elsewhere.read(text), "over")
}

// callLength is how many characters a bare call has at most: 长沙居住证. It asks without a word of asking.
const callLength = 14

func ofKind(list []finding, kind string) bool {
	return slices.ContainsFunc(list, func(f finding) bool { return f.kind == kind })
}

// atHome says whether a text names a place of Jiangxi.
func atHome(text string, regions *kg.Regions) bool {
	for _, m := range regions.Find(text) {
		for _, r := range m.Candidates {
			if strings.HasPrefix(r.Code, "36") && (!m.Confirm || r.Level != "town") {
				return true
			}
		}
	}
	return false
}
