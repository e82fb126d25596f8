package demo

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search/zh"
)

// paper is one row of a table in the pre-review rules.
type paper struct {
	name     string
	accepted []string
	needed   string
}

var heading = regexp.MustCompile(`^### (JX-S\d{3}) `)

// rules parses the tables of the pre-review rules.
func rules(t *testing.T) map[string][]paper {
	t.Helper()
	raw, err := os.ReadFile(shared(t, "data/sample/prereview-rules.md"))
	require.NoError(t, err)
	out, code := map[string][]paper{}, ""
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if m := heading.FindStringSubmatch(line); m != nil {
			code = m[1]
			continue
		}
		if code == "" || !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| paper") || strings.HasPrefix(line, "|--") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		require.GreaterOrEqual(t, len(cells), 3, line)
		p := paper{name: strings.TrimSpace(cells[0]), needed: strings.TrimSpace(cells[2])}
		for _, a := range strings.Split(cells[1], ",") {
			if a = strings.TrimSpace(a); a != "–" && a != "" {
				p.accepted = append(p.accepted, a)
			}
		}
		out[code] = append(out[code], p)
	}
	require.Len(t, out, 32)
	return out
}

// excused are the two papers the rules' own sentences take off in one situation.
var excused = map[string]bool{"JX-S001 父亲身份证": true}

func TestPapersAgreeWithPreReview(t *testing.T) {
	c := load(t)
	for code, papers := range rules(t) {
		m := c.Matter(code)
		require.NotNil(t, m, code)
		for _, p := range papers {
			i := slices.IndexFunc(m.Materials, func(x kg.Material) bool { return zh.Fold(x.Name) == zh.Fold(p.name) })
			require.GreaterOrEqual(t, i, 0, "%s has no %s", code, p.name)
			got := m.Materials[i]
			for _, a := range p.accepted {
				assert.True(t, got.Name == a || slices.Contains(got.AcceptedNames, a), "%s: %s does not accept %s", code, p.name, a)
			}
			switch {
			case p.needed == "yes":
				require.Equal(t, "always", got.Required, "%s %s", code, p.name)
				assert.True(t, excused[code+" "+p.name] || !waived(m, got.ID), "%s: an answer waives %s", code, p.name)
			case p.needed != "no":
				require.Equal(t, "situation", got.Required, "%s %s", code, p.name)
			}
		}
		for _, x := range m.Materials {
			assert.True(t, x.Required != "always" || slices.ContainsFunc(papers, func(p paper) bool { return zh.Fold(p.name) == zh.Fold(x.Name) }),
				"%s asks everybody for %s, the rules do not", code, x.Name)
		}
	}
}

func waived(m *kg.Matter, id string) bool {
	for _, q := range m.Tree {
		for _, o := range q.Options {
			if slices.Contains(o.Waives, id) {
				return true
			}
		}
	}
	return false
}

// skeleton reads the table the catalogue was written from: name, department, promise, core papers.
func skeleton(t *testing.T) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile(shared(t, "data/sample/matters.tsv"))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	head := strings.Split(lines[0], "\t")
	out := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			row[head[i]] = cell
		}
		out[row["code"]] = row
	}
	return out
}

func TestRecordsFollowTheSkeleton(t *testing.T) {
	for code, row := range skeleton(t) {
		m := load(t).Matter(code)
		require.Equal(t, row["name"], m.Name)
		require.Equal(t, row["dept"], m.Department, code)
		if m.PromisedDays.Value == nil {
			continue
		}
		var promised []float64
		for _, d := range digits.FindAllString(row["promise"], -1) {
			if v, ok := zh.ParseNumber(d); ok {
				promised = append(promised, v)
			}
		}
		require.Contains(t, promised, float64(*m.PromisedDays.Value), "%s promises %s", code, row["promise"])
	}
}

var bracket = regexp.MustCompile(`[(（][^)）]*[)）]`)

// optional marks, in brackets, the core papers nobody is sent back for.
var optional = regexp.MustCompile(`可共享|可承诺|可免|非必要`)

func TestCorePapersAreThere(t *testing.T) {
	covered := rules(t)
	for code, row := range skeleton(t) {
		if _, ok := covered[code]; ok {
			continue
		}
		m := load(t).Matter(code)
		for _, part := range strings.Split(row["materials"], "；") {
			if whole := bracket.FindString(part); whole == part || optional.MatchString(whole) {
				continue
			}
			names := regexp.MustCompile(`[/、]|或`).Split(bracket.ReplaceAllString(part, ""), -1)
			assert.True(t, slices.ContainsFunc(m.Materials, func(p kg.Material) bool {
				return slices.ContainsFunc(names, func(n string) bool {
					n = strings.TrimSpace(n)
					return strings.Contains(p.Name, n) || slices.ContainsFunc(p.AcceptedNames, func(a string) bool { return strings.Contains(a, n) })
				})
			}), "%s: nothing for %s", code, part)
		}
	}
}

func TestDutyClassesAreInTheScheme(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "data/petitions/taxonomy.csv"))
	require.NoError(t, err)
	leaves := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		leaves[strings.ReplaceAll(strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n"), ",", "/")] = true
	}
	for _, d := range load(t).Duties {
		for _, class := range d.Classes {
			require.True(t, leaves[class], "%s: %s", d.ID, class)
		}
	}
}
