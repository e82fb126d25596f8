package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ganwen/kg"
)

// ErrNoRule is returned for a condition that no machine decides: it has no fact, or no published value.
var ErrNoRule = errors.New("rules: condition without a rule")

// factName keeps operators out of the place where a name stands.
var factName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Expression writes a condition as CEL: age >= 60, enterprise_size in ["小型", "微型"].
func Expression(c kg.Condition) (string, error) {
	if c.Fact == "" || c.Value == nil {
		return "", fmt.Errorf("%w: %s", ErrNoRule, c.ID)
	}
	if !slices.Contains([]string{"==", "!=", ">=", "<=", ">", "<", "in"}, c.Op) {
		return "", fmt.Errorf("%w: %s: operator %q", ErrExpression, c.ID, c.Op)
	}
	if !factName.MatchString(c.Fact) {
		return "", fmt.Errorf("%w: %s: fact %q is no name", ErrExpression, c.ID, c.Fact)
	}
	value, err := literal(c.Value)
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrExpression, c.ID, err)
	}
	return c.Fact + " " + c.Op + " " + value, nil
}

func literal(v any) (string, error) {
	switch x := v.(type) {
	case bool:
		return strconv.FormatBool(x), nil
	case string:
		return strconv.Quote(x), nil
	case int:
		return strconv.Itoa(x), nil
	case float64:
		if n, whole := plain(x).(int64); whole {
			return strconv.FormatInt(n, 10), nil
		}
		return strconv.FormatFloat(x, 'f', -1, 64), nil
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			p, err := literal(e)
			if err != nil {
				return "", err
			}
			parts[i] = p
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	}
	return "", fmt.Errorf("value %v of type %T", v, v)
}

// Eval decides one condition. A condition without a rule is unknown, without an error; an error (with Unknown) means
// that the condition cannot be read or that the fact has another type than the value it is measured by.
func Eval(c kg.Condition, facts kg.Facts) (kg.Verdict, error) {
	expr, err := Expression(c)
	if errors.Is(err, ErrNoRule) {
		return kg.Unknown, nil
	}
	if err != nil {
		return kg.Unknown, err
	}
	fact, known := facts[c.Fact]
	if !known || fact == nil {
		return kg.Unknown, nil
	}
	if have, want := kindOf(fact), kindOf(element(c.Value)); have != want {
		return kg.Unknown, fmt.Errorf("%w: %s is a %s, %s wants a %s", ErrFact, c.Fact, have, c.ID, want)
	}
	r, err := cached(expr)
	if err != nil {
		return kg.Unknown, err
	}
	return r.Eval(facts)
}

// element is what a fact is compared with: for a list one of its values.
func element(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		return list[0]
	}
	return v
}

func kindOf(v any) string {
	switch v.(type) {
	case bool:
		return "bool"
	case string:
		return "string"
	case int, int64, float64, json.Number:
		return "number"
	}
	return fmt.Sprintf("%T", v)
}

// Judgement is what is known about the conditions of a matter or policy.
type Judgement struct {
	Verdict kg.Verdict     `json:"verdict"` // unmet if any is, else unknown if any is, else met
	Met     []kg.Condition `json:"met"`
	Unmet   []kg.Condition `json:"unmet"`
	Unknown []kg.Condition `json:"unknown"`
	Ask     []string       `json:"ask,omitempty"` // facts that would decide more, in order of the conditions
}

// Judge decides all conditions. A fact of the wrong type leaves its condition unknown: it is asked for again.
func Judge(conds []kg.Condition, facts kg.Facts) Judgement {
	j := Judgement{Verdict: kg.Met, Met: []kg.Condition{}, Unmet: []kg.Condition{}, Unknown: []kg.Condition{}}
	for _, c := range conds {
		verdict, _ := Eval(c, facts) // an error comes with Unknown
		switch verdict {
		case kg.Met:
			j.Met = append(j.Met, c)
		case kg.Unmet:
			j.Unmet = append(j.Unmet, c)
		default:
			j.Unknown = append(j.Unknown, c)
			if _, err := Expression(c); err == nil && !slices.Contains(j.Ask, c.Fact) {
				j.Ask = append(j.Ask, c.Fact)
			}
		}
	}
	switch {
	case len(j.Unmet) > 0:
		j.Verdict = kg.Unmet
	case len(j.Unknown) > 0:
		j.Verdict = kg.Unknown
	}
	return j
}
