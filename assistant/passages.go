package assistant

import (
	"strings"

	"ganwen/kg"
	"ganwen/search"
)

// Passages turns a catalogue into what is indexed: a passage a field that people ask about, each common question,
// each quoted article. Ids are stable, so indexing again replaces.
func Passages(c *kg.Catalogue) []search.Passage {
	var out []search.Passage
	laws := map[string]bool{}
	for _, m := range c.Matters {
		out = append(out, matterPassages(m)...)
		for _, cl := range m.Basis {
			id := "law:" + cl.Law + "/" + cl.Article
			if laws[id+cl.Quote] {
				continue
			}
			laws[id+cl.Quote] = true
			if laws[id] {
				id += "#" + itoa(len(laws))
			}
			laws[id] = true
			out = append(out, search.Passage{ID: id, Kind: search.KindLaw, Code: cl.Law, Field: cl.Article,
				Title: "《" + cl.Law + "》" + cl.Article, Text: cl.Quote})
		}
	}
	for _, e := range c.Events {
		out = append(out, eventPassages(e)...)
	}
	for _, p := range c.Policies {
		out = append(out, policyPassages(p)...)
	}
	return out
}

var indexedFields = []string{"conditions", "materials", "where", "jurisdiction", "how", "steps", "promised_days", "legal_days",
	"fee", "proxy", "result", "refused", "phone", "address"}

func matterPassages(m *kg.Matter) []search.Passage {
	base := search.Passage{Kind: search.KindMatter, Code: m.Code, Title: m.Name, Region: m.Region, Type: m.Type, Themes: m.Themes,
		Audience: m.Objects, From: m.EffectiveFrom, To: m.EffectiveTo, URL: m.OnlineURL, Version: m.Version, Department: m.Department}
	add := func(field, text string) (p search.Passage) {
		p = base
		p.ID, p.Field, p.Text = "matter:"+m.Code+"/"+field, field, text
		return p
	}
	about := add("summary", m.Summary)
	about.Aliases = append(append([]string{}, m.Aliases...), m.Keywords...)
	out := []search.Passage{about}
	for _, f := range indexedFields {
		if v, ok := m.Field(f); ok && v != "" {
			out = append(out, add(f, v))
		}
	}
	for i, q := range m.FAQ {
		out = append(out, add("faq/"+itoa(i+1), q.Q+" "+q.A))
	}
	return out
}

func eventPassages(e *kg.LifeEvent) []search.Passage {
	base := search.Passage{Kind: search.KindEvent, Code: e.Code, Title: e.Name + "一件事", From: e.EffectiveFrom, To: e.EffectiveTo, Version: e.Version, Department: e.Lead}
	p := base
	p.ID, p.Field = "event:"+e.Code+"/summary", "summary"
	p.Text = e.Summary
	p.Aliases = append(append([]string{}, e.Aliases...), e.Keywords...)
	out := []search.Passage{p}
	for i, q := range e.FAQ {
		f := base
		f.ID, f.Field, f.Text = "event:"+e.Code+"/faq/"+itoa(i+1), "faq/"+itoa(i+1), q.Q+" "+q.A
		out = append(out, f)
	}
	return out
}

func policyPassages(p *kg.Policy) []search.Passage {
	base := search.Passage{Kind: search.KindPolicy, Code: p.Code, Title: p.Name, Type: p.Category, From: p.ValidFrom, To: p.ValidTo,
		Version: p.Version, Department: p.Department}
	add := func(field, text string) search.Passage {
		q := base
		q.ID, q.Field, q.Text = "policy:"+p.Code+"/"+field, field, text
		return q
	}
	var cond []string
	for _, c := range p.Conditions {
		cond = append(cond, c.Text)
	}
	out := []search.Passage{
		add("summary", p.Summary+" "+p.Audience),
		add("conditions", strings.Join(cond, "；")),
	}
	out[0].Aliases = append(append([]string{}, p.Aliases...), p.Keywords...)
	if p.Benefit != "" {
		out = append(out, add("benefit", p.Benefit))
	}
	for i, q := range p.FAQ {
		out = append(out, add("faq/"+itoa(i+1), q.Q+" "+q.A))
	}
	return out
}
