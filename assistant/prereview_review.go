package assistant

import (
	"slices"
	"strings"
	"time"

	"ganwen/kg"
)

// review is one run over the papers of an application.
type review struct {
	general *generalRules
	rules   *matterRules
	matter  *kg.Matter
	req     *PrereviewRequest
	asOf    time.Time

	papers  []*uploaded
	said    []saying // the situation in words
	options []string // and as question=option
	birth   time.Time
	sex     string
	barred  bool
	soonest paperTerm // the paper in order that runs out first

	issues []PrereviewIssue
	trace  []PrereviewCheck
}

// uploaded is a paper and what is known of it.
type uploaded struct {
	*PrereviewPaper
	row  *paperRule // nil = nothing asks for it
	part int        // -1 = the row as a whole
	bad  []string   // fields that fail their own check: compared with nothing
	off  []string   // fields that depart from the applicant block
}

// saying is an answer of the situation after its key; what lies in the key alone was asked and not said.
type saying struct {
	text string
	from int // where the answer begins
}

// paperTerm is a paper and its last day.
type paperTerm struct {
	name string
	last time.Time
}

func newReview(g *generalRules, rules *matterRules, m *kg.Matter, req PrereviewRequest, asOf time.Time) *review {
	r := &review{general: g, rules: rules, matter: m, req: &req, asOf: asOf, issues: []PrereviewIssue{}, trace: []PrereviewCheck{}}
	for i := range req.Materials {
		p := &uploaded{PrereviewPaper: &req.Materials[i], part: -1}
		if at, ok := rules.find(p.Name); ok {
			p.row, p.part = &rules.Papers[at.row], at.part
		}
		r.papers = append(r.papers, p)
	}
	r.sex = g.sexOf(req.Applicant)
	if d, ok := parseDay(req.Applicant.Birth); ok {
		r.birth = d.first
	} else if d, ok := idBirth(req.Applicant.IDNumber); ok {
		r.birth = d
	}
	r.hear(req.Situation)
	return r
}

// sexOf is 男 or 女 as the rules write it, "" when nothing tells.
func (g *generalRules) sexOf(a PrereviewApplicant) string {
	switch s := strings.ToLower(tidy(a.Sex)); {
	case slices.Contains(g.Male, s):
		return g.Male[0]
	case slices.Contains(g.Female, s):
		return g.Female[0]
	case s == "" && validID(a.IDNumber):
		if numeral(a.IDNumber)[16]%2 == 1 {
			return g.Male[0]
		}
		return g.Female[0]
	}
	return ""
}

func (r *review) run() {
	r.checkBlock()
	for i := range r.rules.Papers {
		r.checkPresence(&r.rules.Papers[i])
	}
	for _, p := range r.papers {
		r.checkAlone(p)
	}
	for _, p := range r.papers {
		if p.row != nil && p.readable() {
			r.compareOwn(p)
		}
	}
	for _, p := range r.papers {
		if p.row != nil && p.readable() {
			r.compareOthers(p)
		}
	}
	r.checkEligibility()
}

// checkBlock looks at the one thing of the applicant block that can be wrong by itself.
func (r *review) checkBlock() {
	id := r.req.Applicant.IDNumber
	switch {
	case tidy(id) == "":
	case validID(id):
		r.passed("format", "applicant.id_number", "")
	default:
		r.issue(IssueInvalidFormat, "applicant.id_number", "format", vars{"paper": r.text("applicant"), "field": r.text("id_number"), "value": id, "rule": r.text("rule.id")}, nil, "id")
	}
}

// checkPresence looks whether a row's paper is there. An unreadable one is there (rule G4); one way of several is enough (G14).
func (r *review) checkPresence(row *paperRule) {
	if ok, why := r.needed(row); !ok {
		r.skipped("presence", row.Name, why)
		return
	}
	lacking := ""
	for i := range max(1, len(row.Parts)) {
		if !r.has(row, i) {
			lacking = row.Name
			if len(row.Parts) > 0 {
				lacking = row.Parts[i].Name
			}
			break
		}
	}
	if lacking == "" {
		r.passed("presence", row.Name, "")
		return
	}
	r.missing(row, lacking)
}

