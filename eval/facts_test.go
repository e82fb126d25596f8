package eval

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckFacts(t *testing.T) {
	papers := []string{"身份证", "居民身份证", "户口簿", "出生医学证明", "照片"}
	const evidence = `"citations":[{"id":"c1","field":"promised_days","quote":"5个工作日"},{"id":"c2","quote":"应当自受理之日起三十日内作出决定，逾期的，加处罚款","url":"https://example.gov.cn/a?b=1"},{"id":"c3","quote":"电话0791-88880000；费用1,000元；二〇二六年","effective_from":"2026-03-05"}],
"checklist":{"materials":[{"id":"m77","name":"居民身份证","copies":2}],"promised_days":"15个工作日"},"matters":[{"code":"JX-S042","name":"补领","score":0.93,"why":"命中 66 词"}]`
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"cited", "5个工作日办好[c1]，窗口电话0791-88880000[c3]。", nil},
		{"part of a longer number", "电话88880000", nil}, // the local part of a cited phone
		{"not cited", "7个工作日，电话0791-66660000", []string{"7", "0791-66660000"}},
		{"inside another number", "要1份", []string{"1"}},
		{"law writes in Chinese", "30日内作出决定", nil},
		{"law does not write that", "13日内作出决定", []string{"13"}},
		{"said in Chinese, cited in digits", "十五个工作日，三十日", nil},
		{"said in Chinese, not cited", "二十天", []string{"二十天"}},
		{"ordinary words", "一份材料，一次办好，三种情形", nil},
		{"grouped", "1000元", nil},
		{"full width", "５个工作日，９天", []string{"9"}},
		{"a Chinese comma joins nothing", "请拨打12345，5个工作日", nil},
		{"a word that is a name too", "有照片的留好", nil},
		{"parts of a date", "2026年3月5日起施行", nil},
		{"list numbers", "1. 备齐材料\n2、到窗口\n（3）领证\n第4步 归档", nil},
		{"public numbers", "请拨打12345或110", nil},
		{"link", "见 https://example.gov.cn/a?b=1。", nil},
		{"another link", "见 https://example.gov.cn/other", []string{"https://example.gov.cn/other"}},
		{"paper of the list", "带居民身份证", nil},
		{"paper not of the list", "带居民身份证和户口簿", []string{"户口簿"}},
		{"paper the citizen named", "出生医学证明丢了可以补", nil},
		{"score and code are no evidence", "66个，93%，042号", []string{"66", "93", "042"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := reply(t, `{`+evidence+`}`)
			r.Text = c.text
			_, got := checkFacts(r, "出生医学证明丢了", papers)
			require.Equal(t, c.want, got)
		})
	}
}

func TestCheckReferences(t *testing.T) {
	r := reply(t, `{"text":"五天[c1]，免费[c2]。","citations":[{"id":"c1"}]}`)
	n, dead := checkReferences(r)
	require.Equal(t, 2, n)
	require.Equal(t, []string{"[c2]"}, dead)
}

// The same cases, counted as the outside client counts: a number is found anywhere, code and score included.
func TestUncitedNumbers(t *testing.T) {
	r := reply(t, `{"text":"1. 带2份材料，20天，电话0791-1。\n3步走，12345，8个","citations":[{"id":"c1","quote":"2份\u7535"}],"matters":[{"code":"JX-S020"}]}`)
	require.Equal(t, []string{"0791-1", "8"}, uncitedNumbers(r))
	require.Equal(t, []string{"7"}, uncitedNumbers(Reply{Text: "7天"}), "a reply made in Go is read as it would be sent")
}

func TestFactsCase(t *testing.T) {
	c := &FactsCase{Turns: []string{"多久", "带什么"}}
	good := reply(t, `{"text":"5天[c1]","citations":[{"id":"c1","quote":"5天"}]}`)
	bad := reply(t, `{"text":"带3份[c4]","citations":[{"id":"c1","quote":"5天"}]}`)
	v := c.Judge(Outcome{Replies: []Reply{good, bad}})
	require.False(t, v.OK)
	require.Equal(t, map[string]Mark{"facts_ok": {0, 1}, "facts_supported": {1, 2}, "citations_resolve": {1, 2}}, v.Marks)
	require.True(t, c.Judge(Outcome{Replies: []Reply{good, good}}).OK)
	require.False(t, c.Judge(Outcome{Err: "down"}).OK)
}

func TestChineseNumeral(t *testing.T) {
	for v, want := range map[int]string{1: "一", 10: "十", 15: "十五", 20: "二十", 60: "六十", 100: "一百", 105: "一百零五", 110: "一百一十", 365: "三百六十五", 1000: "一千", 2010: "二千零一十"} {
		require.Equal(t, want, chineseNumeral(v))
	}
}
