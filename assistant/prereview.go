package assistant

import (
	"strings"
	"time"

	"ganwen/kg"
)

// PrereviewError is a request that cannot be reviewed: which field, and what is wrong with it in public words.
type PrereviewError struct{ Field, Message string }

// Error implements error.
func (e *PrereviewError) Error() string {
	return "assistant: pre-review: " + e.Field + ": " + e.Message
}

// Limits of a pre-review request: far above what any matter asks for, low enough that one request stays cheap.
const (
	MaxPapers      = 200
	MaxPaperFields = 200
	MaxPaperName   = 100 // runes
)

// Prereviewer reviews the papers of an application before it is handed in (智能预审). It finds everything that is wrong
// at once, as 行政许可法 第三十二条 wants the office to; it never refuses: where a person must decide the verdict is manual.
// It is safe for concurrent use.
type Prereviewer struct {
	Now func() time.Time // the day of review where the request names none; nil = time.Now

	rules   map[string]*matterRules
	general *generalRules
}

// NewPrereviewer reads the rules that come with the program. Matters of a catalogue that has no rules here are reviewed
// by what their record says of each paper.
func NewPrereviewer() (*Prereviewer, error) {
	rules, general, err := loadPrereviewRules(prereviewFiles)
	if err != nil {
		return nil, err
	}
	return &Prereviewer{rules: rules, general: general}, nil
}

// Verdicts of a pre-review.
const (
	VerdictPass   = "pass"   // nothing found
	VerdictFix    = "fix"    // the applicant can mend it
	VerdictManual = "manual" // a person must decide
)

// Kinds of issue.
const (
	IssueMissing       = "missing"
	IssueIllegible     = "illegible"
	IssueExpired       = "expired"
	IssueUnsigned      = "unsigned"
	IssueInvalidFormat = "invalid_format"
	IssueMismatch      = "mismatch"
	IssueIneligible    = "ineligible"
)

// PrereviewResult is what a review found. Issues and Trace are never nil.
type PrereviewResult struct {
	Matter  string           `json:"matter"`
	Name    string           `json:"name"`
	AsOf    string           `json:"as_of"`
	Verdict string           `json:"verdict"`
	Issues  []PrereviewIssue `json:"issues"`
	Notice  string           `json:"notice"` // 一次性告知书, plain text
	Papers  []PaperSeen      `json:"papers"`
	Trace   []PrereviewCheck `json:"trace"`
}

// PrereviewIssue is one thing to mend, or for a person to decide.
type PrereviewIssue struct {
	Type     string         `json:"type"`
	Target   string         `json:"target"` // paper or paper.field, as rule G8 has it; for ineligible a short text
	Message  string         `json:"message"`
	Basis    PrereviewBasis `json:"basis"`
	HowToFix string         `json:"how_to_fix"`
	Manual   bool           `json:"manual,omitempty"` // a person must decide this one
}

// PrereviewBasis is the clause behind an issue.
type PrereviewBasis struct {
	Law     string `json:"law"`
	Article string `json:"article"`
}

// PaperSeen is an uploaded paper and the row of the matter's table it stands for; As is empty for a paper nothing asks for.
type PaperSeen struct {
	Name     string         `json:"name"`
	As       string         `json:"as,omitempty"`
	Readable bool           `json:"readable"`
	Issued   string         `json:"issued,omitempty"`
	Expires  string         `json:"expires,omitempty"`
	Fields   map[string]any `json:"fields,omitempty"` // all that were read, also those no rule looks at
	FileID   string         `json:"file_id,omitempty"`
}

// PrereviewCheck is one check that was made, or could not be made and why.
type PrereviewCheck struct {
	Rule    string `json:"rule"` // presence, legible, format, validity, signature, applicant, agreement, eligibility
	Target  string `json:"target"`
	Outcome string `json:"outcome"` // ok, issue, skipped
	Got     string `json:"got,omitempty"`
	Want    string `json:"want,omitempty"`
	Why     string `json:"why,omitempty"`
}

// Review checks a request against the rules of a matter. An error is a *PrereviewError and means that the request itself
// is unusable; anything wrong with the papers is an issue in the result.
func (p *Prereviewer) Review(m *kg.Matter, req PrereviewRequest) (*PrereviewResult, error) {
	asOf, err := p.day(req.AsOf)
	if err != nil {
		return nil, err
	}
	if err := p.check(req); err != nil {
		return nil, err
	}
	rules := p.rules[m.Code]
	if rules == nil {
		rules = p.general.derive(m)
	}
	r := newReview(p.general, rules, m, req, asOf)
	r.run()
	return r.result(), nil
}

// check refuses what no office would take in.
func (p *Prereviewer) check(req PrereviewRequest) error {
	bad := func(field, key string, limit int) error {
		return &PrereviewError{field, p.general.phrase("bad."+key, vars{"limit": itoa(limit)})}
	}
	if len(req.Materials) > MaxPapers {
		return bad("materials", "papers", MaxPapers)
	}
	for i, paper := range req.Materials {
		at := "materials[" + itoa(i) + "]."
		if strings.TrimSpace(paper.Name) == "" {
			return bad(at+"name", "name", 0)
		}
		if len([]rune(paper.Name)) > MaxPaperName {
			return bad(at+"name", "long", MaxPaperName)
		}
		if len(paper.Fields)+len(paper.More) > MaxPaperFields {
			return bad(at+"fields", "fields", MaxPaperFields)
		}
	}
	return nil
}

func (p *Prereviewer) day(s string) (time.Time, error) {
	if strings.TrimSpace(s) == "" {
		now := time.Now
		if p.Now != nil {
			now = p.Now
		}
		t := now()
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), nil
	}
	d, ok := parseDay(s)
	if !ok {
		return time.Time{}, &PrereviewError{"as_of", p.general.phrase("bad.day", nil)}
	}
	return d.first, nil
}

// Covers reports whether the matter has rules written for it, and is not only reviewed by its record.
func (p *Prereviewer) Covers(code string) bool { return p.rules[code] != nil }
