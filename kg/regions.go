package kg

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"ganwen/search/zh"
)

// Region is an administrative division (行政区划). Codes are written short: 36, 3601, 360103, 360103001.
type Region struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Level  string `json:"level"` // province city county town
	Parent string `json:"parent,omitempty"`
}

// Regions knows divisions by code, by name and by what people call them. It is read-only once loaded and safe for
// concurrent use.
type Regions struct {
	list    []Region
	byCode  map[string]int
	names   map[string]place
	towns   map[string][]string // short names of towns: good only after the name of what they lie in
	longest int                 // runes of the longest name
}

// place is what a name may mean.
type place struct {
	codes   []string
	confirm bool
	not     bool // the words are no place at all
	note    string
}

//go:embed data/jiangxi.csv
var jiangxiCSV string

//go:embed data/guangdong.csv
var guangdongCSV string

//go:embed data/region-aliases.csv
var aliasesCSV string

// Divisions returns the divisions built in: Jiangxi to the town with what people call its places, and Guangdong's cities.
func Divisions() (*Regions, error) {
	_, guangdong, _ := strings.Cut(guangdongCSV, "\n") // one header is enough
	g, err := LoadRegions(strings.NewReader(strings.TrimRight(jiangxiCSV, "\n") + "\n" + guangdong))
	if err != nil {
		return nil, err
	}
	return g, g.LoadAliases(strings.NewReader(aliasesCSV))
}

// LoadRegions reads a CSV table with the columns code, name, level and parent.
func LoadRegions(r io.Reader) (*Regions, error) {
	rows, err := readTable(r, "code", "name", "level", "parent")
	if err != nil {
		return nil, fmt.Errorf("kg: regions: %w", err)
	}
	g := &Regions{byCode: map[string]int{}, names: map[string]place{}, towns: map[string][]string{}}
	for i, row := range rows {
		reg := Region{Code: RegionCode(row[0]), Name: row[1], Level: row[2], Parent: RegionCode(row[3])}
		if _, dup := g.byCode[reg.Code]; dup || reg.Code == "" || reg.Name == "" {
			return nil, fmt.Errorf("kg: regions: row %d: code %q, name %q: empty or given twice", i+2, row[0], row[1])
		}
		g.byCode[reg.Code] = len(g.list)
		g.list = append(g.list, reg)
	}
	g.nameAll()
	return g, nil
}

// LoadAliases adds names from a CSV table with the columns alias, codes (apart by blanks; "-" = not a place), confirm
// (1 = ask first) and note. An alias that is also an official short name joins its meanings.
func (g *Regions) LoadAliases(r io.Reader) error {
	rows, err := readTable(r, "alias", "codes", "confirm", "note")
	if err != nil {
		return fmt.Errorf("kg: region aliases: %w", err)
	}
	for i, row := range rows {
		p := g.names[fold(row[0])]
		if p.not = row[1] == "-"; !p.not {
			for _, code := range strings.Fields(row[1]) {
				if _, ok := g.byCode[RegionCode(code)]; !ok {
					return fmt.Errorf("kg: region aliases: row %d: no division %q", i+2, code)
				}
				p.codes = appendNew(p.codes, RegionCode(code))
			}
		}
		p.confirm, p.note = row[2] == "1", row[3]
		g.setName(row[0], p)
	}
	return nil
}

// ByCode returns a division by its code in any length: 3601, 360100 and 360100000000 are the same.
func (g *Regions) ByCode(code string) (Region, bool) {
	i, ok := g.byCode[RegionCode(code)]
	if !ok {
		return Region{}, false
	}
	return g.list[i], true
}

// All returns every division, in the order of the table. The caller must not change it.
func (g *Regions) All() []Region { return g.list }

