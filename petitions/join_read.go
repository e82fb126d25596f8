package petitions

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ganwen/search/zh"
)

// Item is what joining needs to know of a petition.
type Item struct {
	ID      string
	Title   string
	Text    string
	Channel string
	Time    time.Time
	Place   string  // code of the finest division that is certain; "" when none is
	Person  string  // digest of the petitioner, "" when not known
	People  int     // who signed or came
	Classes []Guess // first-level classes, likely ones
	Path    []string
	Vector  []float32 // of the text, where a model is there
}

//go:embed data/join.json
var joinJSON string

//go:embed data/common.txt
var commonTXT string

//go:embed data/concepts.txt
var conceptsTXT string

// lexicon are the words by which names are recognised.
type lexicon struct {
	kinds    []nameKind
	suffixes map[string]int // suffix → index of its kind
	longest  int            // runes of the longest suffix
	stop     map[rune]bool
	common   map[string]bool  // words that are no part of a name
	concepts map[string][]int // word → the wrongs it is a word for
	wrongs   []string         // names of the wrongs
	weights  Weights
}

type nameKind struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Own      bool     `json:"own"`   // two different names are two different bodies, and so two matters
	Loose    []string `json:"loose"` // suffixes people leave out; where there are some, the others are part of the name: 锦润华府, 锦润华庭
	Suffixes []string `json:"suffixes"`
}

func loadLexicon() (*lexicon, error) {
	var file struct {
		Note    string     `json:"note"`
		Kinds   []nameKind `json:"kinds"`
		Stop    string     `json:"stop"`
		Weights Weights    `json:"weights"`
	}
	dec := json.NewDecoder(strings.NewReader(joinJSON))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("petitions: read join words: %w", err)
	}
	l := &lexicon{kinds: file.Kinds, suffixes: map[string]int{}, stop: map[rune]bool{}, common: map[string]bool{}, weights: file.Weights}
	for i, k := range file.Kinds {
		for _, s := range k.Suffixes {
			s = zh.Fold(s)
			if _, taken := l.suffixes[s]; !taken {
				l.suffixes[s] = i
			}
			l.longest = max(l.longest, len([]rune(s)))
		}
	}
	for _, r := range file.Stop {
		l.stop[r] = true
	}
	for _, w := range strings.Fields(commonTXT) {
		l.common[w] = true
	}
	return l, l.readConcepts(conceptsTXT)
}

// readConcepts reads what people call each kind of wrong, a line each.
func (l *lexicon) readConcepts(text string) error {
	l.concepts = map[string][]int{}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, words, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("petitions: concepts line %d: no colon", n+1)
		}
		for _, w := range append(strings.Fields(words), name) {
			w = zh.Fold(w)
			if !slices.Contains(l.concepts[w], len(l.wrongs)) {
				l.concepts[w] = append(l.concepts[w], len(l.wrongs))
			}
		}
		l.wrongs = append(l.wrongs, name)
	}
	return nil
}

// wordsOf finds which words for which wrongs a text has, longest first, none within another.
func (l *lexicon) wordsOf(r []rune) map[int]map[string]bool {
	out := map[int]map[string]bool{}
	for i := 0; i < len(r); {
		n := min(8, len(r)-i)
		for ; n > 0; n-- {
			if list, ok := l.concepts[string(r[i:i+n])]; ok {
				for _, c := range list {
					if out[c] == nil {
						out[c] = map[string]bool{}
					}
					out[c][string(r[i:i+n])] = true
				}
				break
			}
		}
		i += max(n, 1)
	}
	return out
}

// properName is a name found in a text: 锦润华府二期 has the core 锦润, the suffix 华府.
type properName struct {
	kind   int
	core   string // what tells it from others of its kind
	suffix string
	sound  string // the core's syllables, for names heard on the telephone
	at     int    // sentence
}

func (n properName) full() string { return n.core + n.suffix }

// names finds proper names by how they end: from each suffix to the left, over words no dictionary holds.
func (l *lexicon) names(words []zh.Token, sentence func(rune int) int, region map[string]bool) []properName {
	var out []properName
	for i, w := range words {
		core, suffix, kind := l.split(w.Text)
		if kind < 0 {
			continue
		}
		if core != "" && (l.common[w.Text] || l.common[core] || region[core]) {
			core = ""
			if len([]rune(suffix)) < 2 { // 县城, 政府: a word, not a name
				continue
			}
		}
		if core != "" && l.allStop(core) {
			continue
		}
		start := w.Start
		for j := i - 1; j >= 0 && words[j].End == start && len([]rune(core)) < 6; j-- {
			if l.stops(words[j].Text, region) {
				break
			}
			core, start = words[j].Text+core, words[j].Start
		}
		if n := len([]rune(core)); n < 1 || n < 2 && len([]rune(suffix)) < 2 || l.common[core] {
			continue
		}
		n := properName{kind: kind, core: core, suffix: suffix, sound: strings.Join(zh.Pinyin(core), " "), at: sentence(start)}
		if !slices.ContainsFunc(out, func(o properName) bool { return o.kind == kind && o.core == core }) {
			out = append(out, n)
		}
	}
	return out
}

