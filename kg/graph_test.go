package kg_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/kg/kgtest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	kgtest.Test(t, func(*testing.T, []kg.Node, []kg.Edge) kg.Graph {
		return kg.NewMemory(kgtest.World(), kgtest.Regions())
	})
}

func world(t testing.TB) (*kg.Catalogue, *kg.Memory) {
	c, err := kg.Load(os.DirFS("../cmd/ganwen/demo/catalogue"))
	require.NoError(t, err)
	regions, err := kg.Divisions()
	require.NoError(t, err)
	return c, kg.NewMemory(c, regions)
}

// Whatever the sample says, its graph has no dangling edge, and the chain of every matter is in order.
func TestMemoryOfTheSample(t *testing.T) {
	ctx := context.Background()
	c, g := world(t)
	nodes, edges := g.Size()
	t.Logf("%d nodes, %d edges", nodes, edges)
	require.Greater(t, nodes, 4000)
	for _, e := range g.Edges() {
		for _, end := range []kg.ID{e.From, e.To} {
			_, err := g.Node(ctx, end)
			require.NoError(t, err)
		}
	}
	for _, m := range c.Matters {
		chain, err := kg.Prerequisites(ctx, g, kg.MatterID(m.Code))
		require.NoError(t, err)
		done := map[kg.ID]bool{}
		for _, s := range chain.Steps {
			for _, a := range s.After {
				require.True(t, done[a], "%s: %s before %s", m.Code, a, s.Matter.ID)
			}
			require.NotEmpty(t, s.For, "%s: %s", m.Code, s.Matter.ID)
			done[s.Matter.ID] = true
		}
	}
	_, err := kg.Prerequisites(ctx, g, "matter:none")
	require.ErrorIs(t, err, kg.ErrNotFound)
}

func TestExpandStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := kg.NewMemory(kgtest.World(), nil).Expand(ctx, []kg.ID{"matter:HU"}, kg.Pattern{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestPlan(t *testing.T) {
	c, _ := world(t)
	for _, e := range c.Events {
		p := kg.Plan(e, nil)
		require.Len(t, p.Steps, len(e.Members), e.Code)
		level := map[string]int{}
		for _, s := range p.Steps {
			level[s.Code] = s.Level
			require.NotEmpty(t, s.Because)
			for _, a := range s.After {
				require.Less(t, level[a], s.Level, "%s %s", e.Code, s.Code)
			}
		}
		for _, s := range p.Shared {
			require.Greater(t, len(s.Members), 1)
		}
	}
}

func TestPlanFollowsAnswers(t *testing.T) {
	e := &kg.LifeEvent{
		Members: []kg.Member{{Code: "A"}, {Code: "B", After: []string{"A"}}, {Code: "C", After: []string{"B"}},
			{Code: "D", After: []string{"E"}, Optional: true}, {Code: "E", After: []string{"D"}}},
		Shared: []kg.SharedPaper{{Name: "身份证", Members: []string{"A", "B", "C"}}, {Name: "户口簿", Members: []string{"B", "C"}}},
		Questions: []kg.EventQuestion{
			{Ask: "有乙吗？", Options: []kg.EventOption{{Text: "有", Exclude: []string{"B"}}, {Text: "没有", Include: []string{"B"}}}},
			{Ask: "还要什么？", Options: []kg.EventOption{{Text: "丁", Include: []string{"D"}}}},
		}}
	p := kg.Plan(e, map[string]string{"有乙吗？": "有"})
	require.Equal(t, "q2", p.Open.ID)
	require.Equal(t, "q2a", p.Open.Options[0].ID)
	require.Equal(t, []kg.LeftOut{{Code: "B", Because: "您选了“有”，这一件不用办"}}, p.Left)
	require.Equal(t, []kg.SharedPaper{{Name: "身份证", Members: []string{"A", "C"}}}, p.Shared)
	require.Len(t, p.Steps, 4, "the circle of D and E is survived")
	for _, s := range p.Steps {
		if s.Code == "C" {
			require.Equal(t, []string{"A"}, s.After, "what waited for B waits for what B waited for")
		}
	}
	p = kg.Plan(e, map[string]string{"q1": "q1b", "q2": "q2a"})
	require.Nil(t, p.Open)
	require.Len(t, p.Steps, 5)
}

func TestPrerequisitesCutCircles(t *testing.T) {
	needs := func(code, paper, gives string) *kg.Matter {
		return &kg.Matter{Code: code, Name: code, Yields: []string{gives}, Materials: []kg.Material{{ID: "m", Name: paper, Required: "always"}}}
	}
	g := kg.NewMemory(&kg.Catalogue{Matters: []*kg.Matter{needs("A", "乙证", "甲证"), needs("B", "甲证", "乙证"), needs("C", "甲证", "丙证")}}, nil)
	chain, err := kg.Prerequisites(context.Background(), g, "matter:C")
	require.NoError(t, err)
	require.Len(t, chain.Steps, 2)
	require.Equal(t, kg.ID("matter:B"), chain.Steps[0].Matter.ID)
	require.Equal(t, kg.ID("matter:A"), chain.Steps[1].Matter.ID)
	require.Equal(t, []kg.Need{{By: "matter:B", From: "matter:A", Paper: "甲证", Why: "办完能拿到甲证"}}, chain.Cycles)
}

func BenchmarkExpand(b *testing.B) {
	_, g := world(b)
	ctx := context.Background()
	for b.Loop() {
		if _, err := g.Expand(ctx, []kg.ID{"matter:JX-S001"}, kg.Pattern{Depth: 2, Limit: 50}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrerequisites(b *testing.B) {
	_, g := world(b)
	for b.Loop() {
		if _, err := kg.Prerequisites(context.Background(), g, "matter:JX-S009"); err != nil {
			b.Fatal(err)
		}
	}
}
