package search_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/searchtest"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"税", []string{"税"}},
		{"医保", []string{"医保"}},
		{"身份证", []string{"身份", "份证", "身份证"}},
		{"ＡＰＰ下载", []string{"app", "下载"}},
		{"2025年", []string{"2025", "年"}},
		{"……、", nil},
	} {
		got := search.Terms(c.text)
		require.Subset(t, got, c.want, c.text)
		if len(c.want) == 0 {
			require.Empty(t, got)
		}
	}
}

func TestReadLeavesQuestionWordsOut(t *testing.T) {
	terms := map[string]search.Wanted{}
	for _, w := range (search.Reader{}).Read("请问身份证怎么补办呢") {
		terms[w.Term] = w
	}
	require.NotContains(t, terms, "请问")
	require.NotContains(t, terms, "怎么")
	require.Equal(t, 1.0, terms["身份"].Weight)
	require.Equal(t, "补办", terms["补办"].Word)
	require.Less(t, terms["证怎"].Weight, terms["份证"].Weight, "half a question word counts less")
	require.NotEmpty(t, (search.Reader{}).Read("怎么办"), "unless there is nothing else")
}

func TestAmbiguousSynonymsHelpLittle(t *testing.T) {
	syn := search.NewSynonyms([]search.Synonymy{
		{Term: "户口本", Means: []string{"居民户口簿"}},
		{Term: "医报", Means: []string{"医保"}, Ambiguous: true},
		{Term: "120", Means: []string{"医疗急救电话"}},
	})
	weight := func(query, term string) float64 {
		for _, w := range (search.Reader{Synonyms: syn}).Read(query) {
			if w.Term == term {
				return w.Weight
			}
		}
		return 0
	}
	require.Positive(t, weight("户口本", "户口"), "what was typed stays")
	require.Greater(t, weight("户口本", "口簿"), weight("就医报销", "医保"))
	require.Positive(t, weight("就医报销", "医保"))
	require.Equal(t, 1.0, weight("就医报销", "报销"))
	require.Positive(t, weight("打120", "急救"))
	require.Zero(t, weight("编号1200", "急救"), "a number within a number is not the term")
}

func TestDivision(t *testing.T) {
	for code, want := range map[string]string{"": "", "36": "36", "360000": "36", "360100": "3601", "360102": "360102",
		"360102001": "360102001", "360102001000": "360102001", "360102000000": "360102", "360000000000": "36"} {
		require.Equal(t, want, search.Division(code), code)
	}
	require.Equal(t, []string{"360102001", "360102", "3601", "36"}, search.Ancestors("360102001000"))
}

func TestSplitLaw(t *testing.T) {
	text := "# 某法\n\n<!-- INFO END -->\n\n## 第一章　总则\n\n第一条　为了便民，制定本法。\n\n第二条 下列事项适用本法：\n\n（一）登记；\n\n（二）许可。\n\n" +
		"## 第二章 附则\n\n第三条之一 " + strings.Repeat("各级机关应当公开办事指南。", 60) + "\n"
	got := search.Split(search.Passage{ID: "law", Kind: search.KindLaw, Code: "某法", Title: "某法", Text: text, From: "2024-01-01"})
	fields := []string{}
	for _, p := range got {
		fields = append(fields, p.Field)
		require.Equal(t, "某法", p.Title)
		require.Equal(t, "2024-01-01", p.From)
		require.LessOrEqual(t, utf8.RuneCountInString(p.Text), 500)
	}
	require.Equal(t, []string{"第一条", "第二条", "第三条之一", "第三条之一", "第三条之一"}, fields)
	require.Equal(t, "第二条 下列事项适用本法：\n（一）登记；\n（二）许可。", got[1].Text)
	require.Equal(t, "law#2", got[1].ID)
	for _, p := range got[2:] {
		require.True(t, strings.HasSuffix(p.Text, "。"), "cut between sentences")
	}
}

func TestSplitKeepsEveryCharacter(t *testing.T) {
	long := strings.Repeat("没有标点的长文", 200)
	got := search.Split(search.Passage{ID: "x", Text: "一、申请条件\n年满十八周岁。\n\n二、材料\n" + long})
	require.Equal(t, "一、申请条件", got[0].Field)
	require.Equal(t, "年满十八周岁。", got[0].Text)
	joined := ""
	for _, p := range got[1:] {
		require.Equal(t, "二、材料", p.Field)
		joined += p.Text
	}
	require.Equal(t, long, joined)
	require.Empty(t, search.Split(search.Passage{ID: "x", Text: " \n\n"}))
}

func TestSplitRealLaws(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(searchtest.Shared(t), "laws", "信访工作条例*.md"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	articles := map[string]string{}
	for _, p := range search.Split(search.Passage{ID: "law", Text: string(text)}) {
		articles[p.Field] += p.Text
	}
	require.Len(t, articles, 50+1, "fifty articles, and the line of its making")
	require.Contains(t, articles["第三十四条"], "60日")
}

func FuzzSplit(f *testing.F) {
	f.Add("第一条 甲。\n## 二\n（一）乙")
	f.Add("　第\x00\xff条\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		for _, p := range search.Split(search.Passage{ID: "d", Text: text}) {
			require.NotEmpty(t, strings.TrimSpace(p.Text))
			require.LessOrEqual(t, utf8.RuneCountInString(p.Text), 501)
		}
	})
}

func FuzzSearch(f *testing.F) {
	m := search.NewMemory(search.Config{Synonyms: searchtest.Synonyms()})
	require.NoError(f, m.Index(f.Context(), searchtest.Passages()))
	f.Add("身份证丢了")
	f.Add("shenfenzheng\x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := m.Search(t.Context(), search.Query{Text: text})
		require.NoError(t, err)
		for _, h := range r.Hits {
			for _, s := range h.Highlights {
				require.LessOrEqual(t, s.End, len([]rune(h.Text)))
			}
		}
		m.Suggest(text, 5)
	})
}
