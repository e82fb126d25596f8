package eval

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
)

// RetrievalCase is a question and the documents that answer it.
type RetrievalCase struct {
	Common
	Question string   `json:"question"`
	Relevant []string `json:"relevant"`
}

// Document is one line of a corpus.
type Document struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text"`
}

// Check implements Body.
func (c *RetrievalCase) Check() error {
	switch {
	case strings.TrimSpace(c.Question) == "":
		return &FieldError{"question", "missing"}
	case len(c.Relevant) == 0:
		return &FieldError{"relevant", "missing: a question without an answer cannot be measured"}
	}
	return nil
}

// Judge implements Body. A case is right when a relevant document is among the first ten.
func (c *RetrievalCase) Judge(o Outcome) Verdict {
	ranked := unique(o.Ranked)
	marks := map[string]Mark{"mrr@10": {reciprocalRank(ranked, c.Relevant, 10), 1}, "ndcg@10": {ndcg(ranked, c.Relevant, 10), 1}}
	for _, k := range []int{1, 5, 10, 100} {
		marks["recall@"+strconv.Itoa(k)] = Mark{recall(ranked, c.Relevant, k), 1}
	}
	return Verdict{OK: marks["mrr@10"].Num > 0, Input: c.Question, Got: ranked[:min(10, len(ranked))], Want: c.Relevant, Marks: marks}
}

// Depth is how many documents a retrieval subject is asked for.
const Depth = 100

// Finder finds the best n documents for a question: ids, best first. It is called concurrently.
type Finder interface {
	Find(ctx context.Context, question string, n int) ([]string, error)
}

// FindFunc is a function that is a Finder.
type FindFunc func(ctx context.Context, question string, n int) ([]string, error)

// Find calls f.
func (f FindFunc) Find(ctx context.Context, question string, n int) ([]string, error) {
	return f(ctx, question, n)
}

// Retrieval puts retrieval cases to a Finder over the suite's corpus. Where a document was indexed in pieces its id may
// come more than once; the first place counts.
type Retrieval struct{ Finder }

// Run asks one question.
func (r Retrieval) Run(ctx context.Context, c Case) (Outcome, error) {
	q, ok := c.Body.(*RetrievalCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is not a retrieval question", c.ID)
	}
	ids, err := r.Find(ctx, q.Question, Depth)
	return Outcome{Ranked: ids}, err
}

// Corpus reads the documents a retrieval suite is measured on; every relevant id must be among them.
func (s *Suite) Corpus() ([]Document, error) {
	if s.corpus == nil {
		return nil, fmt.Errorf("eval: suite %s has no corpus", s.Name)
	}
	docs, err := s.corpus()
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(docs))
	for _, d := range docs {
		known[d.ID] = true
	}
	for _, c := range s.Cases {
		for _, id := range c.Body.(*RetrievalCase).Relevant {
			if !known[id] {
				return nil, fmt.Errorf("eval: suite %s:%d: %w", s.Name, c.Line, &FieldError{"relevant", "no document " + id + " in the corpus"})
			}
		}
	}
	return docs, nil
}

// readCorpus reads JSON lines of documents, strictly.
func readCorpus(fsys fs.FS, name string) ([]Document, error) {
	data, err := readFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("eval: read corpus %s: %w", name, err)
	}
	var docs []Document
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var d Document
		err := strict(lines.Bytes(), &d)
		if err == nil && (d.ID == "" || seen[d.ID]) {
			err = &FieldError{"id", "missing, or taken by an earlier document"}
		}
		if err != nil {
			return nil, fmt.Errorf("eval: %s:%d: %w", name, n, err)
		}
		seen[d.ID] = true
		docs = append(docs, d)
	}
	return docs, lines.Err()
}

// recall is the share of relevant documents among the first k.
func recall(ranked, relevant []string, k int) float64 {
	found := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if slices.Contains(relevant, id) {
			found++
		}
	}
	return float64(found) / float64(len(unique(relevant)))
}

// reciprocalRank is one over the place of the first relevant document, nothing beyond the first k.
func reciprocalRank(ranked, relevant []string, k int) float64 {
	for i, id := range ranked[:min(k, len(ranked))] {
		if slices.Contains(relevant, id) {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// ndcg is the discounted gain of the first k over that of the best order, as trec_eval counts it: gain 1, discount
// log2(place + 1), the best order cut at k as well.
func ndcg(ranked, relevant []string, k int) float64 {
	got, best := 0.0, 0.0
	for i, id := range ranked[:min(k, len(ranked))] {
		if slices.Contains(relevant, id) {
			got += 1 / math.Log2(float64(i+2))
		}
	}
	for i := range min(k, len(unique(relevant))) {
		best += 1 / math.Log2(float64(i+2))
	}
	return got / best
}

// unique keeps the first of equal ids.
func unique(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
