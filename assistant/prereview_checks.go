package assistant

import (
	"slices"
	"time"
)

// futureFields are the dates that cannot lie after the day of review; expires and start may (rule G5).
var futureFields = []string{"issued", "date", "birth", "accident"}

// checkAlone looks at a paper by itself: legible, numbers and dates, validity, signature.
func (r *review) checkAlone(p *uploaded) {
	if !p.readable() {
		r.issue(IssueIllegible, p.Name, "legible", vars{"paper": p.Name}, p.row, "illegible")
		return
	}
	r.passed("legible", p.Name, "")
	r.checkNumber(p, "id", "rule.id", validID)
	r.checkNumber(p, "uscc", "rule.uscc", validCredit)
	if r.bankCard(p) {
		r.checkNumber(p, "no", "rule.no", validCard)
	}
	for _, field := range futureFields {
		r.checkFuture(p, field)
	}
	r.checkValidity(p)
	r.checkSignature(p)
}

func (r *review) checkNumber(p *uploaded, field, rule string, valid func(string) bool) {
	value := p.field(field)
	target := p.Name + "." + field
	switch {
	case value == "":
	case valid(value):
		r.passed("format", target, value)
	default:
		p.bad = append(p.bad, field)
		r.issue(IssueInvalidFormat, target, "format", vars{"paper": p.Name, "field": r.fieldName(field), "value": value, "rule": r.text(rule)}, p.row, field)
	}
}

// bankCard reports whether a paper's no is an account's: by its name, or because its row asks for an account. A social
// security card has a number of its own and the resident's number beside the account's; only the latter is checked.
func (r *review) bankCard(p *uploaded) bool {
	if named(p.Name, r.general.Bank) {
		return true
	}
	if p.row == nil || !p.row.Bank {
		return false
	}
	if !named(p.Name, r.general.Social) {
		return true
	}
	no := cardDigits(p.field("no"))
	return allDigits(no) && len(no) >= 13 && len(no) <= 19 && !validID(no)
}

func (r *review) checkFuture(p *uploaded, field string) {
	value := p.field(field)
	d, ok := parseDay(value)
	if !ok {
		return
	}
	target := p.Name + "." + field
	if !d.first.After(r.asOf) {
		r.passed("format", target, value)
		return
	}
	p.bad = append(p.bad, field)
	r.issue(IssueInvalidFormat, target, "format", vars{"paper": p.Name, "field": r.fieldName(field), "value": value, "day": showDay(r.asOf)}, p.row, "future")
}

// checkValidity judges the printed expiry; only where there is none, the term of the row runs from issued (rule G6).
func (r *review) checkValidity(p *uploaded) {
	if p.row != nil && p.row.AnyExpiry {
		r.skipped("validity", p.Name, r.text("why.any_expiry"))
		return
	}
	last, ok := r.lastDay(p)
	if !ok {
		return
	}
	if last.Before(r.asOf) {
		r.issue(IssueExpired, p.Name, "validity", vars{"paper": p.Name, "last": showDay(last), "day": showDay(r.asOf)}, p.row, "expired")
		return
	}
	r.passed("validity", p.Name, showDay(last))
	if r.soonest.last.IsZero() || last.Before(r.soonest.last) {
		r.soonest = paperTerm{p.Name, last}
	}
}

// lastDay is the last day a paper counts; not ok for one that does not run out.
func (r *review) lastDay(p *uploaded) (time.Time, bool) {
	if printed := p.field("expires"); printed != "" {
		d, ok := parseDay(printed)
		return d.last, ok
	}
	if p.row == nil || p.row.Months == 0 || slices.Contains(p.bad, "issued") {
		return time.Time{}, false
	}
	issued, ok := parseDay(p.field("issued"))
	return addMonths(issued.last, p.row.Months), ok
}

func (r *review) checkSignature(p *uploaded) {
	if p.unsigned() {
		r.issue(IssueUnsigned, p.Name, "signature", vars{"paper": p.Name}, p.row, "unsigned")
	} else if p.field("signed") != "" {
		r.passed("signature", p.Name, "")
	}
}
