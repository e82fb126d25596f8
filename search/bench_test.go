package search_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/searchtest"
	"ganwen/search/zh"
)

// BenchmarkTerms reads passages into terms.
func BenchmarkTerms(b *testing.B) {
	passages := searchtest.Corpus(b, 2_000)
	require.NoError(b, zh.Open())
	bytes := 0
	for i := 0; b.Loop(); i++ {
		text := passages[i%len(passages)].Text
		bytes += len(text)
		search.Terms(text)
	}
	b.SetBytes(int64(bytes / b.N))
}

// BenchmarkSuggest completes among the titles of 60,000 passages and 6,000 questions.
func BenchmarkSuggest(b *testing.B) {
	m := search.NewMemory(search.Config{})
	passages := searchtest.Corpus(b, 60_000)
	for i, q := range append(searchtest.Questions(b, "drcd"), searchtest.Questions(b, "cmrc2018")...) {
		passages[i].Aliases = []string{q.Text}
	}
	require.NoError(b, m.Index(b.Context(), passages))
	m.Suggest("身份", 1)
	for _, typed := range []string{"居", "居民身份", "条例", "zhonghuaren", "jmsf", "s"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				require.NotEmpty(b, m.Suggest(typed, 8))
			}
		})
	}
}

// BenchmarkRead reads a question with synonyms.
func BenchmarkRead(b *testing.B) {
	r := search.Reader{Synonyms: searchtest.Synonyms(), Freq: func(string) int { return 1 }}
	for b.Loop() {
		r.Read("请问身份证丢了户口本也找不到了怎么补办呢")
	}
}
