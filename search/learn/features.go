package learn

import (
	"cmp"
	"math"
	"slices"
	"unicode"

	"ganwen/search/zh"
)

// Config says what is read from a text and how hard to fit. The zero Config works: characters 1–3, pinyin 1–3.
type Config struct {
	Chars        int     // longest character n-gram; 0 = 3, negative = none
	Pinyin       int     // longest n-gram of toneless syllables; 0 = 3, negative = none
	Words        int     // longest n-gram of words; 0 = none
	Pairs        bool    // pairs of words anywhere in the text
	PinyinWeight float64 // against characters; 0 = 0.7
	WordsWeight  float64 // 0 = 0.7
	PairsWeight  float64 // 0 = 0.5
	ExpandWeight float64 // 0 = 0.7
	VectorWeight float64 // 0 = 1
	MinTexts     int     // a feature must occur in so many texts; 0 = 2
	Cost         float64 // of a misread example (the SVM's C); 0 = 1
	Rounds       int     // most passes over the data; 0 = 40
	Folds        int     // parts of the cross-validation that calibrates probabilities; 0 = 3, negative = do not
	Seed         uint64

	// Expand names further features of a text: what its words stand for. They are features of their own, apart from
	// the characters. It must be deterministic and safe for concurrent use.
	Expand func(text string) []string `json:"-"`
}

// group keeps features of different kinds apart; each is brought to unit length on its own, so that a long text
// does not drown its vector nor pinyin its characters.
type group uint8

const (
	groupChars group = iota
	groupPinyin
	groupWords
	groupPairs
	groupExpand
	groups
)

// term is a feature of one text, by hash, with its count.
type term struct {
	hash  uint64
	count float32
	group group
}

func (c *Config) setDefaults() {
	c.Chars = cmp.Or(c.Chars, 3)
	c.Pinyin = cmp.Or(c.Pinyin, 3)
	c.PinyinWeight = cmp.Or(c.PinyinWeight, 0.7)
	c.WordsWeight = cmp.Or(c.WordsWeight, 0.7)
	c.PairsWeight = cmp.Or(c.PairsWeight, 0.5)
	c.ExpandWeight = cmp.Or(c.ExpandWeight, 0.7)
	c.VectorWeight = cmp.Or(c.VectorWeight, 1)
	c.MinTexts = cmp.Or(c.MinTexts, 2)
	c.Cost = cmp.Or(c.Cost, 1)
	c.Rounds = cmp.Or(c.Rounds, 40)
	c.Folds = cmp.Or(c.Folds, 3)
}

// weight of a group against characters, which count 1.
func (c *Config) weight(g group) float64 {
	return [groups]float64{1, c.PinyinWeight, c.WordsWeight, c.PairsWeight, c.ExpandWeight}[g]
}

// read lists the features of a text, each once, ordered by hash.
func read(text string, c Config, expand func(string) []string) []term {
	var out []term
	folded := squeeze(zh.Fold(text))
	if c.Chars > 0 {
		out = charGrams(out, folded, c.Chars)
	}
	if c.Pinyin > 0 {
		out = tokenGrams(out, zh.Pinyin(text), c.Pinyin, groupPinyin)
	}
	if c.Words > 0 || c.Pairs {
		var words []string
		for _, w := range zh.Cut(string(folded)) {
			if r := []rune(w.Text); unicode.IsLetter(r[0]) || unicode.IsDigit(r[0]) {
				words = append(words, w.Text)
			}
		}
		if c.Words > 0 {
			out = tokenGrams(out, words, c.Words, groupWords)
		}
		if c.Pairs {
			out = wordPairs(out, words)
		}
	}
	if expand != nil {
		out = tokenGrams(out, expand(text), 1, groupExpand)
	}
	return merge(out)
}

// squeeze makes blanks and control characters one space, so that layout is no feature.
func squeeze(folded string) []rune {
	out := make([]rune, 0, len(folded)/3+2)
	blank := false
	for _, r := range folded {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			blank = true
			continue
		}
		if blank && len(out) > 0 {
			out = append(out, ' ')
		}
		blank = false
		out = append(out, r)
	}
	return out
}

const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

// seed of a group's hashes, so that the syllable "shi" and the word "shi" differ.
func (g group) seed() uint64 { return (hashStart ^ uint64(g+1)) * hashPrime }

