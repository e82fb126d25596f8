// Package eval measures the service case by case, compares runs, and gates releases.
//
// A Suite is read from JSON lines; its kind decides what a case looks like, how an outcome is judged, and which marks it
// earns. A Runner puts every case to a Subject, which is the service itself in the same wiring as the server, and makes a
// Report: metrics with 95 % intervals, floors that were missed, every case with what was wanted and what came.
//
//	suite, err := eval.Load("guide-dev")
//	report, err := eval.Runner{Open: subjects}.Run(ctx, suite)
//	report.WriteText(os.Stdout)
//
// A kind is one file: a case type that implements Body, registered in kinds.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"time"
)

// Case is one line of a suite.
type Case struct {
	ID   string
	Line int // in the suite's file
	Body Body
}

// Body is the part of a case that its kind defines: *GuideCase, *RetrievalCase, …
type Body interface {
	common() *Common
	// Check reports the first field that is missing or contradicts another, as a *FieldError.
	Check() error
	// Judge compares an outcome with what the case wants. It is a pure function; an outcome with Err set is a failure.
	Judge(o Outcome) Verdict
}

// Common are the fields every case may carry. All but the id are remarks.
type Common struct {
	ID     string   `json:"id"`
	Note   string   `json:"note,omitempty"`
	Style  string   `json:"style,omitempty"`
	Voice  string   `json:"voice,omitempty"`
	Source string   `json:"source,omitempty"`
	Tags   []string `json:"tags,omitempty"`
}

func (c *Common) common() *Common { return c }

// Outcome is what the service did with a case. A subject fills what its kind is judged by.
type Outcome struct {
	Replies   []Reply         // guide, dialogue, facts, safety: one a turn
	Ranked    []string        // retrieval: ids, best first
	Redacted  string          // redaction: the text after it
	Found     []Span          // redaction: what was taken out
	Petition  *PetitionReply  // petition
	Desk      *DeskReply      // desk
	Prereview *PrereviewReply // prereview
	Group     []string        // join: ids of the petitions in the same event, its own among them
	Clocks    []ClockRow      // clock: the latest running of each limit
	Papers    []string        // facts: names of papers the catalogue knows
	Took      time.Duration   // 0 = the runner's own watch
	Err       string          // why there is no outcome
}

// Verdict is a judged outcome.
type Verdict struct {
	OK    bool
	Kind  string // sub-kind within the suite, e.g. life_event
	Input string // what was asked, for a reader
	Got   any
	Want  any
	Marks map[string]Mark
}

// Mark is what one case adds to a metric, which is the sum of Num over the sum of Den of all cases that carry it.
type Mark struct{ Num, Den float64 }

// yes is a mark that counts one case.
func yes(ok bool) Mark {
	if ok {
		return Mark{1, 1}
	}
	return Mark{0, 1}
}

// Subject is what is measured. Run is called from as many goroutines as the runner's Parallel says. A subject that is an
// io.Closer is closed after its suite.
type Subject interface {
	Run(ctx context.Context, c Case) (Outcome, error)
}

// Runner runs suites. Only Open is needed.
type Runner struct {
	Open         func(ctx context.Context, s *Suite) (Subject, error) // the subject for a suite, its corpus indexed
	Parallel     int                                                  // cases at a time; 0 = 1, so that latencies are those of an idle service
	Timeout      time.Duration                                        // of one case; 0 = 30 s
	Seed         uint64                                               // of the bootstrap
	Fingerprints map[string]string                                    // of index, catalogue, prompts, configuration: kept in the report
	Progress     func(done, total int)                                // called in order, never at the same time
	Now          func() time.Time                                     // nil = time.Now
}

// Run measures one suite. A case that fails counts as wrong and is told in the report; the error is for a suite that
// could not be run at all, or a cancelled ctx.
func (r Runner) Run(ctx context.Context, s *Suite) (*Report, error) {
	subject, err := r.Open(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("eval: open subject for %s: %w", s.Name, err)
	}
	results, err := r.results(ctx, s, subject)
	if c, ok := subject.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("eval: run %s: %w", s.Name, err)
	}
	report := &Report{
		Suite: s.Name, Kind: s.Kind, Version: s.Version, Cases: len(results),
		Metrics: measure(results, r.Seed), Floors: s.Floors, Detail: results,
		Fingerprints: map[string]string{"suite": s.fingerprint},
	}
	maps.Copy(report.Fingerprints, r.Fingerprints)
	report.Failures = failures(report)
	return report, nil
}

// results runs all cases, in the suite's order whatever finishes first.
func (r Runner) results(ctx context.Context, s *Suite, subject Subject) ([]Result, error) {
	results := make([]Result, len(s.Cases))
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range max(1, r.Parallel) {
		wg.Go(func() {
			for i := range next {
				results[i] = r.one(ctx, subject, s.Cases[i])
				mu.Lock()
				if done++; r.Progress != nil {
					r.Progress(done, len(s.Cases))
				}
				mu.Unlock()
			}
		})
	}
	for i := range s.Cases {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return results, ctx.Err()
}

func (r Runner) one(ctx context.Context, subject Subject, c Case) Result {
	timeout, now := r.Timeout, r.Now
	if timeout <= 0 {
		timeout = 30 * time.Second
	}
	if now == nil {
		now = time.Now
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	begin := now()
	o, err := subject.Run(ctx, c)
	if o.Took == 0 {
		o.Took = now().Sub(begin)
	}
	if err != nil {
		o.Err = err.Error()
	}
	v := c.Body.Judge(o)
	return Result{
		ID: c.ID, Kind: v.Kind, Input: v.Input, OK: v.OK && o.Err == "", Got: v.Got, Want: v.Want,
		MS: float64(o.Took.Microseconds()) / 1000, Error: o.Err, Marks: v.Marks,
	}
}
