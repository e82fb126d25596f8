package onnx

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
)

// counting is an embedder whose vectors are the lengths of the texts, and that counts what it is asked.
type counting struct {
	texts int
	err   error
}

func (c *counting) Embed(_ context.Context, texts []string, _ search.Side) ([][]float32, error) {
	c.texts += len(texts)
	if c.err != nil {
		return nil, c.err
	}
	out := make([][]float32, len(texts))
	for i, s := range texts {
		out[i] = []float32{float32(len(s))}
	}
	return out, nil
}

func TestCache(t *testing.T) {
	beneath := &counting{}
	c := &Cache{Embedder: beneath, Size: 2}
	ask := func(text string, side search.Side) {
		t.Helper()
		v, err := c.Embed(t.Context(), []string{text}, side)
		require.NoError(t, err)
		require.Equal(t, float32(len(text)), v[0][0])
	}
	ask("a", search.QuerySide)
	ask("a", search.QuerySide)
	require.Equal(t, 1, beneath.texts)
	ask("a", search.PassageSide) // passages are not kept
	require.Equal(t, 2, beneath.texts)
	ask("bb", search.QuerySide)
	ask("a", search.QuerySide) // now bb is the oldest
	ask("ccc", search.QuerySide)
	require.Equal(t, 4, beneath.texts)
	ask("a", search.QuerySide)
	require.Equal(t, 4, beneath.texts)
	ask("bb", search.QuerySide)
	require.Equal(t, 5, beneath.texts)
}

func TestCacheKeepsNoErrors(t *testing.T) {
	beneath := &counting{err: errors.New("down")}
	c := &Cache{Embedder: beneath}
	_, err := c.Embed(t.Context(), []string{"a"}, search.QuerySide)
	require.Error(t, err)
	beneath.err = nil
	_, err = c.Embed(t.Context(), []string{"a"}, search.QuerySide)
	require.NoError(t, err)
	require.Equal(t, 2, beneath.texts)
}
