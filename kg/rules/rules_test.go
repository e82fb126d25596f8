package rules

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func TestEvalCondition(t *testing.T) {
	age := kg.Condition{ID: "c1", Fact: "age", Op: ">=", Value: 60.0}
	size := kg.Condition{ID: "c2", Fact: "size", Op: "in", Value: []any{"小型", "微型"}}
	for name, x := range map[string]struct {
		c     kg.Condition
		facts kg.Facts
		want  kg.Verdict
		err   error
	}{
		"met":              {age, kg.Facts{"age": 60}, kg.Met, nil},
		"met, a float":     {age, kg.Facts{"age": 60.5}, kg.Met, nil},
		"unmet":            {age, kg.Facts{"age": 59.0}, kg.Unmet, nil},
		"missing":          {age, kg.Facts{"sex": "女"}, kg.Unknown, nil},
		"null":             {age, kg.Facts{"age": nil}, kg.Unknown, nil},
		"no facts":         {age, nil, kg.Unknown, nil},
		"wrong type":       {age, kg.Facts{"age": "六十"}, kg.Unknown, ErrFact},
		"in":               {size, kg.Facts{"size": "微型"}, kg.Met, nil},
		"not in":           {size, kg.Facts{"size": "大型"}, kg.Unmet, nil},
		"bool":             {kg.Condition{Fact: "local", Op: "==", Value: false}, kg.Facts{"local": true}, kg.Unmet, nil},
		"string":           {kg.Condition{Fact: "kind", Op: "==", Value: `自主"就业"`}, kg.Facts{"kind": `自主"就业"`}, kg.Met, nil},
		"value unknown":    {kg.Condition{Fact: "rate", Op: "<=", Value: nil}, kg.Facts{"rate": 1}, kg.Unknown, nil},
		"words only":       {kg.Condition{Text: "爸爸或妈妈有常住户口"}, kg.Facts{}, kg.Unknown, nil},
		"unknown operator": {kg.Condition{ID: "c", Fact: "age", Op: "≥", Value: 1.0}, kg.Facts{"age": 1}, kg.Unknown, ErrExpression},
		"no name":          {kg.Condition{ID: "c", Fact: "true || x", Op: "==", Value: true}, kg.Facts{"true || x": true}, kg.Unknown, ErrExpression},
	} {
		got, err := Eval(x.c, x.facts)
		require.Equal(t, x.want, got, name)
		if x.err != nil {
			require.ErrorIs(t, err, x.err, name)
		} else {
			require.NoError(t, err, name)
		}
	}
}

func TestRuleIsThreeValued(t *testing.T) {
	r, err := Compile(`age >= 60 && hukou_local || tags.exists(t, t == "低保")`)
	require.NoError(t, err)
	require.Equal(t, []string{"age", "hukou_local", "tags"}, r.Facts(), "t is bound, not a fact")
	for _, x := range []struct {
		facts kg.Facts
		want  kg.Verdict
	}{
		{nil, kg.Unknown},
		{kg.Facts{"age": 45}, kg.Unknown},
		{kg.Facts{"age": 45, "tags": []string{"残疾"}}, kg.Unmet},
		{kg.Facts{"tags": []any{"低保"}}, kg.Met},
		{kg.Facts{"age": 70, "hukou_local": true}, kg.Met},
	} {
		got, err := r.Eval(x.facts)
		require.NoError(t, err)
		require.Equal(t, x.want, got, "%v", x.facts)
	}
	and, err := Compile(`age >= 60 && hukou_local`)
	require.NoError(t, err)
	got, err := and.Eval(kg.Facts{"age": 45})
	require.NoError(t, err)
	require.Equal(t, kg.Unmet, got, "one certain no decides an and")
}

func TestCompileRefuses(t *testing.T) {
	for _, expr := range []string{"", "age >=", "age + 1 > ", "1 + 1", `"text"`, "unknown_function(age)", "age >= 60 &&& x"} {
		_, err := Compile(expr)
		require.ErrorIs(t, err, ErrExpression, expr)
	}
	r, err := Compile(`size(names) > 3`)
	require.NoError(t, err)
	_, err = r.Eval(kg.Facts{"names": 7})
	require.ErrorIs(t, err, ErrFact)
}

func sample(t testing.TB) *kg.Catalogue {
	c, err := kg.Load(os.DirFS("../../cmd/ganwen/demo/catalogue"))
	require.NoError(t, err)
	return c
}

// Every condition of the sample that names a fact compiles, or says that its value is not published.
func TestConditionsOfTheSample(t *testing.T) {
	n := 0
	check := func(code string, conds []kg.Condition) {
		for _, c := range conds {
			expr, err := Expression(c)
			if c.Fact == "" || c.Value == nil {
				require.ErrorIs(t, err, ErrNoRule)
				continue
			}
			require.NoError(t, err, code)
			_, err = Compile(expr)
			require.NoError(t, err, "%s: %s", code, expr)
			n++
		}
	}
	c := sample(t)
	for _, m := range c.Matters {
		check(m.Code, m.Conditions)
	}
	for _, p := range c.Policies {
		check(p.Code, p.Conditions)
	}
	require.Greater(t, n, 300)
}

func TestJudge(t *testing.T) {
	p := sample(t).Policy("JX-P01")
	require.NotNil(t, p)
	j := Judge(p.Conditions, nil)
	require.Equal(t, kg.Unknown, j.Verdict)
	require.NotEmpty(t, j.Ask)
	j = Judge(p.Conditions, kg.Facts{"unemployment_insurance_arrears": true})
	require.Equal(t, kg.Unmet, j.Verdict)
	require.Len(t, j.Unmet, 1)
	require.Equal(t, kg.Met, Judge(nil, nil).Verdict)
}

func FuzzCompile(f *testing.F) {
	f.Add(`age >= 60 && hukou_local`)
	f.Add(`[1,2].all(x, x > y)`)
	f.Add(`{"a": b}.a == c.d`)
	f.Fuzz(func(t *testing.T, expr string) {
		if r, err := Compile(expr); err == nil {
			_, _ = r.Eval(kg.Facts{"age": 1}) // must not panic
		}
	})
}

func BenchmarkEval(b *testing.B) {
	c := kg.Condition{ID: "c", Fact: "age", Op: ">=", Value: 60.0}
	facts := kg.Facts{"age": 61}
	for b.Loop() {
		if _, err := Eval(c, facts); err != nil {
			b.Fatal(err)
		}
	}
}
