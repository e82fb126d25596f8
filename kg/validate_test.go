package kg

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSampleIsValid(t *testing.T) {
	require.Empty(t, Validate(sample(t)))
}

func rules(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule)
	}
	return out
}

func intp(n int) *int { return &n }

func TestValidateFindsEachFault(t *testing.T) {
	ok := &Matter{Code: "OK", Name: "好"}
	opts := []Option{{ID: "a", Text: "是"}}
	for name, x := range map[string]struct {
		m     *Matter
		field string
		want  []string
	}{
		"before":         {&Matter{Before: []Link{{Code: "GONE"}}}, "before", []string{"bad_reference"}},
		"itself":         {&Matter{After: []Link{{Code: "A"}}}, "after", []string{"self_reference"}},
		"refer":          {&Matter{Tree: []Situation{{ID: "q", Options: []Option{{ID: "a", Refer: "GONE"}}}}}, "questions_tree.refer", []string{"bad_reference"}},
		"from matter":    {&Matter{Materials: []Material{{ID: "m", Name: "证", Required: "always", FromMatter: "GONE"}}}, "materials.from_matter", []string{"bad_reference"}},
		"needs":          {&Matter{Tree: []Situation{{ID: "q", Options: []Option{{ID: "a", Needs: []string{"m9"}}}}}}, "questions_tree", []string{"bad_material"}},
		"next":           {&Matter{Tree: []Situation{{ID: "q", Options: []Option{{ID: "a", Next: "q9"}}}}}, "questions_tree", []string{"bad_next"}},
		"unreachable":    {&Matter{Tree: []Situation{{ID: "q", Options: opts}, {ID: "r", Options: opts}}}, "questions_tree", []string{"unreachable"}},
		"tree in a ring": {&Matter{Tree: []Situation{{ID: "q", Options: []Option{{ID: "a", Next: "r"}}}, {ID: "r", Options: []Option{{ID: "a", Next: "q"}}}}}, "questions_tree", []string{"circle"}},
		"no options":     {&Matter{Tree: []Situation{{ID: "q"}}}, "questions_tree", []string{"empty_question"}},
		"same id":        {&Matter{Materials: []Material{{ID: "m", Required: "always"}, {ID: "m", Required: "always"}}}, "materials", []string{"duplicate_id"}},
		"required":       {&Matter{Materials: []Material{{ID: "m", Required: "必要"}}}, "materials.required", []string{"vocabulary"}},
		"waiver":         {&Matter{Materials: []Material{{ID: "m", Required: "always", Waiver: "不用交"}}}, "materials.waiver", []string{"vocabulary"}},
		"promised":       {&Matter{LegalDays: Days{Value: intp(20), Unit: "工作日"}, PromisedDays: Days{Value: intp(30), Unit: "工作日"}}, "promised_days", []string{"promised_over_legal"}},
		"basis":          {&Matter{LegalDays: Days{Basis: intp(0)}}, "legal_days", []string{"bad_basis"}},
		"date":           {&Matter{Provenance: Provenance{EffectiveTo: "2026/1/1"}}, "effective_to", []string{"bad_date"}},
		"operator":       {&Matter{Conditions: []Condition{{ID: "c", Fact: "age", Op: "≥", Value: 60.0}}}, "conditions.c", []string{"bad_condition"}},
		"list":           {&Matter{Conditions: []Condition{{ID: "c", Fact: "age", Op: "in", Value: 60.0}}}, "conditions.c", []string{"bad_condition"}},
		"order of text":  {&Matter{Conditions: []Condition{{ID: "c", Fact: "age", Op: ">=", Value: "六十"}}}, "conditions.c", []string{"bad_condition"}},
		"both":           {&Matter{Materials: []Material{{ID: "m", Required: "always"}}, Tree: []Situation{{ID: "q", Options: []Option{{ID: "a", Needs: []string{"m"}, Waives: []string{"m"}}}}}}, "questions_tree", []string{"contradiction"}},
	} {
		t.Run(name, func(t *testing.T) {
			x.m.Code, x.m.Name = "A", "甲"
			found := Validate(&Catalogue{Matters: []*Matter{ok, x.m}})
			require.Equal(t, x.want, rules(found))
			require.Equal(t, x.field, found[0].Field)
			require.NotEmpty(t, found[0].Title)
			require.NotEmpty(t, found[0].Mend)
		})
	}
}

