package assistant

import (
	"slices"
	"strings"
)

// compareOwn compares the applicant's own fields with the block, which is right (rule G9).
func (r *review) compareOwn(p *uploaded) {
	if named(p.Name, p.row.NotOwn) {
		r.skipped("applicant", p.Name, r.text("why.not_own"))
		return
	}
	for _, own := range p.row.Applicant {
		value, want := p.field(own.Field), r.ofApplicant(own.Field)
		target := p.Name + "." + own.Field
		switch {
		case own.Sex != "" && own.Sex != r.sex, value == "" || want == "":
			continue
		case slices.Contains(p.bad, own.Field):
			r.skipped("applicant", target, r.text("why.bad"))
			continue
		case own.Field == "id" && !validID(want):
			r.skipped("applicant", target, r.text("why.block"))
			continue
		}
		if namesPersons(own.Field) && slices.Contains(persons(value), tidy(want)) || !namesPersons(own.Field) && sameValue(own.Field, value, want) {
			r.passed("applicant", target, value)
			continue
		}
		p.off = append(p.off, own.Field)
		r.mismatch("applicant", p, departure{own.Field, value, r.text("applicant"), own.Field, want}, own.Manual)
	}
}

// ofApplicant is what the block says for a field of the applicant's own.
func (r *review) ofApplicant(field string) string {
	switch field {
	case "id":
		return r.req.Applicant.IDNumber
	case "birth":
		return r.req.Applicant.Birth
	}
	return r.req.Applicant.Name
}

// compareOthers compares a paper's fields with those of other papers, which are right (rule G9).
func (r *review) compareOthers(p *uploaded) {
	for _, a := range p.row.Agrees {
		value := p.field(a.Field)
		if r.nobody(value) || slices.Contains(p.bad, a.Field) || !a.applies(p.Name) {
			continue
		}
		switch {
		case len(a.OneOf) > 0:
			r.compareOneOf(p, a)
		case a.Field == "amount":
			r.compareAmount(p, a, value)
		default:
			r.comparePersons(p, a, value)
		}
	}
}

// applies reports whether an agreement is about a paper uploaded under this name.
func (a agreement) applies(name string) bool { return len(a.On) == 0 || named(name, a.On) }

func (r *review) comparePersons(p *uploaded, a agreement, value string) {
	there, shown := r.personsOf(a.Paper, a.Other)
	target := p.Name + "." + a.Field
	if len(there) == 0 {
		r.skipped("agreement", target, r.text("why.absent"))
		return
	}
	here := persons(value)
	strange := lacking(here, there)
	absent := lacking(there, here)
	ok, manual := len(strange) == 0, false
	switch a.How {
	case agreeShared:
		ok = len(strange) < len(here)
	case agreeSame:
		// A wrong name for a right one is one cause; only more absent than strange means that somebody is left out.
		manual = len(absent) > len(strange)
		ok = ok && !manual
	}
	if ok {
		r.passed("agreement", target, value)
		return
	}
	r.mismatch("agreement", p, departure{a.Field, value, a.Paper, a.Other, shown}, manual)
}

// personsOf lists the persons in a field of a row's papers. Where such a field departs from the applicant block the
// block's value counts as well: the departure is told once, where it is (rule G4).
func (r *review) personsOf(rowName, field string) (list []string, shown string) {
	var printed []string
	for _, o := range r.of(rowName) {
		value := o.field(field)
		if r.nobody(value) || slices.Contains(o.bad, field) {
			continue
		}
		printed = append(printed, value)
		list = append(list, persons(value)...)
		if slices.Contains(o.off, field) {
			list = append(list, tidy(r.ofApplicant(field)))
		}
	}
	return list, join(printed)
}

// lacking lists who of a is not in b.
func lacking(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// compareAmount wants the amount of one of the other papers, or of all of them together.
func (r *review) compareAmount(p *uploaded, a agreement, value string) {
	var printed []string
	sum, all, equal := int64(0), true, false
	mine, readable := parseAmount(value)
	for _, o := range r.of(a.Paper) {
		v := o.field(a.Other)
		if v == "" {
			all = false
			continue
		}
		printed = append(printed, v)
		cents, ok := parseAmount(v)
		sum, all = sum+cents, all && ok
		equal = equal || sameValue("amount", value, v)
	}
	target := p.Name + "." + a.Field
	switch {
	case len(printed) == 0:
		r.skipped("agreement", target, r.text("why.absent"))
	case equal || all && readable && sum == mine:
		r.passed("agreement", target, value)
	default:
		r.mismatch("agreement", p, departure{a.Field, value, a.Paper, a.Other, join(printed)}, false)
	}
}

// compareOneOf wants a paper to belong to one of several persons, by name, and its number to be that person's.
func (r *review) compareOneOf(p *uploaded, a agreement) {
	name := p.field(a.Field)
	target := p.Name + "." + a.Field
	var known []string
	complete := true
	for _, who := range a.OneOf {
		names, ids, exists := r.known(who)
		if !exists {
			continue
		}
		if slices.Contains(names, tidy(name)) {
			r.passed("agreement", target, name)
			r.compareNumber(p, a.Number, ids, name)
			return
		}
		complete = complete && len(names) > 0
		known = append(known, names...)
	}
	if !complete {
		r.skipped("agreement", target, r.text("why.absent"))
		return
	}
	var cards []string
	for _, who := range a.OneOf {
		cards = append(cards, who.Card)
	}
	r.mismatch("agreement", p, departure{a.Field, name, strings.Join(cards, "/"), "name", join(known)}, false)
}

func (r *review) compareNumber(p *uploaded, field string, ids []string, of string) {
	value := p.field(field)
	if field == "" || value == "" || len(ids) == 0 || slices.Contains(p.bad, field) {
		return
	}
	if slices.Contains(ids, numeral(value)) {
		r.passed("agreement", p.Name+"."+field, value)
		return
	}
	r.mismatch("agreement", p, departure{field, value, of, field, ids[0]}, false)
}

// known tells what is known of a person: from the block where it is the applicant, else from the card, else the name from
// a further paper. exists is false where that paper was read and names nobody.
func (r *review) known(who person) (names, ids []string, exists bool) {
	if who.Sex == r.sex && tidy(r.req.Applicant.Name) != "" {
		if validID(r.req.Applicant.IDNumber) {
			ids = []string{numeral(r.req.Applicant.IDNumber)}
		}
		return []string{tidy(r.req.Applicant.Name)}, ids, true
	}
	for _, card := range r.of(who.Card) {
		if name := card.field("name"); name != "" {
			names = append(names, tidy(name))
		}
		if id := card.field("id"); validID(id) {
			ids = append(ids, numeral(id))
		}
	}
	if len(names) > 0 || who.Named == nil {
		return names, ids, true
	}
	if r.leavesBlank(*who.Named) {
		return nil, nil, false
	}
	names, _ = r.personsOf(who.Named.Paper, who.Named.Field)
	return names, ids, true
}
