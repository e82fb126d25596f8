package petitions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Pipeline analyses what a store holds. A run touches only what is stale: petitions without an analysis, or with one by
// older steps. It can be cut off at any moment; the next run goes on. Store and Analyze are needed.
type Pipeline struct {
	Store     Store
	Analyze   func(ctx context.Context, list []Petition) ([]Analysis, error) // (*Analyzer).Analyze, with no Join of its own
	Gatherer  *Gatherer                                                      // joins; nil = every petition stands alone
	Originals Originals                                                      // to read what redaction took away; nil = do without
	Sealer    *Sealer
	Batch     int // petitions at a time; 0 = 200
	Progress  func(done int)
}

// Run analyses what is stale and says how many that were.
func (p *Pipeline) Run(ctx context.Context) (done int, err error) {
	size := p.Batch
	if size == 0 {
		size = 200
	}
	var batch []*Record
	flush := func() error {
		if err := p.batch(ctx, batch); err != nil {
			return err
		}
		if done += len(batch); p.Progress != nil {
			p.Progress(done)
		}
		batch = batch[:0]
		return nil
	}
	for r, err := range p.Store.Each(ctx, Filter{Stale: stepVersions}) {
		if err != nil {
			return done, fmt.Errorf("petitions: pipeline: %w", err)
		}
		if batch = append(batch, r); len(batch) == size {
			if err := flush(); err != nil {
				return done, err
			}
		}
	}
	if len(batch) == 0 {
		return done, nil
	}
	return done, flush()
}

// batch analyses petitions, joins them one after the other, keeps all analyses at once, then writes the events.
func (p *Pipeline) batch(ctx context.Context, records []*Record) error {
	list := make([]Petition, len(records))
	for i, r := range records {
		raw, err := p.Raw(ctx, r)
		if err != nil {
			return err
		}
		list[i] = *raw
	}
	found, err := p.Analyze(ctx, list)
	if err != nil {
		return fmt.Errorf("petitions: pipeline: %w", err)
	}
	keep := map[Ref]*Analysis{}
	for i := range found {
		found[i].Event = "" // of no meaning beyond the batch
		keep[Ref{list[i].Source, list[i].ID}] = &found[i]
	}
	events := map[string]bool{}
	if p.Gatherer != nil {
		for i := range found {
			touched, err := p.Gatherer.Add(ctx, &list[i], &found[i])
			if err != nil {
				return err
			}
			for _, t := range touched {
				ref := Ref{t.Source, t.ID}
				if keep[ref] == nil {
					keep[ref] = t.Analysis
				}
				keep[ref].Event = found[i].Event
			}
			events[string(found[i].Event)] = true
		}
	}
	var all []Found
	for ref, a := range keep {
		all = append(all, Found{Source: ref.Source, ID: ref.ID, Analysis: a})
	}
	if err := p.Store.Keep(ctx, all...); err != nil {
		return fmt.Errorf("petitions: pipeline: %w", err)
	}
	if p.Gatherer == nil {
		return nil
	}
	return p.Gatherer.Settle(ctx, slices.Collect(maps.Keys(events))...)
}

// Raw gives a petition as it came in, if its original can be opened, and the redacted one else.
func (p *Pipeline) Raw(ctx context.Context, r *Record) (*Petition, error) {
	kept := &r.Petition
	if p.Originals == nil || p.Sealer == nil {
		return kept, nil
	}
	o, err := p.Originals.Original(ctx, kept.Source, kept.ID)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrErased) {
		return kept, nil
	}
	if err != nil {
		return nil, fmt.Errorf("petitions: original of %s: %w", kept.ID, err)
	}
	plain, err := p.Sealer.Open(o)
	if err != nil {
		return nil, fmt.Errorf("petitions: original of %s: %w", kept.ID, err)
	}
	return Reread(plain, kept)
}

// Reread makes a petition of its original, as the import would; what only the import knew is taken from the kept one.
func Reread(plain []byte, kept *Petition) (*Petition, error) {
	w, err := intakeWordsOnce()
	if err != nil {
		return nil, err
	}
	cells, bad := w.object(plain, w.field)
	if bad != nil {
		return nil, fmt.Errorf("petitions: original of %s: %w", kept.ID, bad)
	}
	in, bad := w.row(cells, time.Now().AddDate(100, 0, 0)) // it was good when it came
	if bad != nil {
		return nil, fmt.Errorf("petitions: original of %s: %w", kept.ID, bad)
	}
	p := in.petition
	p.Source, p.ID, p.Person = kept.Source, kept.ID, kept.Person
	return &p, nil
}
