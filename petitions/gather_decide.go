package petitions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Confirm says that an event's members belong together.
func (g *Gatherer) Confirm(ctx context.Context, id, by, reason string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.members[id]) == 0 {
		return ErrNotFound
	}
	if err := g.store.Log(ctx, Note{Subject: id, Kind: "confirm", By: by, At: g.now(), Reason: reason}); err != nil {
		return fmt.Errorf("petitions: confirm %s: %w", id, err)
	}
	return g.save(ctx, id, func(e *Event) { e.Status = Confirmed })
}

// Merge puts the members of one event into another, which is then confirmed.
func (g *Gatherer) Merge(ctx context.Context, from, into, by, reason string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.members[from]) == 0 || len(g.members[into]) == 0 {
		return ErrNotFound
	}
	if from == into {
		return fmt.Errorf("%w: %s into itself", ErrMerge, from)
	}
	for ref := range g.apart { // who decides anew decides
		delete(g.apart[ref], into)
	}
	return g.merge(ctx, from, into, by, reason, func(e *Event) { e.Status = Confirmed })
}

func (g *Gatherer) merge(ctx context.Context, from, into, by, reason string, change func(*Event)) error {
	if err := g.move(ctx, moved{From: from, To: into, Members: g.members[from]}, "merge", by, reason); err != nil {
		return err
	}
	delete(g.members, from)
	e, err := g.store.Event(ctx, from)
	if err != nil {
		return fmt.Errorf("petitions: merge %s: %w", from, err)
	}
	e.Status, e.Into, e.Members = Merged, into, nil
	if err := g.store.SaveEvent(ctx, e); err != nil {
		return fmt.Errorf("petitions: merge %s: %w", from, err)
	}
	return g.save(ctx, into, change)
}

// Split takes members out of an event into one of their own, and returns it. Both are then confirmed, and no later join
// puts them together.
func (g *Gatherer) Split(ctx context.Context, from string, members []Ref, by, reason string) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.members[from]
	switch {
	case len(all) == 0:
		return "", ErrNotFound
	case len(members) == 0 || len(members) >= len(all):
		return "", fmt.Errorf("%w: %d of %d members", ErrMerge, len(members), len(all))
	}
	for _, ref := range members {
		if g.event[ref] != from {
			return "", fmt.Errorf("%w: %s is not in %s", ErrMerge, ref.ID, from)
		}
	}
	to := groupID([]Item{{ID: "split " + from + SubjectOf(members[0].Source, members[0].ID)}}, []int{0})
	m := moved{From: from, To: to, Members: slices.Clone(members)}
	g.members[from] = slices.DeleteFunc(slices.Clone(all), func(r Ref) bool { return slices.Contains(members, r) })
	if err := g.move(ctx, m, "split", by, reason); err != nil {
		return "", err
	}
	g.part(m)
	confirmed := func(e *Event) { e.Status = Confirmed }
	return to, errors.Join(g.save(ctx, from, confirmed), g.save(ctx, to, confirmed))
}

// move writes a change of membership down, in the history of both events first, then in the petitions.
func (g *Gatherer) move(ctx context.Context, m moved, kind, by, reason string) error {
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("petitions: %s: %w", kind, err)
	}
	at := g.now()
	if err := g.store.Log(ctx, Note{Subject: m.From, Kind: kind, By: by, At: at, Reason: reason, Data: data},
		Note{Subject: m.To, Kind: kind, By: by, At: at, Reason: reason, Data: data}); err != nil {
		return fmt.Errorf("petitions: %s %s: %w", kind, m.From, err)
	}
	var found []Found
	for _, ref := range m.Members {
		r, err := g.store.Get(ctx, ref.Source, ref.ID)
		if err != nil {
			return fmt.Errorf("petitions: %s %s: %w", kind, m.From, err)
		}
		if r.Analysis == nil {
			continue
		}
		r.Analysis.Event = Optional(m.To)
		found = append(found, Found{Source: ref.Source, ID: ref.ID, Analysis: r.Analysis})
		g.event[ref] = m.To
	}
	if err := g.store.Keep(ctx, found...); err != nil {
		return fmt.Errorf("petitions: %s %s: %w", kind, m.From, err)
	}
	g.members[m.To] = append(g.members[m.To], m.Members...)
	return nil
}
