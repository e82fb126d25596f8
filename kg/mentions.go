package kg

import "strings"

// RegionMention is a place named in a text. Several candidates, or Confirm, mean: ask before relying on it. No candidate
// means that the words name a place that differs from town to town (高新区).
type RegionMention struct {
	Text       string   `json:"text"`
	Start      int      `json:"start"` // rune offsets, half open
	End        int      `json:"end"`
	Candidates []Region `json:"candidates"`
	Confirm    bool     `json:"confirm"`
	Note       string   `json:"note,omitempty"`
}

// Lookup returns the divisions that a name, short name, alias or path (南昌市西湖区) may mean, largest first.
func (g *Regions) Lookup(name string) []Region {
	name = strings.TrimSpace(name)
	if ms := g.Find(name); len(ms) == 1 && ms[0].Text == name {
		return ms[0].Candidates
	}
	return nil
}

// Find lists the places named in a text, longest names first at each position. Names that follow one another from the
// larger to the smaller (南昌西湖) are one mention of the smaller.
func (g *Regions) Find(text string) []RegionMention {
	orig, folded := []rune(text), []rune(fold(text))
	var found []RegionMention
	for i := 0; i < len(folded); {
		n, p := g.match(folded[i:], last(found, i))
		if n == 0 {
			i++
			continue
		}
		if !p.not {
			found = g.add(found, RegionMention{Text: string(orig[i : i+n]), Start: i, End: i + n,
				Candidates: g.regions(p.codes), Confirm: p.confirm || len(p.codes) != 1, Note: p.note}, orig)
		}
		i += n
	}
	return found
}

// match finds the longest name at the start of text. Towns may be called short right after what they lie in.
func (g *Regions) match(text []rune, before *RegionMention) (int, place) {
	for n := min(g.longest, len(text)); n >= 2; n-- {
		name := string(text[:n])
		if before != nil {
			if codes := g.within(before.Candidates, g.towns[name]); len(codes) > 0 {
				return n, place{codes: codes}
			}
		}
		if p, ok := g.names[name]; ok {
			return n, p
		}
	}
	return 0, place{}
}

// add joins a mention to the one right before it when it lies there.
func (g *Regions) add(found []RegionMention, m RegionMention, orig []rune) []RegionMention {
	before := last(found, m.Start)
	if before == nil {
		return append(found, m)
	}
	var codes []string
	for _, c := range m.Candidates {
		codes = append(codes, c.Code)
	}
	inside := g.within(before.Candidates, codes)
	if len(inside) == 0 && len(codes) == 1 && len(before.Candidates) == 1 && codes[0] == before.Candidates[0].Code {
		inside = codes // said twice, as in 新建区长堎
	}
	if len(inside) == 0 {
		return append(found, m)
	}
	before.Candidates, before.End = g.regions(inside), m.End
	before.Text = string(orig[before.Start:before.End])
	before.Confirm, before.Note = len(inside) > 1, m.Note
	return found
}

// within keeps the codes that lie in, and are not, one of the outer divisions.
func (g *Regions) within(outer []Region, codes []string) []string {
	var in []string
	for _, code := range codes {
		for _, o := range outer {
			if o.Code != code && g.Covers(o.Code, code) {
				in = appendNew(in, code)
			}
		}
	}
	return in
}

func last(found []RegionMention, end int) *RegionMention {
	if n := len(found); n > 0 && found[n-1].End == end {
		return &found[n-1]
	}
	return nil
}
