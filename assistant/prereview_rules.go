package assistant

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ganwen/kg"
)

//go:embed data/prereview
var prereviewFiles embed.FS

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
	Under  int            `json:"under,omitempty"`   // years of age not reached
	From   int            `json:"from,omitempty"`    // years of age reached
	Months int            `json:"months,omitempty"`  // more than these since a date
	Card   string         `json:"card,omitempty"`    // whose age: the holder of this card; else the applicant's
	Sex    string         `json:"sex,omitempty"`     // only a person of this sex
	On     string         `json:"on,omitempty"`      // month and day of the year of review on which the age counts, 08-31
	Paper  string         `json:"paper,omitempty"`   // From: the row whose Field is the date of birth
	Field  string         `json:"field,omitempty"`   // From, Months: the date
	Before *fieldRef      `json:"before,omitempty"`  // Months: the day counted back from; else the day of review
	If     *situationRule `json:"if,omitempty"`      // only when known to hold
	Unless string         `json:"instead,omitempty"` // entries of one such name: the first that bars is told
	Text   string         `json:"text"`
	Basis  PrereviewBasis `json:"basis"`
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
	Male    []string                  `json:"male"`          // how a sex is written
	Female  []string                  `json:"female"`        //
	Phrases map[string]string         `json:"phrases"`       // sentences, by key
	Fields  map[string]string         `json:"field_names"`   // field → what people call it
	Permit  string                    `json:"permit_type"`   // kg.Matter.Type that the permit law governs
	Rules   map[string]string         `json:"rule_comments"` // remarks for whoever edits the file
}

// named reports whether an uploaded paper goes by one of these names (rule G12).
func named(upload string, list []string) bool {
	names := append([]string{tidy(upload)}, bracketed(tidy(upload))...)
	return slices.ContainsFunc(list, func(n string) bool { return slices.Contains(names, tidy(n)) })
}

func strictJSON(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// loadPrereviewRules reads data/prereview: general.json and the matters, one a line. Errors say file, line and matter.
func loadPrereviewRules(fsys fs.FS) (map[string]*matterRules, *generalRules, error) {
	raw, err := fs.ReadFile(fsys, "data/prereview/general.json")
	if err != nil {
		return nil, nil, fmt.Errorf("assistant: pre-review rules: %w", err)
	}
	general := &generalRules{}
	if err := strictJSON(raw, general); err != nil {
		return nil, nil, fmt.Errorf("assistant: general.json: %w", err)
	}
	files, err := fs.Glob(fsys, "data/prereview/*.jsonl")
	if err != nil {
		return nil, nil, fmt.Errorf("assistant: pre-review rules: %w", err)
	}
	rules := map[string]*matterRules{}
	for _, name := range files {
		if err := readMatterRules(fsys, name, rules); err != nil {
			return nil, nil, err
		}
	}
	return rules, general, nil
}

func readMatterRules(fsys fs.FS, name string, into map[string]*matterRules) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("assistant: pre-review rules: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		m := &matterRules{}
		if err := strictJSON(lines.Bytes(), m); err != nil {
			return fmt.Errorf("assistant: %s:%d: %w", name, n, err)
		}
		if into[m.Matter] != nil {
			return fmt.Errorf("assistant: %s:%d: %s has rules already", name, n, m.Matter)
		}
		if err := m.prepare(); err != nil {
			return fmt.Errorf("assistant: %s:%d: %s: %w", name, n, m.Matter, err)
		}
		into[m.Matter] = m
	}
	return lines.Err()
}

// prepare indexes the names of papers and checks that references lead somewhere.
func (m *matterRules) prepare() error {
	m.index = map[string]place{}
	for i, row := range m.Papers {
		if row.Name == "" {
			return fmt.Errorf("paper %d has no name", i+1)
		}
		m.index[tidy(row.Name)] = place{i, -1}
	}
	add := func(name string, at place) { // a row's own name goes before another's alias
		if _, taken := m.index[tidy(name)]; !taken {
			m.index[tidy(name)] = at
		}
	}
	for i, row := range m.Papers {
		for j, p := range row.Parts {
			for _, name := range append([]string{p.Name}, p.Also...) {
				add(name, place{i, j})
			}
		}
		for _, name := range row.Also {
			add(name, place{i, -1})
		}
	}
	return m.checkReferences()
}

func (m *matterRules) checkReferences() error {
	known := func(paper string) error {
		if paper != "" && !slices.ContainsFunc(m.Papers, func(r paperRule) bool { return r.Name == paper }) {
			return fmt.Errorf("no row %q", paper)
		}
		return nil
	}
	refs := []string{}
	for _, row := range m.Papers {
		for _, a := range row.Agrees {
			if !slices.Contains([]string{"", agreeWithin, agreeShared, agreeSame}, a.How) {
				return fmt.Errorf("%s: how %q", row.Name, a.How)
			}
			refs = append(refs, a.Paper)
			for _, p := range a.OneOf {
				refs = append(refs, p.Card)
			}
		}
		if row.Needed.If != nil && row.Needed.If.Unless != nil {
			refs = append(refs, row.Needed.If.Unless.Paper)
		}
	}
	for _, e := range m.Eligibility {
		refs = append(refs, e.Card, e.Paper)
		if e.Before != nil {
			refs = append(refs, e.Before.Paper)
		}
	}
	for _, r := range refs {
		if err := known(r); err != nil {
			return err
		}
	}
	return nil
}

// find leads from the name of an uploaded paper to its row: the name itself, or for 甲（乙） either of the two (rule G12).
func (m *matterRules) find(name string) (place, bool) {
	name = tidy(name)
	if at, ok := m.index[name]; ok {
		return at, true
	}
	for _, n := range bracketed(name) {
		if at, ok := m.index[n]; ok {
			return at, true
		}
	}
	return place{}, false
}

// bracketed splits 甲(乙) into 甲 and 乙; nil for a name of another shape.
func bracketed(name string) []string {
	open := strings.IndexByte(name, '(')
	if open <= 0 || !strings.HasSuffix(name, ")") || open == len(name)-2 {
		return nil
	}
	return []string{name[:open], name[open+1 : len(name)-1]}
}

// derive makes rules from a matter's record, for catalogues that bring none: what is always asked for and not waived
// must be there, and the applicant's own papers must carry the applicant's name.
func (g *generalRules) derive(m *kg.Matter) *matterRules {
	rules := &matterRules{Matter: m.Code, Name: m.Name}
	for _, mat := range m.Materials {
		row := paperRule{Name: mat.Name, Also: mat.AcceptedNames}
		row.Needed.Never = mat.Required != "always" || slices.Contains(g.Waived, mat.Waiver)
		for _, f := range g.Own[tidy(mat.Name)] {
			row.Applicant = append(row.Applicant, ownField{Field: f})
		}
		row.Bank = slices.Contains(g.Bank, tidy(mat.Name))
		rules.Papers = append(rules.Papers, row)
	}
	_ = rules.prepare() // a record's rows refer to nothing
	return rules
}
