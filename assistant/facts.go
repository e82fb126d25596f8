package assistant

import (
	"fmt"
	"strconv"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// factRule says how a fact is heard (data/facts.json): a number with a unit near certain words, or words that make it
// true, false or one of its values.
type factRule struct {
	Fact   string              `json:"fact"`
	Label  string              `json:"label"`
	Unit   []string            `json:"unit,omitempty"`
	Near   []string            `json:"near,omitempty"`
	True   []string            `json:"true,omitempty"`
	False  []string            `json:"false,omitempty"`
	Values map[string][]string `json:"values,omitempty"`
}

var factRules = func() []factRule {
	var rules []factRule
	mustData("data/facts.json", &rules)
	return rules
}()

// findFacts returns the facts a text states, as strings.
func findFacts(text string) map[string]string {
	f := zh.Fold(text)
	out := map[string]string{}
	nums := zh.Numbers(text)
	for _, r := range factRules {
		if v, ok := r.hear(f, nums); ok {
			out[r.Fact] = v
		}
	}
	if age, ok := ageIn(text); ok {
		out["age"] = strconv.FormatFloat(age, 'f', -1, 64)
	}
	return out
}

func (r *factRule) hear(f string, nums []zh.Number) (string, bool) {
	if len(r.Unit) > 0 {
		return r.hearNumber(f, nums)
	}
	for _, w := range r.False {
		if strings.Contains(f, w) {
			return "false", true
		}
	}
	for _, w := range r.True {
		if strings.Contains(f, w) {
			return "true", true
		}
	}
	for _, v := range sortedKeys(r.Values) {
		for _, w := range r.Values[v] {
			if strings.Contains(f, w) {
				return v, true
			}
		}
	}
	return "", false
}

func (r *factRule) hearNumber(f string, nums []zh.Number) (string, bool) {
	runes := []rune(f)
	for _, n := range nums {
		tail := string(runes[min(len(runes), n.End):min(len(runes), n.End+4)])
		for _, u := range r.Unit {
			if strings.HasPrefix(tail, u) && (len(r.Near) == 0 || near(f, r.Near)) {
				return strconv.FormatFloat(n.Value, 'f', -1, 64), true
			}
		}
	}
	return "", false
}

func near(f string, words []string) bool {
	for _, w := range words {
		if strings.Contains(f, w) {
			return true
		}
	}
	return false
}

// facts gives the session's facts the types conditions compare with.
func (a *Assistant) facts(t *turn) kg.Facts {
	if t.req.Plain || t.sess.Impersonal {
		return nil
	}
	out := kg.Facts{}
	for name, f := range t.sess.Facts {
		out[name] = typed(f.Value)
	}
	return out
}

func typed(v string) any {
	if v == "true" || v == "false" {
		return v == "true"
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		return n
	}
	return v
}

func factString(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// factLabel names a fact for the citizen; "" = not shown.
func factLabel(name string) string {
	for _, r := range factRules {
		if r.Fact == name {
			return r.Label
		}
	}
	return ""
}

func factWord(v string) string {
	switch v {
	case "true":
		return "是"
	case "false":
		return "不是"
	}
	return v
}
