package kg

import (
	"cmp"
	"slices"
)

// Elements turns a catalogue and the divisions it is valid in into nodes, ordered by id, and edges, ordered by from, rel
// and to. Every Graph is loaded from these, so that all hold the same. regions may be nil. Edges to matters that are not
// in the catalogue are left out: Validate reports them.
func Elements(c *Catalogue, regions *Regions) ([]Node, []Edge) {
	b := &builder{cat: c, nodes: map[ID]Node{}, edges: map[edgeKey]Edge{}, makers: map[string][]*Matter{}}
	for _, m := range c.Matters {
		b.node(MatterID(m.Code), m.Name, "type", m.Type, "level", m.Level, "department", m.Department)
		for _, y := range m.Yields {
			b.makers[PaperName(y)] = append(b.makers[PaperName(y)], m)
		}
	}
	b.regions(regions)
	for _, m := range c.Matters {
		b.matter(m)
		b.situations(m)
	}
	for _, e := range c.Events {
		b.event(e)
	}
	for _, p := range c.Policies {
		b.policy(p)
	}
	for _, d := range c.Duties {
		b.duty(d)
	}
	return b.sorted()
}

type edgeKey struct {
	from, to ID
	rel      Rel
}

type builder struct {
	cat    *Catalogue
	nodes  map[ID]Node
	edges  map[edgeKey]Edge
	makers map[string][]*Matter // paper → matters that give it
}

// node adds a node; props are pairs, empty values are left out. The first description of a node stays.
func (b *builder) node(id ID, name string, props ...string) ID {
	if _, ok := b.nodes[id]; ok {
		return id
	}
	n := Node{ID: id, Kind: id.Kind(), Name: name}
	for i := 0; i+1 < len(props); i += 2 {
		if props[i+1] != "" {
			if n.Props == nil {
				n.Props = map[string]string{}
			}
			n.Props[props[i]] = props[i+1]
		}
	}
	b.nodes[id] = n
	return id
}

// edge adds an edge between nodes that exist; the first reason given stays.
func (b *builder) edge(from, to ID, rel Rel, why string) {
	_, okFrom := b.nodes[from]
	_, okTo := b.nodes[to]
	k := edgeKey{from, to, rel}
	if _, dup := b.edges[k]; dup || !okFrom || !okTo || from == to {
		return
	}
	b.edges[k] = Edge{From: from, To: to, Rel: rel, Why: why}
}

func (b *builder) paper(name string) ID { return b.node(PaperID(name), PaperName(name)) }

func (b *builder) department(name string) ID {
	return b.node(ID("department:"+name), name)
}

func (b *builder) clause(c Clause) ID {
	return b.node(ID("law:"+c.Law+"/"+c.Article), c.Law+" "+c.Article, "law", c.Law, "article", c.Article)
}

func (b *builder) regions(regions *Regions) {
	if regions == nil {
		return
	}
	for _, r := range regions.All() {
		b.node(RegionID(r.Code), r.Name, "level", r.Level)
	}
	for _, r := range regions.All() {
		b.edge(RegionID(r.Code), RegionID(r.Parent), RelIn, "")
	}
}

func (b *builder) matter(m *Matter) {
	id := MatterID(m.Code)
	for _, mat := range m.Materials {
		b.material(m, mat)
	}
	for _, y := range m.Yields {
		b.edge(id, b.paper(y), RelYields, say("yields", "paper", y))
	}
	for _, l := range m.Before {
		b.edge(MatterID(l.Code), id, RelBefore, l.Why)
	}
	for _, l := range m.After {
		b.edge(id, MatterID(l.Code), RelNext, l.Why)
	}
	for _, l := range m.Confusable {
		b.edge(id, MatterID(l.Code), RelConfusable, l.How)
	}
	for _, c := range m.Basis {
		b.edge(id, b.clause(c), RelBasis, c.Quote)
	}
	for _, t := range m.Themes {
		b.edge(id, b.node(ID("theme:"+t), t), RelTheme, "")
	}
	if m.Department != "" {
		b.edge(id, b.department(m.Department), RelBy, "")
	}
	if m.Region != "" {
		b.edge(id, RegionID(m.Region), RelIn, "")
	}
}

// material joins a matter to a paper, and the paper to the matter that gives it and to those that give something
// accepted for it.
func (b *builder) material(m *Matter, mat Material) {
	rel := RelMayNeed
	if mat.Required == "always" {
		rel = RelNeeds
	}
	paper := b.paper(mat.Name)
	b.edge(MatterID(m.Code), paper, rel, mat.HowToGet)
	if from := b.cat.Matter(mat.FromMatter); from != nil && from != m {
		b.edge(MatterID(from.Code), paper, RelYields, say("yields", "paper", mat.Name))
	}
	for _, also := range mat.AcceptedNames {
		for _, maker := range b.makers[PaperName(also)] {
			if maker != m {
				b.edge(MatterID(maker.Code), paper, RelAccepted, say("accepts", "paper", also, "other", mat.Name))
			}
		}
	}
}

func (b *builder) situations(m *Matter) {
	for _, s := range m.Tree {
		id := b.node(ID("situation:"+m.Code+"/"+s.ID), s.Ask)
		b.edge(MatterID(m.Code), id, RelHas, s.Why)
		for _, o := range s.Options {
			for _, need := range o.Needs {
				if mat := m.Material(need); mat != nil {
					b.edge(id, PaperID(mat.Name), RelMayNeed, o.Text)
				}
			}
			if o.Refer != "" {
				b.edge(id, MatterID(o.Refer), RelRefers, o.Text)
			}
		}
	}
}

func (b *builder) event(e *LifeEvent) {
	id := b.node(EventID(e.Code), e.Name, "stage", e.Stage)
	for _, m := range e.Members {
		b.edge(id, MatterID(m.Code), RelHas, m.Why)
	}
	if e.Lead != "" {
		b.edge(id, b.department(e.Lead), RelBy, "")
	}
}

func (b *builder) policy(p *Policy) {
	id := b.node(PolicyID(p.Code), p.Name, "category", p.Category, "delivery", p.Delivery)
	for _, code := range p.Related {
		b.edge(id, MatterID(code), RelRelated, "")
	}
	if p.Department != "" {
		b.edge(id, b.department(p.Department), RelBy, "")
	}
}

func (b *builder) duty(d *Duty) {
	dep := b.department(d.Body)
	for _, code := range d.Matters {
		b.edge(MatterID(code), dep, RelBy, d.Duty)
	}
	for _, c := range d.Basis {
		b.edge(dep, b.clause(c), RelBasis, c.Quote)
	}
}

func (b *builder) sorted() ([]Node, []Edge) {
	nodes := make([]Node, 0, len(b.nodes))
	for _, n := range b.nodes {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(x, y Node) int { return cmp.Compare(x.ID, y.ID) })
	edges := make([]Edge, 0, len(b.edges))
	for _, e := range b.edges {
		edges = append(edges, e)
	}
	slices.SortFunc(edges, compareEdges)
	return nodes, edges
}

func compareEdges(x, y Edge) int {
	return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Rel, y.Rel), cmp.Compare(x.To, y.To))
}