func hashRune(h uint64, r rune) uint64 { return (h ^ uint64(r)) * hashPrime }

func hashToken(h uint64, token string) uint64 {
	for _, r := range token {
		h = hashRune(h, r)
	}
	return hashRune(h, 0x1F)
}

func charGrams(out []term, text []rune, longest int) []term {
	for i := range text {
		h := groupChars.seed()
		for j := i; j < min(i+longest, len(text)); j++ {
			h = hashRune(h, text[j])
			out = append(out, term{hash: h, count: 1, group: groupChars})
		}
	}
	return out
}

func tokenGrams(out []term, tokens []string, longest int, g group) []term {
	for i := range tokens {
		h := g.seed()
		for j := i; j < min(i+longest, len(tokens)); j++ {
			h = hashToken(h, tokens[j])
			out = append(out, term{hash: h, count: 1, group: g})
		}
	}
	return out
}

// wordPairs joins any two words of a text whatever stands between: a linear model cannot multiply, and 卡 with 养老 is
// another matter than 卡 with 医保.
func wordPairs(out []term, words []string) []term {
	if len(words) > 40 {
		words = words[:40]
	}
	for i := range words {
		for j := i + 1; j < len(words); j++ {
			a, b := words[i], words[j]
			if a == b {
				continue
			}
			if b < a {
				a, b = b, a
			}
			h := hashToken(hashToken(groupPairs.seed(), a), b)
			out = append(out, term{hash: h, count: 1, group: groupPairs})
		}
	}
	return out
}

// merge adds up equal features.
func merge(terms []term) []term {
	slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.hash, b.hash) })
	out := terms[:0]
	for _, t := range terms {
		if n := len(out); n > 0 && out[n-1].hash == t.hash {
			out[n-1].count++
			continue
		}
		out = append(out, t)
	}
	return out
}

// vocabulary numbers the features kept and knows how rare each is.
type vocabulary struct {
	hashes []uint64 // ordered; the index is the feature's number
	idf    []float32
	rarest float32 // idf of a feature never seen
}

// buildVocabulary keeps the features that enough of the chosen texts have.
func buildVocabulary(docs [][]term, chosen []int, c Config) vocabulary {
	seen := map[uint64]int32{}
	for _, d := range chosen {
		for _, t := range docs[d] {
			seen[t.hash]++
		}
	}
	v := vocabulary{}
	for h, n := range seen {
		if int(n) >= c.MinTexts {
			v.hashes = append(v.hashes, h)
		}
	}
	slices.Sort(v.hashes)
	v.idf = make([]float32, len(v.hashes))
	total := float64(len(chosen))
	for i, h := range v.hashes {
		v.idf[i] = float32(math.Log((1+total)/(1+float64(seen[h]))) + 1)
	}
	v.rarest = float32(math.Log(1+total) + 1)
	return v
}

// entry is one non-zero feature of a vectorised text.
type entry struct {
	feature int32
	value   float32
}

// vectorise weighs the known features of a text by tf-idf and brings each group to its weight.
func (v *vocabulary) vectorise(terms []term, c *Config) []entry {
	out := make([]entry, 0, len(terms))
	kind := make([]group, 0, len(terms))
	var norm [groups]float64
	for _, t := range terms {
		i, ok := slices.BinarySearch(v.hashes, t.hash)
		if !ok {
			continue
		}
		x := v.idf[i]
		if t.count > 1 {
			x *= 1 + float32(math.Log(float64(t.count)))
		}
		norm[t.group] += float64(x) * float64(x)
		out = append(out, entry{feature: int32(i), value: x})
		kind = append(kind, t.group)
	}
	var scale [groups]float32
	for g, n := range norm {
		if n > 0 {
			scale[g] = float32(c.weight(group(g)) / math.Sqrt(n))
		}
	}
	for i := range out {
		out[i].value *= scale[kind[i]]
	}
	return out
}

// known is the share of a text's characters features, by rarity, that the vocabulary has.
func (v *vocabulary) known(text string, c Config) float64 {
	var have, all float64
	for _, t := range charGrams(nil, squeeze(zh.Fold(text)), c.Chars) {
		if i, ok := slices.BinarySearch(v.hashes, t.hash); ok {
			have += float64(v.idf[i])
			all += float64(v.idf[i])
		} else {
			all += float64(v.rarest)
		}
	}
	if all == 0 {
		return 0
	}
	return have / all
}
