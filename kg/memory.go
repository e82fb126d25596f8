package kg

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Memory is the Graph in process: the default. It never changes once made, so any number of readers may share it.
type Memory struct {
	nodes  []Node
	edges  []Edge
	at     map[ID]int32
	byName map[string][]int32
	out    [][]int32 // node → edges that leave it, in order
	in     [][]int32 // node → edges that reach it, in order
}

var _ Graph = (*Memory)(nil)

// NewMemory indexes a catalogue with the divisions it is valid in; regions may be nil.
func NewMemory(c *Catalogue, regions *Regions) *Memory {
	nodes, edges := Elements(c, regions)
	g := &Memory{nodes: nodes, edges: edges, at: make(map[ID]int32, len(nodes)), byName: map[string][]int32{},
		out: make([][]int32, len(nodes)), in: make([][]int32, len(nodes))}
	for i, n := range nodes {
		g.at[n.ID] = int32(i)
		g.byName[n.Name] = append(g.byName[n.Name], int32(i))
	}
	for i, e := range edges {
		from, to := g.at[e.From], g.at[e.To]
		g.out[from] = append(g.out[from], int32(i))
		g.in[to] = append(g.in[to], int32(i))
	}
	return g
}

// Size is the number of nodes and edges.
func (g *Memory) Size() (nodes, edges int) { return len(g.nodes), len(g.edges) }

// Nodes returns all nodes in order of id. The caller must not change them.
func (g *Memory) Nodes() []Node { return g.nodes }

// Edges returns all edges in order. The caller must not change them.
func (g *Memory) Edges() []Edge { return g.edges }

// Node returns one node, or ErrNotFound.
func (g *Memory) Node(_ context.Context, id ID) (*Node, error) {
	i, ok := g.at[id]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	n := g.nodes[i]
	return &n, nil
}

// Find returns the nodes whose name is exactly name, ordered by id; of a paper any of its names will do.
func (g *Memory) Find(_ context.Context, name string) ([]Node, error) {
	found := []Node{}
	for _, i := range g.byName[name] {
		found = append(found, g.nodes[i])
	}
	if i, ok := g.at[PaperID(name)]; ok && g.nodes[i].Name != name {
		found = append(found, g.nodes[i])
	}
	slices.SortFunc(found, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// Expand walks from the given nodes; see Graph.
func (g *Memory) Expand(ctx context.Context, from []ID, p Pattern) (*Subgraph, error) {
	dist := map[int32]int{}
	var level []int32
	for _, id := range from {
		if i, ok := g.at[id]; ok {
			if _, dup := dist[i]; !dup {
				dist[i] = 0
				level = append(level, i)
			}
		}
	}
	slices.Sort(level)
	order := slices.Clone(level)
	crossed := map[int32]bool{}
	for d := 1; d <= p.Steps() && len(level) > 0; d++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("kg: expand: %w", err)
		}
		var next []int32
		for _, i := range level {
			g.step(i, p, func(edge, other int32) {
				crossed[edge] = true
				if _, seen := dist[other]; !seen {
					dist[other] = d
					next = append(next, other)
				}
			})
		}
		slices.Sort(next) // nodes are ordered by id, so positions are too
		order = append(order, next...)
		level = next
	}
	return g.cut(order, crossed, p.Limit), nil
}

// step calls fn with every edge that the pattern may cross from a node, and the node at its other end.
func (g *Memory) step(node int32, p Pattern, fn func(edge, other int32)) {
	for _, e := range g.out[node] {
		if p.Crosses(g.edges[e].Rel, true) {
			fn(e, g.at[g.edges[e].To])
		}
	}
	for _, e := range g.in[node] {
		if p.Crosses(g.edges[e].Rel, false) {
			fn(e, g.at[g.edges[e].From])
		}
	}
}

// cut keeps the first nodes, and the crossed edges between them.
func (g *Memory) cut(order []int32, crossed map[int32]bool, limit int) *Subgraph {
	if limit > 0 && len(order) > limit {
		order = order[:limit]
	}
	s := &Subgraph{Nodes: make([]Node, 0, len(order)), Edges: []Edge{}}
	kept := make(map[ID]bool, len(order))
	for _, i := range order {
		s.Nodes = append(s.Nodes, g.nodes[i])
		kept[g.nodes[i].ID] = true
	}
	picked := make([]int32, 0, len(crossed))
	for e := range crossed {
		picked = append(picked, e)
	}
	slices.Sort(picked)
	for _, i := range picked {
		if e := g.edges[i]; kept[e.From] && kept[e.To] {
			s.Edges = append(s.Edges, e)
		}
	}
	return s
}
