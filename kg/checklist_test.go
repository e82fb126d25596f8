package kg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func titles(ps []Paper) []string {
	names := []string{}
	for _, p := range ps {
		names = append(names, p.Name)
	}
	return names
}

func TestChecklistFollowsTheSituation(t *testing.T) {
	m := &Matter{Code: "HU", Name: "出生登记",
		Materials: []Material{
			{ID: "m1", Name: "出生医学证明", Required: "always"}, {ID: "m2", Name: "户口簿", Required: "always"},
			{ID: "m3", Name: "结婚证", Required: "situation", Waiver: "数据共享免交"}, {ID: "m4", Name: "收养登记证", Required: "situation"}},
		Tree: []Situation{
			{ID: "q1", Ask: "有出生证吗？", Options: []Option{
				{ID: "a", Text: "有", Next: "q2"},
				{ID: "b", Text: "丢了", Refer: "BC", Note: "先去补"},
				{ID: "c", Text: "收养的", Needs: []string{"m4"}, Waives: []string{"m1"}, Next: "q2"}}},
			{ID: "q2", Ask: "领证了吗？", Options: []Option{{ID: "a", Text: "领了", Needs: []string{"m3"}}, {ID: "b", Text: "没领"}}},
		}}
	core := []string{"出生医学证明", "户口簿"}
	l := Checklist(m, nil, nil)
	require.Equal(t, core, titles(l.Papers), "nothing known: the core papers")
	require.Equal(t, "q1", l.Open.ID)
	require.Contains(t, l.Papers[0].Because, m.Name)

	l = Checklist(m, map[string]string{"q1": "a", "q2": "领了"}, nil)
	require.Equal(t, append(core, "结婚证"), titles(l.Papers), "option by its text")
	married := l.Papers[2]
	require.Contains(t, married.Because, "领了")
	require.Equal(t, "a", married.OptionID)
	require.Equal(t, "第七条", married.WaivedBy.Article)
	require.Nil(t, l.Open)

	l = Checklist(m, map[string]string{"q1": "c"}, Facts{})
	require.Equal(t, []string{"户口簿", "收养登记证"}, titles(l.Papers))
	require.Equal(t, []string{"出生医学证明"}, titles(l.Dropped))
	require.Contains(t, l.Dropped[0].Because, "收养的")
	require.Equal(t, "q2", l.Open.ID)

	l = Checklist(m, map[string]string{"q1": "b", "q2": "a"}, nil)
	require.Nil(t, l.Open)
	require.Equal(t, "BC", l.Refer[0].Code)
	require.Equal(t, "先去补", l.Notes[0].Note)
	require.Equal(t, []string{"q2"}, l.Ignored, "not on the way")

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
	require.Equal(t, []string{"表", "证"}, titles(l.Papers))
	l = Checklist(m, map[string]string{"q2": "b"}, Facts{"kind": "新办"})
	require.Equal(t, []string{"表"}, titles(l.Papers), "the later answer counts")
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
