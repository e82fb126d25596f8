package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// JoinCase is a petition with the event it belongs to. The petitions of a suite are joined among themselves, all at once.
type JoinCase struct {
	Common
	Title   string    `json:"title"`
	Text    string    `json:"text"`
	Channel string    `json:"channel,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	Place   string    `json:"place,omitempty"`
	People  int       `json:"people,omitempty"`
	Label   JoinLabel `json:"label"`

	wanted []string // ids of its event, its own among them
	left   []string // ids that count neither way
}

// JoinLabel names the event, null for a petition that stands alone. An optional event counts neither way.
type JoinLabel struct {
	Event         *string `json:"event"`
	EventOptional bool    `json:"event_optional,omitempty"`
}

// Check implements Body.
func (c *JoinCase) Check() error {
	if strings.TrimSpace(c.Title+c.Text) == "" {
		return &FieldError{"text", "missing"}
	}
	return nil
}

// bind tells the case which others of its suite belong to its event.
func (c *JoinCase) bind(all []Case) {
	c.wanted, c.left = nil, nil
	for _, o := range all {
		other, ok := o.Body.(*JoinCase)
		switch {
		case !ok:
		case other == c:
			c.wanted = append(c.wanted, o.ID)
		case other.Label.EventOptional:
			c.left = append(c.left, o.ID)
		case c.Label.Event != nil && other.Label.Event != nil && *c.Label.Event == *other.Label.Event:
			c.wanted = append(c.wanted, o.ID)
		}
	}
}

// Judge implements Body. Pairs are counted from both their ends, which leaves the ratios as they are.
func (c *JoinCase) Judge(o Outcome) Verdict {
	got := slices.DeleteFunc(slices.Clone(o.Group), func(id string) bool { return slices.Contains(c.left, id) })
	if !slices.Contains(got, c.ID) {
		got = append(got, c.ID)
	}
	slices.Sort(got)
	both := 0
	for _, id := range got {
		if slices.Contains(c.wanted, id) {
			both++
		}
	}
	g, w, same := float64(len(got)), float64(len(c.wanted)), float64(both)
	v := Verdict{OK: both == len(got) && both == len(c.wanted), Kind: "alone", Input: c.Title + "｜" + c.Text, Got: got, Want: c.wanted}
	if c.Label.Event != nil {
		v.Kind = "event"
	}
	if c.Label.EventOptional {
		v.OK, v.Kind = true, "optional"
		return v
	}
	v.Marks = map[string]Mark{
		"pair_precision": {same - 1, g - 1}, "pair_recall": {same - 1, w - 1}, "pair_f1": {2 * (same - 1), g + w - 2},
		"b3_precision": {same / g, 1}, "b3_recall": {same / w, 1},
		"b3:precision": {same / g, 1}, "b3:recall": {same / w, 1},
	}
	return v
}

// harmonic is the harmonic mean of the ratios.
func harmonic(num, den map[string]float64) float64 {
	sum := 0.0
	for name := range den {
		if num[name] == 0 {
			return 0
		}
		sum += den[name] / num[name]
	}
	return float64(len(den)) / max(sum, 1)
}

// JoinFunc joins petitions: for each of them, in order, the name of its event; equal names are one event.
type JoinFunc func(ctx context.Context, petitions []*JoinCase) ([]string, error)

// Joins puts the petitions of a suite to a JoinFunc, all at once when the first is asked for.
type Joins struct {
	Suite *Suite
	Join  JoinFunc

	once   sync.Once
	groups map[string][]string
	err    error
}

// Run gives the ids of the petitions joined with the case.
func (j *Joins) Run(ctx context.Context, c Case) (Outcome, error) {
	j.once.Do(func() { j.groups, j.err = j.all(ctx) })
	return Outcome{Group: j.groups[c.ID]}, j.err
}

func (j *Joins) all(ctx context.Context) (map[string][]string, error) {
	var bodies []*JoinCase
	for _, c := range j.Suite.Cases {
		body, ok := c.Body.(*JoinCase)
		if !ok {
			return nil, fmt.Errorf("eval: case %s is not of kind join", c.ID)
		}
		bodies = append(bodies, body)
	}
	names, err := j.Join(ctx, bodies)
	if err != nil {
		return nil, err
	}
	if len(names) != len(bodies) {
		return nil, fmt.Errorf("eval: %d petitions joined, %d names given", len(bodies), len(names))
	}
	byName := map[string][]string{}
	for i, n := range names {
		byName[n] = append(byName[n], bodies[i].ID)
	}
	out := map[string][]string{}
	for i, n := range names {
		out[bodies[i].ID] = byName[n]
	}
	return out, nil
}
