package demo

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func TestBeforeHasNoCircle(t *testing.T) {
	c := load(t)
	edges := map[string][]string{}
	for _, m := range c.Matters {
		for _, l := range m.Before {
			edges[m.Code] = append(edges[m.Code], l.Code)
		}
	}
	require.Empty(t, circle(edges))
}

// circle returns one circle of a graph, or nil.
func circle(edges map[string][]string) []string {
	done := map[string]bool{}
	var walk func(path []string) []string
	walk = func(path []string) []string {
		at := path[len(path)-1]
		for _, next := range edges[at] {
			if i := slices.Index(path, next); i >= 0 {
				return append(path[i:], next)
			}
			if done[next] {
				continue
			}
			if found := walk(append(slices.Clone(path), next)); found != nil {
				return found
			}
		}
		done[at] = true
		return nil
	}
	for _, at := range slices.Sorted(keys(edges)) {
		if found := walk([]string{at}); found != nil {
			return found
		}
	}
	return nil
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestCircleIsFound(t *testing.T) {
	require.NotEmpty(t, circle(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b"}}))
	require.Empty(t, circle(map[string][]string{"a": {"b", "c"}, "b": {"c"}}))
}

func TestSituations(t *testing.T) {
	for _, m := range load(t).Matters {
		t.Run(m.Code, func(t *testing.T) { situations(t, m) })
	}
}

func situations(t *testing.T, m *kg.Matter) {
	papers, wanted := map[string]kg.Material{}, map[string]bool{}
	for _, p := range m.Materials {
		require.NotContains(t, papers, p.ID)
		papers[p.ID] = p
	}
	questions := map[string][]string{}
	for _, q := range m.Tree {
		require.NotContains(t, questions, q.ID)
		questions[q.ID] = nil
		require.GreaterOrEqual(t, len(q.Options), 2, q.ID)
	}
	for _, q := range m.Tree {
		options := map[string]bool{}
		for _, o := range q.Options {
			require.False(t, options[o.ID], "%s.%s twice", q.ID, o.ID)
			options[o.ID] = true
			for _, id := range o.Needs {
				require.Equal(t, "situation", papers[id].Required, "%s.%s adds %s, which everybody brings", q.ID, o.ID, id)
				wanted[id] = true
			}
			for _, id := range o.Waives {
				require.Contains(t, papers, id, "%s.%s", q.ID, o.ID)
			}
			require.NotEqual(t, m.Code, o.Refer)
			if o.Refer != "" {
				require.NotNil(t, load(t).Matter(o.Refer))
			}
			if o.Next != "" {
				require.Contains(t, questions, o.Next)
				questions[q.ID] = append(questions[q.ID], o.Next)
			}
		}
	}
	require.Empty(t, circle(questions))
	reached, queue := map[string]bool{}, []string{m.Tree[0].ID}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if !reached[at] {
			reached[at] = true
			queue = append(queue, questions[at]...)
		}
	}
	for id := range questions {
		require.True(t, reached[id], "question %s is never asked", id)
	}
	for id, p := range papers {
		require.True(t, p.Required == "always" || wanted[id], "no answer asks for %s %s", id, p.Name)
	}
}
