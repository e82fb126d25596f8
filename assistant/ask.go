package assistant

import (
	"math"
	"sort"
	"strings"

	"ganwen/kg"
	"ganwen/search/zh"
)

// choice is a question that tells matters apart, in a citizen's words: one option a matter (data in the catalogue's
// utterances of kind "ambiguous").
type choice struct {
	ask     string
	options []kg.UtteranceSide
	grams   map[string]bool
}

// asker picks the one question worth asking. It is read-only after newAsker.
type asker struct {
	cat     *kg.Catalogue
	choices []choice
}

func newAsker(cat *kg.Catalogue) *asker {
	a := &asker{cat: cat}
	for _, u := range cat.Others {
		if u.Kind != "ambiguous" || u.Ask == "" || len(u.Options) < 2 {
			continue
		}
		a.choices = append(a.choices, choice{ask: u.Ask, options: u.Options, grams: gramSet(u.Query)})
	}
	return a
}

func gramSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, g := range zh.Bigrams(s) {
		set[g] = true
	}
	return set
}

func overlap(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	n := 0
	for g := range a {
		if b[g] {
			n++
		}
	}
	return float64(n) / math.Sqrt(float64(len(a))*float64(len(b)))
}

// matterQuestion returns the question with the largest information gain over the candidates, with the matter each
// option leads to. Without a written question that gains enough, the candidates themselves are offered by name.
func (a *asker) matterQuestion(said string, cands []Candidate) (Question, map[string]string) {
	cands = plausible(cands)
	said = zh.Fold(said)
	grams := gramSet(said)
	whole := entropy(masses(cands), 0)
	var best *choice
	bestGain := 0.0
	for i := range a.choices {
		c := &a.choices[i]
		gain := a.gain(c, cands, whole) * (0.35 + overlap(grams, c.grams))
		if gain > bestGain {
			best, bestGain = c, gain
		}
	}
	if best != nil && a.covers(best, cands) {
		return a.written(best)
	}
	return a.byName(cands)
}

// plausible keeps the candidates a question should still separate.
func plausible(cands []Candidate) []Candidate {
	var out []Candidate
	for i, c := range cands {
		if i < 2 || (i < 4 && c.Score >= 0.05) {
			out = append(out, c)
		}
	}
	return out
}

func masses(cands []Candidate) []float64 {
	var p []float64
	for _, c := range cands {
		p = append(p, c.Score)
	}
	return p
}

// entropy of the masses in bits, normalised over their sum plus rest.
func entropy(p []float64, rest float64) float64 {
	total := rest
	for _, v := range p {
		total += v
	}
	if total <= 0 {
		return 0
	}
	h := 0.0
	for _, v := range append(p, rest) {
		if q := v / total; q > 0 {
			h -= q * math.Log2(q)
		}
	}
	return h
}

// gain is the expected fall of entropy when the question is answered: options single out their matter, candidates
// that no option names stay mixed.
func (a *asker) gain(c *choice, cands []Candidate, whole float64) float64 {
	var left []float64
	rest, total := 0.0, 0.0
	for _, k := range cands {
		total += k.Score
		if !c.names(k.Code) {
			left = append(left, k.Score)
			rest += k.Score
		}
	}
	if total == 0 {
		return 0
	}
	return whole - rest/total*entropy(left, 0)
}

func (c *choice) names(code string) bool {
	for _, o := range c.options {
		if o.Code == code {
			return true
		}
	}
	return false
}

// covers reports whether the question names the best candidate and most of the mass.
func (a *asker) covers(c *choice, cands []Candidate) bool {
	if len(cands) == 0 || !c.names(cands[0].Code) {
		return false
	}
	in, total := 0.0, 0.0
	for _, k := range cands {
		total += k.Score
		if c.names(k.Code) {
			in += k.Score
		}
	}
	return in >= 0.7*total
}

func (a *asker) written(c *choice) (Question, map[string]string) {
	q := Question{ID: "matter", Text: c.ask}
	codes := map[string]string{}
	for i, o := range c.options {
		if i == 5 || a.cat.Matter(o.Code) == nil {
			continue
		}
		id := "o" + itoa(i+1)
		q.Options = append(q.Options, Option{ID: id, Text: o.Text})
		codes[id] = o.Code
	}
	q.Options = append(q.Options, Option{ID: "unsure", Text: phrase("ask.unsure", nil)})
	return q, codes
}

func (a *asker) byName(cands []Candidate) (Question, map[string]string) {
	q := Question{ID: "matter", Text: phrase("ask.matter", nil)}
	codes := map[string]string{}
	for i, c := range cands {
		m := a.cat.Matter(c.Code)
		if m == nil {
			continue
		}
		id := "o" + itoa(i+1)
		q.Options = append(q.Options, Option{ID: id, Text: shortName(m.Name)})
		codes[id] = c.Code
	}
	q.Options = append(q.Options, Option{ID: "unsure", Text: phrase("ask.unsure", nil)})
	return q, codes
}

// shortName drops what stands in brackets when the name stays clear.
func shortName(name string) string {
	if len([]rune(name)) <= 14 {
		return name
	}
	if i := strings.IndexAny(name, "（("); i > 0 {
		return name[:i]
	}
	return name
}

// optionMatch says which option free text means, and how sure that is: 0 none … 1 said word for word.
type optionMatch struct {
	index int
	score float64
	gap   float64 // over the second best
}