// Ancestors returns what a division lies in, nearest first; none for a province or an unknown code.
func (g *Regions) Ancestors(code string) []Region {
	var up []Region
	r, ok := g.ByCode(code)
	for ok && r.Parent != "" && len(up) < 5 {
		if r, ok = g.ByCode(r.Parent); ok {
			up = append(up, r)
		}
	}
	return up
}

// Covers reports whether inner is outer or lies in it. The empty outer covers everything.
func (g *Regions) Covers(outer, inner string) bool {
	outer, inner = RegionCode(outer), RegionCode(inner)
	if outer == "" || outer == inner {
		return true
	}
	return slices.ContainsFunc(g.Ancestors(inner), func(r Region) bool { return r.Code == outer })
}

// FullName is the name with what it lies in: 江西省南昌市东湖区.
func (g *Regions) FullName(code string) string {
	r, ok := g.ByCode(code)
	if !ok {
		return ""
	}
	name := r.Name
	for _, up := range g.Ancestors(code) {
		name = up.Name + name
	}
	return name
}

func (g *Regions) regions(codes []string) []Region {
	rs := make([]Region, 0, len(codes))
	for _, code := range codes {
		if r, ok := g.ByCode(code); ok {
			rs = append(rs, r)
		}
	}
	slices.SortStableFunc(rs, func(a, b Region) int { return len(a.Code) - len(b.Code) })
	return rs
}

// nameAll enters full names, and short names of all but towns; a town's short name counts where a larger place shares it.
func (g *Regions) nameAll() {
	for _, r := range g.list {
		g.addName(r.Name, r.Code)
		if short := shortName(r); short != "" && r.Level != "town" {
			g.addName(short, r.Code)
		}
	}
	for _, r := range g.list {
		short := shortName(r)
		if r.Level != "town" || short == "" {
			continue
		}
		g.towns[fold(short)] = append(g.towns[fold(short)], r.Code)
		if _, shared := g.names[fold(short)]; shared {
			g.addName(short, r.Code)
		}
	}
}

func (g *Regions) addName(name, code string) {
	p := g.names[fold(name)]
	p.codes = appendNew(p.codes, code)
	g.setName(name, p)
}

func (g *Regions) setName(name string, p place) {
	g.names[fold(name)] = p
	g.longest = max(g.longest, len([]rune(name)))
}

// levelWords end the names of divisions.
var levelWords = []string{"街道办事处", "街道", "省", "市", "县", "区", "镇", "乡"}

// shortName is the name without its level word; "" when that would leave less than two characters.
func shortName(r Region) string {
	for _, w := range levelWords {
		if short, ok := strings.CutSuffix(r.Name, w); ok {
			if len([]rune(short)) < 2 {
				return ""
			}
			return short
		}
	}
	return ""
}

// RegionCode writes a code short: trailing zero pairs of provinces, cities and counties and zero triples of towns go.
func RegionCode(code string) string {
	code = strings.TrimSpace(code)
	if len(code) == 12 {
		code = strings.TrimSuffix(code, "000")
	}
	if len(code) == 9 {
		code = strings.TrimSuffix(code, "000")
	}
	for (len(code) == 6 || len(code) == 4) && strings.HasSuffix(code, "00") {
		code = code[:len(code)-2]
	}
	return code
}

func fold(s string) string { return zh.Fold(s) }

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// readTable reads a CSV table whose header names the columns, in any order, and returns them in the order asked for.
func readTable(r io.Reader, columns ...string) ([][]string, error) {
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no header; want %s", strings.Join(columns, ","))
	}
	at := make([]int, len(columns))
	for i, c := range columns {
		if at[i] = slices.Index(all[0], c); at[i] < 0 {
			return nil, fmt.Errorf("no column %q", c)
		}
	}
	rows := make([][]string, 0, len(all)-1)
	for _, line := range all[1:] {
		row := make([]string, len(columns))
		for i := range columns {
			row[i] = strings.TrimSpace(line[at[i]])
		}
		rows = append(rows, row)
	}
	return rows, nil
}
