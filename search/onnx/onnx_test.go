package onnx

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/search"
)

func open(tb testing.TB) *Embedder {
	tb.Helper()
	e, err := Open(modelDir(tb))
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, e.Close()) })
	return e
}

func cosine(a, b []float32) float64 {
	s := 0.0
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

func TestOpenAbsent(t *testing.T) {
	_, err := Open(t.TempDir())
	require.ErrorIs(t, err, ErrAbsent)
}

// The expected vectors are those of onnxruntime in Python, one text at a time.
func TestEmbedAgreesWithReference(t *testing.T) {
	e := open(t)
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var cases []struct {
		Text   string    `json:"text"`
		Query  bool      `json:"query"`
		Vector []float32 `json:"vector"`
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	require.NotEmpty(t, cases)
	for _, c := range cases {
		side := search.PassageSide
		if c.Query {
			side = search.QuerySide
		}
		got, err := e.Embed(t.Context(), []string{c.Text}, side)
		require.NoError(t, err)
		require.Len(t, got[0], Dim)
		require.InDelta(t, 1, cosine(got[0], got[0]), 1e-5)
		require.Greater(t, cosine(got[0], c.Vector), .9999, c.Text)
	}
}

func TestEmbedBatchesKeepOrder(t *testing.T) {
	e := open(t)
	var texts []string
	for i := range 70 { // of many lengths, so that sorting and padding both happen
		texts = append(texts, fmt.Sprintf("第%d号窗口办理居住证", i), fmt.Sprint(i))
	}
	texts[5] = ""
	all, err := e.Embed(t.Context(), texts, search.PassageSide)
	require.NoError(t, err)
	require.Len(t, all, len(texts))
	for _, i := range []int{0, 1, 5, 69, 138, 139} {
		one, err := e.Embed(t.Context(), texts[i:i+1], search.PassageSide)
		require.NoError(t, err)
		require.Greater(t, cosine(one[0], all[i]), .9999, texts[i])
	}
	none, err := e.Embed(t.Context(), nil, search.PassageSide)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestEmbedKnowsTheSides(t *testing.T) {
	e := open(t)
	q, err := e.Embed(t.Context(), []string{"身份证丢了怎么办"}, search.QuerySide)
	require.NoError(t, err)
	p, err := e.Embed(t.Context(), []string{"身份证丢了怎么办", "居民身份证遗失补领", "个体工商户注销登记"}, search.PassageSide)
	require.NoError(t, err)
	require.Less(t, cosine(q[0], p[0]), .9999)
	require.Greater(t, cosine(q[0], p[1]), cosine(q[0], p[2])+.1)
}

func TestEmbedConcurrently(t *testing.T) {
	e := open(t)
	want, err := e.Embed(t.Context(), []string{"公积金提取"}, search.QuerySide)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				got, err := e.Embed(context.Background(), []string{"公积金提取"}, search.QuerySide)
				if err != nil || cosine(got[0], want[0]) < .9999 {
					t.Errorf("got another vector, or an error: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestEmbedStops(t *testing.T) {
	e, err := Open(modelDir(t))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	texts := make([]string, 3000)
	for i := range texts {
		texts[i] = fmt.Sprintf("申请第%d项补贴需要提交的材料和办理的时限", i)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	_, err = e.Embed(ctx, texts, search.PassageSide)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(begin), 3*time.Second)

	require.NoError(t, e.Close())
	require.NoError(t, e.Close())
	_, err = e.Embed(t.Context(), texts[:1], search.QuerySide)
	require.ErrorIs(t, err, ErrClosed)
}

func TestFingerprintIsStable(t *testing.T) {
	require.Equal(t, open(t).Fingerprint(), open(t).Fingerprint())
}

func TestSplit(t *testing.T) {
	ids := [][]int64{make([]int64, 4), make([]int64, 9), make([]int64, 2), make([]int64, 4), make([]int64, 30)}
	require.Equal(t, [][]int{{2, 0, 3}, {1}, {4}}, split(ids, 12))
	require.Equal(t, [][]int{{2, 0, 3, 1, 4}}, split(ids, 150))
}

func BenchmarkEmbedQuestion(b *testing.B) {
	e := open(b)
	for b.Loop() {
		_, err := e.Embed(b.Context(), []string{"孩子出生四十天了还没去派出所登记，过了期限会罚款吗"}, search.QuerySide)
		require.NoError(b, err)
	}
}

func BenchmarkEmbedBank(b *testing.B) {
	e := open(b)
	texts := make([]string, 512)
	for i := range texts {
		texts[i] = fmt.Sprintf("请问第%d种情形下申请居住证需要带哪些材料，多久能办好", i)
	}
	for b.Loop() {
		_, err := e.Embed(b.Context(), texts, search.PassageSide)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "texts/s")
}
