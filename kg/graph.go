package kg

import (
	"context"
	"errors"
	"slices"
)

// ErrNotFound is returned for an id that the graph does not hold.
var ErrNotFound = errors.New("kg: node not found")

// ID names a node: "KIND:KEY", e.g. "matter:JX-S001", "paper:出生医学证明", "law:居民身份证法/第十二条".
type ID string

// Kind is what a node is.
type Kind string

// Kinds of nodes.
const (
	KindMatter     Kind = "matter"     // 事项
	KindSituation  Kind = "situation"  // 情形
	KindPaper      Kind = "paper"      // 材料 / 证照
	KindDepartment Kind = "department" // 部门
	KindRegion     Kind = "region"     // 区划
	KindClause     Kind = "law"        // 法条
	KindEvent      Kind = "event"      // 一件事
	KindPolicy     Kind = "policy"     // 政策
	KindTheme      Kind = "theme"      // 主题
)

// Rel is the kind of an edge, read from From to To.
type Rel string

// Relations.
const (
	RelNeeds      Rel = "needs"      // matter → paper, always
	RelMayNeed    Rel = "may-need"   // matter, situation → paper, in some situations
	RelYields     Rel = "yields"     // matter → paper that it gives
	RelAccepted   Rel = "accepted"   // matter → paper in whose place what it gives is accepted, one way among several
	RelBefore     Rel = "before"     // matter A → matter B: A must come before B
	RelNext       Rel = "next"       // matter → matter often done next
	RelConfusable Rel = "confusable" // matter ↔ matter
	RelRefers     Rel = "refers"     // situation → matter that is meant or comes first
	RelHas        Rel = "has"        // event → member matter, matter → situation
	RelBy         Rel = "by"         // matter, policy, event → department
	RelBasis      Rel = "basis"      // matter, department → clause
	RelIn         Rel = "in"         // region → parent region, matter → region it is valid in
	RelTheme      Rel = "theme"      // matter → theme
	RelRelated    Rel = "related"    // policy → matter
)

// Node is a thing the graph knows. Props hold short display facts only; records stay in the catalogue.
type Node struct {
	ID    ID                `json:"id"`
	Kind  Kind              `json:"kind"`
	Name  string            `json:"name"`
	Props map[string]string `json:"props,omitempty"`
}

// Edge joins two nodes; Why is the sentence that explains it.
type Edge struct {
	From ID     `json:"from"`
	To   ID     `json:"to"`
	Rel  Rel    `json:"rel"`
	Why  string `json:"why,omitempty"`
}

// Direction an expansion follows edges in.
type Direction string

// Directions.
const (
	Out  Direction = "out"
	In   Direction = "in"
	Both Direction = ""
)

// Pattern says how far Expand walks. Zero value: every relation, both directions, one step, no limit.
type Pattern struct {
	Rels  []Rel     // empty = all
	Dir   Direction // relative to the walk
	Depth int       // 0 = 1
	Limit int       // most nodes returned; 0 = no limit; nearest first, then by id
	Legs  []Leg     // each relation with its own direction; when set, Rels and Dir do not count
}

// Leg is a relation and the direction a walk may cross it in.
type Leg struct {
	Rel Rel
	Dir Direction
}

// Crosses reports whether a walk that stands at one end of an edge may cross it: outward from From, or inward from To.
func (p Pattern) Crosses(rel Rel, outward bool) bool {
	allows := func(d Direction) bool { return d == Both || (d == Out) == outward }
	for _, l := range p.Legs {
		if l.Rel == rel && allows(l.Dir) {
			return true
		}
	}
	return len(p.Legs) == 0 && allows(p.Dir) && (len(p.Rels) == 0 || slices.Contains(p.Rels, rel))
}

// Steps is the depth with its default.
func (p Pattern) Steps() int { return max(p.Depth, 1) }

// Subgraph is the answer of Expand: nodes ordered by distance then id, the nodes walked from first; edges ordered by
// from, rel, to: those that the walk crossed and whose ends are both among the nodes.
type Subgraph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// Graph is read access to what government offers and how it hangs together.
// Implementations are safe for concurrent use.
type Graph interface {
	// Node returns one node, or ErrNotFound.
	Node(ctx context.Context, id ID) (*Node, error)
	// Find returns the nodes whose name is exactly name, ordered by id; none is not an error.
	Find(ctx context.Context, name string) ([]Node, error)
	// Expand walks from the given nodes in one round trip, whatever the depth. Unknown ids are skipped.
	Expand(ctx context.Context, from []ID, p Pattern) (*Subgraph, error)
}
