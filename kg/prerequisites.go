package kg

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// chainSteps is how far Prerequisites follows papers back to the matters that give them, in steps of the graph (two for
// each matter).
const chainSteps = 10

//go:embed data/everyday.json
var everydayText []byte

// everydayEnds are how the names of papers end that everybody holds: their own making is no step for anyone.
var everydayEnds = mustJSON[[]string](everydayText)

func everyday(paper string) bool {
	return slices.ContainsFunc(everydayEnds, func(end string) bool { return strings.HasSuffix(paper, end) })
}

// Chain is what has to be done, or held already, before a matter: its certificate chain (证照链), first things first.
type Chain struct {
	Matter Node           `json:"matter"`
	Steps  []Prerequisite `json:"steps"`
	Cycles []Need         `json:"cycles,omitempty"` // needs left out because they lead back to a matter of the chain
}

// Prerequisite is one matter of a chain and what it is needed for.
type Prerequisite struct {
	Matter Node   `json:"matter"`
	Level  int    `json:"level"`           // 0 = can be done at once; otherwise after those of lower levels it depends on
	For    []Need `json:"for"`             // who needs it, and why
	Held   bool   `json:"held,omitempty"`  // only for papers that everybody holds: what it needs itself is left out
	Or     []Node `json:"or,omitempty"`    // other matters that give the same paper
	After  []ID   `json:"after,omitempty"` // matters of the chain that come first
}

// Need says that matter By needs paper Paper, which matter From gives; Paper is empty when From must simply come first.
type Need struct {
	By    ID     `json:"by"`
	From  ID     `json:"from"`
	Paper string `json:"paper,omitempty"`
	Why   string `json:"why,omitempty"`
}

// Prerequisites follows the papers a matter always needs back to the matters that give them, with one Expand, and adds
// what comes before the matter itself. A person who holds a paper already can skip its step. A paper that can be had in
// several ways (RelAccepted) leads nowhere: which way is a question, not a prerequisite.
func Prerequisites(ctx context.Context, g Graph, matter ID) (*Chain, error) {
	n, err := g.Node(ctx, matter)
	if err != nil {
		return nil, err
	}
	sub, err := g.Expand(ctx, []ID{matter}, Pattern{Depth: chainSteps, Legs: []Leg{{RelNeeds, Out}, {RelYields, In}, {RelBefore, In}}})
	if err != nil {
		return nil, fmt.Errorf("kg: prerequisites of %s: %w", matter, err)
	}
	w := newWalker(sub, matter)
	w.visit(matter)
	return w.chain(*n), nil
}

// walker orders a chain depth first. A need that leads back to a matter still being visited is a cycle and is cut.
type walker struct {
	nodes   map[ID]Node
	needs   map[ID][]Need // by the matter that needs
	or      map[ID][]ID   // by the matter taken: others that give the same paper
	state   map[ID]int    // 1 = being visited, 2 = done
	order   []ID
	level   map[ID]int
	after   map[ID][]ID
	forWhom map[ID][]Need
	cycles  []Need
}

func newWalker(s *Subgraph, matter ID) *walker {
	w := &walker{nodes: map[ID]Node{}, needs: map[ID][]Need{}, or: map[ID][]ID{}, state: map[ID]int{},
		level: map[ID]int{}, after: map[ID][]ID{}, forWhom: map[ID][]Need{}}
	makers, before := map[ID][]Edge{}, map[[2]ID]bool{}
	for _, n := range s.Nodes {
		w.nodes[n.ID] = n
	}
	for _, e := range s.Edges {
		switch e.Rel {
		case RelYields:
			makers[e.To] = append(makers[e.To], e)
		case RelBefore:
			if e.To != matter {
				continue // what comes before something that comes before is advice for other people's situations
			}
			w.needs[e.To] = append(w.needs[e.To], Need{By: e.To, From: e.From, Why: e.Why})
			before[[2]ID{e.From, e.To}] = true
		}
	}
	for _, e := range s.Edges {
		if e.Rel == RelNeeds && len(makers[e.To]) > 0 {
			w.needPaper(e, makers[e.To], before)
		}
	}
	return w
}

// needPaper takes the matter that gives a paper: one that comes before anyway if there is one, else the first.
func (w *walker) needPaper(e Edge, makers []Edge, before map[[2]ID]bool) {
	take := 0
	for i, m := range makers {
		if m.From == e.From {
			return // it gives the paper itself: a renewal
		}
		if before[[2]ID{m.From, e.From}] && !before[[2]ID{makers[take].From, e.From}] {
			take = i
		}
	}
	from := makers[take].From
	for _, m := range makers {
		if m.From != from && !slices.Contains(w.or[from], m.From) {
			w.or[from] = append(w.or[from], m.From)
		}
	}
	why := e.Why // how the applicant gets it
	if why == "" {
		why = makers[take].Why
	}
	w.needs[e.From] = append(w.needs[e.From], Need{By: e.From, From: from, Paper: w.nodes[e.To].Name, Why: why})
}

func (w *walker) visit(id ID) {
	w.state[id] = 1
	for _, n := range w.needs[id] {
		if everyday(n.Paper) {
			w.hold(n)
			continue
		}
		if w.state[n.From] == 1 {
			w.cycles = append(w.cycles, n)
			continue
		}
		if w.state[n.From] == 0 {
			w.visit(n.From)
		}
		w.level[id] = max(w.level[id], w.level[n.From]+1)
		w.forWhom[n.From] = append(w.forWhom[n.From], n)
		if !slices.Contains(w.after[id], n.From) {
			w.after[id] = append(w.after[id], n.From)
		}
	}
	w.state[id] = 2
	w.order = append(w.order, id)
}

// hold notes a need that everybody can meet; the matter stands in the chain, what it needs does not.
func (w *walker) hold(n Need) {
	if w.state[n.From] == 1 {
		return // the matter itself, or one on the way to it, gives the paper
	}
	if w.state[n.From] == 0 {
		w.state[n.From] = 2
		w.order = append(w.order, n.From)
	}
	w.forWhom[n.From] = append(w.forWhom[n.From], n)
}

func (w *walker) chain(matter Node) *Chain {
	c := &Chain{Matter: matter, Steps: []Prerequisite{}, Cycles: w.cycles}
	for _, id := range w.order {
		if id == matter.ID {
			continue
		}
		p := Prerequisite{Matter: w.nodes[id], Level: w.level[id], For: w.forWhom[id], After: w.after[id]}
		p.Held = !slices.ContainsFunc(p.For, func(n Need) bool { return !everyday(n.Paper) })
		for _, o := range w.or[id] {
			p.Or = append(p.Or, w.nodes[o])
		}
		c.Steps = append(c.Steps, p)
	}
	return c
}
