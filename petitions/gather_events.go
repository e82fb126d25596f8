package petitions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ganwen/prompts"
	"ganwen/search/zh"
)

// Settle writes the documents of events whose members have changed and are kept.
func (g *Gatherer) Settle(ctx context.Context, events ...string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.Sort(events)
	for _, id := range slices.Compact(events) {
		if id == "" {
			continue
		}
		if err := g.save(ctx, id, nil); err != nil {
			return err
		}
	}
	return g.uniteAll(ctx)
}

// uniteAll merges proposed events that turned out to be one: a petition ties to both, and so do their members on average.
// What a person has confirmed or taken apart is left to people.
func (g *Gatherer) uniteAll(ctx context.Context) error {
	pairs := g.unite
	g.unite = nil
	for _, pair := range pairs {
		from, into := pair[0], pair[1]
		if len(g.members[from]) > len(g.members[into]) {
			from, into = into, from
		}
		if len(g.members[from]) == 0 || from == into || g.takenApart(from, into) || g.between(from, into) <= g.joiner.threshold {
			continue
		}
		a, errA := g.store.Event(ctx, from)
		b, errB := g.store.Event(ctx, into)
		if err := errors.Join(errA, errB); err != nil {
			return fmt.Errorf("petitions: unite %s and %s: %w", from, into, err)
		}
		if a.Status == Confirmed || b.Status == Confirmed {
			continue
		}
		if err := g.merge(ctx, from, into, "", "", nil); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gatherer) takenApart(a, b string) bool {
	return slices.ContainsFunc(g.members[a], func(r Ref) bool { return g.apart[r][b] }) ||
		slices.ContainsFunc(g.members[b], func(r Ref) bool { return g.apart[r][a] })
}

// between is how much two events tie on average.
func (g *Gatherer) between(a, b string) float64 {
	sum, n := 0.0, 0
	for _, ref := range g.members[a][max(0, len(g.members[a])-sampled):] {
		if k, ok := g.number[ref]; ok && g.traits[k] != nil {
			sum, n = sum+g.average(b, g.traits[k]), n+1
		}
	}
	if n == 0 {
		return never
	}
	return sum / float64(n)
}

// save describes an event by its members and writes it, after change has had its say.
func (g *Gatherer) save(ctx context.Context, id string, change func(*Event)) error {
	e, err := g.store.Event(ctx, id)
	if errors.Is(err, ErrNotFound) {
		e, err = &Event{ID: id}, nil
	}
	if err != nil {
		return fmt.Errorf("petitions: event %s: %w", id, err)
	}
	var members []*Record
	for _, ref := range g.members[id] {
		r, err := g.store.Get(ctx, ref.Source, ref.ID)
		if err != nil {
			return fmt.Errorf("petitions: event %s: member %s: %w", id, ref.ID, err)
		}
		members = append(members, r)
	}
	slices.SortStableFunc(members, func(a, b *Record) int { return keyOf(&a.Petition).compare(keyOf(&b.Petition)) })
	e.describe(members)
	e.Links = g.links(e.Members)
	if len(members) == 0 { // merged, and the program died before it said so
		if e.Status, e.Into, err = g.mergedInto(ctx, id); err != nil {
			return err
		}
	}
	if change != nil {
		change(e)
	}
	if err := g.store.SaveEvent(ctx, e); err != nil {
		return fmt.Errorf("petitions: event %s: %w", id, err)
	}
	return nil
}

// mergedInto reads in its history where an event without members has gone.
func (g *Gatherer) mergedInto(ctx context.Context, id string) (status, into string, err error) {
	notes, err := g.store.History(ctx, id)
	if err != nil {
		return "", "", fmt.Errorf("petitions: history of %s: %w", id, err)
	}
	for _, n := range notes {
		var m moved
		if n.Kind == "merge" && json.Unmarshal(n.Data, &m) == nil && m.From == id {
			into = m.To
		}
	}
	return Merged, into, nil
}

// links are each member's strongest tie to an earlier one, as far as they are held in memory.
func (g *Gatherer) links(members []Ref) []Link {
	out := []Link{}
	for i, ref := range members {
		n, ok := g.number[ref]
		if !ok || g.traits[n] == nil || i == 0 {
			continue
		}
		best, with := math.Inf(-1), -1
		for _, earlier := range members[max(0, i-sampled):i] {
			k, ok := g.number[earlier]
			if !ok || g.traits[k] == nil {
				continue
			}
			if o := g.tie(g.traits[k], g.traits[n]); o > best {
				best, with = o, k
			}
		}
		if with >= 0 {
			p, _ := g.joiner.compare(g.traits[with], g.traits[n])
			out = append(out, Link{A: SubjectOf(g.refs[with].Source, g.refs[with].ID), B: SubjectOf(ref.Source, ref.ID), P: sigmoid(best),
				Reasons: redactReasons(g.joiner.reasons(&p, g.traits[with], g.traits[n]))})
		}
	}
	return out
}

// redactReasons takes personal data out of what the reasons quote. The name of a body stays: it is what was compared.
func redactReasons(list []Reason) []Reason {
	for i := range list {
		r := &list[i]
		a, _ := prompts.Redact(r.A)
		b, _ := prompts.Redact(r.B)
		if r.Name == "object" && !strings.Contains(zh.Fold(a.String()), r.Why) { // a person both name, or a street
			r.Why = ""
		}
		r.A, r.B = a.String(), b.String()
	}
	return list
}
