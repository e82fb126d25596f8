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
