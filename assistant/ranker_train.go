package assistant

import (
	"context"
	"fmt"
	"slices"

	"ganwen/kg"
	"ganwen/search"
)

// lesson is one text to learn from.
type lesson struct {
	text, kind, code string
	bare             bool // a name without its context: tells which event, not that one is meant
}

// Kinds of utterance, as the bank of others names them.
const (
	kindMatter       = "matter"
	kindLifeEvent    = "life_event"
	kindAmbiguous    = "ambiguous"
	kindOutOfScope   = "out_of_scope"
	kindEmergency    = "emergency"
	kindNotEmergency = "not_emergency"
	kindHuman        = "human"
	kindSmalltalk    = "smalltalk"
	kindProgress     = "progress"
	kindComplaint    = "complaint"
	kindMulti        = "multi"
	kindFollowup     = "followup"
)

// lessons lists what the catalogue teaches. Look-alikes of emergencies teach the kind they really are; follow-ups are
// understood from their conversation and teach nothing here.
func lessons(cat *kg.Catalogue) []lesson {
	out := make([]lesson, 0, len(cat.Bank)+len(cat.Others))
	for _, q := range cat.Bank {
		if cat.Matter(q.Code) != nil {
			out = append(out, lesson{text: q.Query, kind: kindMatter, code: q.Code})
		}
	}
	for _, u := range cat.Others {
		l := lesson{text: u.Query, kind: u.Kind}
		switch {
		case u.Kind == kindFollowup || u.Query == "":
			continue
		case u.Kind == kindNotEmergency && len(u.Expect) == 0:
			l.kind = kindOutOfScope
		case u.Kind == kindNotEmergency:
			l.kind, l.code = kindMatter, u.Expect[0]
			if cat.Matter(l.code) == nil {
				continue
			}
		case u.Kind == kindLifeEvent:
			if len(u.Expect) == 0 || cat.Event(u.Expect[0]) == nil {
				continue
			}
			l.code = u.Expect[0]
		}
		out = append(out, l)
	}
	for _, e := range cat.Events {
		for _, text := range append([]string{e.Name}, e.Aliases...) {
			out = append(out, lesson{text: text, kind: kindLifeEvent, code: e.Code, bare: true})
		}
	}
	return out
}

// embedBank gives the vectors of all lessons in order, computing those that are not kept.
func (r *Ranker) embedBank(ctx context.Context) ([][]float32, error) {
	all := lessons(r.cat)
	known, err := r.keptVectors(ctx)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, l := range all {
		if _, ok := known[l.text]; !ok {
			known[l.text] = nil
			missing = append(missing, l.text)
		}
	}
	const batch = 32
	// Texts of like length in one batch waste no padding.
	slices.SortStableFunc(missing, func(a, b string) int { return len(a) - len(b) })
	for from := 0; from < len(missing); from += batch {
		part := missing[from:min(from+batch, len(missing))]
		vecs, err := r.config.Embedder.Embed(ctx, part, search.QuerySide)
		if err != nil {
			return nil, fmt.Errorf("embed the bank: %w", err)
		}
		if len(vecs) != len(part) {
			return nil, fmt.Errorf("embed the bank: %d vectors for %d texts", len(vecs), len(part))
		}
		for i, v := range vecs {
			known[part[i]] = v
		}
		r.progress("embed", float64(from+len(part))/float64(len(missing)))
	}
	out := make([][]float32, len(all))
	for i, l := range all {
		out[i] = known[l.text]
	}
	if len(missing) > 0 {
		r.keepVectors(ctx, known)
	}
	return out, nil
}