// split cuts the longest suffix off a word; kind -1 when it has none.
func (l *lexicon) split(word string) (core, suffix string, kind int) {
	r := []rune(word)
	for n := min(l.longest, len(r)); n >= 1; n-- {
		if k, ok := l.suffixes[string(r[len(r)-n:])]; ok {
			return string(r[:len(r)-n]), string(r[len(r)-n:]), k
		}
	}
	return "", "", -1
}

// stops reports whether a word cannot be part of a name.
func (l *lexicon) stops(word string, region map[string]bool) bool {
	if l.common[word] || region[word] || l.allStop(word) {
		return true
	}
	_, suffix, kind := l.split(word)
	return kind >= 0 && suffix == word && len([]rune(word)) > 1
}

func (l *lexicon) allStop(word string) bool {
	for _, r := range word {
		if !l.stop[r] && zh.IsHan(r) {
			return false
		}
	}
	return true
}

// gram is a character n-gram of a text, with its weight.
type gram struct {
	hash   uint64
	weight float32
	at     int32 // rune offset of its first place
	n      int8
}

// Background says how common n-grams are: what two texts share means the more the rarer it is. It is built once and then
// safe for concurrent use.
type Background struct {
	df     map[uint64]uint16
	n      int
	wrongs map[int]int // texts that speak of a kind of wrong
}

// NewBackground counts the n-grams of texts like those to be joined. More texts make it better; none will do.
func NewBackground(texts []string) *Background {
	b := &Background{df: map[uint64]uint16{}, n: len(texts), wrongs: map[int]int{}}
	words, err := loadLexicon()
	for _, t := range texts {
		r := []rune(zh.Fold(t))
		if err == nil { // NewJoiner tells
			for c := range words.wordsOf(r) {
				b.wrongs[c]++
			}
		}
		for h := range gramsOf(r) {
			if b.df[h] < math.MaxUint16 {
				b.df[h]++
			}
		}
	}
	return b
}

// hashOf is FNV-1a over code points: the same in every process, so that sums come out in the same order.
func hashOf(r []rune) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, c := range r {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return h ^ h>>29
}

// idf is the surprise of an n-gram.
func (b *Background) idf(h uint64) float64 {
	return math.Log(float64(b.n+2) / float64(int(b.df[h])+1))
}

// surprise is how rare it is that a text speaks of a kind of wrong.
func (b *Background) surprise(wrong int) float64 {
	return math.Log(float64(b.n+20) / float64(b.wrongs[wrong]+2))
}

// gramsOf are the Han bigrams and trigrams and the runs of letters and digits, with their first place and how often.
func gramsOf(r []rune) map[uint64][2]int {
	out := map[uint64][2]int{}
	add := func(from, to int) {
		h := hashOf(r[from:to])
		v, seen := out[h]
		if !seen {
			v[0] = from<<3 | min(to-from, 7)
		}
		v[1]++
		out[h] = v
	}
	for i := 0; i < len(r); i++ {
		switch {
		case zh.IsHan(r[i]):
			for n := 2; n <= 3 && i+n <= len(r) && zh.IsHan(r[i+n-1]) && zh.IsHan(r[i+1]); n++ {
				add(i, i+n)
			}
		case isAlnum(r[i]):
			j := i
			for j < len(r) && isAlnum(r[j]) {
				j++
			}
			if j-i >= 3 { // short numbers say nothing
				add(i, j)
			}
			i = j - 1
		}
	}
	return out
}

func isAlnum(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }

// vectorOf weighs the n-grams that are not masked, to length 1, sorted by hash.
func (b *Background) vectorOf(r []rune, masked map[uint64]bool) []gram {
	var out []gram
	sum := 0.0
	for h, v := range gramsOf(r) {
		at, n := v[0]>>3, v[0]&7
		if masked[h] {
			continue
		}
		w := b.idf(h) * (1 + math.Log(float64(v[1])))
		out = append(out, gram{hash: h, weight: float32(w), at: int32(at), n: int8(n)})
		sum += w * w
	}
	slices.SortFunc(out, func(x, y gram) int { return cmp.Compare(x.hash, y.hash) })
	for i := range out {
		out[i].weight /= float32(math.Sqrt(sum))
	}
	return out
}
