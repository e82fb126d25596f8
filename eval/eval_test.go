package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stub is a subject in one function.
type stub struct {
	run    func(ctx context.Context, c Case) (Outcome, error)
	closed *atomic.Bool
}

func (s stub) Run(ctx context.Context, c Case) (Outcome, error) { return s.run(ctx, c) }
func (s stub) Close() error {
	if s.closed != nil {
		s.closed.Store(true)
	}
	return nil
}

func opens(s Subject) func(context.Context, *Suite) (Subject, error) {
	return func(context.Context, *Suite) (Subject, error) { return s, nil }
}

// questions is a retrieval suite of n cases whose answers are their ids.
func questions(t *testing.T, n int) *Suite {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"suite":"q","kind":"retrieval","version":"1","corpus":"d","floors":{"recall@1":0.9,"p95_ms":1000}}` + "\n")
	for i := range n {
		fmt.Fprintf(&b, `{"id":"%d","question":"<第%d问>","relevant":["%d"]}`+"\n", i, i, i)
	}
	s, err := Read("q", strings.NewReader(b.String()))
	require.NoError(t, err)
	return s
}

// answer finds the right document, but for every tenth question, and takes longer for earlier ones.
func answer(_ context.Context, c Case) (Outcome, error) {
	q := c.Body.(*RetrievalCase)
	if c.Line%10 == 0 {
		return Outcome{Ranked: []string{"none"}, Took: time.Millisecond}, nil
	}
	time.Sleep(time.Duration(40-c.Line) * 10 * time.Microsecond)
	return Outcome{Ranked: q.Relevant, Took: time.Millisecond}, nil
}

func TestRunIsOrderedAndDeterministic(t *testing.T) {
	s := questions(t, 30)
	var closed atomic.Bool
	var seen []int
	r := Runner{Open: opens(stub{answer, &closed}), Parallel: 4, Seed: 7, Fingerprints: map[string]string{"index": "abc"},
		Progress: func(done, total int) { seen = append(seen, done); require.Equal(t, 30, total) }}
	a, err := r.Run(t.Context(), s)
	require.NoError(t, err)
	require.True(t, closed.Load())
	require.Len(t, seen, 30)
	require.IsIncreasing(t, seen)
	for i, c := range a.Detail {
		require.Equal(t, fmt.Sprint(i), c.ID)
	}
	require.InDelta(t, .9, a.Metrics["recall@1"].Value, 1e-9)
	require.Empty(t, a.Failures)
	require.Equal(t, "abc", a.Fingerprints["index"])
	require.Equal(t, s.fingerprint, a.Fingerprints["suite"])

	r.Parallel, r.Progress = 1, nil
	b, err := r.Run(t.Context(), s)
	require.NoError(t, err)
	var x, y bytes.Buffer
	require.NoError(t, WriteJSON(&x, a))
	require.NoError(t, WriteJSON(&y, b))
	require.Equal(t, x.String(), y.String())
}

func TestRunTellsWhatCouldNotBeRun(t *testing.T) {
	s := questions(t, 3)
	r := Runner{Timeout: time.Millisecond, Open: opens(stub{run: func(ctx context.Context, c Case) (Outcome, error) {
		if c.ID == "1" {
			<-ctx.Done()
			return Outcome{}, ctx.Err()
		}
		return answer(ctx, c)
	}})}
	got, err := r.Run(t.Context(), s)
	require.NoError(t, err)
	require.False(t, got.Detail[1].OK)
	require.Equal(t, "context deadline exceeded", got.Detail[1].Error)
	require.Contains(t, got.Failures, "1 of 3 cases could not be run")
	require.InDelta(t, 2./3, got.Metrics["recall@1"].Value, 1e-9, "a failed case counts as wrong")

	_, err = Runner{Open: func(context.Context, *Suite) (Subject, error) { return nil, errors.New("no index") }}.Run(t.Context(), s)
	require.ErrorContains(t, err, "open subject for q: no index")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = r.Run(ctx, s)
	require.ErrorIs(t, err, context.Canceled)
}

func report(t *testing.T, n int, run func(context.Context, Case) (Outcome, error)) *Report {
	t.Helper()
	r, err := Runner{Open: opens(stub{run: run})}.Run(t.Context(), questions(t, n))
	require.NoError(t, err)
	return r
}

func TestReportForms(t *testing.T) {
	r := report(t, 20, func(ctx context.Context, c Case) (Outcome, error) {
		if c.Line < 12 {
			return Outcome{Ranked: []string{"<b>错\x01"}, Took: time.Millisecond}, nil
		}
		return answer(ctx, c)
	})
	require.Equal(t, []string{"recall@1 0.450 is under 0.900"}, r.Failures)

	var text, js, junit, html bytes.Buffer
	require.NoError(t, r.WriteText(&text))
	require.Regexp(t, `recall@1 +0\.450 +\[0\.\d+, 0\.\d+\] +n=20 +≥ 0\.900`, text.String())
	require.Contains(t, text.String(), "FAIL recall@1")
	require.Contains(t, text.String(), "… and 1 more")

	require.NoError(t, WriteJSON(&js, r))
	var form struct {
		Suite   string
		Cases   int
		Metrics map[string]struct{ Value, Lo, Hi, N *float64 }
		Detail  []struct {
			ID        string
			OK        *bool
			Got, Want json.RawMessage
			MS        *float64
		} `json:"cases_detail"`
		Fingerprints map[string]string
	}
	require.NoError(t, json.Unmarshal(js.Bytes(), &form))
	require.Equal(t, "q", form.Suite)
	require.Equal(t, 20, form.Cases)
	require.NotNil(t, form.Metrics["recall@1"].Lo)
	require.Len(t, form.Detail, 20)
	require.JSONEq(t, `["0"]`, string(form.Detail[0].Want))
	back, err := ReadReports(&js)
	require.NoError(t, err)
	require.Equal(t, r.Metrics, back[0].Metrics)
	require.Equal(t, r.Detail[3].Marks, back[0].Detail[3].Marks)

	require.NoError(t, WriteJUnit(&junit, r))
	var doc junitSuites
	require.NoError(t, xml.Unmarshal(junit.Bytes(), &doc))
	require.Equal(t, 21, doc.Suites[0].Tests)
	require.Equal(t, 1, doc.Suites[0].Failures, "what gates the release is the floor")

	require.NoError(t, WriteHTML(&html, r))
	if out := os.Getenv("EVAL_REPORT"); out != "" { // to look at the page
		require.NoError(t, os.WriteFile(out, html.Bytes(), 0o600))
	}
	require.Contains(t, html.String(), "不能放行")
	require.Contains(t, html.String(), "&lt;第0问&gt;")
	require.NotContains(t, html.String(), "<b>")
	require.NotRegexp(t, `(src|href)=|url\(|@import|https?://`, html.String(), "the page needs nothing from elsewhere")
}

