package demo

import (
	"encoding/json"
	"fmt"
	"io/fs"
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
)

var catalogue = sync.OnceValues(func() (*kg.Catalogue, error) { return kg.Load(Files()) })

func load(t *testing.T) *kg.Catalogue {
	t.Helper()
	c, err := catalogue()
	require.NoError(t, err)
	return c
}

// shared returns the path of a file beside the repository, or skips: the data there is not ours to ship.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("GANWEN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	p := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		t.Skipf("no shared data here: %v", err)
	}
	return p
}

func TestEverythingIsThere(t *testing.T) {
	c := load(t)
	require.Len(t, c.Matters, 128)
	require.Len(t, c.Events, 26)
	require.Len(t, c.Policies, 21)
	require.NotEmpty(t, c.Duties)
	require.NotEmpty(t, c.Others)
	for i, m := range c.Matters {
		require.Equal(t, fmt.Sprintf("JX-S%03d", i+1), m.Code, "in order of code")
		require.Same(t, m, c.Matter(m.Code))
	}
}

func TestFilesStaySmall(t *testing.T) {
	require.NoError(t, fs.WalkDir(Files(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		require.NoError(t, err)
		limit := int64(900 << 10)
		if strings.HasPrefix(p, "matters/") {
			limit = 600 << 10
		}
		require.LessOrEqual(t, info.Size(), limit, p)
		return nil
	}))
}

func TestSampleLabel(t *testing.T) {
	c := load(t)
	require.True(t, c.Sample)
	require.Contains(t, c.Name, "示例")
	check := func(code string, p kg.Provenance) {
		require.Contains(t, p.Source, "示例数据", code)
		require.NotEmpty(t, p.Version, code)
		require.Regexp(t, `^\d{4}-\d\d-\d\d$`, p.EffectiveFrom, code)
	}
	for _, m := range c.Matters {
		check(m.Code, m.Provenance)
	}
	for _, e := range c.Events {
		check(e.Code, e.Provenance)
	}
	for _, p := range c.Policies {
		check(p.Code, p.Provenance)
	}
}

var (
	types    = []string{"行政许可", "行政确认", "行政给付", "行政奖励", "其他行政权力", "公共服务"}
	levels   = []string{"省级", "市级", "县级", "乡级"}
	channels = []string{"窗口办理", "网上办理", "邮寄办理", "自助终端", "上门办理", "电话办理"}
	units    = []string{"工作日", "自然日", "即办", "年度", "依公告"}
	waivers  = []string{"", "电子证照免交", "数据共享免交", "容缺后补", "告知承诺"}
	kinds    = []string{"dialect", "colloquial", "abbrev", "typo", "synonym", "region", "crisis", "not_crisis", "refuse"}
)

func TestWordsFromTheLists(t *testing.T) {
	c := load(t)
	for _, m := range c.Matters {
		require.Contains(t, types, m.Type, m.Code)
		require.Contains(t, levels, m.Level, m.Code)
		require.Contains(t, units, m.PromisedDays.Unit, m.Code)
		require.Contains(t, units, m.LegalDays.Unit, m.Code)
		require.NotEmpty(t, m.How, m.Code)
		require.Subset(t, channels, m.How, m.Code)
		for _, p := range m.Materials {
			require.Contains(t, []string{"always", "situation"}, p.Required, m.Code+" "+p.ID)
			require.Contains(t, waivers, p.Waiver, m.Code+" "+p.ID)
			require.NotEmpty(t, p.HowToGet, m.Code+" "+p.ID)
		}
		require.GreaterOrEqual(t, len(m.Keywords), 8, m.Code)
		require.NotContains(t, strings.Join(m.Unknown, ""), "_", m.Code)
	}
	for _, term := range c.Lexicon {
		require.Contains(t, kinds, term.Kind, term.Term)
	}
}

func TestReferences(t *testing.T) {
	c := load(t)
	known := func(from string, codes ...string) {
		for _, code := range codes {
			require.NotNil(t, c.Matter(code), "%s names %s", from, code)
			require.NotEqual(t, from, code, "%s names itself", from)
		}
	}
	for _, m := range c.Matters {
		for _, l := range slices.Concat(m.Before, m.After, m.Confusable) {
			known(m.Code, l.Code)
			require.NotEmpty(t, l.Why+l.How, "%s → %s", m.Code, l.Code)
		}
		for _, p := range m.Materials {
			if p.FromMatter == "" {
				continue
			}
			assert.True(t, yields(c.Matter(p.FromMatter), p), "%s asks %s for %s, which it does not yield", m.Code, p.FromMatter, p.Name)
		}
	}
	for _, p := range c.Policies {
		known(p.Code, p.Related...)
	}
	for _, d := range c.Duties {
		known(d.ID, d.Matters...)
	}
}

