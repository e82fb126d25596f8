package assistant

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"ganwen/search/zh"
)

// words are small word lists (data/words.json): how people hesitate, agree, correct themselves, greet.
var words = func() map[string][]string {
	m := map[string][]string{}
	mustData("data/words.json", &m)
	for _, list := range m {
		for i, w := range list {
			list[i] = zh.Fold(w)
		}
	}
	return m
}()

// fieldWords say which field of a matter a question asks for (data/fields.json), more specific fields first.
var fieldWords = func() []fieldRule {
	var rules []fieldRule
	mustData("data/fields.json", &rules)
	for i := range rules {
		for j, w := range rules[i].Words {
			rules[i].Words[j] = zh.Fold(w)
		}
		for _, p := range rules[i].Patterns {
			rules[i].compiled = append(rules[i].compiled, regexp.MustCompile(p))
		}
	}
	return rules
}()

// fieldRule names a field and how it is asked for. Patterns are regular expressions that are looked at only when no
// word of any rule is said: "能领高龄津贴吗" asks for the conditions, "能不能代办" does not.
type fieldRule struct {
	Field    string   `json:"field"`
	Words    []string `json:"words"`
	Patterns []string `json:"patterns"`

	compiled []*regexp.Regexp
}

func mustData(name string, v any) {
	raw, err := dataFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		panic(fmt.Sprintf("assistant: %s: %v", name, err))
	}
}

// says reports whether the folded text holds a word of a list.
func says(text, list string) bool {
	for _, w := range words[list] {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// isWord reports whether the whole folded text, without punctuation and particles, is a word of a list.
func isWord(text, list string) bool {
	t := core(text)
	for _, w := range words[list] {
		if t == w {
			return true
		}
	}
	return false
}

// core drops punctuation, blanks and sentence particles round a short utterance.
func core(text string) string {
	t := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ,.!?;:，。！？；：、~～…“”\"'（）()", r) {
			return -1
		}
		return r
	}, zh.Fold(text))
	return strings.TrimRight(t, "啊呀吧呢哦哈啦嘛咯哩了的")
}

// asksFields returns the fields a question asks for, in the order they are said; at most three.
func asksFields(text string) []string {
	t := zh.Fold(text)
	type at struct {
		field string
		pos   int
	}
	var found []at
	for _, r := range fieldWords {
		best := -1
		for _, w := range r.Words {
			if i := strings.Index(t, w); i >= 0 && (best < 0 || i < best) {
				best = i
			}
		}
		if best >= 0 {
			found = append(found, at{r.Field, best})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].pos < found[j].pos })
	var out []string
	for _, f := range found {
		if len(out) < 3 {
			out = append(out, f.field)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range fieldWords {
		for _, p := range r.compiled {
			if p.MatchString(t) {
				return []string{r.Field}
			}
		}
	}
	return nil
}

// smalltalk picks the phrase for a turn that needs no knowledge.
func smalltalk(text string) string {
	t := zh.Fold(text)
	for _, kind := range []string{"abuse", "who", "thanks", "bye", "praise", "hello", "ok"} {
		if says(t, kind) {
			return "small." + kind
		}
	}
	return "small.other"
}
