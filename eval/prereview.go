package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// PrereviewCase is a pile of papers and what a careful clerk finds in it. Its fields are those of the request, besides
// the matter and what is expected.
type PrereviewCase struct {
	Common
	Matter    string          `json:"matter"`
	AsOf      string          `json:"as_of"`
	Applicant json.RawMessage `json:"applicant"`
	Situation json.RawMessage `json:"situation,omitempty"`
	Materials json.RawMessage `json:"materials"`
	Expect    PrereviewReply  `json:"expect"`
}

// PrereviewReply is what a review found.
type PrereviewReply struct {
	Verdict string           `json:"verdict"`
	Issues  []PrereviewIssue `json:"issues"`
}

// PrereviewIssue is one finding. The target of an ineligible one is free text and not compared.
type PrereviewIssue struct {
	Type   string `json:"type"`
	Target string `json:"target"`
}

// Check implements Body.
func (c *PrereviewCase) Check() error {
	switch {
	case c.Matter == "":
		return &FieldError{"matter", "missing"}
	case len(c.Materials) == 0 || c.Materials[0] != '[':
		return &FieldError{"materials", "a list; [] says that nothing was handed in"}
	case !slices.Contains([]string{"pass", "fix", "manual"}, c.Expect.Verdict):
		return &FieldError{"expect.verdict", "pass, fix or manual"}
	case c.Expect.Issues == nil:
		return &FieldError{"expect.issues", "missing; [] says that there is none"}
	case (c.Expect.Verdict == "pass") != (len(c.Expect.Issues) == 0):
		return &FieldError{"expect.issues", "pass has none, and nothing else is without"}
	}
	return nil
}

// Judge implements Body: the verdict by equality, issues as a set of (type, target), as the outside client counts them.
func (c *PrereviewCase) Judge(o Outcome) Verdict {
	got := PrereviewReply{}
	if o.Prereview != nil {
		got = *o.Prereview
	}
	want, have := issueSet(c.Expect.Issues), issueSet(got.Issues)
	hits := 0.0
	for is := range have {
		if want[is] {
			hits++
		}
	}
	right := o.Prereview != nil && got.Verdict == c.Expect.Verdict
	marks := map[string]Mark{
		"verdict":         yes(right),
		"issue_precision": {hits, float64(len(have))},
		"issue_recall":    {hits, float64(len(want))},
		"issue_f1":        {2 * hits, float64(len(have) + len(want))},
	}
	exact := int(hits) == len(have) && len(have) == len(want)
	return Verdict{OK: right && exact, Kind: c.Expect.Verdict, Input: c.Matter + "｜" + c.Note, Got: got, Want: c.Expect, Marks: marks}
}

func issueSet(list []PrereviewIssue) map[PrereviewIssue]bool {
	set := map[PrereviewIssue]bool{}
	for _, is := range list {
		if is.Type == "ineligible" {
			is.Target = "*"
		}
		set[is] = true
	}
	return set
}

// Body is the request as it goes over HTTP.
func (c *PrereviewCase) Body() ([]byte, error) {
	body := map[string]any{"materials": c.Materials}
	if len(c.Applicant) > 0 {
		body["applicant"] = c.Applicant
	}
	if len(c.Situation) > 0 {
		body["situation"] = c.Situation
	}
	if strings.TrimSpace(c.AsOf) != "" {
		body["as_of"] = c.AsOf
	}
	return json.Marshal(body)
}

// PaperReviewer reviews papers.
type PaperReviewer interface {
	// ReviewPapers takes the body of the request for a matter and returns the reply's body.
	ReviewPapers(ctx context.Context, matter string, body []byte) ([]byte, error)
}

// PaperReviewFunc is a function that is a PaperReviewer.
type PaperReviewFunc func(ctx context.Context, matter string, body []byte) ([]byte, error)

// ReviewPapers calls f.
func (f PaperReviewFunc) ReviewPapers(ctx context.Context, matter string, body []byte) ([]byte, error) {
	return f(ctx, matter, body)
}

// Prereviews puts pre-review cases to a PaperReviewer.
type Prereviews struct{ PaperReviewer }

// Run reviews the papers of one case.
func (p Prereviews) Run(ctx context.Context, c Case) (Outcome, error) {
	body, ok := c.Body.(*PrereviewCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s has no papers to review", c.ID)
	}
	request, err := body.Body()
	if err != nil {
		return Outcome{}, fmt.Errorf("eval: case %s: %w", c.ID, err)
	}
	raw, err := p.ReviewPapers(ctx, body.Matter, request)
	if err != nil {
		return Outcome{}, err
	}
	reply := &PrereviewReply{}
	if err := json.Unmarshal(raw, reply); err != nil {
		return Outcome{}, fmt.Errorf("eval: case %s: reply: %w", c.ID, err)
	}
	return Outcome{Prereview: reply}, nil
}