// yields reports whether one of the names of a paper holds, or is held by, the name of something the matter gives out:
// 父亲身份证 is an 身份证.
func yields(m *kg.Matter, p kg.Material) bool {
	return m != nil && slices.ContainsFunc(append([]string{p.Name}, p.AcceptedNames...), func(name string) bool {
		return slices.ContainsFunc(m.Yields, func(y string) bool { return strings.Contains(name, y) || strings.Contains(y, name) })
	})
}

func TestPromisedWithinLegal(t *testing.T) {
	for _, m := range load(t).Matters {
		legal, promised := m.LegalDays, m.PromisedDays
		if legal.Value == nil || promised.Value == nil {
			continue
		}
		days := func(d kg.Days) int {
			if d.Unit == "工作日" { // five of seven
				return (*d.Value*7 + 4) / 5
			}
			return *d.Value
		}
		require.LessOrEqual(t, days(promised), days(legal), m.Code)
		require.NotNil(t, legal.Basis, "%s: the article that sets the days", m.Code)
	}
}

func TestQuestionsEverybodyAsks(t *testing.T) {
	topics := map[string][]string{
		"bring": {"materials"}, "how long": {"promised_days", "legal_days"}, "how much": {"fee", "unknown"},
		"where": {"where", "jurisdiction"}, "another": {"proxy"}, "online": {"how", "online_hint"}, "refused": {"refused"},
	}
	for _, m := range load(t).Matters {
		raw, err := json.Marshal(m)
		require.NoError(t, err)
		var fields map[string]any
		require.NoError(t, json.Unmarshal(raw, &fields))
		asked := map[string]bool{}
		for _, f := range m.FAQ {
			require.False(t, asked[f.Q], "%s asks twice: %s", m.Code, f.Q)
			asked[f.Q] = true
			require.NotEmpty(t, f.A, m.Code)
			for _, name := range f.Fields {
				require.Contains(t, fields, name, "%s: %s", m.Code, f.Q)
			}
		}
		for topic, names := range topics {
			assert.True(t, slices.ContainsFunc(m.FAQ, func(f kg.FAQ) bool {
				return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(f.Fields, n) })
			}), "%s: nothing about %s", m.Code, topic)
		}
	}
}

func TestEvents(t *testing.T) {
	c := load(t)
	for _, e := range c.Events {
		members, after := []string{}, map[string][]string{}
		for _, m := range e.Members {
			require.NotNil(t, c.Matter(m.Code), e.Code)
			require.NotContains(t, members, m.Code, e.Code)
			members = append(members, m.Code)
			after[m.Code] = m.After
		}
		for _, m := range e.Members {
			require.Subset(t, members, append([]string{m.Code}, m.After...), e.Code)
		}
		require.Empty(t, circle(after), e.Code)
		for _, s := range e.Shared {
			require.Subset(t, members, s.Members, "%s %s", e.Code, s.Name)
		}
		for _, q := range e.Questions {
			for _, o := range q.Options {
				require.Subset(t, members, append(slices.Clone(o.Include), o.Exclude...), "%s %s", e.Code, o.Text)
			}
		}
		for _, f := range e.OneForm {
			for _, code := range f.From {
				require.NotNil(t, c.Matter(code), "%s %s", e.Code, f.Label)
			}
		}
		require.NotEmpty(t, e.Notes, e.Code)
	}
}

var contact = regexp.MustCompile(`1[3-9]\d{9}|0\d{2,3}[-—]?\d{7,8}|https?:|www\.|[\p{Han}](?:路|街|大道|巷|弄)\d+号|@[a-z]`)

func TestNoPhonesNoLinksNoStreets(t *testing.T) {
	c := load(t)
	check := func(code string, v any) {
		for _, s := range texts(t, v) {
			require.NotRegexp(t, contact, s, code)
		}
	}
	for _, m := range c.Matters {
		require.Empty(t, m.Phone+m.Address+m.Hours+m.OnlineURL+m.ComplainTo, m.Code)
		check(m.Code, m)
	}
	for _, e := range c.Events {
		check(e.Code, e)
	}
	for _, p := range c.Policies {
		check(p.Code, p)
	}
	for _, d := range c.Duties {
		check(d.ID, d)
	}
}
