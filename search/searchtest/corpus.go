package searchtest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ganwen/search"
)

// Question is a question of a public set with the passages that answer it.
type Question struct {
	ID       string
	Text     string
	Relevant []string
}

// Shared is the folder of shared data, found beside the repository or named by GANWEN_SHARED. The test is skipped where it is not.
func Shared(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("GANWEN_SHARED")
	if dir == "" {
		_, file, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "cmrc2018")); err != nil {
		tb.Skipf("no shared data at %s: set GANWEN_SHARED", dir)
	}
	return dir
}

// Corpus reads n passages of the shared data: CMRC, DRCD, articles of law, policy documents cut up, then fields of service
// guides and messages to officials, until there are enough.
func Corpus(tb testing.TB, n int) []search.Passage {
	tb.Helper()
	dir := Shared(tb)
	out := make([]search.Passage, 0, n)
	add := func(p search.Passage) {
		if len(out) < n && p.Text != "" {
			out = append(out, p)
		}
	}
	for _, set := range []string{"cmrc2018", "drcd"} {
		rows(tb, filepath.Join(dir, set, "passages-dev.jsonl.gz"), func(r row) {
			add(search.Passage{ID: r.str("id"), Kind: search.KindDocument, Title: r.str("title"), Text: r.str("text")})
		})
	}
	rows(tb, filepath.Join(dir, "statutes", "articles.jsonl.gz"), func(r row) {
		add(search.Passage{ID: r.str("id"), Kind: search.KindLaw, Code: r.str("law"), Field: r.str("article"), Title: r.str("law"), Text: r.str("text")})
	})
	rows(tb, filepath.Join(dir, "policy-qa", "docs.jsonl.gz"), func(r row) {
		for _, p := range search.Split(search.Passage{ID: r.str("docid"), Kind: search.KindPolicy, Text: r.str("text")}) {
			add(p)
		}
	})
	for _, file := range []string{"messages-2019.jsonl.gz", "replies.jsonl.gz", "labelled-dev.jsonl"} {
		i := 0
		rows(tb, filepath.Join(dir, "petitions", file), func(r row) {
			i++
			add(search.Passage{ID: fmt.Sprintf("%s/%d", file, i), Kind: search.KindDocument, Title: r.str("title"), Text: r.str("text")})
			add(search.Passage{ID: fmt.Sprintf("%s/%d/reply", file, i), Kind: search.KindDocument, Title: r.str("title"), Text: r.str("reply")})
		})
	}
	i := 0
	rows(tb, filepath.Join(dir, "matters", "guangdong-2021.jsonl.gz"), func(r row) {
		i++
		for field := range r {
			text := r.str(field)
			if len([]rune(text)) > 4 {
				add(search.Passage{ID: fmt.Sprintf("gd%d/%s", i, field), Kind: search.KindMatter, Code: r.str("TASK_CODE"), Field: field, Title: r.str("TASK_NAME"), Text: text})
			}
		}
	})
	return out
}

// Questions reads a development set: cmrc2018, drcd or statutes.
func Questions(tb testing.TB, set string) []Question {
	tb.Helper()
	name := "queries-dev.jsonl.gz"
	if set == "statutes" {
		name = "queries-dev.jsonl"
	}
	var out []Question
	rows(tb, filepath.Join(Shared(tb), set, name), func(r row) {
		q := Question{ID: fmt.Sprint(r["qid"]), Text: r.str("question")}
		list, _ := r["relevant"].([]any)
		for _, id := range list {
			q.Relevant = append(q.Relevant, fmt.Sprint(id))
		}
		out = append(out, q)
	})
	return out
}

type row map[string]any

func (r row) str(key string) string { s, _ := r[key].(string); return s }

// rows calls f with every line of a JSON lines file.
func rows(tb testing.TB, file string, f func(row)) {
	tb.Helper()
	in, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer in.Close()
	var text io.Reader = in
	if strings.HasSuffix(file, ".gz") {
		if text, err = gzip.NewReader(in); err != nil {
			tb.Fatal(err)
		}
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			tb.Fatalf("%s:%d: %v", file, n, err)
		}
		f(r)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
}
