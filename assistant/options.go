package assistant

import (
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// optionReader reads free text as an option of a situation question, by what sets the options apart. It is read-only
// after newOptionReader.
type optionReader struct {
	folded  map[string][]string             // matter/question → options, folded
	weights map[string][]map[string]float64 // matter/question → weights of each option's words
}

func newOptionReader(c *kg.Catalogue) *optionReader {
	r := &optionReader{folded: map[string][]string{}, weights: map[string][]map[string]float64{}}
	for _, m := range c.Matters {
		for _, q := range m.Tree {
			var texts []string
			for _, o := range q.Options {
				texts = append(texts, core(o.Text))
			}
			r.folded[m.Code+"/"+q.ID] = texts
			r.weights[m.Code+"/"+q.ID] = distinct(texts)
		}
	}
	return r
}

// match reads an answer to the question: the citizen has just been asked, so a weak likeness is enough.
func (r *optionReader) match(text string, m *kg.Matter, q *kg.Situation) optionMatch {
	texts := r.folded[m.Code+"/"+q.ID]
	if age, ok := agePick(text, q); ok {
		return optionMatch{index: age, score: 1, gap: 1}
	}
	got := matchOption(text, texts)
	if got.index >= 0 && got.gap < 0.1 {
		got.index = -1
	}
	return got
}

// presumed reads words said before the question was asked: only when they hold most of what one option says and
// nearly nothing of any other.
func (r *optionReader) presumed(text string, m *kg.Matter, q *kg.Situation) optionMatch {
	key := m.Code + "/" + q.ID
	if i, ok := agePick(text, q); ok {
		return optionMatch{index: i, score: 1, gap: 1}
	}
	return presumedOption(text, r.folded[key], r.weights[key])
}

// presumedOption finds the option whose telling words the text holds, when no other is near. weights may be nil.
func presumedOption(text string, options []string, weights []map[string]float64) optionMatch {
	if weights == nil {
		folded := make([]string, len(options))
		for i, o := range options {
			folded[i] = core(o)
		}
		options, weights = folded, distinct(folded)
	}
	t := zh.Fold(text)
	best, second := optionMatch{index: -1}, 0.0
	for i, w := range weights {
		if polarity(options[i]) < 0 {
			continue
		}
		held, all := 0.0, 0.0
		for g, v := range w {
			all += v
			if strings.Contains(t, g) {
				held += v
			}
		}
		if all == 0 {
			continue
		}
		switch cover := held / all; {
		case cover > best.score:
			second, best.score, best.index = best.score, cover, i
		case cover > second:
			second = cover
		}
	}
	best.gap = best.score - second
	if best.score < optionSaid || best.gap < 0.35 {
		return optionMatch{index: -1}
	}
	return best
}

// agePick decides questions whose options are ranges of age ("满80周岁", "六十到七十九岁") by the age he said.
func agePick(text string, q *kg.Situation) (int, bool) {
	age, ok := ageIn(text)
	if !ok {
		return 0, false
	}
	hit := -1
	for i, o := range q.Options {
		low, high, isRange := ageRange(o.Text)
		if !isRange {
			continue
		}
		if age >= low && age <= high {
			if hit >= 0 {
				return 0, false
			}
			hit = i
		}
	}
	return hit, hit >= 0
}

// ageRange reads a range of ages in words.
func ageRange(text string) (low, high float64, ok bool) {
	nums := zh.Numbers(text)
	if len(nums) == 0 || !strings.Contains(text, "岁") {
		return 0, 0, false
	}
	f := zh.Fold(text)
	first := nums[0].Value
	switch {
	case len(nums) >= 2 && nums[1].Value > first:
		return first, nums[1].Value + 0.999, true
	case strings.Contains(f, "不满") || strings.Contains(f, "没满") || strings.Contains(f, "以下") || strings.Contains(f, "未满") || strings.Contains(f, "不到"):
		return 0, first - 0.001, true
	case strings.Contains(f, "满") || strings.Contains(f, "以上") || strings.Contains(f, "过了"):
		return first, 200, true
	}
	return 0, 0, false
}

// ageIn finds the age said in a text.
func ageIn(text string) (float64, bool) {
	r := []rune(zh.Fold(text))
	for _, n := range zh.Numbers(text) {
		after := string(r[n.End:min(len(r), n.End+3)])
		if strings.HasPrefix(after, "岁") || strings.HasPrefix(after, "周岁") || strings.HasPrefix(after, "多岁") {
			return n.Value, true
		}
	}
	return 0, false
}
