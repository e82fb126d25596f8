package petitions

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"ganwen/kg"
	"ganwen/search/zh"
)

// traits is an item as the joiner sees it.
type traits struct {
	item      Item
	city      string // "" when not known
	county    string
	town      string
	names     []properName
	grams     []gram
	runes     []rune          // folded
	text      string          // the same
	sentences []zh.Token      // of the text with its title, by rune
	wrongs    map[int]float64 // kinds of wrong it speaks of, to length 1
}

// read prepares an item. What it lies in is masked in its text: a place all of a county's petitions name joins nothing.
func (j *Joiner) read(it Item) *traits {
	p := Petition{Title: it.Title, Text: it.Text}
	whole := p.Whole()
	r := &traits{item: it, text: zh.Fold(whole), sentences: zh.Sentences(whole)}
	r.runes = []rune(r.text)
	r.place(it.Place)
	if r.county != "" && r.town == "" {
		r.town = j.townIn(r.county, whole)
	}
	where := j.placeWords(r, whole)
	r.wrongs = j.wrongsOf(r.runes)
	r.names = j.words.names(zh.Cut(whole), r.sentence, where.words)
	r.grams = j.background.vectorOf(r.runes, where.grams)
	return r
}

// placeWords are the names of where a petition lies, and their n-grams.
type placeWords struct {
	words map[string]bool
	grams map[uint64]bool
}

// placeWords names what a petition lies in and, with their level words, the townships of its county. Where not even the
// county is known, it names all divisions the text does.
func (j *Joiner) placeWords(r *traits, text string) *placeWords {
	if j.regions == nil {
		return &placeWords{}
	}
	code := r.item.Place
	if r.town != "" {
		code = r.town
	}
	if r.county == "" {
		w := newPlaceWords()
		for _, m := range j.regions.Find(text) {
			w.add(m.Text)
		}
		return w
	}
	if w, ok := j.places.Load(code); ok {
		return w.(*placeWords)
	}
	w := newPlaceWords()
	for _, c := range append(j.regions.Ancestors(code), kg.Region{Code: code}) {
		if reg, ok := j.regions.ByCode(c.Code); ok {
			w.add(reg.Name)
			w.add(strings.TrimRight(reg.Name, levelRunes))
		}
	}
	for _, t := range j.towns[r.county] {
		w.add(t.name)
	}
	j.places.Store(code, w)
	return w
}

// levelRunes end the names of divisions.
const levelRunes = "省市县区镇乡街道"

func newPlaceWords() *placeWords {
	return &placeWords{words: map[string]bool{}, grams: map[uint64]bool{}}
}

func (w *placeWords) add(name string) {
	r := []rune(zh.Fold(name))
	if len(r) < 2 {
		return
	}
	w.words[string(r)] = true
	for n := 2; n <= 3; n++ {
		for i := 0; i+n <= len(r); i++ {
			w.grams[hashOf(r[i:i+n])] = true
		}
	}
}

// townIn finds the one township of a county that a text names, by its name with or without 镇.
func (j *Joiner) townIn(county, text string) string {
	found := ""
	for _, t := range j.towns[county] {
		if strings.Contains(text, t.short) {
			if found != "" && found != t.code {
				return ""
			}
			found = t.code
		}
	}
	return found
}

// wrongsOf weighs the kinds of wrong a text has words for: more words more, common wrongs less.
func (j *Joiner) wrongsOf(r []rune) map[int]float64 {
	out, sum := map[int]float64{}, 0.0
	for c, words := range j.words.wordsOf(r) {
		w := (1 + math.Log(float64(len(words)))) * j.background.surprise(c)
		out[c], sum = w, sum+w*w
	}
	for c := range out {
		out[c] /= math.Sqrt(sum)
	}
	return out
}

func (r *traits) place(code string) {
	code = kg.RegionCode(code)
	if len(code) >= 4 {
		r.city = code[:4]
	}
	if len(code) >= 6 {
		r.county = code[:6]
	}
	if len(code) >= 9 {
		r.town = code[:9]
	}
}

// sentence is the index of the sentence a rune stands in.
func (r *traits) sentence(at int) int {
	i, found := slices.BinarySearchFunc(r.sentences, at, func(s zh.Token, at int) int { return cmp.Compare(s.Start, at) })
	if !found {
		i--
	}
	return max(i, 0)
}

func (r *traits) quote(sentence int) string {
	if sentence < 0 || sentence >= len(r.sentences) {
		return ""
	}
	return strings.TrimSpace(r.sentences[sentence].Text)
}

