package onnx

import (
	"container/list"
	"context"
	"sync"

	"ganwen/search"
)

// Cache keeps the vectors of the last Size questions asked one at a time, so that a question repeated in a
// conversation, or passed to both ranker and search, is computed once. Passages and batches go through unkept.
// Vectors are shared: do not change them. Safe for concurrent use.
type Cache struct {
	Embedder search.Embedder
	Size     int // 0 = 1024 vectors, 2 MB

	mu   sync.Mutex
	list *list.List // of *entry, the latest first
	at   map[string]*list.Element
}

type entry struct {
	text string
	vec  []float32
}

var _ search.Embedder = (*Cache)(nil)

// Embed answers from what is kept, else asks the embedder beneath.
func (c *Cache) Embed(ctx context.Context, texts []string, side search.Side) ([][]float32, error) {
	if side != search.QuerySide || len(texts) != 1 {
		return c.Embedder.Embed(ctx, texts, side)
	}
	if v, ok := c.get(texts[0]); ok {
		return [][]float32{v}, nil
	}
	vecs, err := c.Embedder.Embed(ctx, texts, side)
	if err != nil {
		return nil, err
	}
	c.put(texts[0], vecs[0])
	return vecs, nil
}

func (c *Cache) get(text string) ([]float32, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.at[text]
	if !ok {
		return nil, false
	}
	c.list.MoveToFront(el)
	return el.Value.(*entry).vec, true
}

func (c *Cache) put(text string, vec []float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil {
		c.list, c.at = list.New(), map[string]*list.Element{}
	}
	if _, ok := c.at[text]; ok {
		return
	}
	size := c.Size
	if size <= 0 {
		size = 1024
	}
	c.at[text] = c.list.PushFront(&entry{text, vec})
	for c.list.Len() > size {
		last := c.list.Back()
		delete(c.at, last.Value.(*entry).text)
		c.list.Remove(last)
	}
}
