package kg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func paperNames(ps []Paper) []string {
	names := []string{}
	for _, p := range ps {
		names = append(names, p.Name)
	}
	return names
}

func TestChecklistFollowsTheSituation(t *testing.T) {
	m := sample(t).Matter("JX-S001")
	core := []string{"出生医学证明", "父亲身份证", "母亲身份证", "户口簿"}

	l := Checklist(m, nil, nil)
	require.Equal(t, core, paperNames(l.Papers), "nothing known: the core papers")
	require.Equal(t, "q1", l.Open.ID)
	require.Contains(t, l.Papers[0].Because, m.Name)

	l = Checklist(m, map[string]string{"q1": "q1a", "q2": "领了结婚证"}, nil)
	require.Equal(t, append(core, "结婚证"), paperNames(l.Papers), "option by its text")
	married := l.Papers[4]
	require.Contains(t, married.Because, "领了结婚证")
	require.Equal(t, "q2a", married.OptionID)
	require.Equal(t, "数据共享免交", married.Waiver)
	require.Equal(t, "第七条", married.WaivedBy.Article)
	require.Equal(t, "q3", l.Open.ID)

	l = Checklist(m, map[string]string{"q1": "q1d"}, Facts{})
	require.NotContains(t, paperNames(l.Papers), "出生医学证明", "an adopted child has none")
	require.Equal(t, []string{"出生医学证明"}, paperNames(l.Dropped))
	require.Contains(t, paperNames(l.Papers), "收养登记证")

	l = Checklist(m, map[string]string{"q1": "q1b", "q3": "q3a"}, nil)
	require.Nil(t, l.Open)
	require.Equal(t, "JX-S026", l.Refer[0].Code)
	require.Equal(t, []string{"q3"}, l.Ignored, "not on the way")

	l = Checklist(m, map[string]string{"q1": "nonsense"}, nil)
	require.Equal(t, "q1", l.Open.ID)
	require.Equal(t, []string{"q1"}, l.Ignored)
}

func TestChecklistTakesFactsAndSurvivesLoops(t *testing.T) {
	m := &Matter{Code: "A", Name: "甲", Tree: []Situation{
		{ID: "q1", Fact: "kind", Options: []Option{{ID: "a", Text: "新办", Needs: []string{"m2"}, Next: "q2"}}},
		{ID: "q2", Options: []Option{{ID: "b", Text: "急", Waives: []string{"m2"}, Ineligible: "不行", Next: "q1"}}},
	}, Materials: []Material{{ID: "m1", Name: "表", Required: "always"}, {ID: "m2", Name: "证", Required: "situation"}}}
	l := Checklist(m, nil, Facts{"kind": "新办"})
	require.Equal(t, []string{"表", "证"}, paperNames(l.Papers))
	l = Checklist(m, map[string]string{"q2": "b"}, Facts{"kind": "新办"})
	require.Equal(t, []string{"表"}, paperNames(l.Papers), "the later answer counts")
	require.Equal(t, "不行", l.Ineligible[0].Note)
	require.Nil(t, l.Open)
}

// Every path of every tree of the sample ends, and only names papers that exist.
func TestChecklistEveryPathOfTheSample(t *testing.T) {
	for _, m := range sample(t).Matters {
		var walk func(answers map[string]string, depth int)
		walk = func(answers map[string]string, depth int) {
			require.Less(t, depth, 8, m.Code)
			l := Checklist(m, answers, nil)
			require.Empty(t, l.Ignored)
			for _, p := range l.Papers {
				require.NotEmpty(t, p.Because)
			}
			if l.Open == nil {
				return
			}
			for _, o := range l.Open.Options {
				answers[l.Open.ID] = o.ID
				walk(answers, depth+1)
			}
			delete(answers, l.Open.ID)
		}
		walk(map[string]string{}, 0)
	}
}

// shared is the folder of test data, or skips.
func shared(t testing.TB) string {
	dir := os.Getenv("GANWEN_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	dir = filepath.Join(dir, "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no shared data: %v", err)
	}
	return dir
}

func TestWaiversQuoteTheLaw(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "laws", "*.md"))
	require.NoError(t, err)
	for name, w := range waivers {
		if w.Law == nil {
			continue
		}
		quoted := false
		for _, f := range files {
			if !strings.HasPrefix(filepath.Base(f), w.Law.Law+"(") {
				continue
			}
			raw, err := os.ReadFile(f)
			require.NoError(t, err)
			_, after, ok := strings.Cut(string(raw), "\n"+w.Law.Article+" ")
			require.True(t, ok, name)
			article := strings.SplitN(after, "\n第", 2)[0]
			require.Contains(t, article, w.Law.Quote, name)
			quoted = true
		}
		require.True(t, quoted, name)
	}
	for _, m := range sample(t).Matters {
		for _, mat := range m.Materials {
			_, known := WaiverOf(mat.Waiver)
			require.True(t, mat.Waiver == "" || known, "%s %s %s", m.Code, mat.Name, mat.Waiver)
		}
	}
}
