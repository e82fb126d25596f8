package kg

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// longestPath is how far Path looks: beyond it two things have no connection that a person would call one.
const longestPath = 6

// Path finds a shortest way between two nodes, along edges of the given relations (none = all) in either direction: its
// nodes in order and the edges between them. Among equally short ways the one through the smallest ids is taken.
// ErrNotFound means that one of the ends does not exist or that no way is short enough.
func Path(ctx context.Context, g Graph, from, to ID, rels ...Rel) (*Subgraph, error) {
	for _, end := range []ID{from, to} {
		if _, err := g.Node(ctx, end); err != nil {
			return nil, err
		}
	}
	for depth := 2; depth <= longestPath; depth += 2 { // most ways are short, and a shallow walk is cheap
		sub, err := g.Expand(ctx, []ID{from}, Pattern{Rels: rels, Depth: depth})
		if err != nil {
			return nil, fmt.Errorf("kg: path: %w", err)
		}
		if way := sub.way(from, to); way != nil {
			return way, nil
		}
	}
	return nil, fmt.Errorf("%w: no way from %s to %s", ErrNotFound, from, to)
}

// way is the shortest way inside a subgraph, or nil.
func (s *Subgraph) way(from, to ID) *Subgraph {
	edges := map[ID][]Edge{}
	for _, e := range s.Edges {
		edges[e.From] = append(edges[e.From], e)
		edges[e.To] = append(edges[e.To], e)
	}
	came := map[ID]Edge{from: {}}
	for queue := []ID{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == to {
			break
		}
		slices.SortStableFunc(edges[at], func(a, b Edge) int { return cmp.Compare(a.other(at), b.other(at)) })
		for _, e := range edges[at] {
			if _, seen := came[e.other(at)]; !seen {
				came[e.other(at)] = e
				queue = append(queue, e.other(at))
			}
		}
	}
	if _, reached := came[to]; !reached {
		return nil
	}
	return s.walkBack(from, to, came)
}

func (s *Subgraph) walkBack(from, to ID, came map[ID]Edge) *Subgraph {
	byID := map[ID]Node{}
	for _, n := range s.Nodes {
		byID[n.ID] = n
	}
	way := &Subgraph{Nodes: []Node{byID[to]}, Edges: []Edge{}}
	for at := to; at != from; {
		e := came[at]
		at = e.other(at)
		way.Nodes = append(way.Nodes, byID[at])
		way.Edges = append(way.Edges, e)
	}
	slices.Reverse(way.Nodes)
	slices.Reverse(way.Edges)
	return way
}

// other is the end of an edge that is not id.
func (e Edge) other(id ID) ID {
	if e.From == id {
		return e.To
	}
	return e.From
}
