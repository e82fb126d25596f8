package zh

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// shared opens a file of the shared data folder, or skips the test where there is none.
func shared(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("GANWEN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	p := filepath.Join(append([]string{root, "data"}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("shared data absent: %v", err)
	}
	return p
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"annotation", "印發(fā)的數(shù)字政府", "印發的數字政府"},
		{"full-width brackets", "发（fā）展", "发展"},
		{"script g", "廣(ɡuǎnɡ)場", "廣場"},
		{"what explains stays", "AI(人工智能)、PC(個人電腦)、5G(第五代移動通信)、縣(區)", "AI(人工智能)、PC(個人電腦)、5G(第五代移動通信)、縣(區)"},
		{"capitals are no pinyin", "甲(A)乙(OK)", "甲(A)乙(OK)"},
		{"torn apart, sound given", "政府?dāng)?shù)字化", "政府數字化"},
		{"torn apart, out of step", "5G雙域?qū)>W(wǎng),拓", "5G雙域專網,拓"},
		{"a real question", "可以吗?hao)", "可以吗?hao)"},
		{"tags", "<p>第一段</p><div class=\"x\">第二<b>段</b></div>", "第一段\n第二段"},
		{"script and style", "a<script>if (x<y) {}</script><style>p{}</style>b", "ab"},
		{"comment", "前<!-- <b>注</b> -->后", "前后"},
		{"escaped twice", "&amp;lt;p&amp;gt;收费&amp;nbsp;标准&amp;lt;/p&amp;gt;", "收费 标准"},
		{"entity without its end", "收费&nbsp标准", "收费 标准"},
		{"less than", "面积 < 90平方米，&lt;5万元", "面积 < 90平方米，<5万元"},
		{"address keeps its query", "http://x.cn/?a=1&copy=2&sect=3", "http://x.cn/?a=1&copy=2&sect=3"},
		{"zero width", "居\u200b住\ufeff证\u00ad", "居住证"},
		{"blanks", "  居住\u3000\u3000证 \t 办理 \r\n\r\n\r\n\r\n 材料 ", "居住 证 办理\n\n材料"},
		{"bytes", "居\xff住", "居\uFFFD住"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Clean(c.in)) })
	}
}

func TestCleanPlan(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "docs", "jiangxi-plan-news.txt"))
	require.NoError(t, err)
	pinyin := regexp.MustCompile(`\p{Han}\([a-z` + toned + `]+\)`)
	require.Len(t, pinyin.FindAllString(string(raw), -1), 505)

	mended := mendTorn(string(raw))
	require.Contains(t, mended, "政府數字化履職")
	require.Contains(t, mended, "雙域專網")
	text := Simplify(Clean(string(raw)))
	require.Empty(t, pinyin.FindAllString(text, -1))
	require.Empty(t, Suspects(text))
	require.NotContains(t, text, "?")
	for _, want := range []string{"AI(人工智能)", "PC(个人电脑)", "5G(第五代移动通信)", "县(区)", "政府数字化履职能力", "5G双域专网"} {
		require.Contains(t, text, want)
	}
}

func TestSuspects(t *testing.T) {
	s := "好?zhǔn)的 W(wǎng) 锟斤拷 \ue123 &quot; <b>"
	var got []string
	for _, x := range Suspects(s) {
		require.Equal(t, string([]rune(s)[x.Start:x.End]), x.Text)
		got = append(got, x.Reason+" "+x.Text)
	}
	require.Equal(t, []string{"pinyin ?zhǔn)", "pinyin W(wǎng)", "encoding 锟斤拷", "encoding \ue123", "html &quot;", "html <b>"}, got)
	require.Empty(t, Suspects("您好？AI(人工智能)，a<b，R&D，甲(jiǎ)"))
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"發(fā)&amp;lt;b&amp;gt;", "政府?dāng)?shù)字", "域?qū)>W(wǎng)", "<a<b>>", "\xff\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, strings.TrimSpace(got), got)
		require.NotContains(t, got, "\n\n\n")
		require.NotContains(t, got, "  ")
		for _, r := range got {
			require.False(t, unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n', "%q", got)
		}
		for _, x := range Suspects(got) {
			require.Equal(t, string([]rune(got)[x.Start:x.End]), x.Text)
		}
	})
}
