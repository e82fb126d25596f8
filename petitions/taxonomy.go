package petitions

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Taxonomy is a class list (内容分类) of three levels. An office may load its own. It is read-only and safe for
// concurrent use.
type Taxonomy struct {
	domains []string
	second  map[string][]string // domain → second-level names, in the list's order
	third   map[string][]string // domain/second → third-level names
	leaves  int
}

// DefaultTaxonomy is the list built in: 15 first-level, 118 second-level and 517 third-level names.
func DefaultTaxonomy() (*Taxonomy, error) {
	f, err := data.Open("data/taxonomy.csv")
	if err != nil {
		return nil, fmt.Errorf("petitions: taxonomy: %w", err)
	}
	defer f.Close()
	return ReadTaxonomy(f)
}

// ReadTaxonomy reads a CSV table of three columns with a header line: first, second and third level.
func ReadTaxonomy(r io.Reader) (*Taxonomy, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("petitions: taxonomy: %w", err)
	}
	t := &Taxonomy{second: map[string][]string{}, third: map[string][]string{}}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 3 || slices.Contains(row, "") {
			return nil, fmt.Errorf("petitions: taxonomy: line %d: want three names", i+1)
		}
		t.add(row[0], row[1], row[2])
	}
	if len(t.domains) == 0 {
		return nil, fmt.Errorf("petitions: taxonomy: no classes")
	}
	return t, nil
}

func (t *Taxonomy) add(a, b, c string) {
	if t.second[a] == nil {
		t.domains = append(t.domains, a)
	}
	if !slices.Contains(t.second[a], b) {
		t.second[a] = append(t.second[a], b)
	}
	key := a + "/" + b
	if !slices.Contains(t.third[key], c) {
		t.third[key] = append(t.third[key], c)
		t.leaves++
	}
}

// Domains lists the first level.
func (t *Taxonomy) Domains() []string { return slices.Clone(t.domains) }

// Second lists what lies in a first-level class.
func (t *Taxonomy) Second(domain string) []string { return slices.Clone(t.second[domain]) }

// Third lists the leaves of a second-level class.
func (t *Taxonomy) Third(domain, second string) []string {
	return slices.Clone(t.third[domain+"/"+second])
}

// Leaves is the number of third-level classes.
func (t *Taxonomy) Leaves() int { return t.leaves }

// Has reports whether a path of one to three names is in the list.
func (t *Taxonomy) Has(path ...string) bool {
	switch len(path) {
	case 1:
		return t.second[path[0]] != nil
	case 2:
		return slices.Contains(t.second[path[0]], path[1])
	case 3:
		return slices.Contains(t.third[path[0]+"/"+path[1]], path[2])
	}
	return false
}

// Path splits a class written with slashes, and reports whether it is in the list.
func (t *Taxonomy) Path(class string) ([]string, bool) {
	p := strings.Split(class, "/")
	return p, t.Has(p...)
}
