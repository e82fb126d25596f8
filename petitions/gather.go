package petitions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"ganwen/prompts"
	"ganwen/search/zh"
)

// ErrMerge is returned for a merge or split that makes no sense.
var ErrMerge = errors.New("petitions: events cannot be changed so")

// Gatherer keeps the events of a store as petitions come in, and as people confirm, merge and split them. What a person
// has decided no later join undoes. It is safe for concurrent use; there must be one Gatherer to a store.
//
// Of each petition the latest Most are compared with; their words are held in memory, made from the originals where they
// can be opened, since redaction takes away the names of estates that tell matters apart.
type Gatherer struct {
	mu     sync.Mutex
	store  Store
	joiner *Joiner
	most   int
	now    func() time.Time

	traits  []*traits // by number; nil = left
	refs    []Ref
	number  map[Ref]int
	event   map[Ref]string
	members map[string][]Ref
	apart   map[Ref]map[string]bool // events a person has taken a petition out of
	near    *neighbours
	left    int
	unite   [][2]string // events a petition ties to alike: Settle looks whether they are one
}

// compared is up to how many petitions of a county a new one is compared with all.
const compared = 150

// GathererConfig is what a Gatherer is made of.
type GathererConfig struct {
	Store  Store
	Joiner *Joiner
	Most   int                                                     // petitions held in memory; 0 = 50,000
	Raw    func(ctx context.Context, r *Record) (*Petition, error) // the petition as it came; nil = the redacted one
	Now    func() time.Time                                        // nil = time.Now
}

// NewGatherer reads the store: its petitions' events are what holds, and event documents that disagree, because the
// program died between two writes, are written anew.
func NewGatherer(ctx context.Context, c GathererConfig) (*Gatherer, error) {
	g := &Gatherer{store: c.Store, joiner: c.Joiner, most: cmp.Or(c.Most, 50_000), now: c.Now, number: map[Ref]int{}, event: map[Ref]string{},
		members: map[string][]Ref{}, apart: map[Ref]map[string]bool{}, near: newNeighbours(c.Joiner.background, compared)}
	if g.now == nil {
		g.now = time.Now
	}
	for r, err := range c.Store.Each(ctx, Filter{}) {
		if err != nil {
			return nil, fmt.Errorf("petitions: gather: %w", err)
		}
		if r.Analysis == nil || r.Analysis.Versions["join"] == 0 {
			continue
		}
		p := &r.Petition
		if c.Raw != nil {
			if p, err = c.Raw(ctx, r); err != nil {
				return nil, fmt.Errorf("petitions: gather %s: %w", r.Petition.ID, err)
			}
		}
		ref := Ref{p.Source, p.ID}
		g.remember(ref, c.Joiner.read(ItemOf(p, r.Analysis)))
		if e := string(r.Analysis.Event); e != "" {
			g.event[ref], g.members[e] = e, append(g.members[e], ref)
		}
	}
	return g, g.repair(ctx)
}

// repair writes anew the documents of events whose members are not those their petitions name, and reads what people
// have taken apart.
func (g *Gatherer) repair(ctx context.Context) error {
	known := map[string]bool{}
	var wrong []string
	for e, err := range g.store.Events(ctx, EventFilter{}) {
		if err != nil {
			return fmt.Errorf("petitions: gather: %w", err)
		}
		known[e.ID] = true
		if !sameRefs(e.Members, g.members[e.ID]) {
			wrong = append(wrong, e.ID)
		}
	}
	for id := range g.members {
		if !known[id] {
			wrong = append(wrong, id)
		}
		if err := g.readApart(ctx, id); err != nil {
			return err
		}
	}
	slices.Sort(wrong)
	for _, id := range wrong {
		if err := g.save(ctx, id, nil); err != nil {
			return err
		}
	}
	return nil
}

func sameRefs(a, b []Ref) bool {
	order := func(x, y Ref) int { return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.ID, y.ID)) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), order), slices.SortedFunc(slices.Values(b), order))
}

// moved is the Data of notes on merges and splits.
type moved struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Members []Ref  `json:"members"`
}

func (g *Gatherer) readApart(ctx context.Context, id string) error {
	notes, err := g.store.History(ctx, id)
	if err != nil {
		return fmt.Errorf("petitions: gather: %w", err)
	}
	for _, n := range notes {
		if n.Kind != "split" {
			continue
		}
		var m moved
		if err := json.Unmarshal(n.Data, &m); err != nil {
			return fmt.Errorf("petitions: history of %s: %w", id, err)
		}
		g.part(m)
	}
	return nil
}

