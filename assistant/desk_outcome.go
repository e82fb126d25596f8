package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"ganwen/prompts"
)

// What an agent may do with a suggestion.
const (
	ActionAccept = "accept"
	ActionEdit   = "edit"
	ActionReject = "reject"
)

// DeskOutcome is what became of a suggestion.
type DeskOutcome struct {
	Action string    `json:"action"` // accept, edit, reject
	Final  string    `json:"final,omitempty"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// DeskRecord is a suggestion as it is kept: redacted, for evaluation and for finding gaps of knowledge. Outcome is nil
// until the agent has acted.
type DeskRecord struct {
	ID       string       `json:"id"`
	At       time.Time    `json:"at"`
	Said     string       `json:"said"` // the caller's words, redacted
	Type     string       `json:"type"`
	Domain   string       `json:"domain,omitempty"`
	Urgency  string       `json:"urgency"`
	Bodies   []string     `json:"bodies"`
	Matters  []string     `json:"matters"`
	Draft    string       `json:"draft"`
	Band     string       `json:"band"`
	Outcome  *DeskOutcome `json:"outcome,omitempty"`
	Distance float64      `json:"distance"` // of the final answer from the draft: 0 the same, 1 nothing in common
}

// OutcomeStore keeps suggestions and what became of them. Implementations are safe for concurrent use.
type OutcomeStore interface {
	// SaveSuggestion keeps a record, replacing one with the same id.
	SaveSuggestion(ctx context.Context, r *DeskRecord) error
	// Suggestion returns a copy, or ErrNoSuggestion.
	Suggestion(ctx context.Context, id string) (*DeskRecord, error)
}

// MemoryOutcomes is an OutcomeStore in memory that forgets the oldest over Keep. Its zero value works.
type MemoryOutcomes struct {
	Keep int // 0 = 10,000

	mu    sync.Mutex
	rows  map[string]DeskRecord
	order []string
}

// SaveSuggestion implements OutcomeStore.
func (m *MemoryOutcomes) SaveSuggestion(_ context.Context, r *DeskRecord) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == nil {
		m.rows = map[string]DeskRecord{}
	}
	if _, ok := m.rows[r.ID]; !ok {
		m.order = append(m.order, r.ID)
	}
	m.rows[r.ID] = copyRecord(*r)
	keep := m.Keep
	if keep == 0 {
		keep = 10000
	}
	for len(m.order) > keep {
		delete(m.rows, m.order[0])
		m.order = m.order[1:]
	}
	return nil
}

// Suggestion implements OutcomeStore.
func (m *MemoryOutcomes) Suggestion(_ context.Context, id string) (*DeskRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.rows[id]
	if !ok {
		return nil, ErrNoSuggestion
	}
	r = copyRecord(r)
	return &r, nil
}

func copyRecord(r DeskRecord) DeskRecord {
	r.Bodies, r.Matters = slices.Clone(r.Bodies), slices.Clone(r.Matters)
	if r.Outcome != nil {
		o := *r.Outcome
		r.Outcome = &o
	}
	return r
}

// keep stores a suggestion without personal data.
func (d *Desk) keep(h *hearing) error {
	red, _ := prompts.Redact(h.said)
	r := &DeskRecord{ID: h.out.ID, At: h.now, Said: red.String(), Type: h.out.Type, Urgency: h.out.Urgency, Draft: h.out.Draft, Band: h.out.Band}
	if len(h.out.Class.Path) > 0 {
		r.Domain = h.out.Class.Path[0]
	}
	for _, b := range h.out.Departments {
		r.Bodies = append(r.Bodies, b.Name)
	}
	for _, m := range h.out.Matters {
		r.Matters = append(r.Matters, m.Code)
	}
	if err := d.Outcomes.SaveSuggestion(h.ctx, r); err != nil {
		return fmt.Errorf("keep suggestion: %w", err)
	}
	return nil
}

// Outcome keeps what the agent did with a suggestion, redacted, and how far his answer is from the draft. Errors:
// ErrNoSuggestion, ErrBadOutcome, ErrTooLong, or a store that failed.
func (d *Desk) Outcome(ctx context.Context, id string, o DeskOutcome) (*DeskRecord, error) {
	switch {
	case !slices.Contains([]string{ActionAccept, ActionEdit, ActionReject}, o.Action):
		return nil, fmt.Errorf("%w: action %q", ErrBadOutcome, o.Action)
	case o.Action == ActionEdit && o.Final == "":
		return nil, fmt.Errorf("%w: an edit needs the final text", ErrBadOutcome)
	case len([]rune(o.Final)) > mostTranscript || len([]rune(o.Reason)) > MaxMessage:
		return nil, ErrTooLong
	}
	r, err := d.Outcomes.Suggestion(ctx, id)
	if err != nil {
		if errors.Is(err, ErrNoSuggestion) {
			return nil, err
		}
		return nil, fmt.Errorf("read suggestion: %w", err)
	}
	final, _ := prompts.Redact(o.Final)
	reason, _ := prompts.Redact(o.Reason)
	o.Final, o.Reason, o.At = final.String(), reason.String(), d.Now()
	r.Outcome = &o
	r.Distance = 0
	if o.Action == ActionEdit {
		r.Distance = 1 - overlap(gramSet(o.Final), gramSet(r.Draft))
	}
	if err := d.Outcomes.SaveSuggestion(ctx, r); err != nil {
		return nil, fmt.Errorf("keep outcome: %w", err)
	}
	return r, nil
}