// The measures by which two petitions are compared; Weights has one number for each.
const (
	mBias      = iota
	mTown      // both lie in the same township
	mNoTown    // of one only the county is known
	mNoCounty  // of one only the city is known
	mClass     // how far the classes agree
	mPath      // the finer classes agree
	mClassTown // class and township both
	mText      // likeness of words, place names left out
	mTextTown
	mRare      // the rarest thing both say
	mRare2     // the second
	mName      // a proper name in common
	mOther     // proper names of one kind and none in common
	mTime      // months between them
	mPerson    // the same petitioner
	mCopy      // almost the same text
	mVector    // likeness of meaning
	mWrong     // they speak of the same kinds of wrong
	mWrongTown // and in the same township
	mWrongName // and name the same body
	mApart     // both have words for a wrong, and not for the same
	measures
)

// Weights weigh the measures; they add up to the log-odds that two petitions are about one matter.
type Weights map[string]float64

var measureNames = [measures]string{"bias", "town", "no_town", "no_county", "class", "path", "class_town", "text", "text_town",
	"rare", "rare2", "name", "other_name", "months", "person", "copy", "vector",
	"wrong", "wrong_town", "wrong_name", "apart"}

// pair is the comparison of two petitions.
type pair struct {
	x     [measures]float64
	name  [2]properName
	run   [2][2]int // where the rarest thing both say stands, by rune
	shown string
	rival bool // names that begin alike and end differently
}

// compare measures two petitions; ok is false when they cannot be about one matter: known to lie in different counties or cities.
func (j *Joiner) compare(a, b *traits) (p pair, ok bool) {
	if a.county != "" && b.county != "" && a.county != b.county || a.city != "" && b.city != "" && a.city != b.city {
		return p, false
	}
	p.x[mBias] = 1
	switch {
	case a.county == "" || b.county == "":
		if a.city != "" && b.city != "" {
			p.x[mNoCounty] = 1
		}
	case a.town == "" || b.town == "":
		p.x[mNoTown] = 1
	case a.town == b.town:
		p.x[mTown] = 1
	}
	p.x[mClass] = overlap(a.item.Classes, b.item.Classes)
	p.x[mPath] = pathAgreement(a.item.Path, b.item.Path)
	j.likeness(a, b, &p)
	p.namesIn(a, b, j.words.kinds)
	p.x[mTime] = min(monthsBetween(a.item.Time, b.item.Time), 12)
	if a.item.Person != "" && a.item.Person == b.item.Person {
		p.x[mPerson] = 1
	}
	if p.x[mText] > .7 {
		p.x[mCopy] = 1
	}
	p.x[mVector] = max(0, cosine(a.item.Vector, b.item.Vector))
	for c, w := range a.wrongs {
		p.x[mWrong] += w * b.wrongs[c]
	}
	near := p.x[mTown] + p.x[mNoTown]/2
	p.x[mClassTown], p.x[mTextTown] = p.x[mClass]*near, p.x[mText]*near
	p.x[mWrongTown], p.x[mWrongName] = p.x[mWrong]*near, p.x[mWrong]*p.x[mName]
	if len(a.wrongs) > 0 && len(b.wrongs) > 0 && p.x[mWrong] < .1 {
		p.x[mApart] = 1
	}
	return p, true
}

// likeness fills in the likeness of words, and the two rarest runs of characters both texts have.
func (j *Joiner) likeness(a, b *traits, p *pair) {
	type run struct{ a, b, end, n int }
	var shared []run
	for i, k := 0, 0; i < len(a.grams) && k < len(b.grams); {
		x, y := a.grams[i], b.grams[k]
		switch {
		case x.hash < y.hash:
			i++
		case x.hash > y.hash:
			k++
		default:
			p.x[mText] += float64(x.weight) * float64(y.weight)
			shared = append(shared, run{a: int(x.at), b: int(y.at), end: int(x.at) + int(x.n), n: int(x.n)})
			i, k = i+1, k+1
		}
	}
	slices.SortFunc(shared, func(x, y run) int { return cmp.Or(x.a-y.a, y.n-x.n) })
	for i := 0; i < len(shared); {
		from, end := shared[i].a, shared[i].end
		k := i + 1
		for k < len(shared) && shared[k].a < end && shared[k].a <= end-1 { // overlapping n-grams are one run
			end = max(end, shared[k].end)
			k++
		}
		j.rare(p, a, b, from, end, shared[i].b)
		i = k
	}
}

