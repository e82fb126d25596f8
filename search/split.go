package search

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"ganwen/search/zh"
)

// Lengths of passages cut from documents, in runes. Shorter ones lose what they are about, longer ones cannot be
// quoted.
const (
	passageGoal = 350
	passageMost = 500
)

var (
	articleStart = regexp.MustCompile(`^[\s　]*(第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?)(?:[\s　]|$|[^\p{Han}])?`)
	headingLine  = regexp.MustCompile(`^[\s　]*(?:#{1,6}\s+\S.*|第[〇零一二三四五六七八九十百千0-9]+[编章节](?:[\s　].*|$)|[一二三四五六七八九十]+、[^。；：]{1,40}|（[一二三四五六七八九十]+）[^。；：，]{1,30})$`)
)

// Split cuts a document into passages that inherit all but text and id: an article of law (第三条) is a passage of its own, other text is
// gathered under its heading up to about 350 runes. Cuts fall between lines, else between sentences, and within one only when it is longer
// than 500 runes. Field names the article or heading; ids are the document's with #1, #2, … added.
func Split(doc Passage) []Passage {
	s := splitter{doc: doc}
	for line := range strings.Lines(doc.Text) {
		s.line(strings.TrimRight(line, "\r\n"))
	}
	s.flush()
	return s.out
}

// splitter gathers the section being read.
type splitter struct {
	doc     Passage
	field   string
	article bool // the section is an article and is kept whole while it can be
	text    strings.Builder
	runes   int
	out     []Passage
}

func (s *splitter) line(line string) {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || strings.HasPrefix(trimmed, "<!--") {
		return
	}
	if m := articleStart.FindStringSubmatch(line); m != nil {
		s.flush()
		s.field, s.article = m[1], true
	} else if headingLine.MatchString(line) {
		s.flush()
		s.field, s.article = strings.TrimSpace(strings.TrimLeft(trimmed, "# ")), false
		return
	}
	n := utf8.RuneCountInString(trimmed)
	limit := passageGoal
	if s.article {
		limit = passageMost
	}
	if s.runes > 0 && s.runes+n > limit {
		s.flush()
	}
	if n <= passageMost {
		s.add(trimmed, "\n")
		return
	}
	s.long(trimmed)
}

// long cuts one long line between sentences.
func (s *splitter) long(line string) {
	for _, sentence := range zh.Sentences(line) {
		runes := []rune(sentence.Text)
		if s.runes > 0 && s.runes+len(runes) > passageGoal {
			s.flush()
		}
		for len(runes) > passageMost {
			s.add(string(runes[:passageGoal]), "")
			s.flush()
			runes = runes[passageGoal:]
		}
		s.add(string(runes), "")
	}
}

func (s *splitter) add(text, glue string) {
	if s.runes > 0 {
		s.text.WriteString(glue)
	}
	s.text.WriteString(text)
	s.runes += utf8.RuneCountInString(text)
}

func (s *splitter) flush() {
	if s.runes == 0 {
		return
	}
	p := s.doc
	p.ID = fmt.Sprintf("%s#%d", s.doc.ID, len(s.out)+1)
	if s.field != "" {
		p.Field = s.field
	}
	p.Text = s.text.String()
	s.out = append(s.out, p)
	s.text.Reset()
	s.runes = 0
}
