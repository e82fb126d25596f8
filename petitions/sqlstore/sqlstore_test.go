package sqlstore

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/petitions"
	"ganwen/petitions/petitionstest"
)

func open(t testing.TB, path string) *Store {
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestContract(t *testing.T) {
	petitionstest.Test(t, func(t *testing.T) petitionstest.Backend {
		return open(t, filepath.Join(t.TempDir(), "deep", "petitions.db"))
	})
}

func TestOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "petitions.db")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	_, err = s.Put(t.Context(), &petitions.Petition{Source: "a", ID: "1", Text: "电梯坏了"})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	r, err := open(t, path).Get(t.Context(), "a", "1")
	require.NoError(t, err)
	require.Equal(t, "电梯坏了", r.Petition.Text)
}

func TestTally(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "petitions.db"))
	ctx := t.Context()
	zone := time.FixedZone("CST", 8*3600)
	night := time.Date(2025, 3, 1, 23, 50, 0, 0, zone)
	for i, at := range []time.Time{night, night.Add(20 * time.Minute), night.AddDate(0, 0, 5)} {
		_, err := s.Put(ctx, &petitions.Petition{Source: "a", ID: string(rune('1' + i)), Text: "x", Time: at, Channel: "网"})
		require.NoError(t, err)
	}
	keep := func(id, place, class, urgency string) {
		require.NoError(t, s.Keep(ctx, petitions.Found{Source: "a", ID: id, Analysis: &petitions.Analysis{
			Class: petitions.Class{Path: []string{class}}, Urgency: urgency, Facts: petitions.Facts{Place: place}}}))
	}
	keep("1", "360103001", "政法", "normal")
	keep("2", "3607", "城乡建设", "urgent")
	keep("3", "360103", "政法", "urgent")
	counts := func(dim, region string) map[string]int {
		list, err := s.Tally(ctx, dim, region, night.AddDate(0, 0, -1), night.AddDate(0, 0, 30))
		require.NoError(t, err)
		out := map[string]int{}
		for _, c := range list {
			out[c.Day.Format(time.DateOnly)+" "+c.Value] += c.N
		}
		return out
	}
	require.Equal(t, map[string]int{"2025-03-01 政法": 1, "2025-03-02 城乡建设": 1, "2025-03-06 政法": 1}, counts("class", ""))
	require.Equal(t, map[string]int{"2025-03-01 政法": 1, "2025-03-06 政法": 1}, counts("class", "360103"))
	require.Equal(t, map[string]int{"2025-03-02 ": 1}, counts("total", "3607"))
	keep("1", "3607", "政法", "urgent") // moved: counted out where it was
	require.Equal(t, map[string]int{"2025-03-06 政法": 1}, counts("class", "360103"))
	require.Equal(t, map[string]int{"2025-03-01 urgent": 1, "2025-03-02 urgent": 1}, counts("urgency", "3607"))
	list, err := s.Tally(ctx, "total", "", night.AddDate(0, 0, 1), night.AddDate(0, 0, 5))
	require.NoError(t, err)
	require.Len(t, list, 1, "half open")
	require.Equal(t, time.Date(2025, 3, 2, 0, 0, 0, 0, zone).Unix(), list[0].Day.Unix())
}
