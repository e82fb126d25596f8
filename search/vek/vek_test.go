package vek_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/vek"
)

func unit(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	sum := 0.0
	for i := range v {
		v[i] = float32(r.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func filled(tb testing.TB, n, dim int) (*vek.Index, [][]float32) {
	r := rand.New(rand.NewPCG(1, 2))
	x := &vek.Index{}
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = unit(r, dim)
		require.NoError(tb, x.Add(fmt.Sprintf("p%05d", i), uint64(i), vectors[i]))
	}
	return x, vectors
}

func TestNearestIsExact(t *testing.T) {
	for _, n := range []int{1, 9, 20_000} { // the last is shared out over processors
		x, vectors := filled(t, n, 37)
		q := unit(rand.New(rand.NewPCG(3, 4)), 37)
		var want []search.Neighbour
		for i, v := range vectors {
			dot := 0.0
			for k := range v {
				dot += float64(v[k]) * float64(q[k])
			}
			want = append(want, search.Neighbour{ID: fmt.Sprintf("p%05d", i), Score: float32(dot)})
		}
		slices.SortFunc(want, func(a, b search.Neighbour) int { return cmp.Compare(b.Score, a.Score) })
		got := x.Nearest(q, 10, nil)
		require.Len(t, got, min(n, 10))
		for i := range got {
			require.Equal(t, want[i].ID, got[i].ID)
			require.InDelta(t, want[i].Score, got[i].Score, 1e-5)
		}
	}
}

func TestKeepTiesAndLengths(t *testing.T) {
	x := &vek.Index{}
	require.Empty(t, x.Nearest([]float32{1, 0}, 3, nil))
	for _, id := range []string{"c", "a", "b", "d"} {
		require.NoError(t, x.Add(id, 1, []float32{1, 0}))
	}
	require.NoError(t, x.Add("far", 1, []float32{0, 1}))
	require.ErrorIs(t, x.Add("short", 1, []float32{1}), vek.ErrDimension)
	require.Empty(t, x.Nearest([]float32{1}, 3, nil))
	ids := func(list []search.Neighbour) string {
		var out []string
		for _, n := range list {
			out = append(out, n.ID)
		}
		return strings.Join(out, " ")
	}
	require.Equal(t, "a b c", ids(x.Nearest([]float32{1, 0}, 3, nil)))
	require.Equal(t, "a d far", ids(x.Nearest([]float32{1, 0}, 3, func(id string) bool { return id != "b" && id != "c" })))
	x.Remove("a", "never-was")
	require.Equal(t, "b c d far", ids(x.Nearest([]float32{1, 0}, 9, nil)))
	require.NoError(t, x.Add("b", 2, []float32{0, 1}))
	require.True(t, x.Has("b", 2))
	require.False(t, x.Has("b", 1), "made from another text")
	require.False(t, x.Has("a", 1))
	require.Equal(t, "c d b", ids(x.Nearest([]float32{1, 0}, 3, nil)))
	x.Remove("b", "c", "d", "far")
	require.Zero(t, x.Len())
	require.NoError(t, x.Add("other", 1, []float32{1, 0, 0}), "an empty index takes any length")
}

func TestWriteRead(t *testing.T) {
	x, vectors := filled(t, 50, 8)
	var kept bytes.Buffer
	require.NoError(t, x.Write(&kept))
	y, err := vek.Read(bytes.NewReader(kept.Bytes()))
	require.NoError(t, err)
	require.Equal(t, x.Nearest(vectors[7], 50, nil), y.Nearest(vectors[7], 50, nil))
	require.True(t, y.Has("p00007", 7))
	for _, n := range []int{0, 10, kept.Len() / 2, kept.Len() - 1} {
		_, err := vek.Read(bytes.NewReader(kept.Bytes()[:n]))
		require.ErrorIs(t, err, vek.ErrFormat, "cut after %d bytes", n)
	}
}

func FuzzRead(f *testing.F) {
	x, _ := filled(f, 2, 3)
	var kept bytes.Buffer
	require.NoError(f, x.Write(&kept))
	f.Add(kept.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if x, err := vek.Read(bytes.NewReader(data)); err == nil {
			var again bytes.Buffer
			require.NoError(t, x.Write(&again))
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	x, vectors := filled(b, 60_000, 512)
	b.SetBytes(60_000 * 512 * 4)
	for i := 0; b.Loop(); i++ {
		x.Nearest(vectors[i%len(vectors)], 100, nil)
	}
}