func TestReadReports(t *testing.T) {
	one := `{"suite":"a","cases_detail":[{"id":"1","ok":true,"marks":{"top1":1,"recall":[2,3]}}]}`
	for _, text := range []string{one, "[" + one + "]", one + "\n" + one} {
		rs, err := ReadReports(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, map[string]Mark{"top1": {1, 1}, "recall": {2, 3}}, rs[0].Detail[0].Marks)
	}
	for _, text := range []string{"{", `{"suite":7}`, `{"cases":1}`, "null"} {
		_, err := ReadReports(strings.NewReader(text))
		require.Error(t, err, text)
	}
}

func TestCompare(t *testing.T) {
	old := report(t, 200, func(ctx context.Context, c Case) (Outcome, error) {
		if c.Line > 100 {
			return Outcome{Ranked: []string{"none"}, Took: time.Millisecond}, nil
		}
		return answer(ctx, c)
	})
	better := report(t, 210, func(_ context.Context, c Case) (Outcome, error) {
		q := c.Body.(*RetrievalCase)
		if c.ID == "3" {
			return Outcome{Ranked: []string{"none"}, Took: time.Millisecond}, nil
		}
		return Outcome{Ranked: q.Relevant, Took: time.Millisecond}, nil
	})
	better.Fingerprints["index"] = "new"
	c, err := Compare(old, better)
	require.NoError(t, err)
	require.Equal(t, 200, c.Cases)
	require.Equal(t, []string{"3"}, c.Losses)
	require.Len(t, c.Wins, 111) // lines 101–201, and every tenth line before
	require.Less(t, c.P, 1e-6)
	d := c.Changes["recall@1"]
	require.InDelta(t, .55, d.Delta, 1e-9)
	require.True(t, d.Significant())
	require.Less(t, d.Lo, d.Delta)
	require.Empty(t, c.Regressions())
	require.Contains(t, c.Notes, "10 cases are new")
	require.Contains(t, c.Notes, "index differs: none → new")

	var text bytes.Buffer
	require.NoError(t, c.WriteText(&text))
	require.Regexp(t, `recall@1 +0\.445 → 0\.995 +\+0\.550 .*\*`, text.String())

	worse, err := Compare(better, old)
	require.NoError(t, err)
	require.Contains(t, worse.Regressions(), "ndcg@10")

	same, err := Compare(old, old)
	require.NoError(t, err)
	require.Equal(t, 1.0, same.P)
	require.False(t, same.Changes["recall@1"].Significant())

	other := *old
	other.Suite = "z"
	_, err = Compare(old, &other)
	require.ErrorContains(t, err, "not the same suite")
	other.Suite, other.Detail = "q", nil
	_, err = Compare(old, &other)
	require.ErrorContains(t, err, "no case in common")
}

// Exact binomial values: 2·Σ C(n,i)/2ⁿ.
func TestMcNemar(t *testing.T) {
	require.Equal(t, 1.0, mcnemar(0, 0))
	require.Equal(t, 1.0, mcnemar(5, 5))
	require.InDelta(t, .0625, mcnemar(5, 0), 1e-9)
	require.InDelta(t, .0390625, mcnemar(1, 8), 1e-9)
}

func TestPublic(t *testing.T) {
	dir := os.Getenv("GANWEN_SHARED")
	if dir == "" {
		dir = "../../shared/data"
	}
	if _, err := os.Stat(dir + "/data"); err == nil {
		dir += "/data" // the folder around it will do as well
	}
	if _, err := os.Stat(dir + "/cmrc2018"); err != nil {
		t.Skipf("no public collections at %s: set GANWEN_SHARED", dir)
	}
	suites, err := Public(dir)
	require.NoError(t, err)
	require.Len(t, suites, 4)
	for _, s := range suites {
		docs, err := s.Corpus()
		require.NoError(t, err, s.Name)
		require.NotEmpty(t, docs[0].ID)
		require.NotEmpty(t, docs[0].Text)
		require.Greater(t, len(s.Cases), 500, s.Name)
	}
	none, err := Public(t.TempDir())
	require.NoError(t, err)
	require.Empty(t, none)
}
