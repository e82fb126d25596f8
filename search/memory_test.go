package search_test

import (
	"testing"

	"ganwen/search"
	"ganwen/search/searchtest"
)

func TestMemory(t *testing.T) {
	searchtest.Test(t, func(_ *testing.T, synonyms *search.Synonyms) search.Store {
		return search.NewMemory(search.Config{Synonyms: synonyms})
	})
}
