package vek_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/onnx"
	"ganwen/search/searchtest"
	"ganwen/search/vek"
)

var (
	measure = flag.Bool("measure", false, "measure fusion on STARD; the first run embeds 60,000 articles (twenty minutes of one core)")
	fewer   = flag.Int("articles", 0, "measure with about so many articles, those that answer a question among them; 0 = all")
)

// TestMeasure compares words, vectors and both on the lay questions of STARD over all articles of law.
func TestMeasure(t *testing.T) {
	if !*measure {
		t.Skip("takes minutes: run with -measure")
	}
	e := model(t)
	questions := searchtest.Questions(t, "statutes")
	articles := corpus(t, questions)
	words := search.NewMemory(search.Config{})
	require.NoError(t, words.Index(t.Context(), articles))
	h := &search.Hybrid{Store: words, Embedder: asked(t, e, questions), Vectors: articleVectors(t, e, articles), Budget: time.Minute}
	alone := report(t, "words", questions, words)
	for _, share := range []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.999} {
		h.Share = share
		q := report(t, fmt.Sprintf("both, vectors %.1f", share), questions, h)
		t.Logf("    recall@10 is %.2f of words alone", q.Recall10/alone.Recall10)
	}
	q := searchtest.Evaluate(t, questions, reciprocal(h))
	t.Logf("%-18s nDCG@10 %.3f recall@10 %.3f", "both, by rank", q.NDCG10, q.Recall10)
}

// corpus is all articles of law, or with -articles those that answer questions and of the others every so-and-so-manieth.
func corpus(t *testing.T, questions []searchtest.Question) []search.Passage {
	answers := map[string]bool{}
	for _, q := range questions {
		for _, id := range q.Relevant {
			answers[id] = true
		}
	}
	var all, out []search.Passage
	for _, p := range searchtest.Corpus(t, 100_000) {
		if p.Kind == search.KindLaw {
			all = append(all, p)
		}
	}
	step := 1
	if *fewer > len(answers) {
		step = max(1, (len(all)-len(answers))/(*fewer-len(answers)))
	}
	for i, p := range all {
		if answers[p.ID] || i%step == 0 {
			out = append(out, p)
		}
	}
	t.Logf("%d of %d articles, %d questions", len(out), len(all), len(questions))
	return out
}

func report(t *testing.T, name string, questions []searchtest.Question, s search.Searcher) searchtest.Quality {
	q := searchtest.Evaluate(t, questions, searchtest.Finder(s))
	t.Logf("%-18s nDCG@10 %.3f recall@10 %.3f", name, q.NDCG10, q.Recall10)
	return q
}

func model(t *testing.T) *onnx.Embedder {
	dir := os.Getenv("GANWEN_MODELS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		dir = filepath.Join(cache, "ganwen", "models")
	}
	e, err := onnx.Open(dir)
	if err != nil {
		t.Skip("no model: run make models: ", err)
	}
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// articleVectors embeds the articles, or what is missing of them in a file of the temp folder.
func articleVectors(t *testing.T, e *onnx.Embedder, articles []search.Passage) *vek.Index {
	file := filepath.Join(os.TempDir(), "ganwen-stard-"+filepath.Base(e.Fingerprint())+".vectors")
	vectors := &vek.Index{}
	if in, err := os.Open(file); err == nil {
		vectors, err = vek.Read(in)
		require.NoError(t, err)
		require.NoError(t, in.Close())
	}
	start, before := time.Now(), vectors.Len()
	for at := 0; at < len(articles); at += 4096 { // kept now and then, as it takes long
		had := vectors.Len()
		require.NoError(t, search.EmbedAll(t.Context(), e, vectors, articles[at:min(at+4096, len(articles))], nil))
		if vectors.Len() > had {
			fmt.Printf("embedded %d of %d\n", vectors.Len(), len(articles))
			keep(t, file, vectors)
		}
	}
	if vectors.Len() > before {
		t.Logf("embedded %d articles in %s", vectors.Len()-before, time.Since(start).Round(time.Second))
	}
	return vectors
}

func keep(t *testing.T, file string, vectors *vek.Index) {
	out, err := os.Create(file + ".new")
	require.NoError(t, err)
	require.NoError(t, vectors.Write(out))
	require.NoError(t, out.Close())
	require.NoError(t, os.Rename(file+".new", file))
}

// remembered gives vectors made before.
type remembered map[string][]float32

func (r remembered) Embed(_ context.Context, texts []string, _ search.Side) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = r[text]
	}
	return out, nil
}

// asked embeds the questions once, as they are asked again for every way of fusing.
func asked(t *testing.T, e search.Embedder, questions []searchtest.Question) remembered {
	r := remembered{}
	for _, q := range questions {
		v, err := e.Embed(t.Context(), []string{q.Text}, search.QuerySide)
		require.NoError(t, err)
		r[q.Text] = v[0]
	}
	return r
}

// reciprocal fuses by rank alone (RRF, k = 60), to compare with.
func reciprocal(h *search.Hybrid) searchtest.Find {
	return func(ctx context.Context, question string) ([]string, error) {
		words, err := h.Store.Search(ctx, search.Query{Text: question, Size: 100})
		if err != nil {
			return nil, err
		}
		v, err := h.Embedder.Embed(ctx, []string{question}, search.QuerySide)
		if err != nil {
			return nil, err
		}
		score := map[string]float64{}
		for i, hit := range words.Hits {
			score[hit.ID] += 1 / float64(60+i)
		}
		for i, n := range h.Vectors.Nearest(v[0], 100, nil) {
			score[n.ID] += 1 / float64(60+i)
		}
		var ids []string
		for id := range score {
			ids = append(ids, id)
		}
		slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
		return ids, nil
	}
}
