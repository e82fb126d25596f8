package assistant

import (
	"encoding/json"
	"fmt"
)

// matterRules are the checkpoints of one matter: one line of data/prereview/*.jsonl.
type matterRules struct {
	Matter      string          `json:"matter"`
	Name        string          `json:"name"` // as in the catalogue, for whoever edits the file
	Note        string          `json:"note,omitempty"`
	Papers      []paperRule     `json:"papers"`
	Eligibility []eligibility   `json:"eligibility,omitempty"`
	Basis       *PrereviewBasis `json:"basis,omitempty"` // behind every issue of the matter that names no clause of its own

	index map[string]place
}

// paperRule is one row of a matter's table.
type paperRule struct {
	Name      string          `json:"name"`
	Also      []string        `json:"also,omitempty"`
	Parts     []part          `json:"parts,omitempty"` // a row that is several papers together: each part, or one paper with the row's name
	Needed    need            `json:"needed"`
	Applicant []ownField      `json:"applicant,omitempty"`
	NotOwn    []string        `json:"not_own,omitempty"` // uploaded under one of these names it is not the applicant's own
	Agrees    []agreement     `json:"agrees,omitempty"`
	Months    int             `json:"months,omitempty"`     // term from issued, where no expiry is printed
	AnyExpiry bool            `json:"any_expiry,omitempty"` // expiry is not judged
	Bank      bool            `json:"bank,omitempty"`       // its no is an account's
	Basis     *PrereviewBasis `json:"basis,omitempty"`
}

// part is one of the papers that make up a row.
type part struct {
	Name string   `json:"name"`
	Also []string `json:"also,omitempty"`
}

// need is "yes", "no" or {"if": condition}.
type need struct {
	Never bool
	If    *situationRule
}

// UnmarshalJSON reads the three forms.
func (n *need) UnmarshalJSON(data []byte) error {
	var word string
	if json.Unmarshal(data, &word) == nil {
		if word != "yes" && word != "no" {
			return fmt.Errorf("needed: %q is neither yes nor no", word)
		}
		n.Never = word == "no"
		return nil
	}
	var cond struct {
		If *situationRule `json:"if"`
	}
	if err := strictJSON(data, &cond); err != nil {
		return fmt.Errorf("needed: %w", err)
	}
	if cond.If == nil {
		return fmt.Errorf("needed: no condition")
	}
	n.If = cond.If
	return nil
}

// situationRule is a condition: one of its members holds.
type situationRule struct {
	Under   int       `json:"under,omitempty"`   // the applicant's age
	Options []string  `json:"options,omitempty"` // question=option of the matter's tree
	Said    []string  `json:"said,omitempty"`    // words in the situation
	Unless  *fieldRef `json:"unless,omitempty"`  // always, but not where this paper was read and leaves the field blank
}

// fieldRef names a field of another row's paper.
type fieldRef struct {
	Paper string `json:"paper"`
	Field string `json:"field"`
}

// ownField is a field that carries the applicant's own name, number or birth date.
type ownField struct {
	Field  string `json:"field"`
	Sex    string `json:"sex,omitempty"`    // only for an applicant of this sex
	Manual bool   `json:"manual,omitempty"` // a departure is for a person to decide
}

// How the persons of a field must agree with those of another paper.
const (
	agreeWithin = "within" // each of them is there (the zero value)
	agreeShared = "shared" // one of them is there
	agreeSame   = "same"   // each is there, and whoever is there and not here is for a person to decide
)

// agreement is a field that must agree with another paper, which is right (rule G9).
type agreement struct {
	Field  string   `json:"field"`
	Paper  string   `json:"paper,omitempty"`
	Other  string   `json:"other,omitempty"`
	How    string   `json:"how,omitempty"`
	On     []string `json:"on,omitempty"` // only when uploaded under one of these names
	OneOf  []person `json:"one_of,omitempty"`
	Number string   `json:"number,omitempty"` // with OneOf: the field that holds that person's id number
}

// person is someone a paper may belong to: known from the block, from a card, or by name from a further paper.
type person struct {
	Card  string    `json:"card"`
	Sex   string    `json:"sex"`
	Named *fieldRef `json:"named,omitempty"`
}

// eligibility is one bar to the matter itself.
type eligibility struct {
	Under   int            `json:"under,omitempty"`   // years of age not reached
	From    int            `json:"from,omitempty"`    // years of age reached
	Months  int            `json:"months,omitempty"`  // more than these since a date
	Card    string         `json:"card,omitempty"`    // whose age: the holder of this card; else the applicant's
	Sex     string         `json:"sex,omitempty"`     // only a person of this sex
	On      string         `json:"on,omitempty"`      // month and day of the year of review on which the age counts, 08-31
	Paper   string         `json:"paper,omitempty"`   // From: the row whose Field is the date of birth
	Field   string         `json:"field,omitempty"`   // From, Months: the date
	Before  *fieldRef      `json:"before,omitempty"`  // Months: the day counted back from; else the day of review
	If      *situationRule `json:"if,omitempty"`      // only when known to hold
	Instead string         `json:"instead,omitempty"` // entries of one such name: the first that bars is told
	Text    string         `json:"text"`
	Basis   PrereviewBasis `json:"basis"`
}

// place says where a name of a paper leads: row and part, -1 for the row as a whole.
type place struct{ row, part int }

// generalRules hold for every matter.
type generalRules struct {
	Bank    []string                  `json:"bank"`          // papers that are bank cards by name
	Social  []string                  `json:"social"`        // cards that carry an account only where a row says so
	Own     map[string][]string       `json:"own"`           // for matters without rules: fields of the applicant's own papers
	Waived  []string                  `json:"waived"`        // waivers (kg.Material.Waiver) that mean: never missing
	Basis   map[string]PrereviewBasis `json:"basis"`         // by type of issue
	Negates []string                  `json:"negates"`       // words that turn the next one round
	Yes     []string                  `json:"yes"`           // answers that say yes to their question
	No      []string                  `json:"no"`            // and no
	Blank   []string                  `json:"blank"`         // how forms strike out a field
	Male    []string                  `json:"male"`          // how a sex is written
	Female  []string                  `json:"female"`        //
	Phrases map[string]string         `json:"phrases"`       // sentences, by key
	Fields  map[string]string         `json:"field_names"`   // field → what people call it
	Soon    int                       `json:"soon_months"`   // a paper that runs out within these is pointed out
	Permit  string                    `json:"permit_type"`   // kg.Matter.Type that the permit law governs
	Rules   map[string]string         `json:"rule_comments"` // remarks for whoever edits the file
}
