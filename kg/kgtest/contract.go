package kgtest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

// Test holds a backend to the contract of kg.Graph. open returns a graph that holds the elements of World with Regions.
func Test(t *testing.T, open func(t *testing.T, nodes []kg.Node, edges []kg.Edge) kg.Graph) {
	nodes, edges := kg.Elements(World(), Regions())
	g := open(t, nodes, edges)
	t.Run("Node", func(t *testing.T) { testNode(t, g, nodes) })
	t.Run("Find", func(t *testing.T) { testFind(t, g) })
	t.Run("Expand", func(t *testing.T) { testExpand(t, g) })
	t.Run("ExpandAgrees", func(t *testing.T) { testAgrees(t, g) })
	t.Run("Functions", func(t *testing.T) { testFunctions(t, g) })
	t.Run("Concurrent", func(t *testing.T) { testConcurrent(t, g) })
}

func testNode(t *testing.T, g kg.Graph, nodes []kg.Node) {
	ctx := context.Background()
	for _, want := range nodes {
		got, err := g.Node(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, *got)
	}
	_, err := g.Node(ctx, "matter:GONE")
	require.ErrorIs(t, err, kg.ErrNotFound, "a matter that is only pointed at is no node")
}

func testFind(t *testing.T, g kg.Graph) {
	ctx := context.Background()
	for name, want := range map[string][]kg.ID{
		"出生医学证明": {"matter:BC", "paper:出生医学证明"},
		"居民身份证":  {"paper:身份证"},
		"南昌市":    {"region:3601"},
		"没有":     {},
	} {
		found, err := g.Find(ctx, name)
		require.NoError(t, err)
		require.Equal(t, want, nodeIDs(found), name)
	}
}

type expansion struct {
	name  string
	from  []kg.ID
	p     kg.Pattern
	nodes []kg.ID
	edges int
}

var expansions = []expansion{
	{"nothing to start from", []kg.ID{"matter:GONE"}, kg.Pattern{}, []kg.ID{}, 0},
	{"one relation out", []kg.ID{"matter:HU"}, kg.Pattern{Rels: []kg.Rel{kg.RelNeeds}, Dir: kg.Out},
		[]kg.ID{"matter:HU", "paper:出生医学证明", "paper:监护人身份证"}, 2},
	{"one relation in", []kg.ID{"matter:HU"}, kg.Pattern{Rels: []kg.Rel{kg.RelBefore}, Dir: kg.In},
		[]kg.ID{"matter:HU", "matter:BC"}, 1},
	{"both ways", []kg.ID{"matter:HU"}, kg.Pattern{Rels: []kg.Rel{kg.RelBefore, kg.RelNext}},
		[]kg.ID{"matter:HU", "matter:BC", "matter:IN"}, 2},
	{"two steps up", []kg.ID{"region:360121"}, kg.Pattern{Rels: []kg.Rel{kg.RelIn}, Dir: kg.Out, Depth: 2},
		[]kg.ID{"region:360121", "region:3601", "region:36"}, 2},
	{"limit cuts the farthest", []kg.ID{"region:360121"}, kg.Pattern{Rels: []kg.Rel{kg.RelIn}, Dir: kg.Out, Depth: 2, Limit: 2},
		[]kg.ID{"region:360121", "region:3601"}, 1},
	{"legs", []kg.ID{"matter:HU"}, kg.Pattern{Depth: 2, Legs: []kg.Leg{{Rel: kg.RelNeeds, Dir: kg.Out}, {Rel: kg.RelYields, Dir: kg.In}}},
		[]kg.ID{"matter:HU", "paper:出生医学证明", "paper:监护人身份证", "matter:BC", "matter:ID"}, 4},
	{"two starts", []kg.ID{"matter:IN", "matter:BC"}, kg.Pattern{Rels: []kg.Rel{kg.RelNext}},
		[]kg.ID{"matter:BC", "matter:IN", "matter:HU"}, 1},
	{"accepted papers join", []kg.ID{"paper:身份证明"}, kg.Pattern{Rels: []kg.Rel{kg.RelAccepted}, Dir: kg.In},
		[]kg.ID{"paper:身份证明", "matter:ID"}, 1},
	{"situations", []kg.ID{"situation:HU/q1"}, kg.Pattern{Dir: kg.Out},
		[]kg.ID{"situation:HU/q1", "matter:BC"}, 1},
	{"event", []kg.ID{"event:E1"}, kg.Pattern{Rels: []kg.Rel{kg.RelHas}, Dir: kg.Out},
		[]kg.ID{"event:E1", "matter:BC", "matter:HU", "matter:IN"}, 3},
	{"where it is valid", []kg.ID{"matter:HU"}, kg.Pattern{Rels: []kg.Rel{kg.RelIn}, Dir: kg.Out},
		[]kg.ID{"matter:HU", "region:3601"}, 1},
}

