package kg

import (
	"fmt"
	"time"
)

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
