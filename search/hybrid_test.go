package search_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/searchtest"
	"ganwen/search/vek"
)

// topics embeds a text by the topics its words belong to: enough to know that losing a card and applying for a new one are near.
type topics struct {
	calls int
	wait  time.Duration
	err   error
}

var topicWords = [][]string{{"身份证", "证件", "补领", "卡"}, {"公积金", "房", "住房"}, {"企业", "贷款", "生意", "周转"}, {"食品", "餐馆"}}

func (e *topics) Embed(ctx context.Context, texts []string, _ search.Side) ([][]float32, error) {
	e.calls += len(texts)
	time.Sleep(e.wait)
	if e.err != nil {
		return nil, e.err
	}
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = make([]float32, len(topicWords)+1)
		best := len(topicWords)
		for k, words := range topicWords {
			for _, w := range words {
				if strings.Contains(text, w) {
					best = min(best, k)
				}
			}
		}
		out[i][best] = 1
	}
	return out, ctx.Err()
}

func hybrid(t *testing.T, e *topics) *search.Hybrid {
	h := &search.Hybrid{Store: search.NewMemory(search.Config{}), Embedder: e, Vectors: &vek.Index{}}
	require.NoError(t, h.Index(t.Context(), searchtest.Passages()))
	require.NoError(t, search.EmbedAll(t.Context(), &topics{}, h.Vectors, searchtest.Passages(), nil))
	return h
}

func TestHybridFindsByMeaning(t *testing.T) {
	h := hybrid(t, &topics{})
	const text = "做生意周转不开"
	alone, err := h.Store.Search(t.Context(), search.Query{Text: text})
	require.NoError(t, err)
	require.Empty(t, alone.Hits)
	got, err := h.Search(t.Context(), search.Query{Text: text})
	require.NoError(t, err)
	require.Equal(t, "p1", got.Hits[0].ID)
	require.Equal(t, []string{"向量"}, got.Hits[0].Why)
	require.Empty(t, got.Degraded)
	require.GreaterOrEqual(t, got.Total, len(got.Hits))

	got, err = h.Search(t.Context(), search.Query{Text: text, Kinds: []search.Kind{search.KindLaw}})
	require.NoError(t, err)
	for _, hit := range got.Hits {
		require.Equal(t, search.KindLaw, hit.Kind, "filters hold for what is near, too")
	}
}

func TestHybridPages(t *testing.T) {
	h := hybrid(t, &topics{})
	all, err := h.Search(t.Context(), search.Query{Text: "身份证补领", Size: 50})
	require.NoError(t, err)
	var paged []search.Hit
	for from := 0; from < len(all.Hits); from += 2 {
		r, err := h.Search(t.Context(), search.Query{Text: "身份证补领", From: from, Size: 2})
		require.NoError(t, err)
		paged = append(paged, r.Hits...)
	}
	require.Equal(t, all.Hits, paged)
}

func TestHybridDoesWithout(t *testing.T) {
	words, err := hybrid(t, &topics{}).Store.Search(t.Context(), search.Query{Text: "身份证补领"})
	require.NoError(t, err)
	for name, h := range map[string]*search.Hybrid{
		"fails":       hybrid(t, &topics{err: errors.New("model gone")}),
		"late":        hybrid(t, &topics{wait: 300 * time.Millisecond}),
		"no embedder": {Store: hybrid(t, &topics{}).Store},
		"no vectors":  {Store: hybrid(t, &topics{}).Store, Embedder: &topics{}, Vectors: &vek.Index{}},
	} {
		h.Budget = 30 * time.Millisecond
		start := time.Now()
		got, err := h.Search(t.Context(), search.Query{Text: "身份证补领"})
		require.NoError(t, err, name)
		require.Less(t, time.Since(start), 250*time.Millisecond, name)
		require.Equal(t, []string{search.DegradedEmbed}, got.Degraded, name)
		require.Equal(t, words.Hits, got.Hits, name)
	}
}

func TestHybridForgetsVectorsOfOldTexts(t *testing.T) {
	h := hybrid(t, &topics{})
	p := searchtest.Passages()[5]
	e := &topics{}
	require.NoError(t, search.EmbedAll(t.Context(), e, h.Vectors, searchtest.Passages(), nil))
	require.Zero(t, e.calls, "all are there")
	require.NoError(t, h.Index(t.Context(), []search.Passage{p}))
	require.Equal(t, len(searchtest.Passages()), h.Vectors.Len(), "the same text keeps its vector")
	p.Text = "改了。"
	require.NoError(t, h.Index(t.Context(), []search.Passage{p}))
	require.Equal(t, len(searchtest.Passages())-1, h.Vectors.Len())
	seen := 0
	require.NoError(t, search.EmbedAll(t.Context(), e, h.Vectors, []search.Passage{p}, func(done, of int) { seen = done * 100 / of }))
	require.Equal(t, 1, e.calls)
	require.Equal(t, 100, seen)
	require.NoError(t, h.Delete(t.Context(), p.ID))
	require.Equal(t, len(searchtest.Passages())-1, h.Vectors.Len())
}