// has reports whether a part of a row was uploaded, alone or under the row's own name.
func (r *review) has(row *paperRule, part int) bool {
	return slices.ContainsFunc(r.papers, func(p *uploaded) bool {
		return p.row == row && (p.part < 0 || p.part == part)
	})
}

// needed decides whether a row's paper must be there, and says why not.
func (r *review) needed(row *paperRule) (bool, string) {
	switch {
	case row.Needed.Never:
		return false, r.text("why.never")
	case row.Needed.If == nil:
		return true, ""
	case r.holds(row.Needed.If):
		return true, ""
	}
	return false, r.text("why.unmet")
}

// holds decides a condition. What is not known does not hold (rule G1).
func (r *review) holds(c *situationRule) bool {
	if c.Under > 0 && !r.birth.IsZero() && fullYears(r.birth, r.asOf) < c.Under {
		return true
	}
	if slices.ContainsFunc(c.Options, func(o string) bool { return slices.Contains(r.options, o) }) {
		return true
	}
	if slices.ContainsFunc(c.Said, r.heard) {
		return true
	}
	return c.Unless != nil && !r.leavesBlank(*c.Unless)
}

// leavesBlank reports whether a paper was read and says nothing in a field.
func (r *review) leavesBlank(ref fieldRef) bool {
	blank := false
	for _, p := range r.of(ref.Paper) {
		if p.Fields == nil {
			continue
		}
		if !r.nobody(p.field(ref.Field)) {
			return false
		}
		blank = true
	}
	return blank
}

// nobody reports whether a field names no one: empty, or struck out as forms are.
func (r *review) nobody(value string) bool {
	return tidy(value) == "" || slices.Contains(r.general.Blank, tidy(value))
}

// of lists the readable papers of a row.
func (r *review) of(rowName string) []*uploaded {
	var out []*uploaded
	for _, p := range r.papers {
		if p.row != nil && p.row.Name == rowName && p.readable() {
			out = append(out, p)
		}
	}
	return out
}

// hear takes in the situation: answers by question and option, or whatever words were sent.
func (r *review) hear(situation map[string]any) {
	for _, key := range sortedKeys(situation) {
		for _, v := range flat(situation[key]) {
			r.options = append(r.options, tidy(key)+"="+tidy(v))
			r.hearText(key, v)
		}
	}
}

func (r *review) hearText(key, value string) {
	word := strings.ToLower(tidy(value))
	switch {
	case slices.Contains(r.general.No, word):
		return
	case slices.Contains(r.general.Yes, word):
		r.said = append(r.said, saying{tidy(key), 0})
		return
	}
	for _, q := range r.matter.Tree {
		for _, o := range q.Options {
			if q.ID == key && o.ID == value {
				return // judged by its option; words of the option may deny as well as say
			}
		}
	}
	r.said = append(r.said, saying{tidy(key) + tidy(value), len(tidy(key))})
}

// flat lists the texts of a situation's value; true and false become words.
func flat(v any) []string {
	switch v := v.(type) {
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, flat(e)...)
		}
		return out
	case map[string]any:
		var out []string
		for _, k := range sortedKeys(v) {
			out = append(out, flat(v[k])...)
		}
		return out
	}
	if s := valueText(v); s != "" {
		return []string{s}
	}
	return nil
}

// heard reports whether a word was said and not denied.
func (r *review) heard(word string) bool {
	word = tidy(word)
	return slices.ContainsFunc(r.said, func(s saying) bool {
		at := strings.LastIndex(s.text, word)
		if at < 0 || at+len(word) <= s.from {
			return false
		}
		return !slices.ContainsFunc(r.general.Negates, func(n string) bool { return strings.HasSuffix(s.text[:at], n) })
	})
}
