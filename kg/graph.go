package kg

import (
	"context"
	"errors"
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
	RelNeeds      Rel = "needs"      // matter → paper
	RelYields     Rel = "yields"     // matter → paper
	RelBefore     Rel = "before"     // matter A → matter B: A must come before B
	RelNext       Rel = "next"       // matter → matter often done next
	RelConfusable Rel = "confusable" // matter ↔ matter
	RelHas        Rel = "has"        // event → member matter, matter → situation
	RelBy         Rel = "by"         // matter, policy → department
	RelBasis      Rel = "basis"      // matter → clause
	RelIn         Rel = "in"         // region → parent region
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
}

// Subgraph is the answer of Expand: nodes ordered by distance then id, edges by from, rel, to.
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
