package kg

import (
	"fmt"
	"slices"
	"strings"
)

// Validate checks what must hold for the records to work together: references, situation trees, orders, limits, dates,
// conditions. Findings of level error would mislead a citizen. Audit adds what an office should improve.
func Validate(c *Catalogue) []Finding {
	in := &inspector{cat: c}
	for _, m := range c.Matters {
		in.references(m)
		in.tree(m)
		in.limits(m)
		in.dates(m.Provenance, m.Code, m.Name)
		in.conditions(m.Conditions, len(m.Basis), m.Code, m.Name, m.At)
	}
	in.order()
	for _, e := range c.Events {
		in.event(e)
	}
	for _, p := range c.Policies {
		in.policy(p)
	}
	in.bank()
	return in.found
}

// references checks codes of other matters, material ids and indexes into the legal basis.
func (in *inspector) references(m *Matter) {
	for i, links := range [][]Link{m.Before, m.After, m.Confusable} {
		for _, l := range links {
			in.refer(m, []string{"before", "after", "confusable"}[i], l.Code)
		}
	}
	ids := map[string]bool{}
	for _, mat := range m.Materials {
		if ids[mat.ID] {
			in.matter("duplicate_id", m, "materials", mat.ID)
		}
		ids[mat.ID] = true
		if mat.FromMatter != "" {
			in.exists(m, "materials.from_matter", mat.FromMatter)
		}
		if mat.Required != "always" && mat.Required != "situation" {
			in.matter("vocabulary", m, "materials.required", mat.Name+" "+mat.Required)
		}
		if _, ok := waivers[mat.Waiver]; !ok && mat.Waiver != "" {
			in.matter("vocabulary", m, "materials.waiver", mat.Name+" "+mat.Waiver)
		}
	}
}

// refer checks a reference to another matter.
func (in *inspector) refer(m *Matter, field, code string) {
	if code == m.Code {
		in.matter("self_reference", m, field, code)
		return
	}
	in.exists(m, field, code)
}

func (in *inspector) exists(m *Matter, field, code string) {
	if in.cat.Matter(code) == nil {
		in.matter("bad_reference", m, field, code)
	}
}

// tree checks that every situation is reached, that each option leads somewhere, and that the walk ends.
func (in *inspector) tree(m *Matter) {
	seen := map[string]bool{}
	for _, s := range m.Tree {
		if seen[s.ID] {
			in.matter("duplicate_id", m, "questions_tree", s.ID)
		}
		seen[s.ID] = true
		if len(s.Options) == 0 {
			in.matter("empty_question", m, "questions_tree", s.ID)
		}
		for _, o := range s.Options {
			in.option(m, s, o)
		}
	}
	if len(m.Tree) == 0 {
		return
	}
	reached, circle := walkTree(m)
	for _, s := range m.Tree {
		if !reached[s.ID] {
			in.matter("unreachable", m, "questions_tree", s.ID)
		}
	}
	if circle != "" {
		in.matter("circle", m, "questions_tree", circle)
	}
}

func (in *inspector) option(m *Matter, s Situation, o Option) {
	where := s.ID + "/" + o.ID
	for _, id := range append(slices.Clone(o.Needs), o.Waives...) {
		if m.Material(id) == nil {
			in.matter("bad_material", m, "questions_tree", where+" → "+id)
		}
	}
	for _, id := range o.Needs {
		if slices.Contains(o.Waives, id) {
			in.matter("contradiction", m, "questions_tree", where+" → "+id)
		}
	}
	if o.Next != "" && m.Question(o.Next) == nil {
		in.matter("bad_next", m, "questions_tree", where+" → "+o.Next)
	}
	if o.Refer != "" {
		in.exists(m, "questions_tree.refer", o.Refer)
	}
}

// walkTree lists the situations reached from the root, and one that leads back to itself.
func walkTree(m *Matter) (reached map[string]bool, circle string) {
	reached = map[string]bool{}
	open := map[string]bool{}
	var walk func(s *Situation)
	walk = func(s *Situation) {
		if s == nil {
			return
		}
		if open[s.ID] {
			circle = s.ID
			return
		}
		if reached[s.ID] {
			return
		}
		reached[s.ID], open[s.ID] = true, true
		for _, o := range s.Options {
			walk(m.Question(o.Next))
		}
		open[s.ID] = false
	}
	walk(m.root())
	return reached, circle
}

// operators a condition may use; "in" wants a list, the others a single value. A nil value is one not published.
var operators = []string{"==", "!=", ">=", "<=", ">", "<", "in"}

func (in *inspector) conditions(conds []Condition, clauses int, code, name, at string) {
	ids := map[string]bool{}
	for _, c := range conds {
		if ids[c.ID] {
			in.add("duplicate_id", code, name, at, "conditions", c.ID)
		}
		ids[c.ID] = true
		if c.Basis != nil && (*c.Basis < 0 || *c.Basis >= clauses) {
			in.add("bad_basis", code, name, at, "conditions."+c.ID, fmt.Sprint(*c.Basis))
		}
		if why := c.unreadable(); why != "" {
			in.add("bad_condition", code, name, at, "conditions."+c.ID, why)
		}
	}
}

// unreadable says why a machine cannot decide a condition that claims it can; "" = it can, or does not claim.
func (c Condition) unreadable() string {
	if c.Fact == "" {
		return ""
	}
	if !slices.Contains(operators, c.Op) {
		return "op " + c.Op
	}
	_, list := c.Value.([]any)
	if c.Value != nil && list != (c.Op == "in") {
		return fmt.Sprintf("%s %v", c.Op, c.Value)
	}
	if _, number := c.Value.(float64); !number && c.Value != nil && strings.ContainsAny(c.Op, "<>") {
		return fmt.Sprintf("%s %v", c.Op, c.Value)
	}
	return ""
}

func (in *inspector) policy(p *Policy) {
	for _, code := range p.Related {
		if in.cat.Matter(code) == nil {
			in.add("bad_reference", p.Code, p.Name, p.At, "related_matters", code)
		}
	}
	in.conditions(p.Conditions, 0, p.Code, p.Name, p.At)
	in.dates(p.Provenance, p.Code, p.Name)
}

// bank checks the codes that the query bank, the other utterances and the duties point to.
func (in *inspector) bank() {
	known := func(code string) bool {
		return in.cat.Matter(code) != nil || in.cat.Event(code) != nil || in.cat.Policy(code) != nil
	}
	for _, q := range in.cat.Bank {
		if !known(q.Code) {
			in.add("bank_reference", q.Code, "", "", "bank", q.Query)
		}
	}
	for _, u := range in.cat.Others {
		if u.Kind == "emergency" { // expects phone numbers
			continue
		}
		for _, code := range u.Expect {
			if !known(code) {
				in.add("bank_reference", code, "", "", "others", u.Query)
			}
		}
	}
	for _, d := range in.cat.Duties {
		for _, code := range d.Matters {
			if in.cat.Matter(code) == nil {
				in.add("bad_reference", d.ID, d.Body, "", "matters", code)
			}
		}
	}
}
