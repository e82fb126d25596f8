package kg

import (
	"fmt"
	"slices"
	"strings"
	"time"
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

// limits checks that what is promised is not longer than what the law allows, and indexes into the basis.
func (in *inspector) limits(m *Matter) {
	if LongerThan(m.PromisedDays, m.LegalDays) {
		in.matter("promised_over_legal", m, "promised_days", m.PromisedDays.String()+" > "+m.LegalDays.String())
	}
	for k, i := range []*int{m.LegalDays.Basis, m.PromisedDays.Basis, m.Fee.Basis} {
		if i != nil && (*i < 0 || *i >= len(m.Basis)) {
			in.matter("bad_basis", m, []string{"legal_days", "promised_days", "fee"}[k], fmt.Sprint(*i))
		}
	}
}

// LongerThan reports whether limit a is longer than b. Seven natural days hold five working days, and working days may
// span one weekend more than they must; holidays are not counted. Unknown values and units are never longer.
func LongerThan(a, b Days) bool {
	if a.Value == nil || b.Value == nil || !countable(a.Unit) || !countable(b.Unit) {
		return false
	}
	return natural(a, false) > natural(b, true)
}

func countable(unit string) bool { return unit == "工作日" || unit == "自然日" }

// natural is a limit in natural days: at least, or at most when generous.
func natural(d Days, generous bool) int {
	n := *d.Value
	if d.Unit == "自然日" {
		return n
	}
	n += (n - 1) / 5 * 2
	if generous {
		n += 2
	}
	return n
}

func (in *inspector) dates(p Provenance, code, name string) {
	for i, day := range []string{p.EffectiveFrom, p.EffectiveTo} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			in.add("bad_date", code, name, p.At, []string{"effective_from", "effective_to"}[i], day)
		}
	}
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

// order finds circles among what must come first.
func (in *inspector) order() {
	state := map[string]int{} // 1 = on the way, 2 = done
	var walk func(m *Matter)
	walk = func(m *Matter) {
		state[m.Code] = 1
		for _, l := range m.Before {
			first := in.cat.Matter(l.Code)
			if first == nil {
				continue
			}
			if state[first.Code] == 1 {
				in.matter("circle", m, "before", l.Code)
			} else if state[first.Code] == 0 {
				walk(first)
			}
		}
		state[m.Code] = 2
	}
	for _, m := range in.cat.Matters {
		if state[m.Code] == 0 {
			walk(m)
		}
	}
}

// event checks members, their order, and what questions, shared papers and the form refer to.
func (in *inspector) event(e *LifeEvent) {
	members := map[string]bool{}
	for _, m := range e.Members {
		if members[m.Code] {
			in.add("duplicate_id", e.Code, e.Name, e.At, "members", m.Code)
		}
		members[m.Code] = true
		if in.cat.Matter(m.Code) == nil {
			in.add("bad_reference", e.Code, e.Name, e.At, "members", m.Code)
		}
	}
	member := func(field, code string) {
		if !members[code] {
			in.add("bad_reference", e.Code, e.Name, e.At, field, code)
		}
	}
	for _, m := range e.Members {
		for _, a := range m.After {
			member("members.after", a)
		}
	}
	for _, s := range e.Shared {
		for _, code := range s.Members {
			member("shared_materials", code)
		}
	}
	for _, q := range e.Questions {
		for _, o := range q.Options {
			for _, code := range append(slices.Clone(o.Include), o.Exclude...) {
				member("questions", code)
			}
		}
	}
	in.eventOrder(e)
	in.dates(e.Provenance, e.Code, e.Name)
}

func (in *inspector) eventOrder(e *LifeEvent) {
	members := map[string]Member{}
	for _, m := range e.Members {
		members[m.Code] = m
	}
	for _, m := range e.Members {
		if reaches(members, m.Code, m.Code, map[string]bool{}) {
			in.add("circle", e.Code, e.Name, e.At, "members", m.Code)
			return
		}
	}
}

// reaches reports whether what must come before `at` leads to target.
func reaches(members map[string]Member, at, target string, seen map[string]bool) bool {
	for _, a := range members[at].After {
		if a == target {
			return true
		}
		if !seen[a] {
			seen[a] = true
			if reaches(members, a, target, seen) {
				return true
			}
		}
	}
	return false
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
