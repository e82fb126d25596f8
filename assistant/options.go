package assistant

import (
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// optionReader reads free text as an option of a situation question, by what sets the options apart. It is read-only
// after newOptionReader. Vectors were tried and taken out: they take 没过期 for 已过期.
type optionReader struct {
	folded  map[string][]string             // matter/question → options, folded
	weights map[string][]map[string]float64 // matter/question → weights of each option's words
	widen   *widener
}

func newOptionReader(c *kg.Catalogue) *optionReader {
	r := &optionReader{folded: map[string][]string{}, weights: map[string][]map[string]float64{}, widen: newWidener(c)}
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
	if age, ok := agePick(text, q); ok {
		return optionMatch{index: age, score: 1, gap: 1}
	}
	return r.among(text, r.folded[m.Code+"/"+q.ID])
}

// byWords reads a clause as an option by its words alone.
func (r *optionReader) byWords(text string, m *kg.Matter, q *kg.Situation) optionMatch {
	if i, ok := agePick(text, q); ok {
		return optionMatch{index: i, score: 1, gap: 1}
	}
	return matchOption(r.widen.text(text), r.folded[m.Code+"/"+q.ID])
}

// among reads an answer as one of the options.
func (r *optionReader) among(text string, options []string) optionMatch {
	got := matchOption(r.widen.text(text), options)
	if exact := matchOption(text, options); exact.score > got.score {
		got = exact
	}
	if got.gap < 0.1 {
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
	return presumedOption(r.widen.text(text), r.folded[key], r.weights[key])
}

// widener adds to a text what its dialect and colloquial words mean, so that options in plain words can be found in it.
type widener struct {
	means   map[string][]string
	longest int
}

func newWidener(c *kg.Catalogue) *widener {
	w := &widener{means: map[string][]string{}}
	for _, t := range c.Lexicon {
		switch t.Kind {
		case "dialect", "colloquial", "synonym", "typo", "abbrev":
		default:
			continue
		}
		if t.Ambiguous || len(t.Means) == 0 {
			continue
		}
		term := zh.Fold(t.Term)
		w.means[term] = t.Means
		w.longest = max(w.longest, len([]rune(term)))
	}
	return w
}

// text returns the text followed by the meanings of the words found in it, longest first at each place.
func (w *widener) text(s string) string {
	r := []rune(zh.Fold(s))
	var b strings.Builder
	b.WriteString(s)
	for i := 0; i < len(r); {
		step := 1
		for n := min(w.longest, len(r)-i); n > 0; n-- {
			if means, ok := w.means[string(r[i:i+n])]; ok {
				b.WriteString(" " + strings.Join(means, " "))
				step = n
				break
			}
		}
		i += step
	}
	return b.String()
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
	said := ideasIn(t)
	best, second := optionMatch{index: -1}, 0.0
	for i, w := range weights {
		if polarity(options[i]) < 0 {
			continue
		}
		held, all := 0.0, 0.0
		for g, v := range w {
			idea, is := strings.CutPrefix(g, "#")
			if !is {
				all += v
			}
			if is && said[idea] || !is && strings.Contains(t, g) {
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

// ageIn finds the age said in a text: a number of years, or one after 今年 and its like.
func ageIn(text string) (float64, bool) {
	r := []rune(zh.Fold(text))
	for _, n := range zh.Numbers(text) {
		after := string(r[n.End:min(len(r), n.End+3)])
		if strings.HasPrefix(after, "岁") || strings.HasPrefix(after, "周岁") || strings.HasPrefix(after, "多岁") {
			return n.Value, true
		}
		before := string(r[max(0, n.Start-2):n.Start])
		if n.Value >= 14 && n.Value <= 120 && near(before, words["age"]) && !startsUnit(after) {
			return n.Value, true
		}
	}
	return 0, false
}

// startsUnit reports whether a number goes on as a count of something else than years of age.
func startsUnit(after string) bool {
	for _, u := range words["units"] {
		if strings.HasPrefix(after, u) {
			return true
		}
	}
	return false
}