func TestValidateOrders(t *testing.T) {
	a := &Matter{Code: "A", Name: "甲", Before: []Link{{Code: "B"}}}
	b := &Matter{Code: "B", Name: "乙", Before: []Link{{Code: "A"}}}
	require.Equal(t, []string{"circle"}, rules(Validate(&Catalogue{Matters: []*Matter{a, b}})))

	e := &LifeEvent{Code: "E", Name: "事", Members: []Member{{Code: "C", After: []string{"D"}}, {Code: "D", After: []string{"C"}}, {Code: "X"}},
		Shared: []SharedPaper{{Members: []string{"Y"}}}, Questions: []EventQuestion{{Options: []EventOption{{Exclude: []string{"Z"}}}}}}
	c := &Catalogue{Matters: []*Matter{{Code: "C", Name: "丙"}, {Code: "D", Name: "丁"}}, Events: []*LifeEvent{e},
		Policies: []*Policy{{Code: "P", Name: "策", Related: []string{"GONE"}}}, Bank: []Question{{Query: "?", Code: "GONE"}},
		Others: []Utterance{{Kind: "emergency", Expect: []string{"119"}}, {Kind: "ambiguous", Expect: []string{"GONE"}}},
		Duties: []*Duty{{ID: "D1", Matters: []string{"GONE"}}}}
	require.Equal(t, []string{"bad_reference", "bad_reference", "bad_reference", "circle", "bad_reference", "bank_reference", "bank_reference", "bad_reference"}, rules(Validate(c)))
}

func TestLongerThan(t *testing.T) {
	d := func(n int, unit string) Days { return Days{Value: &n, Unit: unit} }
	for _, x := range []struct {
		a, b Days
		want bool
	}{
		{d(21, "工作日"), d(20, "工作日"), true}, {d(20, "工作日"), d(20, "工作日"), false},
		{d(20, "工作日"), d(20, "自然日"), true}, {d(15, "自然日"), d(10, "工作日"), true}, {d(14, "自然日"), d(10, "工作日"), false},
		{d(20, "工作日"), d(60, "自然日"), false}, {d(90, "工作日"), Days{Unit: "工作日"}, false},
		{Days{Unit: "即办"}, d(1, "工作日"), false}, {d(2, "年度"), d(1, "工作日"), false},
	} {
		require.Equal(t, x.want, LongerThan(x.a, x.b), "%v %v", x.a, x.b)
	}
}

func TestConflicts(t *testing.T) {
	m := &Matter{Code: "A", Name: "甲", Materials: []Material{{ID: "m1", Name: "证", Required: "situation"}}, Tree: []Situation{
		{ID: "q1", Ask: "新办？", Fact: "kind", Options: []Option{{ID: "a", Text: "新办", Needs: []string{"m1"}, Next: "q2"}, {ID: "b", Text: "换证"}}},
		{ID: "q2", Ask: "急？", Options: []Option{{ID: "a", Text: "急", Waives: []string{"m1"}}}}}}
	kinds := func(cs []Conflict) (out []string) {
		for _, c := range cs {
			out = append(out, c.Kind)
			require.NotContains(t, c.Text, "{")
		}
		return out
	}
	require.Empty(t, Conflicts(m, map[string]string{"q1": "a"}, Facts{"kind": "新办"}))
	require.Equal(t, []string{"fact"}, kinds(Conflicts(m, map[string]string{"q1": "b"}, Facts{"kind": "新办"})))
	require.Equal(t, []string{"off_path"}, kinds(Conflicts(m, map[string]string{"q1": "b", "q2": "a"}, nil)))
	require.Equal(t, []string{"unknown_option"}, kinds(Conflicts(m, map[string]string{"q1": "z"}, nil)))
	require.Equal(t, []string{"paper"}, kinds(Conflicts(m, map[string]string{"q1": "a", "q2": "a"}, nil)))
}

func TestContradictions(t *testing.T) {
	a := &Matter{Code: "A", Name: "甲", Department: "局", Phone: "1", PromisedDays: Days{Value: intp(1), Unit: "工作日"}}
	b := &Matter{Code: "B", Name: "甲", Department: "局", Phone: "2", LegalDays: Days{Value: intp(9), Unit: "工作日"}}
	cs := Contradictions(a, b)
	require.Len(t, cs, 1)
	require.Equal(t, []string{"A", "B", "phone"}, cs[0].Keys)
	b.Region = "3601"
	require.Empty(t, Contradictions(a, b), "another region is another record")
}