// part notes that what was split off does not belong to what stayed, nor the other way round.
func (g *Gatherer) part(m moved) {
	mark := func(ref Ref, event string) {
		if g.apart[ref] == nil {
			g.apart[ref] = map[string]bool{}
		}
		g.apart[ref][event] = true
	}
	for _, ref := range m.Members {
		mark(ref, m.From)
	}
	for _, ref := range g.members[m.From] {
		mark(ref, m.To)
	}
}

// Add finds the event of a petition that has just been analysed, and sets it in the analysis, which is not kept yet; keep
// it with Keep, then call Settle with the events Add has named. The petition it is joined with may get its event only
// now: those come back as found, to be kept as well.
func (g *Gatherer) Add(ctx context.Context, p *Petition, a *Analysis) (touched []Found, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ref := Ref{p.Source, p.ID}
	if e, has := g.event[ref]; has { // analysed anew: it stays where it is
		a.Event = Optional(e)
		return nil, nil
	}
	t := g.joiner.read(ItemOf(p, a))
	with, best, close := g.best(ref, t)
	if n, again := g.number[ref]; again {
		g.traits[n] = t
	} else {
		g.remember(ref, t)
	}
	if best <= g.joiner.threshold {
		return nil, nil
	}
	e := g.event[with]
	if e == "" { // two that stood alone
		e = groupID([]Item{{ID: SubjectOf(with.Source, with.ID)}}, []int{0})
		r, err := g.store.Get(ctx, with.Source, with.ID)
		switch {
		case errors.Is(err, ErrNotFound), err == nil && r.Analysis == nil: // of the same batch, not kept yet: the caller has it
			touched = append(touched, Found{Source: with.Source, ID: with.ID})
		case err != nil:
			return nil, fmt.Errorf("petitions: join %s: %w", p.ID, err)
		default:
			r.Analysis.Event = Optional(e)
			touched = append(touched, Found{Source: with.Source, ID: with.ID, Analysis: r.Analysis})
		}
		g.event[with], g.members[e] = e, append(g.members[e], with)
	}
	g.event[ref], g.members[e] = e, append(g.members[e], ref)
	a.Event = Optional(e)
	for _, other := range close {
		if other != e {
			g.unite = append(g.unite, [2]string{other, e})
		}
	}
	return touched, nil
}

// best is the petition to whose group a new one ties most on average, with that average; close are all events it ties to
// enough to be in.
func (g *Gatherer) best(ref Ref, t *traits) (with Ref, best float64, close []string) {
	best = math.Inf(-1)
	judged := map[string]bool{}
	for _, n := range g.near.near(t) {
		other := g.refs[n]
		e := g.event[other]
		if g.traits[n] == nil || other == ref || judged[e] || g.apart[ref][e] && e != "" {
			continue
		}
		o := g.tie(g.traits[n], t)
		if e != "" && o > g.joiner.threshold-1 {
			judged[e] = true
			if o = g.average(e, t); o > g.joiner.threshold {
				close = append(close, e)
			}
		}
		if o > best && (e == "" || judged[e]) {
			with, best = other, o
		}
	}
	return with, best, close
}

func (g *Gatherer) tie(a, b *traits) float64 {
	p, ok := g.joiner.compare(a, b)
	if !ok {
		return never
	}
	return g.joiner.total(&p)
}

// sampled is how many members of a large event are compared: its first ones and its latest.
const sampled = 16

func (g *Gatherer) average(event string, t *traits) float64 {
	list := g.members[event]
	if len(list) > sampled {
		list = slices.Concat(list[:sampled/2], list[len(list)-sampled/2:])
	}
	sum, n := 0.0, 0
	for _, ref := range list {
		if k, ok := g.number[ref]; ok && g.traits[k] != nil {
			sum, n = sum+g.tie(g.traits[k], t), n+1
		}
	}
	return sum / float64(max(n, 1))
}

func (g *Gatherer) remember(ref Ref, t *traits) {
	n := len(g.traits)
	g.traits, g.refs, g.number[ref] = append(g.traits, t), append(g.refs, ref), n
	g.near.add(n, t)
	if old := n - g.most; old >= 0 && g.traits[old] != nil {
		g.traits[old] = nil
		g.left++
	}
	if g.left > g.most {
		g.compact()
	}
}

// compact forgets those that left, so that the index does not grow for ever.
func (g *Gatherer) compact() {
	traits, refs := g.traits, g.refs
	g.traits, g.refs, g.left = nil, nil, 0
	g.near = newNeighbours(g.joiner.background, compared)
	for i, t := range traits {
		if t == nil {
			delete(g.number, refs[i])
			continue
		}
		n := len(g.traits)
		g.traits, g.refs, g.number[refs[i]] = append(g.traits, t), append(g.refs, refs[i]), n
		g.near.add(n, t)
	}
}

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
