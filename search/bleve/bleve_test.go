package bleve_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/bleve"
	"ganwen/search/searchtest"
)

func open(t testing.TB, path string, synonyms *search.Synonyms) *bleve.Index {
	x, err := bleve.Open(path, search.Config{Synonyms: synonyms})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, x.Close()) })
	return x
}

func TestMemory(t *testing.T) {
	searchtest.Test(t, func(t *testing.T, s *search.Synonyms) search.Store { return open(t, "", s) })
}

func TestDisk(t *testing.T) {
	searchtest.Test(t, func(t *testing.T, s *search.Synonyms) search.Store {
		return open(t, filepath.Join(t.TempDir(), "index"), s)
	})
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	x, err := bleve.Open(path, search.Config{})
	require.NoError(t, err)
	mark, err := x.Fingerprint()
	require.NoError(t, err)
	require.Empty(t, mark, "not complete yet")
	require.NoError(t, x.Index(t.Context(), searchtest.Passages()))
	require.NoError(t, x.SetFingerprint("catalogue 7"))
	before, err := x.Search(t.Context(), search.Query{Text: "身份证补领"})
	require.NoError(t, err)
	_, err = bleve.Open(path, search.Config{})
	require.Error(t, err, "one process at a time")
	require.NoError(t, x.Close())

	x = open(t, path, nil)
	mark, err = x.Fingerprint()
	require.NoError(t, err)
	require.Equal(t, "catalogue 7", mark)
	require.Equal(t, len(searchtest.Passages()), x.Len())
	after, err := x.Search(t.Context(), search.Query{Text: "身份证补领"})
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.NotEmpty(t, x.Suggest("身份", 3))
}

// TestSameAsMemory holds the two backends to the same hits in the same order with nearly the same scores.
func TestSameAsMemory(t *testing.T) {
	memory := search.NewMemory(search.Config{Synonyms: searchtest.Synonyms()})
	disk := open(t, "", searchtest.Synonyms())
	require.NoError(t, memory.Index(t.Context(), searchtest.Passages()))
	require.NoError(t, disk.Index(t.Context(), searchtest.Passages()))
	for _, text := range []string{"身份证丢了怎么补办", "公积金", "开馆子要什么证", "gongjijin", "江西省数字政府"} {
		want, err := memory.Search(t.Context(), search.Query{Text: text, Facets: true})
		require.NoError(t, err)
		got, err := disk.Search(t.Context(), search.Query{Text: text, Facets: true})
		require.NoError(t, err)
		require.Equal(t, want.Total, got.Total, text)
		require.Equal(t, want.Facets, got.Facets, text)
		for i := range want.Hits {
			require.Equal(t, want.Hits[i].ID, got.Hits[i].ID, text)
			require.Equal(t, want.Hits[i].Why, got.Hits[i].Why, text)
			require.InEpsilon(t, want.Hits[i].Score, got.Hits[i].Score, 0.001, text)
		}
	}
}
