package petitions

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"ganwen/search/learn"
)

// modelVersion changes whenever the same rows give another model.
const modelVersion = 1

// Kinds of labels the models give; a label is a kind and its value.
const (
	kindDomain  = "d:"
	kindSecond  = "d2:"
	kindPurpose = "p:"
	kindRoute   = "r:"
	kindUrgency = "u:"
	kindSignal  = "s:"
)

// Model is what was learnt from labelled petitions: one model of subjects, one of acts, for they listen to different
// words. Either may be nil when the rows said nothing about it. It is safe for concurrent use.
type Model struct {
	subjects, acts *learn.MultiModel
}

// ErrNoRows is returned when there are no labelled petitions to learn from.
var ErrNoRows = errors.New("petitions: no labelled petitions")

// Configurations of the two models, chosen by cross-validation on the composed rows.
var (
	subjectConfig = learn.Config{Pinyin: -1, Words: 1, ExpandWeight: 1.5, Folds: 3}
	actConfig     = learn.Config{Pinyin: -1, Words: 1, ExpandWeight: 0.7, WordsWeight: 0.7, Folds: 3}
)

// train learns from rows; ctx may end it early with its error. Equal rows and seed give an equal model.
func (f *features) train(ctx context.Context, rows []Example, seed uint64) (*Model, error) {
	if len(rows) == 0 {
		return nil, ErrNoRows
	}
	m := &Model{}
	var err error
	if m.subjects, err = f.fit(ctx, rows, subjectConfig, seed, subjectLabels); err != nil {
		return nil, fmt.Errorf("petitions: train subjects: %w", err)
	}
	if m.acts, err = f.fit(ctx, rows, actConfig, seed, actLabels); err != nil {
		return nil, fmt.Errorf("petitions: train acts: %w", err)
	}
	return m, nil
}

// fit trains one model on the rows that have labels for it; nil when none has.
func (f *features) fit(ctx context.Context, rows []Example, c learn.Config, seed uint64, labels func(*Label) []string) (*learn.MultiModel, error) {
	var ex []learn.MultiExample
	for i := range rows {
		if l := labels(&rows[i].Label); len(l) > 0 {
			ex = append(ex, learn.MultiExample{Text: f.text(&rows[i].Petition), Labels: l, Weight: rows[i].Weight})
		}
	}
	if len(ex) == 0 {
		return nil, nil
	}
	c.Seed, c.Expand = seed, f.expand
	return learn.TrainMulti(ctx, ex, c)
}

func subjectLabels(l *Label) []string {
	if l.Domain == "" {
		return nil
	}
	out := []string{kindDomain + l.Domain}
	if l.Path2 != "" {
		out = append(out, kindSecond+l.Domain+"/"+l.Path2)
	}
	return out
}

func actLabels(l *Label) []string {
	if l.Purpose == "" {
		return nil
	}
	out := []string{kindPurpose + l.Purpose}
	if l.Purpose == Appeal && l.Route != "" {
		out = append(out, kindRoute+string(l.Route))
	}
	if l.Urgency != "" {
		out = append(out, kindUrgency+l.Urgency)
	}
	for _, s := range l.Signals {
		out = append(out, kindSignal+s)
	}
	return out
}

// guesses are the values of one kind, best first, with probabilities that add up to one.
func guesses(scored []learn.Scored, kind string, sharpness float64) []Guess {
	var out []Guess
	top := math.Inf(-1)
	for _, s := range scored {
		if strings.HasPrefix(s.Label, kind) {
			out = append(out, Guess{s.Label[len(kind):], s.Score})
			top = max(top, s.Score)
		}
	}
	sum := 0.0
	for i := range out {
		out[i].Confidence = math.Exp((out[i].Confidence - top) * sharpness)
		sum += out[i].Confidence
	}
	for i := range out {
		out[i].Confidence /= sum
	}
	slices.SortStableFunc(out, func(a, b Guess) int {
		switch {
		case a.Confidence > b.Confidence:
			return -1
		case a.Confidence < b.Confidence:
			return 1
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

// Write stores the model: each part with its length before it, 0 for a part that is not there.
func (m *Model) Write(w io.Writer) error {
	for _, part := range []*learn.MultiModel{m.subjects, m.acts} {
		var buf bytes.Buffer
		if part != nil {
			if err := part.Write(&buf); err != nil {
				return fmt.Errorf("petitions: write model: %w", err)
			}
		}
		if err := binary.Write(w, binary.LittleEndian, uint32(buf.Len())); err != nil {
			return fmt.Errorf("petitions: write model: %w", err)
		}
		if _, err := buf.WriteTo(w); err != nil {
			return fmt.Errorf("petitions: write model: %w", err)
		}
	}
	return nil
}

// readModel loads what Write stored, for the same features.
func (f *features) readModel(r io.Reader) (*Model, error) {
	m := &Model{}
	for _, part := range []**learn.MultiModel{&m.subjects, &m.acts} {
		var size uint32
		if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
			return nil, fmt.Errorf("petitions: read model: %w", err)
		}
		if size == 0 {
			continue
		}
		in := io.LimitReader(r, int64(size))
		x, err := learn.ReadMulti(in)
		if err != nil {
			return nil, fmt.Errorf("petitions: read model: %w", err)
		}
		if _, err := io.Copy(io.Discard, in); err != nil {
			return nil, fmt.Errorf("petitions: read model: %w", err)
		}
		x.Expand = f.expand
		*part = x
	}
	return m, nil
}
