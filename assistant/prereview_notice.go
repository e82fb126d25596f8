package assistant

import (
	"cmp"
	"slices"
	"strings"

	"ganwen/kg"
)

// text fills a phrase of general.json. An unknown key shows itself, which the tests catch.
func (r *review) text(key string) string { return r.general.phrase(key, nil) }

func (g *generalRules) phrase(key string, v vars) string {
	t, ok := g.Phrases[key]
	if !ok {
		return key
	}
	var pairs []string
	for k, value := range v {
		pairs = append(pairs, "{"+k+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(t) // replaces in one pass: a value that looks like a placeholder stays
}

// fieldName is what people call a field.
func (r *review) fieldName(field string) string {
	if name, ok := r.general.Fields[field]; ok {
		return name
	}
	return field
}

func (r *review) passed(rule, target, got string) {
	r.trace = append(r.trace, PrereviewCheck{Rule: rule, Target: target, Outcome: "ok", Got: got})
}

func (r *review) skipped(rule, target, why string) {
	r.trace = append(r.trace, PrereviewCheck{Rule: rule, Target: target, Outcome: "skipped", Why: why})
}

// issue records what is wrong with a paper. key chooses the sentences: what it is, and how to mend it.
func (r *review) issue(kind, target, rule string, v vars, row *paperRule, key string) {
	is := PrereviewIssue{Type: kind, Target: target, Basis: r.basis(kind, row)}
	is.Message = r.general.phrase("what."+key, v)
	is.HowToFix = r.general.phrase("fix."+key, v)
	r.add(is, rule, v["value"], cmp.Or(v["want"], v["last"]))
}

// departure is a field that says something else than the right place does.
type departure struct{ field, got, other, otherField, want string }

// mismatch records a departure; rule is applicant where the block is right, agreement where another paper is.
func (r *review) mismatch(rule string, p *uploaded, d departure, manual bool) {
	v := vars{"paper": p.Name, "field": r.fieldName(d.field), "value": d.got, "other": d.other, "other_field": r.fieldName(d.otherField), "want": d.want}
	is := PrereviewIssue{Type: IssueMismatch, Target: p.Name + "." + d.field, Basis: r.basis(IssueMismatch, p.row), Manual: manual}
	is.Message = r.general.phrase("what.mismatch."+rule, v)
	is.HowToFix = r.general.phrase("fix.mismatch."+rule, v)
	if manual {
		is.HowToFix = r.general.phrase("fix.manual", v)
	}
	r.barred = r.barred || manual
	r.add(is, rule, d.got, d.want)
}

// missing tells what to bring, in the catalogue's words where its record knows the paper.
func (r *review) missing(row *paperRule, lacking string) {
	v := vars{"paper": row.Name, "lacking": lacking}
	ways := row.Also
	if mat := material(r.matter, row); mat != nil {
		v["known"] = mat.Name
		v["get"] = bare(mat.HowToGet)
		v["waiver"] = mat.Waiver
	}
	if len(ways) > 0 {
		v["ways"] = join(ways)
	}
	is := PrereviewIssue{Type: IssueMissing, Target: row.Name, Basis: r.basis(IssueMissing, row)}
	is.Message = r.general.phrase("what.missing", v)
	switch {
	case lacking != row.Name:
		is.Message = r.general.phrase("what.missing.part", v)
	case v["known"] != "" && v["known"] != row.Name:
		is.Message = r.general.phrase("what.missing.known", v)
	}
	is.HowToFix = r.general.phrase("fix.missing", v)
	for _, key := range []string{"ways", "get", "waiver"} {
		if v[key] != "" {
			is.HowToFix += r.general.phrase("fix.missing."+key, v)
		}
	}
	r.add(is, "presence", "", row.Name)
}

// material finds a row's paper in the matter's record, by its name or one of the accepted names.
func material(m *kg.Matter, row *paperRule) *kg.Material {
	for _, same := range []func(mat *kg.Material) bool{
		func(mat *kg.Material) bool { return tidy(mat.Name) == tidy(row.Name) },
		func(mat *kg.Material) bool {
			return slices.ContainsFunc(mat.AcceptedNames, func(n string) bool { return tidy(n) == tidy(row.Name) })
		},
	} {
		for i := range m.Materials {
			if same(&m.Materials[i]) {
				return &m.Materials[i]
			}
		}
	}
	return nil
}

func (r *review) ineligible(e eligibility, got string) {
	r.barred = true
	v := vars{"text": e.Text, "got": got}
	r.add(PrereviewIssue{Type: IssueIneligible, Target: e.Text, Message: r.general.phrase("what.ineligible", v), Basis: e.Basis,
		HowToFix: r.general.phrase("fix.ineligible", v), Manual: true}, "eligibility", got, "")
}

// basis is the clause behind an issue: the row's, the matter's, or that of its type.
func (r *review) basis(kind string, row *paperRule) PrereviewBasis {
	switch {
	case row != nil && row.Basis != nil:
		return *row.Basis
	case r.rules.Basis != nil:
		return *r.rules.Basis
	}
	return r.general.Basis[kind]
}

// add keeps an issue once: two uploads of one name with one fault are mended alike.
func (r *review) add(is PrereviewIssue, rule, got, want string) {
	r.trace = append(r.trace, PrereviewCheck{Rule: rule, Target: is.Target, Outcome: "issue", Got: got, Want: want})
	if slices.ContainsFunc(r.issues, func(o PrereviewIssue) bool { return o.Type == is.Type && o.Target == is.Target }) {
		return
	}
	r.issues = append(r.issues, is)
}

func (r *review) result() *PrereviewResult {
	out := &PrereviewResult{Matter: r.matter.Code, Name: r.matter.Name, AsOf: showDay(r.asOf), Verdict: VerdictPass,
		Issues: r.issues, Trace: r.trace, Papers: []PaperSeen{}}
	switch {
	case r.barred:
		out.Verdict = VerdictManual
	case len(r.issues) > 0:
		out.Verdict = VerdictFix
	}
	for _, p := range r.papers {
		seen := PaperSeen{Name: p.Name, Readable: p.readable(), Issued: p.Issued, Expires: p.Expires, FileID: p.FileID, Fields: p.shown()}
		if p.row != nil {
			seen.As = p.row.Name
		}
		out.Papers = append(out.Papers, seen)
	}
	out.Notice = r.notice(out.Verdict)
	return out
}

// shown are all fields that were read, with those the request put beside them.
func (p *uploaded) shown() map[string]any {
	if len(p.Fields)+len(p.More) == 0 {
		return nil
	}
	out := map[string]any{}
	for k, v := range p.More {
		out[k] = v
	}
	for k, v := range p.Fields {
		out[k] = v
	}
	return out
}

// notice writes the 一次性告知书: what is to mend, why, how, and by when.
func (r *review) notice(verdict string) string {
	g, v := r.general, vars{"matter": r.matter.Name, "code": r.matter.Code, "department": r.matter.Department,
		"name": strings.TrimSpace(r.req.Applicant.Name), "day": showDay(r.asOf), "n": itoa(len(r.issues))}
	if v["name"] == "" {
		v["name"] = r.text("applicant")
	}
	lines := []string{g.phrase("notice.title", v), g.phrase("notice.to", v)}
	if verdict == VerdictPass {
		lines = append(lines, g.phrase("notice.pass", v))
		return strings.Join(append(lines, r.closing(v)...), "\n")
	}
	lines = append(lines, g.phrase("notice.lead", v))
	for i, is := range r.issues {
		item := vars{"i": itoa(i + 1), "message": is.Message, "fix": is.HowToFix, "law": is.Basis.Law, "article": is.Basis.Article}
		lines = append(lines, g.phrase("notice.item", item))
	}
	if verdict == VerdictManual {
		lines = append(lines, g.phrase("notice.manual", v))
	}
	return strings.Join(append(lines, r.closing(v)...), "\n")
}

// closing says by when, on whose behalf, and what the notice is not.
func (r *review) closing(v vars) []string {
	g := r.general
	var lines []string
	if len(r.issues) > 0 {
		lines = append(lines, g.phrase("notice.when", v))
	}
	if s := r.soonest.last; !s.IsZero() && s.Before(addMonths(r.asOf, g.Soon)) {
		lines = append(lines, g.phrase("notice.soonest", vars{"paper": r.soonest.name, "last": showDay(r.soonest.last)}))
	}
	if len(r.issues) > 0 && r.matter.Type != g.Permit {
		lines = append(lines, g.phrase("notice.notpermit", v))
	}
	return append(lines, g.phrase("notice.end", v))
}
