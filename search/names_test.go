package search_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
)

// TestGuesses pins what is looked for beside a misspelt question, in an index that knows only these names.
func TestGuesses(t *testing.T) {
	var c search.Collector
	for _, name := range []string{"居民身份证", "住房公积金提取", "食品经营许可证", "出生医学证明", "社保卡", "营业执照", "etc办理"} {
		c.AddSuggestion(search.Suggestion{Text: name})
	}
	known := map[string]bool{}
	for _, text := range []string{"居民身份证", "住房公积金提取", "食品经营许可证", "出生医学证明", "社保卡", "营业执照", "补办"} {
		for _, term := range search.Terms(text) {
			known[term] = true
		}
	}
	r := search.Reader{Names: c.Names(nil), Freq: func(term string) int {
		if known[term] {
			return 3
		}
		return 0
	}}
	for _, c := range []struct {
		query, word string
		how         search.How
	}{
		{"补办身分正", "身份证", search.Sound},
		{"身份证", "", search.Exact},
		{"shenfenzheng", "身份证", search.Sound},
		{"sfz", "身份证", search.Sound},
		{"公鸡金", "公积金", search.Sound},
		{"社宝卡", "社保卡", search.Sound},
		{"食品精英许可证", "食品经营许可证", search.Sound},
		{"食品经管许可证", "食品经营许可证", search.Typo},  // another character
		{"食品营许可证", "食品经营许可证", search.Typo},   // one left out
		{"食品经经营许可证", "食品经营许可证", search.Typo}, // one too many
		{"营业照执", "营业执照", search.Typo},        // exchanged
		{"今天天气很好", "", search.Exact},
		{"hello", "", search.Exact},
	} {
		got := map[string]search.How{}
		for _, w := range r.Read(c.query) {
			if w.How != search.Exact {
				got[w.Word] = w.How
			}
		}
		if c.word == "" {
			require.Empty(t, got, c.query)
			continue
		}
		require.Equal(t, c.how, got[c.word], "%s: %v", c.query, got)
	}
	for _, w := range r.Read("今天天气很好，身份证补办") {
		require.Equal(t, search.Exact, w.How, "%s was guessed in a question without mistakes", w.Word)
	}
}

func TestCompleterOrder(t *testing.T) {
	var entries []search.Suggestion
	for _, text := range []string{"临时居民身份证", "居民身份证补领换领", "居民身份证", "身份证丢了怎么办", "居住证"} {
		entries = append(entries, search.Suggestion{Text: text})
	}
	c := search.NewCompleter(entries)
	texts := func(typed string, n int) []string {
		out := []string{}
		for _, s := range c.Suggest(typed, n) {
			out = append(out, s.Text)
		}
		return out
	}
	require.Equal(t, []string{"居民身份证", "居民身份证补领换领", "临时居民身份证"}, texts("居民", 5), "beginnings first, then the shorter")
	require.Equal(t, []string{"居住证", "居民身份证"}, texts("居", 2))
	require.Equal(t, []string{"居住证"}, texts("juz", 5), "a syllable still being typed")
	require.Equal(t, []string{"居民身份证", "居民身份证补领换领", "临时居民身份证"}, texts("jmsfz", 5))
	require.Contains(t, texts("身份zheng", 5), "居民身份证", "characters and letters mixed")
	require.Contains(t, texts("ＪＵＭＩＮ", 5), "居民身份证")
	require.Empty(t, texts("xyz", 5))
	require.Empty(t, texts(" ", 5))
	require.Empty(t, c.Suggest("居", 0))
}
