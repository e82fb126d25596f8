package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrNoID is returned for a passage without an id.
var ErrNoID = errors.New("search: passage without id")

// Config sets an index up. The zero value works.
type Config struct {
	Synonyms *Synonyms // nil: only the words typed
}

// Memory is the working default: an inverted index held in memory. Searches read an immutable snapshot and never wait, not
// even for a running Index; Index and Delete wait for one another. The zero value works.
type Memory struct {
	config Config
	mu     sync.Mutex // held by writers
	snap   atomic.Pointer[snapshot]
}

var _ Store = (*Memory)(nil)

// snapshot is what one search sees.
type snapshot struct {
	parts     []part
	live      int
	names     func() *Names // both made when first needed: they take 0.3 s each for 12,000 titles
	completer func() *Completer
}

// part is a segment with the passages deleted from it since.
type part struct {
	seg  *segment
	dead bitset
}

// row of a passage, or -1.
func (p *part) row(id string) int {
	if row, ok := p.seg.rows[id]; ok && !p.dead.has(int(row)) {
		return int(row)
	}
	return -1
}

func (p *part) live() int { return len(p.seg.passages) - p.dead.count() }

// NewMemory makes an empty index.
func NewMemory(c Config) *Memory { return &Memory{config: c} }

// Index adds passages; those with an id already there are replaced. Either all are visible to the next search or, when one
// has no id or ctx ends, none.
func (m *Memory) Index(ctx context.Context, passages []Passage) error {
	passages, err := lastOfEach(passages)
	if err != nil || len(passages) == 0 {
		return err
	}
	seg := newSegment(passages)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("search: index %d passages: %w", len(passages), err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make([]string, len(passages))
	for i := range passages {
		ids[i] = passages[i].ID
	}
	parts := append(m.without(ids), part{seg: seg})
	m.publish(parts)
	return nil
}

// Delete removes passages by id; absent ids are no error.
func (m *Memory) Delete(_ context.Context, ids ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.publish(m.without(ids))
	return nil
}

// lastOfEach copies the passages, of several with one id the last.
func lastOfEach(passages []Passage) ([]Passage, error) {
	at := make(map[string]int, len(passages))
	out := make([]Passage, 0, len(passages))
	for i, p := range passages {
		if p.ID == "" {
			return nil, fmt.Errorf("%w (number %d, title %q)", ErrNoID, i, p.Title)
		}
		if j, ok := at[p.ID]; ok {
			out[j] = p
			continue
		}
		at[p.ID] = len(out)
		out = append(out, p)
	}
	return out, nil
}

// without gives the parts with ids marked dead. Bitsets are copied: searches may still read the old ones.
func (m *Memory) without(ids []string) []part {
	s := m.snap.Load()
	if s == nil {
		return nil
	}
	parts := slices.Clone(s.parts)
	for i := range parts {
		p, copied := &parts[i], false
		for _, id := range ids {
			row := p.row(id)
			if row < 0 {
				continue
			}
			if !copied {
				p.dead, copied = p.dead.clone(len(p.seg.passages)), true
			}
			p.dead.set(row)
		}
	}
	return parts
}

// publish merges what has become small or holey, re-weighs and makes it visible.
func (m *Memory) publish(parts []part) {
	parts = compact(parts)
	next := &snapshot{parts: parts}
	terms, rows := 0, 0
	for i := range parts {
		next.live += parts[i].live()
		rows += len(parts[i].seg.lengths)
		for _, n := range parts[i].seg.lengths {
			terms += int(n)
		}
	}
	pivot := Pivot(float64(terms) / float64(max(1, rows)))
	for i := range parts {
		parts[i].seg = parts[i].seg.weigh(pivot)
	}
	next.names = sync.OnceValue(func() *Names { return next.collect().Names(m.config.Synonyms) })
	next.completer = sync.OnceValue(func() *Completer { return next.collect().Completer() })
	m.snap.Store(next)
}

// compact keeps segments geometric in size, largest first: a part at least half as large as the one before it joins it, and
// one with a fifth dead is written anew. Every passage is moved about log n times.
func compact(parts []part) []part {
	var out []part
	for _, p := range parts {
		if p.live() > 0 {
			out = append(out, p)
		}
	}
	for len(out) > 1 && 2*out[len(out)-1].live() >= out[len(out)-2].live() {
		n := len(out) - 2
		out = append(out[:n:n], part{seg: merge(out[n:])})
	}
	for i, p := range out {
		if dead := p.dead.count(); dead > 0 && 5*dead >= len(p.seg.passages) {
			out[i] = part{seg: merge(out[i : i+1])}
		}
	}
	return out
}

// Len is the number of passages.
func (m *Memory) Len() int {
	if s := m.snap.Load(); s != nil {
		return s.live
	}
	return 0
}

// Get gives passages by id, in the order asked; absent ids are left out.
func (m *Memory) Get(_ context.Context, ids ...string) ([]Passage, error) {
	s := m.snap.Load()
	if s == nil {
		return nil, nil
	}
	var out []Passage
	for _, id := range ids {
		for i := range s.parts {
			if row := s.parts[i].row(id); row >= 0 {
				out = append(out, s.parts[i].seg.passages[row])
			}
		}
	}
	return out, nil
}