// matchOption compares free text with options by the words that set them apart. Words shared by all options count
// nothing; numbers, ordinals, yes and no are understood.
func matchOption(text string, options []string) optionMatch {
	t := core(text)
	if t == "" || len(options) == 0 {
		return optionMatch{index: -1}
	}
	folded := make([]string, len(options))
	for i, o := range options {
		folded[i] = core(o)
		if t == folded[i] {
			return optionMatch{index: i, score: 1, gap: 1}
		}
	}
	if i := ordinalAnswer(t, len(options)); i >= 0 {
		return optionMatch{index: i, score: 1, gap: 1}
	}
	scores := make([]float64, len(options))
	said := ideasIn(t)
	for i, w := range distinct(folded) {
		for g, v := range w {
			switch idea, is := strings.CutPrefix(g, "#"); {
			case is && said[idea]:
				scores[i] += 4 * v
			case !is && strings.Contains(t, g):
				w := v * float64(len([]rune(g)))
				if denies(t, g) != denies(folded[i], g) {
					w = -w // said of the opposite
				}
				scores[i] += w
			}
		}
	}
	if yes := polarity(t); yes != 0 {
		for i, f := range folded {
			if p := polarity(f); p != 0 {
				scores[i] += 1.5 * float64(yes*p)
			}
		}
	}
	return bestOf(scores)
}

// denies reports whether a word of the text is denied there: by a no right before it, or at its beginning.
func denies(t, word string) bool {
	i := strings.Index(t, word)
	before := []rune(t[:i])
	near := string(before[max(0, len(before)-2):]) + string([]rune(word)[:1])
	for _, w := range words["deny"] {
		if strings.Contains(near, w) {
			return true
		}
	}
	return false
}

// concepts are ideas that situations turn on, with the words people have for each (data/concepts.json).
var concepts = func() map[string][]string {
	m := map[string][]string{}
	mustData("data/concepts.json", &m)
	for _, list := range m {
		for i, w := range list {
			list[i] = zh.Fold(w)
		}
	}
	return m
}()

// ideasIn are the concepts a folded text holds.
func ideasIn(t string) map[string]bool {
	out := map[string]bool{}
	for idea, list := range concepts {
		if near(t, list) {
			out[idea] = true
		}
	}
	return out
}

// distinct gives each option's character bigrams, words and ideas ("#proxy") their weight: the fewer options share one,
// the more.
func distinct(options []string) []map[string]float64 {
	sets := make([]map[string]bool, len(options))
	df := map[string]int{}
	for i, o := range options {
		sets[i] = map[string]bool{}
		for _, t := range zh.Words(o) {
			if len([]rune(t.Text)) >= 2 {
				sets[i][t.Text] = true
			}
		}
		for _, g := range zh.Bigrams(o) {
			sets[i][g] = true
		}
		for idea := range ideasIn(o) {
			sets[i]["#"+idea] = true
		}
		for g := range sets[i] {
			df[g]++
		}
	}
	out := make([]map[string]float64, len(options))
	for i := range sets {
		out[i] = map[string]float64{}
		for g := range sets[i] {
			if df[g] < len(options) {
				out[i][g] = 1 / float64(df[g])
			}
		}
	}
	return out
}

// polarity is 1 for a text that begins with a yes, −1 with a no, 0 otherwise.
func polarity(t string) int {
	for _, w := range sortedLong(words["no"]) {
		if strings.HasPrefix(t, w) {
			return -1
		}
	}
	for _, w := range sortedLong(words["yes"]) {
		if strings.HasPrefix(t, w) {
			return 1
		}
	}
	if n := len([]rune(t)); n > 8 {
		return 0
	}
	for _, w := range words["noend"] {
		if strings.HasSuffix(t, w) {
			return -1
		}
	}
	for _, w := range words["yesend"] {
		if strings.HasSuffix(t, w) {
			return 1
		}
	}
	return 0
}

func sortedLong(list []string) []string {
	s := append([]string(nil), list...)
	sort.SliceStable(s, func(i, j int) bool { return len(s[i]) > len(s[j]) })
	return s
}

// ordinalAnswer understands "第二个", "2", "选b", "后面那个".
func ordinalAnswer(t string, n int) int {
	t = strings.NewReplacer("选", "", "我", "", "是", "", "那个", "个", "就", "").Replace(t)
	names := [][]string{{"1", "第一个", "第1个", "一", "a", "前面个", "前一个"}, {"2", "第二个", "第2个", "二", "b"}, {"3", "第三个", "第3个", "三", "c"},
		{"4", "第四个", "第4个", "四", "d"}, {"5", "第五个", "第5个", "五", "e"}}
	for i, list := range names {
		for _, w := range list {
			if t == w && i < n {
				return i
			}
		}
	}
	if t == "最后个" || t == "最后一个" || t == "后面个" || t == "后一个" {
		return n - 1
	}
	return -1
}

func bestOf(scores []float64) optionMatch {
	m := optionMatch{index: -1}
	second := 0.0
	for i, s := range scores {
		switch {
		case s > m.score:
			second, m.score, m.index = m.score, s, i
		case s > second:
			second = s
		}
	}
	m.gap = m.score - second
	m.score = 1 - math.Exp(-m.score/4)
	m.gap = 1 - math.Exp(-m.gap/4)
	return m
}
