package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Public reads the public retrieval collections that stand in dir, each as a suite: cmrc, drcd, statutes and policy-qa.
// They are kept outside the program because their texts are not ours. A collection that is not there is left out; one
// that is there and broken is an error.
func Public(dir string) ([]*Suite, error) {
	fsys := os.DirFS(dir)
	var out []*Suite
	for _, c := range collections {
		s, err := c.suite(fsys)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("eval: public suite %s: %w", c.name, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// collection is a public data set in the form its makers gave it.
type collection struct {
	name, queries, corpus string
}

var collections = []collection{
	{"cmrc", "cmrc2018/queries-dev.jsonl.gz", "cmrc2018/passages-dev.jsonl.gz"},
	{"drcd", "drcd/queries-dev.jsonl.gz", "drcd/passages-dev.jsonl.gz"},
	{"statutes", "statutes/queries-dev.jsonl", "statutes/articles.jsonl.gz"},
	{"policy-qa", "policy-qa/queries-dev.jsonl", "policy-qa/docs.jsonl.gz"},
}

// publicRow holds the fields of all collections, of questions and of documents; each uses some of them.
type publicRow struct {
	QID      json.RawMessage `json:"qid"` // a number or a string
	Question string          `json:"question"`
	Relevant []string        `json:"relevant"`
	ID       string          `json:"id"`
	DocID    string          `json:"docid"`
	Title    string          `json:"title"`
	Law      string          `json:"law"`
	Article  string          `json:"article"`
	Text     string          `json:"text"`
}

func (c collection) suite(fsys fs.FS) (*Suite, error) {
	data, err := readFile(fsys, c.queries)
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(fsys, c.corpus); err != nil {
		return nil, err
	}
	s := &Suite{
		Header:      Header{Name: c.name, Kind: "retrieval", Version: "public", CorpusFile: c.corpus},
		fingerprint: hash(data),
		corpus:      func() ([]Document, error) { return c.documents(fsys) },
	}
	err = eachRow(data, func(line int, r publicRow) error {
		body := &RetrievalCase{Common: Common{ID: string(bytes.Trim(r.QID, `"`))}, Question: r.Question, Relevant: r.Relevant}
		if r.DocID != "" {
			body.Relevant = []string{r.DocID}
		}
		if body.Question == "" { // some are, and nothing can find what was not asked
			return nil
		}
		if err := body.Check(); err != nil {
			return err
		}
		s.Cases = append(s.Cases, Case{ID: body.ID, Line: line, Body: body})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s:%w", c.queries, err)
	}
	return s, nil
}

func (c collection) documents(fsys fs.FS) ([]Document, error) {
	data, err := readFile(fsys, c.corpus)
	if err != nil {
		return nil, fmt.Errorf("eval: read corpus %s: %w", c.corpus, err)
	}
	var docs []Document
	err = eachRow(data, func(_ int, r publicRow) error {
		docs = append(docs, Document{ID: r.ID + r.DocID, Title: r.Title + r.Law + r.Article, Text: r.Text})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("eval: %s:%w", c.corpus, err)
	}
	return docs, nil
}

// eachRow decodes JSON lines; an error says the line.
func eachRow(data []byte, do func(line int, r publicRow) error) error {
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		var r publicRow
		err := json.Unmarshal(lines.Bytes(), &r)
		if err == nil {
			err = do(n, r)
		}
		if err != nil {
			return fmt.Errorf("%d: %w", n, err)
		}
	}
	return lines.Err()
}
