package search

import (
	"ganwen/search/zh"
)

// Synonymy says that people who say Term may mean any of Means: a colloquial or dialect word, an abbreviation, a
// usual misspelling. An ambiguous term (医报 also stands in 就医报销) only helps a little.
type Synonymy struct {
	Term      string
	Means     []string
	Ambiguous bool
}

// Synonyms finds such terms in questions. It never replaces what was typed, it looks for more. Safe for concurrent use.
type Synonyms struct {
	terms   map[string]Synonymy
	longest int // runes
}

// NewSynonyms keeps the entries that say something; terms are folded. Of two entries for one term the meanings are joined, and
// it is ambiguous if either is.
func NewSynonyms(entries []Synonymy) *Synonyms {
	s := &Synonyms{terms: map[string]Synonymy{}}
	for _, e := range entries {
		term := zh.Fold(e.Term)
		if term == "" || len(e.Means) == 0 {
			continue
		}
		old := s.terms[term]
		means := append([]string(nil), old.Means...)
		for _, m := range e.Means {
			if m != "" && zh.Fold(m) != term {
				means = append(means, m)
			}
		}
		s.terms[term] = Synonymy{Term: term, Means: means, Ambiguous: e.Ambiguous || old.Ambiguous}
		s.longest = max(s.longest, len([]rune(term)))
	}
	return s
}

// meant is a term found in a question and what it may stand for.
type meant struct {
	term   string
	means  []string
	weight float64
}

// find takes the longest term at each place and goes on behind it.
func (s *Synonyms) find(folded string) []meant {
	var out []meant
	runes := []rune(folded)
	for i := 0; i < len(runes); {
		n := s.longestAt(runes[i:])
		if n == 0 {
			i++
			continue
		}
		e := s.terms[string(runes[i:i+n])]
		weight := synonymWeight
		if e.Ambiguous {
			weight = ambiguousWeight
		}
		if len(e.Means) > 0 {
			out = append(out, meant{e.Term, e.Means, weight})
		}
		i += n
	}
	return out
}

func (s *Synonyms) longestAt(runes []rune) int {
	for n := min(s.longest, len(runes)); n > 0; n-- {
		if n < len(runes) && !zh.IsHan(runes[0]) && isAlnum(runes[n-1]) && isAlnum(runes[n]) {
			continue // 120 does not stand in 1200
		}
		if _, ok := s.terms[string(runes[:n])]; ok {
			return n
		}
	}
	return 0
}
