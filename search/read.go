package search

import (
	"ganwen/search/zh"
)

// How says in which way a term of a query stands for what was typed.
type How string

// Ways in which a query word matches.
const (
	Exact   How = ""
	Synonym How = "同义词"
	Sound   How = "拼音"
	Typo    How = "错字"
	Meaning How = "向量"
)

// Wanted is one index term that a question looks for.
type Wanted struct {
	Term   string
	Weight float64 // multiplies the term's score; 1 for a word of the question
	Word   string  // the word as shown to people, "" for a bigram that crosses words
	Said   string  // what was typed, when another word was looked for instead
	How    How
}

// Weights of what is looked for, measured on the development questions of CMRC, DRCD and the policy set.
const (
	wordWeight      = 1.0  // a bigram that is a word, a Latin run
	longWeight      = 0.2  // a word of three and more, whose bigrams count already
	crossWeight     = 0.75 // a bigram across two words
	stopCrossWeight = 0.35 // a bigram of which one half is a stop word
	synonymWeight   = 0.4
	ambiguousWeight = 0.2
	soundWeight     = 0.5
	typoWeight      = 0.4
)

// Reader turns a question into the terms to look for. Nil fields do without.
type Reader struct {
	Synonyms *Synonyms
	Names    *Names
	Freq     func(term string) int // passages that hold a term
}

// Read gives each term once, with its greatest weight, in order of first mention. Question and function words are left out
// unless there is nothing else.
func (r Reader) Read(text string) []Wanted {
	folded := zh.Fold(text)
	cut := zh.Cut(folded)
	l := wantedList{at: map[string]int{}}
	l.exact(folded, cut, stopRunes(folded, cut))
	if len(l.list) == 0 {
		l.exact(folded, cut, make([]bool, len([]rune(folded))))
	}
	if r.Synonyms != nil {
		for _, m := range r.Synonyms.find(folded) {
			l.expand(m.means, m.term, Synonym, m.weight)
		}
	}
	if r.Names != nil && r.Freq != nil {
		for _, m := range r.Names.near(folded, r.Freq) {
			l.expand([]string{m.word}, m.said, m.how, m.weight)
		}
	}
	return l.list
}

// stopRunes marks the runes of stop words.
func stopRunes(folded string, cut []zh.Token) []bool {
	stop := make([]bool, 0, len(folded)/3+1)
	for range folded {
		stop = append(stop, false)
	}
	words := stopwords()
	for _, w := range cut {
		if words[w.Text] {
			for i := w.Start; i < w.End; i++ {
				stop[i] = true
			}
		}
	}
	return stop
}

// wantedList collects terms, each once.
type wantedList struct {
	list []Wanted
	at   map[string]int
}

func (l *wantedList) add(w Wanted) {
	if i, ok := l.at[w.Term]; ok {
		if w.Weight > l.list[i].Weight {
			l.list[i] = w
		}
		return
	}
	l.at[w.Term] = len(l.list)
	l.list = append(l.list, w)
}

// exact adds the terms of the question itself.
func (l *wantedList) exact(folded string, cut []zh.Token, stop []bool) {
	words := map[[2]int]bool{}
	border := make([]bool, len(stop)+1)
	for _, w := range cut {
		border[w.Start] = true
	}
	all := zh.Words(folded)
	for _, w := range all {
		words[[2]int{w.Start, w.End}] = true
	}
	for _, p := range pieces(folded) {
		switch {
		case !p.han || p.end-p.start == 1:
			if !stop[p.start] {
				l.add(Wanted{Term: p.text, Weight: wordWeight, Word: p.text})
			}
		case stop[p.start] && stop[p.start+1]:
		case stop[p.start] || stop[p.start+1]:
			l.add(Wanted{Term: p.text, Weight: stopCrossWeight})
		case words[[2]int{p.start, p.end}]:
			l.add(Wanted{Term: p.text, Weight: wordWeight, Word: p.text})
		case border[p.start+1]:
			l.add(Wanted{Term: p.text, Weight: crossWeight})
		default: // inside a long word
			l.add(Wanted{Term: p.text, Weight: wordWeight})
		}
	}
	for _, w := range all {
		if longWord(w) && !(stop[w.Start] && stop[w.End-1]) {
			l.add(Wanted{Term: w.Text, Weight: longWeight, Word: w.Text})
		}
	}
}

// expand adds the terms of other words for what was said. Several meanings share the weight: what may mean four things
// says a quarter of each.
func (l *wantedList) expand(means []string, said string, how How, weight float64) {
	weight /= float64(max(1, (len(means)+1)/2))
	for _, m := range means {
		folded := zh.Fold(m)
		for _, t := range Terms(m) {
			l.add(Wanted{Term: t, Weight: weight, Word: folded, Said: said, How: how})
		}
	}
}
