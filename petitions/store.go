package petitions

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
)

// ErrNotFound is returned for a petition or an event that is not there.
var ErrNotFound = errors.New("petitions: not found")

// ErrErased is returned for an original whose key has been destroyed.
var ErrErased = errors.New("petitions: original erased")

// Classifier says what a petition is. It is safe for concurrent use.
type Classifier interface {
	// Classify returns an error only when ctx is done or the petition has no text.
	Classify(ctx context.Context, p *Petition) (Label, error)
}

// Store keeps petitions, what was found out about them, and what people did and decided. It keeps redacted text only;
// originals are an Originals' affair. All methods are safe for concurrent use, and may be called while an Each runs;
// whoever opened a store closes it.
type Store interface {
	// Put keeps petitions once: what has the Source and ID of a kept one changes nothing. It says for each whether it was
	// new. All of a call is kept or nothing.
	Put(ctx context.Context, list ...*Petition) (created []bool, err error)
	// Get returns ErrNotFound for an unknown petition.
	Get(ctx context.Context, source, id string) (*Record, error)
	// Each runs through the records a filter picks, oldest first, ties by source and id. It stops at the first error,
	// which it yields.
	Each(ctx context.Context, f Filter) iter.Seq2[*Record, error]
	// Keep stores analyses, each in place of an earlier one. It returns ErrNotFound, and keeps none, when one is of an
	// unknown petition.
	Keep(ctx context.Context, found ...Found) error
	// Log appends to the history, which nothing changes or removes. The notes get their numbers.
	Log(ctx context.Context, notes ...Note) error
	// History lists the notes on a subject, oldest first.
	History(ctx context.Context, subject string) ([]Note, error)
	// SaveEvent keeps an event as a whole, in place of an earlier one of the same id.
	SaveEvent(ctx context.Context, e *Event) error
	// Event returns ErrNotFound for an unknown event.
	Event(ctx context.Context, id string) (*Event, error)
	// Events runs through the events a filter picks, those that grew last first.
	Events(ctx context.Context, f EventFilter) iter.Seq2[*Event, error]
}

// Originals keeps petitions as they came in, sealed, apart from everything else. What is erased is gone for good.
type Originals interface {
	// PutOriginal keeps sealed originals once, like Put.
	PutOriginal(ctx context.Context, list ...Original) error
	// Original returns ErrNotFound for an unknown petition, and ErrErased after Erase.
	Original(ctx context.Context, source, id string) (Original, error)
	// Erase destroys the key of an original; erasing twice is no error.
	Erase(ctx context.Context, source, id string) error
}

// Record is a petition with its analysis, which is nil until there is one.
type Record struct {
	Petition Petition
	Analysis *Analysis
}

// Found is an analysis with the petition it is of.
type Found struct {
	Source, ID string
	Analysis   *Analysis
}

// Filter picks records; every zero field picks all.
type Filter struct {
	From, To time.Time // half open
	Region   string    // code of a division; what lies in it counts
	Class    []string  // a path, from the first level on
	Event    string
	Review   bool           // only those that wait for a person's word
	Stale    map[string]int // only records with an older version of one of these steps, or none
	Limit    int
}

// Picks reports whether a filter picks a record, Limit apart. Stores that cannot ask it of their engine use it.
func (f Filter) Picks(r *Record) bool {
	t, a := r.Petition.Time, r.Analysis
	switch {
	case !f.From.IsZero() && t.Before(f.From), !f.To.IsZero() && !t.Before(f.To):
		return false
	case len(f.Stale) > 0 && !f.stale(a):
		return false
	case a == nil:
		return f.Region == "" && len(f.Class) == 0 && f.Event == "" && !f.Review
	}
	return strings.HasPrefix(a.Facts.Place, f.Region) && (f.Event == "" || string(a.Event) == f.Event) &&
		(!f.Review || len(a.Review) > 0) && len(f.Class) <= len(a.Class.Path) && slices.Equal(f.Class, a.Class.Path[:len(f.Class)])
}

func (f Filter) stale(a *Analysis) bool {
	if a == nil {
		return true
	}
	for step, version := range f.Stale {
		if a.Versions[step] < version {
			return true
		}
	}
	return false
}

// Note is an entry of the history: an act that moves a clock, a decision of the queue, a change of an event.
type Note struct {
	Seq     int64           `json:"seq"`     // grows; given by the store
	Subject string          `json:"subject"` // SubjectOf a petition, or an event's id
	Kind    string          `json:"kind"`
	By      string          `json:"by,omitempty"`
	At      time.Time       `json:"at"`
	Reason  string          `json:"reason,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// SubjectOf is how the history names a petition.
func SubjectOf(source, id string) string { return "petition:" + source + "/" + id }

// Ref names a petition.
type Ref struct {
	Source string `json:"source"`
	ID     string `json:"id"`
}

// Event is petitions about one matter (事件), as one of them at least was joined, and a person may have confirmed.
type Event struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Summary  []string       `json:"summary"` // sentences of the members, word for word, without personal data
	Members  []Ref          `json:"members"` // oldest first
	People   int            `json:"people"`  // most people one member speaks for, or the members' people when that is more
	Persons  int            `json:"persons"` // different petitioners, as far as they are known
	Channels map[string]int `json:"channels"`
	Class    []string       `json:"class"` // of most members
	Place    string         `json:"place"` // code of the finest division all known places lie in
	First    time.Time      `json:"first"`
	Last     time.Time      `json:"last"`
	Weeks    []int          `json:"weeks"`          // members a week, from the first on
	Status   string         `json:"status"`         // proposed, confirmed, or merged: then only Into counts
	Into     string         `json:"into,omitempty"` // the event it was merged into
	Links    []Link         `json:"links"`          // why its members belong together
}

// EventFilter picks events; every zero field picks all. Merged events are picked only when asked for.
type EventFilter struct {
	Since  time.Time // grown since
	Region string
	Class  []string
	Status string
	Least  int // members
	Limit  int
}

// Picks reports whether a filter picks an event, Limit apart.
func (f EventFilter) Picks(e *Event) bool {
	switch {
	case f.Status == "" && e.Status == "merged", f.Status != "" && e.Status != f.Status:
		return false
	}
	return !e.Last.Before(f.Since) && strings.HasPrefix(e.Place, f.Region) && len(e.Members) >= f.Least &&
		len(f.Class) <= len(e.Class) && slices.Equal(f.Class, e.Class[:min(len(f.Class), len(e.Class))])
}

// Original is a petition as it came in, sealed. Key is what it was sealed with, itself sealed by the office's key; without
// it Sealed is noise.
type Original struct {
	Source, ID  string
	Sealed, Key []byte
}
