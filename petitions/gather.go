package petitions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
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
		members: map[string][]Ref{}, apart: map[Ref]map[string]bool{}}
	g.near = g.neighbours()
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

func (g *Gatherer) neighbours() *neighbours {
	return newNeighbours(g.joiner.background, compared, func(i int) *traits { return g.traits[i] })
}

// compact forgets those that left, so that the index does not grow for ever.
func (g *Gatherer) compact() {
	traits, refs := g.traits, g.refs
	g.traits, g.refs, g.left = nil, nil, 0
	g.near = g.neighbours()
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
