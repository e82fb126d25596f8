package eval

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Reference values worked by hand after trec_eval's definitions (ndcg_cut_10 with binary gain, recall_k, recip_rank).
func TestRetrievalMetrics(t *testing.T) {
	log2 := math.Log2
	for _, c := range []struct {
		name             string
		ranked, relevant []string
		r1, r5, rr, gain float64
	}{
		{"first", []string{"a", "b"}, []string{"a"}, 1, 1, 1, 1},
		{"third", []string{"x", "y", "a"}, []string{"a"}, 0, 1, 1. / 3, 1 / log2(4)}, // 0.5
		{"nothing found", []string{"x", "y"}, []string{"a"}, 0, 0, 0, 0},
		{"nothing returned", nil, []string{"a"}, 0, 0, 0, 0},
		// Gains at places 1 and 4 of three relevant: (1 + 1/log2 5) / (1 + 1/log2 3 + 1/log2 4) = 1.43068 / 2.13093
		{"two of three", []string{"a", "x", "y", "b"}, []string{"a", "b", "c"}, 1. / 3, 2. / 3, 1, 0.671387},
		{"beyond ten", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"}, []string{"a"}, 0, 0, 0, 0},
		// Twelve relevant, all ten places right: the best order is cut at ten as well.
		{"more than fit", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
			[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}, 1. / 12, 5. / 12, 1, 1},
		// A document indexed in pieces comes twice: its first place counts, and it pushes nothing down.
		{"pieces", []string{"x", "x", "x", "a"}, []string{"a"}, 0, 1, .5, 1 / log2(3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := (&RetrievalCase{Question: "q", Relevant: c.relevant}).Judge(Outcome{Ranked: c.ranked})
			require.InDelta(t, c.r1, v.Marks["recall@1"].Num, 1e-9)
			require.InDelta(t, c.r5, v.Marks["recall@5"].Num, 1e-9)
			require.InDelta(t, c.rr, v.Marks["mrr@10"].Num, 1e-9)
			require.InDelta(t, c.gain, v.Marks["ndcg@10"].Num, 1e-6)
			require.Equal(t, c.rr > 0, v.OK)
		})
	}
	v := (&RetrievalCase{Relevant: []string{"a"}}).Judge(Outcome{Ranked: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"}})
	require.Equal(t, 1.0, v.Marks["recall@100"].Num)
}

func TestRetrievalSubject(t *testing.T) {
	find := FindFunc(func(_ context.Context, q string, n int) ([]string, error) {
		require.Equal(t, Depth, n)
		return []string{"found for " + q}, nil
	})
	o, err := Retrieval{find}.Run(t.Context(), Case{Body: &RetrievalCase{Question: "q"}})
	require.NoError(t, err)
	require.Equal(t, []string{"found for q"}, o.Ranked)
	_, err = Retrieval{find}.Run(t.Context(), Case{Body: &GuideCase{}})
	require.Error(t, err)
}
