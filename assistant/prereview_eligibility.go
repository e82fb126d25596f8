package assistant

import (
	"slices"
	"time"
)

// checkEligibility looks for bars to the matter itself. They are for a person to decide (rule G10).
func (r *review) checkEligibility() {
	var told []string // of entries that stand for each other
	for _, e := range r.rules.Eligibility {
		if e.If != nil && !r.holds(e.If) || e.Instead != "" && slices.Contains(told, e.Instead) {
			continue
		}
		barred, known, why := r.bars(e)
		switch {
		case !known:
			r.skipped("eligibility", e.Text, r.text("why.unknown"))
		case !barred:
			r.passed("eligibility", e.Text, why)
		default:
			told = append(told, e.Instead)
			r.ineligible(e, why)
		}
	}
}

// bars decides one entry; known is false when what it needs is not known. got is what was compared.
func (r *review) bars(e eligibility) (barred, known bool, got string) {
	switch {
	case e.Months > 0:
		return r.tooLate(e)
	case e.From > 0:
		for _, p := range r.of(e.Paper) {
			d, ok := parseDay(p.field(e.Field))
			if !ok || slices.Contains(p.bad, e.Field) {
				continue
			}
			known, got = true, showDay(d.first)
			if fullYears(d.first, r.asOf) >= e.From {
				return true, true, got
			}
		}
		return false, known, got
	}
	birth, ok := r.birthOf(e)
	if !ok {
		return false, false, ""
	}
	return fullYears(birth, r.countedOn(e)) < e.Under, true, showDay(birth)
}

// birthOf is the date of birth an entry asks about: the applicant's from the block, another person's from the number on
// the card, none if that is invalid (rule G11).
func (r *review) birthOf(e eligibility) (time.Time, bool) {
	if e.Card == "" || e.Sex != "" && e.Sex == r.sex {
		applies := e.Sex == "" || e.Sex == r.sex
		return r.birth, applies && !r.birth.IsZero()
	}
	for _, p := range r.of(e.Card) {
		if birth, ok := idBirth(p.field("id")); ok {
			return birth, true
		}
	}
	return time.Time{}, false
}

// countedOn is the day on which the age counts.
func (r *review) countedOn(e eligibility) time.Time {
	if e.On == "" {
		return r.asOf
	}
	d, err := time.Parse("2006-01-02", r.asOf.Format("2006-")+e.On)
	if err != nil {
		return r.asOf
	}
	return d
}

// tooLate reports whether more than the entry's months have gone since a date on any paper.
func (r *review) tooLate(e eligibility) (barred, known bool, got string) {
	until := r.asOf
	if e.Before != nil {
		for _, p := range r.of(e.Before.Paper) {
			if d, ok := parseDay(p.field(e.Before.Field)); ok && !slices.Contains(p.bad, e.Before.Field) {
				until = d.first
				break
			}
		}
	}
	for _, p := range r.papers {
		d, ok := parseDay(p.field(e.Field))
		if !ok || !p.readable() || slices.Contains(p.bad, e.Field) {
			continue
		}
		known, got = true, showDay(d.last)
		if addMonths(d.last, e.Months).Before(until) {
			return true, true, got
		}
	}
	return false, known, got
}

// showDay prints a day as papers do.
func showDay(d time.Time) string { return d.Format("2006-01-02") }