// rare weighs a run both texts have by its rarest pair of characters, and a little by its length.
func (j *Joiner) rare(p *pair, a, b *traits, from, end, other int) {
	best := 0.0
	if !zh.IsHan(a.runes[from]) {
		best = j.background.idfOf(a.runes[from:end])
	}
	for i := from; i+2 <= end; i++ {
		best = max(best, j.background.idfOf(a.runes[i:i+2]))
	}
	score := best/7 + .1*float64(min(end-from, 8)-2)
	switch {
	case score > p.x[mRare]:
		p.x[mRare2] = p.x[mRare]
		p.x[mRare], p.shown = score, string(a.runes[from:end])
		p.run = [2][2]int{{from, end}, {other, other + end - from}}
	case score > p.x[mRare2]:
		p.x[mRare2] = score
	}
}

// namesIn compares the proper names of two petitions, kind by kind.
func (p *pair) namesIn(a, b *traits, kinds []nameKind) {
	clash, rival := false, false
	for _, x := range a.names {
		for _, y := range b.names {
			if kinds[x.kind].rivals(x, y) {
				rival = true
			} else if s := sameName(x, y); s > p.x[mName] {
				p.x[mName], p.name = s, [2]properName{x, y}
			}
		}
		if s := mentioned(x, b); s > p.x[mName] && !rival {
			p.x[mName], p.name = s, [2]properName{x, x}
		}
	}
	for _, y := range b.names {
		if s := mentioned(y, a); s > p.x[mName] && !rival {
			p.x[mName], p.name = s, [2]properName{y, y}
		}
	}
	for k, kind := range kinds {
		if kind.Own && has(a.names, k) && has(b.names, k) && p.x[mName] == 0 {
			clash = true
		}
	}
	if p.rival = rival; clash || rival {
		p.x[mOther] = 1
	}
}

// rivals reports whether two names have the same beginning and different ends that belong to the name: 锦润华府 is not
// 锦润华庭, but may be 锦润小区.
func (k nameKind) rivals(x, y properName) bool {
	return len(k.Loose) > 0 && x.kind == y.kind && x.core == y.core && x.suffix != y.suffix &&
		!slices.Contains(k.Loose, x.suffix) && !slices.Contains(k.Loose, y.suffix)
}

func has(names []properName, kind int) bool {
	return slices.ContainsFunc(names, func(n properName) bool { return n.kind == kind })
}

// sameName compares letter for letter: 1 for the same core, less for an abbreviation, less for the same sound.
func sameName(x, y properName) float64 {
	lx, ly := len([]rune(x.core)), len([]rune(y.core))
	switch {
	case min(lx, ly) < 2:
		if x.full() == y.full() {
			return .7
		}
	case x.core == y.core && (x.kind == y.kind || lx >= 3):
		return 1
	case x.core == y.core, strings.Contains(x.full(), y.core), strings.Contains(y.full(), x.core):
		return .8
	case x.sound == y.sound && x.kind == y.kind:
		return .6
	}
	return 0
}

// mentioned finds a name's core in a text that has it without its suffix: 宏磊那个采石场.
func mentioned(n properName, r *traits) float64 {
	if len([]rune(n.core)) >= 2 && strings.Contains(r.text, n.core) {
		return .8
	}
	return 0
}

func (b *Background) idfOf(r []rune) float64 { return b.idf(hashOf(r)) }

// overlap is how much of the probability two guesses share.
func overlap(a, b []Guess) float64 {
	sum := 0.0
	for _, x := range a {
		for _, y := range b {
			if x.Value == y.Value {
				sum += min(x.Confidence, y.Confidence)
			}
		}
	}
	return min(sum, 1)
}

// pathAgreement counts the levels below the first on which two classes agree, as a share.
func pathAgreement(a, b []string) float64 {
	n := 0
	for i := 0; i < min(len(a), len(b)) && a[i] == b[i]; i++ {
		n = i
	}
	return float64(n) / 2
}

func monthsBetween(a, b time.Time) float64 {
	if a.IsZero() || b.IsZero() {
		return 1
	}
	return math.Abs(a.Sub(b).Hours()) / (24 * 30)
}

func cosine(a, b []float32) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	dot, x, y := 0.0, 0.0, 0.0
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		x += float64(a[i]) * float64(a[i])
		y += float64(b[i]) * float64(b[i])
	}
	if x == 0 || y == 0 {
		return 0
	}
	return dot / math.Sqrt(x*y)
}

func containsCore(s string, n properName) bool { return strings.Contains(zh.Fold(s), n.core) }
