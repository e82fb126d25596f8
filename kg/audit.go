package kg

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"ganwen/search/zh"
)

//go:embed data/vocabulary.json
var vocabularyText []byte

// vocabulary is what a field may say, from data/vocabulary.json. Provinces differ: findings are warnings.
var vocabulary = mustJSON[map[string][]string](vocabularyText)

// Audit lists what an office should mend in its catalogue, on the given day: everything Validate finds, elements that
// are missing, records out of date, same names with different codes, contradictions between records, papers without a
// source, matters that nobody can use, remains of web pages, and codes, phones and links that cannot be right. Elements
// that a record itself lists as not published are still missing: the list tells citizens, the audit tells the office.
func Audit(c *Catalogue, day time.Time) []Finding {
	in := &inspector{cat: c, found: Validate(c)}
	today := day.Format(time.DateOnly)
	asked := map[string]bool{}
	for _, q := range c.Bank {
		asked[q.Code] = true
	}
	for _, m := range c.Matters {
		in.missing(m)
		in.force(m.Provenance, m.Code, m.Name, today)
		in.words(m)
		in.codes(m)
		in.contact(m)
		in.remains(m)
		if !asked[m.Code] && len(m.Aliases)+len(m.Keywords)+len(m.FAQ) == 0 {
			in.matter("no_questions", m, "keywords", "")
		}
	}
	for _, e := range c.Events {
		in.force(e.Provenance, e.Code, e.Name, today)
	}
	for _, p := range c.Policies {
		prov := p.Provenance
		prov.EffectiveFrom, prov.EffectiveTo = firstOf(prov.EffectiveFrom, p.ValidFrom), firstOf(prov.EffectiveTo, p.ValidTo)
		in.force(prov, p.Code, p.Name, today)
	}
	in.sameNames()
	in.contradictions()
	in.orphans()
	return in.found
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// elements are what a published guide must have (实施清单要素).
var elements = []string{"name", "type", "department", "level", "objects", "themes", "conditions", "materials", "how",
	"steps", "legal_days", "promised_days", "visits", "fee", "result", "phone", "complain_phone", "hours", "basis"}

func (in *inspector) missing(m *Matter) {
	for _, field := range elements {
		if _, ok := m.Field(field); !ok {
			in.matter("missing", m, field, "")
		}
	}
	if m.Address == "" && m.Where == "" {
		in.matter("missing", m, "address", "")
	}
	if m.Address == "" && m.Where == "" && m.OnlineURL == "" && len(m.How) == 0 {
		in.matter("dead_matter", m, "how", "")
	}
}

func (in *inspector) force(p Provenance, code, name, today string) {
	if p.EffectiveTo != "" && p.EffectiveTo < today {
		in.add("expired", code, name, p.At, "effective_to", p.EffectiveTo)
	}
	if p.EffectiveFrom > today {
		in.add("future", code, name, p.At, "effective_from", p.EffectiveFrom)
	}
}

// words checks fields that have a fixed vocabulary.
func (in *inspector) words(m *Matter) {
	for _, x := range []struct {
		field, list string
		values      []string
	}{{"type", "type", []string{m.Type}}, {"level", "level", []string{m.Level}}, {"objects", "objects", m.Objects}, {"how", "how", m.How},
		{"legal_days", "units", []string{m.LegalDays.Unit}}, {"promised_days", "units", []string{m.PromisedDays.Unit}}} {
		for _, v := range x.values {
			if v != "" && !slices.Contains(vocabulary[x.list], v) {
				in.matter("vocabulary", m, x.field, v)
			}
		}
	}
}

func (in *inspector) codes(m *Matter) {
	for _, x := range []struct {
		field, code string
		check       func(string) error
	}{{"catalog_code", m.CatalogCode, CheckCatalogCode}, {"task_code", m.TaskCode, CheckTaskCode}, {"handle_code", m.HandleCode, CheckHandleCode}} {
		if x.code == "" {
			continue
		}
		if err := x.check(x.code); err != nil {
			in.matter("bad_code", m, x.field, strings.TrimPrefix(err.Error(), ErrCode.Error()+": "))
		}
	}
	if m.CatalogCode != "" && len(m.TaskCode) == 31 && m.TaskCode[19:] != m.CatalogCode {
		in.matter("bad_code", m, "task_code", m.TaskCode[19:]+" ≠ "+m.CatalogCode)
	}
}

// leastDigits is how many digits a part of a phone field has before it claims to be a number: 9-1 is keys to press.
const leastDigits = 5

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// contact checks every part of a phone field, and the link.
func (in *inspector) contact(m *Matter) {
	for i, text := range []string{m.Phone, m.ComplainTo} {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;/", r) }) {
			if digits(part) >= leastDigits && len(phonesIn(part)) == 0 {
				in.matter("bad_phone", m, []string{"phone", "complain_phone"}[i], strings.TrimSpace(part))
			}
		}
	}
	if m.OnlineURL != "" {
		if _, ok := tidyURL(m.OnlineURL); !ok {
			in.matter("bad_url", m, "online_url", m.OnlineURL)
		}
	}
}

var markup = regexp.MustCompile(`</?[A-Za-z][^<>]*>|&(?:[a-z]{2,8}|#\d{2,6});`)

// remains looks for HTML left in any text; links may hold ampersands.
func (in *inspector) remains(m *Matter) {
	for _, f := range fieldSpecs {
		if f.name == "online_url" {
			continue
		}
		text, _ := m.Field(f.name)
		if found := markup.FindString(text); found != "" {
			in.matter("html", m, f.name, found)
		}
	}
}

// sameNames finds matters of one name under different codes. In different regions or departments that is usual, and told
// as such.
func (in *inspector) sameNames() {
	byName := map[string][]*Matter{}
	for _, m := range in.cat.Matters {
		name := zh.Fold(tidyName(m.Name))
		byName[name] = append(byName[name], m)
	}
	for _, m := range in.cat.Matters {
		same := byName[zh.Fold(tidyName(m.Name))]
		if len(same) < 2 || same[0] == m {
			continue
		}
		first := same[0]
		in.matter("same_name", m, "name", fmt.Sprintf("%s（%s %s）/ %s（%s %s）", first.Code, first.Region, first.Department, m.Code, m.Region, m.Department))
	}
}

// orphans finds papers that a citizen is not told how to get: no advice, no matter that gives them, no source.
func (in *inspector) orphans() {
	given := map[string]bool{}
	for _, m := range in.cat.Matters {
		for _, y := range m.Yields {
			given[PaperName(y)] = true
		}
	}
	for _, m := range in.cat.Matters {
		for _, mat := range m.Materials {
			if mat.HowToGet == "" && mat.FromMatter == "" && !given[PaperName(mat.Name)] {
				in.matter("orphan_paper", m, "materials", mat.Name)
			}
		}
	}
}
