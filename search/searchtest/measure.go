package searchtest

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/search"
)

// Find gives the ids found for a question, best first, at most ten.
type Find func(ctx context.Context, question string) ([]string, error)

// Finder asks a searcher for ten passages.
func Finder(s search.Searcher) Find {
	return func(ctx context.Context, question string) ([]string, error) {
		r, err := s.Search(ctx, search.Query{Text: question})
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(r.Hits))
		for i, h := range r.Hits {
			ids[i] = h.ID
		}
		return ids, nil
	}
}

// Quality is how well a set of questions is answered: means over the questions.
type Quality struct{ NDCG10, Recall10 float64 }

// Evaluate asks all questions.
func Evaluate(tb testing.TB, questions []Question, find Find) Quality {
	tb.Helper()
	var sum Quality
	for _, q := range questions {
		ids, err := find(tb.Context(), q.Text)
		require.NoError(tb, err)
		gain, ideal, hits := 0.0, 0.0, 0
		for i, id := range ids[:min(10, len(ids))] {
			if slices.Contains(q.Relevant, id) {
				hits++
				gain += 1 / math.Log2(float64(i+2))
			}
		}
		for i := range min(10, len(q.Relevant)) {
			ideal += 1 / math.Log2(float64(i+2))
		}
		sum.NDCG10 += gain / ideal
		sum.Recall10 += float64(hits) / float64(len(q.Relevant))
	}
	n := float64(len(questions))
	return Quality{sum.NDCG10 / n, sum.Recall10 / n}
}

// Speed is how fast questions are answered: one at a time, and by two at once.
type Speed struct {
	P50, P99 time.Duration
	PerSec   float64 // with two askers
}

// Time asks questions one by one, then with two askers; every question is asked once before, so that caches are warm.
func Time(tb testing.TB, questions []Question, find Find) Speed {
	tb.Helper()
	ask := func(q Question) time.Duration {
		start := time.Now()
		_, err := find(tb.Context(), q.Text)
		if err != nil {
			tb.Error(err)
		}
		return time.Since(start)
	}
	var times []time.Duration
	for _, q := range questions {
		ask(q)
	}
	for _, q := range questions {
		times = append(times, ask(q))
	}
	slices.Sort(times)
	start := time.Now()
	var askers sync.WaitGroup
	for half := range 2 {
		askers.Go(func() {
			for i := half; i < len(questions); i += 2 {
				ask(questions[i])
			}
		})
	}
	askers.Wait()
	return Speed{P50: times[len(times)/2], P99: times[len(times)*99/100], PerSec: float64(len(questions)) / time.Since(start).Seconds()}
}
