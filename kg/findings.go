package kg

import (
	_ "embed"
	"slices"
	"strings"
)

// Finding is something wrong or missing in a catalogue. Title and Mend are in Chinese, for the office that owns it.
type Finding struct {
	Rule   string `json:"rule"`
	Level  string `json:"level"` // error warning info
	Title  string `json:"title"`
	Code   string `json:"code"`            // of the record
	Name   string `json:"name,omitempty"`  // of the record
	Field  string `json:"field,omitempty"` // where in the record
	Detail string `json:"detail,omitempty"`
	Mend   string `json:"mend"`
	At     string `json:"at,omitempty"` // "file:row" the record was read from
}

//go:embed data/checks.csv
var checksCSV string

type check struct{ level, title, mend string }

var checkOrder, checks = func() ([]string, map[string]check) {
	rows, err := readTable(strings.NewReader(checksCSV), "rule", "level", "title", "mend")
	if err != nil {
		panic("kg: data/checks.csv: " + err.Error())
	}
	var order []string
	byRule := map[string]check{}
	for _, r := range rows {
		order = append(order, r[0])
		byRule[r[0]] = check{r[1], r[2], r[3]}
	}
	return order, byRule
}()

// Counted is how often a rule was broken.
type Counted struct {
	Rule  string `json:"rule"`
	Level string `json:"level"`
	Title string `json:"title"`
	Count int    `json:"count"`
	First string `json:"first"` // one example: code, field and detail
}

// Count sums findings up by rule, in the order of data/checks.csv; rules never broken are left out. Findings of rule
// "missing" are counted by field.
func Count(findings []Finding) []Counted {
	at := map[string]int{}
	var sums []Counted
	for _, f := range findings {
		key, title := f.Rule, f.Title
		if f.Rule == "missing" {
			key, title = f.Rule+":"+f.Field, f.Title+words["pair"]+FieldLabel(f.Field)
		}
		i, ok := at[key]
		if !ok {
			i = len(sums)
			at[key] = i
			first := strings.TrimSpace(f.Code + " " + f.Name + " " + f.Detail)
			sums = append(sums, Counted{Rule: key, Level: f.Level, Title: title, First: clip(first, 120)})
		}
		sums[i].Count++
	}
	slices.SortStableFunc(sums, func(a, b Counted) int { return ruleAt(a.Rule) - ruleAt(b.Rule) })
	return sums
}

func ruleAt(rule string) int {
	rule, _, _ = strings.Cut(rule, ":")
	return slices.Index(checkOrder, rule)
}

// Errors keeps the findings of level error.
func Errors(findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Level != "error" })
}

// inspector collects findings about one catalogue.
type inspector struct {
	cat   *Catalogue
	found []Finding
}

func (in *inspector) add(rule, code, name, at, field, detail string) {
	c := checks[rule]
	in.found = append(in.found, Finding{Rule: rule, Level: c.level, Title: c.title, Code: code, Name: name, Field: field,
		Detail: detail, Mend: c.mend, At: at})
}

func (in *inspector) matter(rule string, m *Matter, field, detail string) {
	in.add(rule, m.Code, m.Name, m.At, field, detail)
}