func testExpand(t *testing.T, g kg.Graph) {
	for _, x := range expansions {
		t.Run(x.name, func(t *testing.T) {
			sub, err := g.Expand(context.Background(), x.from, x.p)
			require.NoError(t, err)
			require.Equal(t, x.nodes, nodeIDs(sub.Nodes))
			require.Len(t, sub.Edges, x.edges)
			require.NotNil(t, sub.Edges, "an empty list is a list")
		})
	}
}

// testAgrees compares whole answers, edges and their reasons included, with the graph in memory.
func testAgrees(t *testing.T, g kg.Graph) {
	ctx := context.Background()
	mem := kg.NewMemory(World(), Regions())
	for _, from := range mem.Nodes() {
		for _, p := range []kg.Pattern{{}, {Depth: 2}, {Depth: 3, Limit: 7}, {Dir: kg.Out, Depth: 2}, {Dir: kg.In, Depth: 2}} {
			want, err := mem.Expand(ctx, []kg.ID{from.ID}, p)
			require.NoError(t, err)
			got, err := g.Expand(ctx, []kg.ID{from.ID}, p)
			require.NoError(t, err)
			require.Equal(t, want, got, "%s %+v", from.ID, p)
		}
	}
}

func testFunctions(t *testing.T, g kg.Graph) {
	ctx := context.Background()
	way, err := kg.Path(ctx, g, "matter:BC", "matter:IN", kg.RelBefore, kg.RelNext)
	require.NoError(t, err)
	require.Equal(t, []kg.ID{"matter:BC", "matter:HU", "matter:IN"}, nodeIDs(way.Nodes))
	require.Len(t, way.Edges, 2)
	same, err := kg.Path(ctx, g, "matter:BC", "matter:BC")
	require.NoError(t, err)
	require.Len(t, same.Nodes, 1)
	_, err = kg.Path(ctx, g, "matter:BC", "region:3607", kg.RelBy)
	require.ErrorIs(t, err, kg.ErrNotFound)

	chain, err := kg.Prerequisites(ctx, g, "matter:IN")
	require.NoError(t, err)
	var order []kg.ID
	for _, s := range chain.Steps {
		order = append(order, s.Matter.ID)
	}
	require.Equal(t, []kg.ID{"matter:BC", "matter:ID", "matter:HU"}, order, "the certificate chain, first things first")
	require.True(t, chain.Steps[1].Held, "a card is held by everybody")
	require.Empty(t, chain.Cycles)
}

func testConcurrent(t *testing.T, g kg.Graph) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				sub, err := g.Expand(context.Background(), []kg.ID{"matter:HU"}, kg.Pattern{Depth: 2})
				if err != nil || !slices.ContainsFunc(sub.Nodes, func(n kg.Node) bool { return n.ID == "matter:BC" }) {
					t.Errorf("concurrent expand: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func nodeIDs(nodes []kg.Node) []kg.ID {
	ids := []kg.ID{}
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}
