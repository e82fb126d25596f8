package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// RedactionCase is a text and the personal data in it. Without spans it is benign: nothing may be taken out.
type RedactionCase struct {
	Common
	Input string `json:"input"`
	Spans []Span `json:"spans"`
}

// Span is one piece of personal data.
type Span struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Check implements Body.
func (c *RedactionCase) Check() error {
	if c.Input == "" {
		return &FieldError{"input", "missing"}
	}
	if c.Spans == nil {
		return &FieldError{"spans", "missing; [] says that nothing is personal"}
	}
	for i, s := range c.Spans {
		if s.Type == "" || !strings.Contains(c.Input, s.Text) || s.Text == "" {
			return &FieldError{fmt.Sprintf("spans[%d]", i), "needs a type, and a text that stands in input"}
		}
	}
	return nil
}

// Judge implements Body. A span counts as found when its text is gone. What was taken out is precise when it overlaps a
// span; its type is not compared, because names for types differ between systems.
func (c *RedactionCase) Judge(o Outcome) Verdict {
	type got struct {
		Redacted string `json:"redacted"`
		Missed   []Span `json:"missed,omitempty"`
		Extra    []Span `json:"extra,omitempty"`
	}
	g := got{Redacted: o.Redacted}
	marks := map[string]Mark{}
	add := func(name string, hit bool) {
		m := marks[name]
		m.Num, m.Den = m.Num+yes(hit).Num, m.Den+1
		marks[name] = m
	}
	for _, s := range c.Spans {
		hit := o.Err == "" && o.Redacted != "" && !strings.Contains(o.Redacted, s.Text)
		add("recall", hit)
		add("recall:"+s.Type, hit)
		if !hit {
			g.Missed = append(g.Missed, s)
		}
	}
	for _, f := range o.Found {
		hit := slices.ContainsFunc(c.Spans, func(s Span) bool {
			return strings.Contains(s.Text, f.Text) || strings.Contains(f.Text, s.Text)
		})
		add("precision", hit)
		add("precision:"+f.Type, hit)
		if !hit {
			g.Extra = append(g.Extra, f)
		}
	}
	ok := len(g.Missed) == 0 && len(g.Extra) == 0
	if len(c.Spans) == 0 {
		ok = ok && o.Redacted == c.Input
		add("benign_untouched", o.Redacted == c.Input)
	}
	return Verdict{OK: ok, Input: c.Input, Got: g, Want: c.Spans, Marks: marks}
}

// Redactor takes personal data out of texts.
type Redactor interface {
	// Redact gives the text without it, and what was taken out.
	Redact(ctx context.Context, text string) (redacted string, found []Span, err error)
}

// RedactFunc is a function that is a Redactor.
type RedactFunc func(ctx context.Context, text string) (string, []Span, error)

// Redact calls f.
func (f RedactFunc) Redact(ctx context.Context, text string) (string, []Span, error) {
	return f(ctx, text)
}

// Redaction puts redaction cases to a Redactor.
type Redaction struct{ Redactor }

// Run redacts one text.
func (r Redaction) Run(ctx context.Context, c Case) (Outcome, error) {
	body, ok := c.Body.(*RedactionCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is not a text to redact", c.ID)
	}
	text, found, err := r.Redact(ctx, body.Input)
	return Outcome{Redacted: text, Found: found}, err
}
