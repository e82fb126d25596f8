package kg

// index finds records by code. It is rebuilt when the numbers of records change, so that lookups stay right while a
// catalogue is being put together.
type index struct {
	matters            map[string]*Matter
	events             map[string]*LifeEvent
	policies           map[string]*Policy
	nMatter, nEv, nPol int
}

func (c *Catalogue) byCode() *index {
	x := c.index.Load()
	if x != nil && x.nMatter == len(c.Matters) && x.nEv == len(c.Events) && x.nPol == len(c.Policies) {
		return x
	}
	x = &index{
		matters: make(map[string]*Matter, len(c.Matters)), nMatter: len(c.Matters),
		events: make(map[string]*LifeEvent, len(c.Events)), nEv: len(c.Events),
		policies: make(map[string]*Policy, len(c.Policies)), nPol: len(c.Policies),
	}
	for _, m := range c.Matters {
		x.matters[m.Code] = m
	}
	for _, e := range c.Events {
		x.events[e.Code] = e
	}
	for _, p := range c.Policies {
		x.policies[p.Code] = p
	}
	c.index.Store(x)
	return x
}

// Matter returns the matter with this code, or nil. Lookups are safe for concurrent use.
func (c *Catalogue) Matter(code string) *Matter { return c.byCode().matters[code] }

// Event returns the life event with this code, or nil.
func (c *Catalogue) Event(code string) *LifeEvent { return c.byCode().events[code] }

// Policy returns the policy with this code, or nil.
func (c *Catalogue) Policy(code string) *Policy { return c.byCode().policies[code] }
