package bleve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"

	"ganwen/search"
)

// ErrOutdated is returned for an index that another version of the analysis or mapping made. It is derived data: remove
// the folder and index again.
var ErrOutdated = errors.New("bleve: index made by another version")

// version changes with everything that changes what is in the index: search.Terms, search.Content, the mapping.
const version = "1"

// Keys of what the index keeps about itself.
var (
	keyVersion     = []byte("ganwen/version")
	keyFingerprint = []byte("ganwen/fingerprint")
	keyLength      = []byte("ganwen/length") // terms and passages indexed so far, for the average
)

// batchSize is how many passages become visible at once; larger batches load no faster and hold more memory.
const batchSize = 1000

// Index keeps passages on disk. It is safe for concurrent use; close it when done. One process at a time can have
// it open.
type Index struct {
	bleve    bleve.Index
	low      index.Index
	mapping  mapping.IndexMapping
	synonyms *search.Synonyms
	mu       sync.Mutex // held by writers
	length   length     // of what was indexed; searches read the copy in the snapshot they see
	names    atomic.Pointer[lazyNames]
}

var _ search.Store = (*Index)(nil)

// Open opens the index in a folder, or makes it. The empty path keeps it in memory. ErrOutdated says that it must be made
// anew.
func Open(path string, c search.Config) (*Index, error) {
	m, err := newMapping()
	if err != nil {
		return nil, err
	}
	b, err := open(path, m)
	if err != nil {
		return nil, fmt.Errorf("bleve: open %q: %w", path, err)
	}
	x := &Index{bleve: b, mapping: b.Mapping(), synonyms: c.Synonyms}
	if err := x.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("bleve: open %q: %w", path, err), b.Close())
	}
	return x, nil
}

func open(path string, m mapping.IndexMapping) (bleve.Index, error) {
	if path == "" {
		return bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	}
	// Without the time limit a second process would wait for the first for ever.
	b, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": "2s"})
	if errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
		return bleve.NewUsing(path, m, scorch.Name, scorch.Name, map[string]any{"bolt_timeout": "2s"})
	}
	return b, err
}

// check compares versions, or marks a new index.
func (x *Index) check() error {
	var err error
	if x.low, err = x.bleve.Advanced(); err != nil {
		return err
	}
	x.changed()
	made, err := x.bleve.GetInternal(keyVersion)
	if err != nil {
		return err
	}
	n, err := x.bleve.DocCount()
	switch {
	case err != nil:
		return err
	case made == nil && n == 0:
		return x.bleve.SetInternal(keyVersion, []byte(version))
	case string(made) != version:
		return fmt.Errorf("%w: %q, want %q", ErrOutdated, made, version)
	}
	kept, err := x.bleve.GetInternal(keyLength)
	x.length.parse(string(kept))
	return err
}

// Close frees files and memory.
func (x *Index) Close() error { return x.bleve.Close() }

// Fingerprint is what SetFingerprint kept: "" for an index that was never completed.
func (x *Index) Fingerprint() (string, error) {
	f, err := x.bleve.GetInternal(keyFingerprint)
	return string(f), err
}

// SetFingerprint keeps a mark of the data that was indexed, once it is complete: when the data's fingerprint differs, the
// index is stale.
func (x *Index) SetFingerprint(f string) error {
	return x.bleve.SetInternal(keyFingerprint, []byte(f))
}

// Index adds or replaces passages; each thousand becomes visible at once.
func (x *Index) Index(ctx context.Context, passages []search.Passage) error {
	for i, p := range passages {
		if p.ID == "" {
			return fmt.Errorf("%w (number %d, title %q)", search.ErrNoID, i, p.Title)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	defer x.changed()
	for at := 0; at < len(passages); at += batchSize {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("bleve: indexed %d of %d passages: %w", at, len(passages), err)
		}
		if err := x.batch(passages[at:min(at+batchSize, len(passages))]); err != nil {
			return fmt.Errorf("bleve: indexed %d of %d passages: %w", at, len(passages), err)
		}
	}
	return nil
}

func (x *Index) batch(passages []search.Passage) error {
	b := x.bleve.NewBatch()
	length := x.length
	terms := search.TermsOf(passages)
	for i := range passages {
		doc, err := document(&passages[i], terms[i])
		if err != nil {
			return err
		}
		if err := b.Index(passages[i].ID, doc); err != nil {
			return fmt.Errorf("passage %s: %w", passages[i].ID, err)
		}
		length.terms += len(terms[i])
		length.passages++
	}
	b.SetInternal(keyLength, []byte(length.String()))
	if err := x.bleve.Batch(b); err != nil {
		return err
	}
	x.length = length
	return nil
}

// Delete removes passages by id; absent ids are no error.
func (x *Index) Delete(_ context.Context, ids ...string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	defer x.changed()
	b := x.bleve.NewBatch()
	for _, id := range ids {
		b.Delete(id)
	}
	if err := x.bleve.Batch(b); err != nil {
		return fmt.Errorf("bleve: delete %d passages: %w", len(ids), err)
	}
	return nil
}

// Len is the number of passages; 0 for a closed index.
func (x *Index) Len() int {
	n, err := x.bleve.DocCount()
	if err != nil {
		return 0
	}
	return int(n)
}

// Get gives passages by id in the order asked, without the absent.
func (x *Index) Get(ctx context.Context, ids ...string) ([]search.Passage, error) {
	r, err := x.low.Reader()
	if err != nil {
		return nil, fmt.Errorf("bleve: get: %w", err)
	}
	defer r.Close()
	var out []search.Passage
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, err := load(r, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, nil
}

// load gives a stored passage, nil for none.
func load(r index.IndexReader, id string) (*search.Passage, error) {
	doc, err := r.Document(id)
	if err != nil || doc == nil {
		return nil, err
	}
	var p search.Passage
	doc.VisitFields(func(f index.Field) {
		if f.Name() == fieldSource && err == nil {
			err = json.Unmarshal(f.Value(), &p)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("bleve: stored passage %s: %w", id, err)
	}
	return &p, nil
}

// length counts what has been indexed. Replaced passages count again, which moves an average little; to find out exactly
// would cost reading the old text.
type length struct{ terms, passages int }

func (l length) pivot() float64 { return search.Pivot(float64(l.terms) / float64(max(1, l.passages))) }

func (l length) String() string { return fmt.Sprintf("%d %d", l.terms, l.passages) }

func (l *length) parse(s string) {
	a, b, _ := strings.Cut(s, " ")
	l.terms, _ = strconv.Atoi(a)
	l.passages, _ = strconv.Atoi(b)
}
