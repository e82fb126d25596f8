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
	where  map[string]place
	snap   atomic.Pointer[snapshot]
}

var _ Store = (*Memory)(nil)

// place is where a passage stands: which segment, by identity, and which row.
type place struct {
	seg *segmentID
	row int
}

// segmentID tells segments apart over re-weighing.
type segmentID struct{ _ byte }

// snapshot is what one search sees.
type snapshot struct {
	parts []part
	live  int
	names func() *names
}

// part is a segment with the passages deleted from it since.
type part struct {
	id   *segmentID
	seg  *segment
	dead bitset
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
	parts := append(m.without(ids), part{id: new(segmentID), seg: seg})
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
	var parts []part
	if s := m.snap.Load(); s != nil {
		parts = slices.Clone(s.parts)
	}
	copied := map[*segmentID]bool{}
	for _, id := range ids {
		at, ok := m.where[id]
		if !ok {
			continue
		}
		delete(m.where, id)
		for i := range parts {
			if parts[i].id == at.seg {
				if !copied[at.seg] {
					parts[i].dead = parts[i].dead.clone(len(parts[i].seg.passages))
					copied[at.seg] = true
				}
				parts[i].dead.set(at.row)
			}
		}
	}
	return parts
}

// publish merges what has become small or holey, re-weighs and makes it visible.
func (m *Memory) publish(parts []part) {
	parts = m.compact(parts)
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
	next.names = sync.OnceValue(func() *names { return newNames(next, m.config.Synonyms) })
	m.snap.Store(next)
}

// compact keeps segments geometric in size, largest first: a part at least half as large as the one before it joins it, and
// one with a fifth dead is written anew. Every passage is moved about log n times.
func (m *Memory) compact(parts []part) []part {
	var out []part
	for _, p := range parts {
		if p.live() > 0 {
			out = append(out, p)
		}
	}
	for len(out) > 1 && 2*out[len(out)-1].live() >= out[len(out)-2].live() {
		n := len(out) - 2
		out = append(out[:n:n], part{id: new(segmentID), seg: merge(out[n:])})
	}
	for i, p := range out {
		if dead := p.dead.count(); dead > 0 && 5*dead >= len(p.seg.passages) {
			out[i] = part{id: new(segmentID), seg: merge(out[i : i+1])}
		}
	}
	if m.where == nil {
		m.where = map[string]place{}
	}
	for _, p := range out {
		if first := firstLive(p); m.where[p.seg.passages[first].ID].seg == p.id {
			continue // nothing moved
		}
		for row := range p.seg.passages {
			if !p.dead.has(row) {
				m.where[p.seg.passages[row].ID] = place{p.id, row}
			}
		}
	}
	return out
}

func firstLive(p part) int {
	row := 0
	for p.dead.has(row) {
		row++
	}
	return row
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
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.snap.Load()
	var out []Passage
	for _, id := range ids {
		at, ok := m.where[id]
		if !ok {
			continue
		}
		for i := range s.parts {
			if s.parts[i].id == at.seg {
				out = append(out, s.parts[i].seg.passages[at.row])
			}
		}
	}
	return out, nil
}
