// Package rules decides conditions of matters and policies as CEL expressions over facts, in three values: met, unmet,
// or unknown where a fact is missing. An unknown fact does not hide what is certain: under 60 stays unmet whatever else
// is unknown.
//
//	r, err := rules.Compile(`age >= 60 && hukou_local`)
//	verdict, err := r.Eval(kg.Facts{"age": 45})   // unmet, although hukou_local is unknown
package rules

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"ganwen/kg"
)

// ErrExpression is returned for an expression that is no condition.
var ErrExpression = errors.New("rules: bad expression")

// ErrFact is returned when a fact has a type that its condition cannot be measured on.
var ErrFact = errors.New("rules: fact of the wrong type")

// costLimit stops expressions that would run long; a condition of a catalogue costs less than a hundred.
const costLimit = 100_000

// Rule is a compiled expression. It is safe for concurrent use.
type Rule struct {
	expr    string
	facts   []string // names it depends on, sorted
	program cel.Program
}

// Compile reads a CEL expression whose free names are facts. It must give a bool.
func Compile(expr string) (*Rule, error) {
	bare, err := cel.NewEnv()
	if err != nil {
		return nil, fmt.Errorf("rules: environment: %w", err)
	}
	parsed, issues := bare.Parse(expr)
	if issues.Err() != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrExpression, expr, issues.Err())
	}
	names := freeNames(parsed.NativeRep().Expr())
	decls := make([]cel.EnvOption, len(names))
	for i, n := range names {
		decls[i] = cel.Variable(n, cel.DynType)
	}
	env, err := bare.Extend(decls...)
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrExpression, expr, err)
	}
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrExpression, expr, issues.Err())
	}
	if out := checked.OutputType(); out != cel.BoolType && out != cel.DynType {
		return nil, fmt.Errorf("%w: %q gives %s, want bool", ErrExpression, expr, out)
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptOptimize), cel.CostLimit(costLimit))
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrExpression, expr, err)
	}
	return &Rule{expr: expr, facts: names, program: program}, nil
}

// String is the expression.
func (r *Rule) String() string { return r.expr }

// Facts lists the names the rule depends on, sorted.
func (r *Rule) Facts() []string { return r.facts }

// Eval decides the rule. Facts it does not name are ignored, nil facts are missing ones.
func (r *Rule) Eval(facts kg.Facts) (kg.Verdict, error) {
	vars := map[string]any{}
	var missing []*cel.AttributePatternType
	for _, name := range r.facts {
		if v, ok := facts[name]; ok && v != nil {
			vars[name] = plain(v)
		} else {
			missing = append(missing, cel.AttributePattern(name))
		}
	}
	partial, err := cel.PartialVars(vars, missing...)
	if err != nil {
		return kg.Unknown, fmt.Errorf("rules: %q: %w", r.expr, err)
	}
	out, _, err := r.program.Eval(partial)
	if err != nil {
		return kg.Unknown, fmt.Errorf("%w: %q: %w", ErrFact, r.expr, err)
	}
	switch {
	case types.IsUnknown(out):
		return kg.Unknown, nil
	case out == types.True:
		return kg.Met, nil
	case out == types.False:
		return kg.Unmet, nil
	}
	return kg.Unknown, fmt.Errorf("%w: %q gives %v, want true or false", ErrFact, r.expr, out)
}

// plain makes whole numbers int64, whatever they were decoded to, so that age == 60 holds for 60.0 too.
func plain(v any) any {
	switch n := v.(type) {
	case int:
		return int64(n)
	case float64:
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int64(n)
		}
	case []any:
		out := make([]any, len(n))
		for i, x := range n {
			out[i] = plain(x)
		}
		return out
	}
	return v
}

// freeNames lists the identifiers of an expression that no comprehension binds, sorted.
func freeNames(e ast.Expr) []string {
	names := map[string]bool{}
	collect(e, map[string]bool{}, names)
	list := make([]string, 0, len(names))
	for n := range names {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

func collect(e ast.Expr, bound, names map[string]bool) {
	switch e.Kind() {
	case ast.IdentKind:
		if name := e.AsIdent(); !bound[name] {
			names[name] = true
		}
	case ast.SelectKind:
		collect(e.AsSelect().Operand(), bound, names)
	case ast.CallKind:
		if e.AsCall().IsMemberFunction() {
			collect(e.AsCall().Target(), bound, names)
		}
		for _, a := range e.AsCall().Args() {
			collect(a, bound, names)
		}
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			collect(x, bound, names)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			collect(entry.AsMapEntry().Key(), bound, names)
			collect(entry.AsMapEntry().Value(), bound, names)
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		inner := map[string]bool{c.IterVar(): true, c.IterVar2(): true, c.AccuVar(): true}
		for n := range bound {
			inner[n] = true
		}
		collect(c.IterRange(), bound, names)
		for _, part := range []ast.Expr{c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()} {
			collect(part, inner, names)
		}
	}
}

// compiled keeps rules by expression: a catalogue has a few hundred different ones.
var compiled sync.Map

func cached(expr string) (*Rule, error) {
	if r, ok := compiled.Load(expr); ok {
		return r.(*Rule), nil
	}
	r, err := Compile(expr)
	if err != nil {
		return nil, err
	}
	kept, _ := compiled.LoadOrStore(expr, r)
	return kept.(*Rule), nil
}
