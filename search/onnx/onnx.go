// Package onnx embeds texts in process with bge-small-zh-v1.5 (512 dimensions) through ONNX Runtime.
//
// Model, tokenizer and the runtime's shared library are files of one directory, fetched by `make models`; none of them
// is part of the program. Where they are missing, Open says ErrAbsent and the caller does without.
package onnx

import (
	"bytes"
	"context"
	_ "embed" // the query prefix
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"ganwen/search"
)

// Files of the model directory.
const (
	ModelFile     = "bge-small-zh-v1.5.onnx"
	TokenizerFile = "bge-small-zh-v1.5-tokenizer.json"
	RuntimeFile   = "libonnxruntime.so"
)

// Dim is the length of a vector.
const Dim = 512

// maxTokens is how many positions the model was trained with; a longer text is cut.
const maxTokens = 512

var (
	// ErrAbsent means that the model or its runtime is not there, or does not load on this machine.
	ErrAbsent = errors.New("onnx: embedding model absent")
	// ErrClosed is returned by Embed after Close.
	ErrClosed = errors.New("onnx: embedder closed")
)

// queryPrefix is what the model's authors put before a question, and not before a passage.
//
//go:embed prefix.txt
var queryPrefix string

// Config says how much of the machine an Embedder may take. The zero value is what a server wants.
type Config struct {
	Threads     int // batches computed at the same time, 0 = at most two
	BatchTokens int // padded tokens of one batch, 0 = 256: more is slower (caches) and takes more memory
}

// Embedder computes vectors. It is safe for concurrent use.
type Embedder struct {
	tok         *tokenizer
	fingerprint string
	batchTokens int

	// Questions people wait for must not queue behind the thousands of a bank being built: each has its own slots.
	short, bulk chan struct{}

	mu      sync.RWMutex // held for reading during a run, for writing by Close
	session *ort.DynamicAdvancedSession
}

var _ search.Embedder = (*Embedder)(nil)

// Open loads the model in dir with the default Config. Close releases it.
func Open(dir string) (*Embedder, error) { return Config{}.Open(dir) }

// Open loads the model in dir. The first directory opened decides which runtime library the process uses.
func (c Config) Open(dir string) (*Embedder, error) {
	for _, name := range []string{ModelFile, TokenizerFile, RuntimeFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("%w: %s", ErrAbsent, filepath.Join(dir, name))
		}
	}
	description, err := os.ReadFile(filepath.Join(dir, TokenizerFile))
	if err != nil {
		return nil, fmt.Errorf("onnx: open tokenizer: %w", err)
	}
	tok, err := readTokenizer(bytes.NewReader(description))
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	model := filepath.Join(dir, ModelFile)
	print, err := fingerprint(model, description)
	if err != nil {
		return nil, fmt.Errorf("onnx: open model: %w", err)
	}
	session, err := newSession(filepath.Join(dir, RuntimeFile), model)
	if err != nil {
		return nil, err
	}
	threads := c.Threads
	if threads <= 0 {
		threads = min(2, runtime.NumCPU())
	}
	tokens := c.BatchTokens
	if tokens <= 0 {
		tokens = 256
	}
	return &Embedder{tok: tok, fingerprint: print, batchTokens: tokens, session: session,
		short: make(chan struct{}, threads), bulk: make(chan struct{}, threads)}, nil
}

// Fingerprint names the model, so that vectors kept from another one are known to be stale.
func (e *Embedder) Fingerprint() string { return e.fingerprint }

// Embed gives one vector of unit length for each text, in order. Texts longer than the model reads are cut at its 512th
// token. Many texts are computed in batches of similar length; ctx is looked at between batches.
func (e *Embedder) Embed(ctx context.Context, texts []string, side search.Side) ([][]float32, error) {
	if len(texts) == 0 {
		return nil, ctx.Err()
	}
	ids := make([][]int64, len(texts))
	for i, s := range texts {
		if side == search.QuerySide {
			s = queryPrefix + s
		}
		ids[i] = e.tok.encode(s, maxTokens)
	}
	out := make([][]float32, len(texts))
	batches := split(ids, e.batchTokens)
	if len(batches) == 1 {
		return out, e.one(ctx, e.short, ids, batches[0], out)
	}
	return out, e.many(ctx, ids, batches, out)
}

// Close frees the model. It waits for what is running; later calls of Embed fail with ErrClosed.
func (e *Embedder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.session == nil {
		return nil
	}
	err := e.session.Destroy()
	e.session = nil
	if err != nil {
		return fmt.Errorf("onnx: close: %w", err)
	}
	return nil
}

// many runs all batches, as many at a time as there are slots, and stops at the first error.
func (e *Embedder) many(ctx context.Context, ids [][]int64, batches [][]int, out [][]float32) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan []int)
	var wg sync.WaitGroup
	for range min(cap(e.bulk), len(batches)) {
		wg.Go(func() {
			for b := range next {
				if err := e.one(ctx, e.bulk, ids, b, out); err != nil {
					cancel(err)
				}
			}
		})
	}
feed:
	for _, b := range batches {
		select {
		case next <- b:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wg.Wait()
	releaseHeap()
	return context.Cause(ctx)
}

// one runs the batch of the given texts as soon as a slot is free.
func (e *Embedder) one(ctx context.Context, slots chan struct{}, ids [][]int64, batch []int, out [][]float32) error {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.session == nil {
		return ErrClosed
	}
	if err := run(e.session, ids, batch, e.tok.pad, out); err != nil {
		return fmt.Errorf("onnx: embed %d texts: %w", len(batch), err)
	}
	return nil
}
