package zh

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestSentences(t *testing.T) {
	for in, want := range map[string][]string{
		"你好！“走吧。”他说。":                   {"你好！", "“走吧。”", "他说。"},
		"1. 身份证\n2.户口本。共1.5万元。":         {"1. 身份证", "2.户口本。", "共1.5万元。"},
		"See www.x.gov.cn. Then go. 再见": {"See www.x.gov.cn.", "Then go.", "再见"},
		"真的吗？！太好了……谢谢":                  {"真的吗？！", "太好了……", "谢谢"},
		"第一条　目的；范围。\r\n第二条":             {"第一条　目的；范围。", "第二条"},
		"没有标点":  {"没有标点"},
		"  \n ": nil,
		"":      nil,
		"（见附件。）请带齐材料.办理": {"（见附件。）", "请带齐材料.", "办理"},
	} {
		var got []string
		r := []rune(in)
		for _, s := range Sentences(in) {
			require.Equal(t, string(r[s.Start:s.End]), s.Text)
			got = append(got, s.Text)
		}
		require.Equal(t, want, got, in)
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"你好！再见。", "1. a\n2. b", "。。。”", "\xff.\xff", ".\u3000."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := []rune(s)
		end := 0
		var kept strings.Builder
		for _, x := range Sentences(s) {
			require.True(t, end <= x.Start && x.Start < x.End && x.End <= len(r))
			require.Empty(t, strings.TrimSpace(string(r[end:x.Start])), "only blanks between sentences")
			if utf8.ValidString(s) {
				require.Equal(t, string(r[x.Start:x.End]), x.Text)
			}
			kept.WriteString(x.Text)
			end = x.End
		}
		require.Empty(t, strings.TrimSpace(string(r[end:])))
	})
}
