package petitions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Memory keeps petitions in memory, for tests and trials. The zero value is ready. It implements Store and Originals.
type Memory struct {
	mu        sync.RWMutex
	records   map[Ref][]byte // Record as JSON, so that what is handed out can be changed by nobody
	order     []key          // sorted
	notes     []Note
	events    map[string][]byte
	originals map[Ref]Original
}

// key orders records.
type key struct {
	milli int64
	Ref
}

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.milli, o.milli), cmp.Compare(k.Source, o.Source), cmp.Compare(k.ID, o.ID))
}

var (
	_ Store     = (*Memory)(nil)
	_ Originals = (*Memory)(nil)
)

// Put implements Store.
func (m *Memory) Put(_ context.Context, list ...*Petition) ([]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	created := make([]bool, len(list))
	add := map[Ref][]byte{}
	var keys []key
	for i, p := range list {
		ref := Ref{p.Source, p.ID}
		if m.records[ref] != nil || add[ref] != nil {
			continue
		}
		raw, err := json.Marshal(Record{Petition: *p})
		if err != nil {
			return nil, fmt.Errorf("petitions: keep %s: %w", p.ID, err)
		}
		created[i], add[ref] = true, raw
		keys = append(keys, keyOf(p))
	}
	if m.records == nil {
		m.records = map[Ref][]byte{}
	}
	maps.Copy(m.records, add)
	m.order = append(m.order, keys...)
	slices.SortFunc(m.order, key.compare)
	return created, nil
}

func keyOf(p *Petition) key {
	k := key{Ref: Ref{p.Source, p.ID}}
	if !p.Time.IsZero() {
		k.milli = p.Time.UnixMilli()
	}
	return k
}

// Get implements Store.
func (m *Memory) Get(_ context.Context, source, id string) (*Record, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.get(Ref{source, id})
}

func (m *Memory) get(ref Ref) (*Record, error) {
	raw, ok := m.records[ref]
	if !ok {
		return nil, ErrNotFound
	}
	r := &Record{}
	if err := json.Unmarshal(raw, r); err != nil {
		return nil, fmt.Errorf("petitions: read %s: %w", ref.ID, err)
	}
	return r, nil
}

// Each implements Store.
func (m *Memory) Each(ctx context.Context, f Filter) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		m.mu.RLock()
		order := slices.Clone(m.order)
		m.mu.RUnlock()
		given := 0
		for _, k := range order {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			r, err := m.Get(ctx, k.Source, k.ID)
			if err != nil {
				yield(nil, err)
				return
			}
			if !f.Picks(r) {
				continue
			}
			if given++; !yield(r, nil) || given == f.Limit {
				return
			}
		}
	}
}

// Keep implements Store.
func (m *Memory) Keep(_ context.Context, found ...Found) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	add := map[Ref][]byte{}
	for _, f := range found {
		ref := Ref{f.Source, f.ID}
		r, err := m.get(ref)
		if err != nil {
			return err
		}
		r.Analysis = f.Analysis
		if add[ref], err = json.Marshal(r); err != nil {
			return fmt.Errorf("petitions: keep analysis of %s: %w", f.ID, err)
		}
	}
	maps.Copy(m.records, add)
	return nil
}

// Log implements Store.
func (m *Memory) Log(_ context.Context, notes ...Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range notes {
		n.Seq, n.Data = int64(len(m.notes)+1), slices.Clone(n.Data)
		m.notes = append(m.notes, n)
	}
	return nil
}

// History implements Store.
func (m *Memory) History(_ context.Context, subject string) ([]Note, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var out []Note
	for _, n := range m.notes {
		if n.Subject == subject {
			n.Data = slices.Clone(n.Data)
			out = append(out, n)
		}
	}
	return out, nil
}

// SaveEvent implements Store.
func (m *Memory) SaveEvent(_ context.Context, e *Event) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("petitions: save event %s: %w", e.ID, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events == nil {
		m.events = map[string][]byte{}
	}
	m.events[e.ID] = raw
	return nil
}

// Event implements Store.
func (m *Memory) Event(_ context.Context, id string) (*Event, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	raw, ok := m.events[id]
	if !ok {
		return nil, ErrNotFound
	}
	e := &Event{}
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, fmt.Errorf("petitions: read event %s: %w", id, err)
	}
	return e, nil
}

// Events implements Store.
func (m *Memory) Events(ctx context.Context, f EventFilter) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		m.mu.RLock()
		ids := slices.Collect(maps.Keys(m.events))
		m.mu.RUnlock()
		var list []*Event
		for _, id := range ids {
			e, err := m.Event(ctx, id)
			if err != nil {
				yield(nil, err)
				return
			}
			if f.Picks(e) {
				list = append(list, e)
			}
		}
		slices.SortFunc(list, func(a, b *Event) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.ID, b.ID)) })
		for i, e := range list {
			if i == f.Limit && f.Limit > 0 || !yield(e, nil) {
				return
			}
		}
	}
}

// PutOriginal implements Originals.
func (m *Memory) PutOriginal(_ context.Context, list ...Original) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.originals == nil {
		m.originals = map[Ref]Original{}
	}
	for _, o := range list {
		ref := Ref{o.Source, o.ID}
		if _, kept := m.originals[ref]; !kept {
			o.Sealed, o.Key = slices.Clone(o.Sealed), slices.Clone(o.Key)
			m.originals[ref] = o
		}
	}
	return nil
}

// Original implements Originals.
func (m *Memory) Original(_ context.Context, source, id string) (Original, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	o, ok := m.originals[Ref{source, id}]
	switch {
	case !ok:
		return Original{}, ErrNotFound
	case len(o.Key) == 0:
		return Original{}, ErrErased
	}
	return o, nil
}

// Erase implements Originals.
func (m *Memory) Erase(_ context.Context, source, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := Ref{source, id}
	o, ok := m.originals[ref]
	if !ok {
		return ErrNotFound
	}
	o.Sealed, o.Key = nil, nil
	m.originals[ref] = o
	return nil
}
