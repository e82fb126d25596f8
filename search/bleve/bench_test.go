package bleve_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/searchtest"
)

// BenchmarkSearch asks the questions of CMRC and DRCD of 30,000 passages.
func BenchmarkSearch(b *testing.B) {
	passages := searchtest.Corpus(b, 30_000)
	questions := append(searchtest.Questions(b, "cmrc2018"), searchtest.Questions(b, "drcd")...)
	memory := search.NewMemory(search.Config{})
	for _, store := range []struct {
		name string
		s    search.Store
	}{{"memory", memory}, {"bleve", open(b, filepath.Join(b.TempDir(), "index"), nil)}} {
		require.NoError(b, store.s.Index(b.Context(), passages))
		b.Run(store.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				_, err := store.s.Search(b.Context(), search.Query{Text: questions[i%len(questions)].Text})
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkIndex indexes 2,000 passages anew.
func BenchmarkIndex(b *testing.B) {
	passages := searchtest.Corpus(b, 2_000)
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, search.NewMemory(search.Config{}).Index(b.Context(), passages))
		}
	})
	b.Run("bleve", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, open(b, filepath.Join(b.TempDir(), "index"), nil).Index(b.Context(), passages))
		}
	})
}
