package petitions

import (
	"context"
	"errors"
	"iter"
	"time"
)

// ErrNotFound is returned for a petition or an event that is not there.
var ErrNotFound = errors.New("petitions: not found")

// Classifier says what a petition is. It is safe for concurrent use.
type Classifier interface {
	// Classify returns an error only when ctx is done or the petition has no text.
	Classify(ctx context.Context, p *Petition) (Label, error)
}

// Store keeps petitions and what was found out about them. It keeps redacted text; originals are its own affair. All
// methods are safe for concurrent use; whoever opened a store closes it.
type Store interface {
	// Put keeps a petition once: the same Source and ID again change nothing and report created false.
	Put(ctx context.Context, p *Petition) (created bool, err error)
	// Get returns ErrNotFound for an unknown petition.
	Get(ctx context.Context, source, id string) (*Record, error)
	// Each runs through the records a filter picks, oldest first. It stops at the first error, which it yields.
	Each(ctx context.Context, f Filter) iter.Seq2[*Record, error]
	// Keep stores an analysis, in place of an earlier one. It returns ErrNotFound for an unknown petition.
	Keep(ctx context.Context, source, id string, a *Analysis) error
}

// Record is a petition with its analysis, which is nil until there is one.
type Record struct {
	Petition Petition
	Analysis *Analysis
}

// Filter picks records; every zero field picks all.
type Filter struct {
	From, To time.Time // half open
	Region   string    // code of a division; what lies in it counts
	Class    []string  // a path, from the first level on
	Event    string
	Stale    map[string]int // only records with an older version of one of these steps, or none
	Limit    int
}
