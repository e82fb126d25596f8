package demo

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search/zh"
)

// article is one article of one law; a law that was rewritten has the same number twice.
type article struct{ Law, Article, Text string }

var lawFiles struct {
	once     sync.Once
	articles []article
	texts    map[string]string // whole laws by file name
	err      error
}

// laws reads the statutes beside the repository, once, or skips.
func laws(t *testing.T) ([]article, map[string]string) {
	t.Helper()
	gz := shared(t, "data/statutes/articles.jsonl.gz")
	dir := shared(t, "data/laws")
	l := &lawFiles
	l.once.Do(func() {
		if l.articles, l.err = readArticles(gz); l.err != nil {
			return
		}
		l.texts = map[string]string{}
		var names []string
		if names, l.err = filepath.Glob(filepath.Join(dir, "*.md")); l.err != nil {
			return
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				l.err = err
				return
			}
			law, _, _ := strings.Cut(filepath.Base(name), "(")
			l.texts[law] = string(raw)
		}
	})
	require.NoError(t, l.err)
	return l.articles, l.texts
}

func readArticles(name string) (_ []article, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var out []article
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var a article
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, lines.Err()
}

func TestQuotesAreExact(t *testing.T) {
	articles, whole := laws(t)
	texts := map[string][]string{}
	for _, a := range articles {
		texts[a.Law+a.Article] = append(texts[a.Law+a.Article], a.Text)
	}
	check := func(code string, basis []kg.Clause) {
		for _, b := range basis {
			in := slices.ContainsFunc(texts[b.Law+b.Article], func(s string) bool { return strings.Contains(s, b.Quote) })
			assert.True(t, in || strings.Contains(whole[b.Law], b.Quote), "%s: %s%s: %s", code, b.Law, b.Article, b.Quote)
		}
	}
	c := load(t)
	for _, m := range c.Matters {
		check(m.Code, m.Basis)
		for _, i := range []*int{m.LegalDays.Basis, m.PromisedDays.Basis, m.Fee.Basis} {
			require.True(t, i == nil || *i < len(m.Basis), m.Code)
		}
	}
	for _, d := range c.Duties {
		check(d.ID, d.Basis)
	}
}

// texts lists every sentence of a record that a reader can see.
func texts(t *testing.T, v any) []string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(raw, &tree))
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for k, x := range v {
				if !slices.Contains(hidden, k) {
					walk(x)
				}
			}
		}
	}
	walk(tree)
	return out
}

// hidden fields hold keys, articles and the words people search by, no sentences of the record's own.
var hidden = []string{
	"id", "code", "needs", "waives", "next", "refer", "fields", "fact", "op", "basis", "source", "version",
	"effective_from", "from_matter", "classes", "keywords", "aliases",
}

const numeral = `(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)`

var (
	counted = regexp.MustCompile(`(百分之)?(` + numeral + `)(个?工作日|个?自然日|元|块钱?|万元|%|天|日|个月|年|周岁|岁|个?小时|分钟|倍|平方米|公里|人|名|成|折|级|亩|分)`)
	digits  = regexp.MustCompile(numeral)
)

// quantity is a number with its unit: 六十日, 60日 and 60个自然日 are not told apart further than by their unit.
type quantity struct {
	value float64
	unit  string
}

func quantities(s string) []quantity {
	var out []quantity
	for _, m := range counted.FindAllStringSubmatch(zh.Fold(s), -1) {
		if v, ok := zh.ParseNumber(m[2]); ok {
			unit := strings.TrimPrefix(m[3], "个")
			if unit == "月" {
				unit = "个月"
			}
			out = append(out, quantity{v, unit})
		}
	}
	return out
}

// sources are the numbers a record may use: those of its quoted articles and its own fields.
func sources(m *kg.Matter) map[float64]bool {
	ok := map[float64]bool{0: true, 1: true, 2: true}
	for _, b := range m.Basis {
		for _, d := range digits.FindAllString(zh.Fold(b.Quote), -1) {
			if v, is := zh.ParseNumber(d); is {
				ok[v] = true
			}
		}
	}
	for _, q := range quantities(m.Name) {
		ok[q.value] = true
	}
	for _, d := range []kg.Days{m.LegalDays, m.PromisedDays} {
		if d.Value != nil {
			ok[float64(*d.Value)] = true
		}
		for _, q := range quantities(d.Text) {
			ok[q.value] = ok[q.value] || d.Text == m.PromisedDays.Text // the promise is checked against the skeleton
		}
	}
	return ok
}

// exceptions reads testdata/numbers.tsv: numbers whose source is another article, or a named reason.
func exceptions(t *testing.T) map[string][][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/numbers.tsv")
	require.NoError(t, err)
	out := map[string][][]string{}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimRight(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		require.Len(t, f, 4, line)
		require.Len(t, quantities(f[1]), 1, line)
		out[f[0]] = append(out[f[0]], f)
	}
	return out
}

func TestNoNumberWithoutSource(t *testing.T) {
	c, exempt := load(t), exceptions(t)
	used := map[string]bool{}
	check := func(code string, v any, ok map[float64]bool) {
		for _, s := range texts(t, v) {
			for _, q := range quantities(s) {
				if ok[q.value] {
					continue
				}
				found := false
				for _, f := range slices.Concat(exempt[code], exempt["*"]) {
					if quantities(f[1])[0] == q {
						found, used[f[0]+f[1]] = true, true
					}
				}
				assert.True(t, found, "%s: %v %s in %q has no source", code, q.value, q.unit, s)
			}
		}
	}
	for _, m := range c.Matters {
		check(m.Code, m, sources(m))
	}
	for _, e := range c.Events {
		ok := map[float64]bool{0: true, 1: true, 2: true}
		for _, member := range e.Members { // an event repeats what its matters say
			for _, s := range texts(t, c.Matter(member.Code)) {
				for _, q := range quantities(s) {
					ok[q.value] = true
				}
			}
		}
		check(e.Code, e, ok)
	}
	for _, p := range c.Policies {
		check(p.Code, p, map[float64]bool{0: true, 1: true, 2: true})
	}
	for _, d := range c.Duties {
		check(d.ID, d, sources(&kg.Matter{Basis: d.Basis}))
	}
	for _, rows := range exempt {
		for _, f := range rows {
			assert.True(t, used[f[0]+f[1]], "no longer needed: %s %s", f[0], f[1])
		}
	}
}

func TestExceptionsStandInTheirArticles(t *testing.T) {
	articles, whole := laws(t)
	for _, rows := range exceptions(t) {
		for _, f := range rows {
			if f[2] == "-" {
				require.NotEmpty(t, f[3], f[1])
				continue
			}
			want := quantities(f[1])[0]
			holds := func(s string) bool {
				return slices.ContainsFunc(quantities(s), func(q quantity) bool { return q.value == want.value })
			}
			in := slices.ContainsFunc(articles, func(a article) bool { return a.Law == f[2] && a.Article == f[3] && holds(a.Text) })
			assert.True(t, in || holds(section(whole[f[2]], f[3])), "%s %s: not in %s%s", f[0], f[1], f[2], f[3])
		}
	}
}

// section cuts one article out of a whole law.
func section(law, number string) string {
	_, rest, ok := strings.Cut(law, "\n"+number+" ")
	if !ok {
		return ""
	}
	end := regexp.MustCompile(`\n第[一二三四五六七八九十百]+条 `).FindStringIndex(rest)
	if end == nil {
		return rest
	}
	return rest[:end[0]]
}
