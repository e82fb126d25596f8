package search

import "slices"

// columns hold what filters ask, as small numbers, passage by passage: a search over many postings must not compare strings.
type columns struct {
	kind, typ, code, region, from, to []uint32 // index into values
	themes, audience                  [][]uint32
	values                            []string
	number                            map[string]uint32
}

func newColumns(passages []Passage) columns {
	c := columns{number: map[string]uint32{}}
	for i := range passages {
		p := &passages[i]
		c.kind = append(c.kind, c.intern(string(p.Kind)))
		c.typ = append(c.typ, c.intern(p.Type))
		c.code = append(c.code, c.intern(p.Code))
		c.region = append(c.region, c.intern(p.Region))
		c.from = append(c.from, c.intern(p.From))
		c.to = append(c.to, c.intern(p.To))
		c.themes = append(c.themes, c.internAll(p.Themes))
		c.audience = append(c.audience, c.internAll(p.Audience))
	}
	return c
}

func (c *columns) intern(value string) uint32 {
	n, ok := c.number[value]
	if !ok {
		n = uint32(len(c.values))
		c.number[value] = n
		c.values = append(c.values, value)
	}
	return n
}

func (c *columns) internAll(values []string) []uint32 {
	if len(values) == 0 {
		return nil
	}
	out := make([]uint32, len(values))
	for i, v := range values {
		out[i] = c.intern(v)
	}
	return out
}

// accept tells which values of one column pass; nil lets all pass.
type accept []bool

func (a accept) pass(column []uint32, doc uint32) bool { return a == nil || a[column[doc]] }

// filter is Keeps for numbers: every condition is decided once a value, not once a passage.
type filter struct {
	c                                 *columns
	kind, typ, code, region, from, to accept
	theme, audience                   int64 // value wanted, anyValue or noValue
}

const (
	anyValue = -1
	noValue  = -2 // asked for, and no passage here has it
)

func (c *columns) filter(q *Query) *filter {
	if !q.Filtered() {
		return nil
	}
	f := &filter{c: c, theme: c.want(q.Theme), audience: c.want(q.Audience)}
	f.kind = c.accept(len(q.Kinds) > 0, func(v string) bool { return slices.Contains(q.Kinds, Kind(v)) })
	f.code = c.accept(len(q.Codes) > 0, func(v string) bool { return slices.Contains(q.Codes, v) })
	f.typ = c.accept(q.Type != "", func(v string) bool { return v == q.Type })
	f.region = c.accept(q.Region != "", func(v string) bool { return inRegion(q.Region, v) })
	f.from = c.accept(q.On != "", func(v string) bool { return inForce(q.On, v, "") })
	f.to = c.accept(q.On != "", func(v string) bool { return inForce(q.On, "", v) })
	return f
}

func (c *columns) accept(asked bool, pass func(string) bool) accept {
	if !asked {
		return nil
	}
	a := make(accept, len(c.values))
	for i, v := range c.values {
		a[i] = pass(v)
	}
	return a
}

func (c *columns) want(value string) int64 {
	if value == "" {
		return anyValue
	}
	if n, ok := c.number[value]; ok {
		return int64(n)
	}
	return noValue
}

func (f *filter) keeps(doc uint32) bool {
	if f == nil {
		return true
	}
	return f.kind.pass(f.c.kind, doc) && f.code.pass(f.c.code, doc) && f.typ.pass(f.c.typ, doc) &&
		f.region.pass(f.c.region, doc) && f.from.pass(f.c.from, doc) && f.to.pass(f.c.to, doc) &&
		holds(f.c.themes, doc, f.theme) && holds(f.c.audience, doc, f.audience)
}

func holds(column [][]uint32, doc uint32, want int64) bool {
	return want == anyValue || want >= 0 && slices.Contains(column[doc], uint32(want))
}
