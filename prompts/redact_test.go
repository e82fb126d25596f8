package prompts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "居住证丢了怎么补办，要几天？", "居住证丢了怎么补办，要几天？"},
		{"one of each", "我叫张小明，身份证号369999190001010018，电话13900000001，住在南昌市东湖区八一大道128号3栋2单元501室。",
			"我叫<PERSON_1>，身份证号<ID_CARD_1>，电话<PHONE_1>，住在南昌市东湖区<ADDRESS_1>。"},
		{"one placeholder a person", "联系人：吴国强。吴国强的电话是13900000001", "联系人：<PERSON_1>。<PERSON_1>的电话是<PHONE_1>"},
		{"full width", "手机１３９０００００００１", "手机<PHONE_1>"},
		{"spoken", "我电话幺三九零零零零零零零一", "我电话<PHONE_1>"},
		{"spoken identity number", "身份证三六九九九九一九零零零一零一零零一八", "身份证<ID_CARD_1>"},
		{"letters mistaken for digits", "证号36999919OO01010018", "证号<ID_CARD_1>"},
		{"catalogue code with a credit code inside", "项目编码11369999MB0A0000XW4000711001000怎么查", "项目编码11369999MB0A0000XW4000711001000怎么查"},
		{"credit code", "代码91369999MA0A000146", "代码<USCC_1>"},
		{"office stays", "窗口电话0791-88888888，地址是红谷滩区丰和中大道1318号政务服务中心", "窗口电话0791-88888888，地址是红谷滩区丰和中大道1318号政务服务中心"},
		{"home does not", "家里座机0791-88888888", "家里座机<PHONE_1>"},
		{"official", "局长李明接待日是几号", "局长李明接待日是几号"},
		{"accused official", "举报局长李明收钱", "举报局长<PERSON_1>收钱"},
		{"minority name", "我叫阿依古丽·买买提", "我叫<PERSON_1>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, vault := Redact(c.in)
			require.Equal(t, c.want, got.String())
			require.Equal(t, c.in, vault.Restore(got.String()))
		})
	}
}

func TestVaultAcrossTurns(t *testing.T) {
	var v Vault
	require.Equal(t, "我叫<PERSON_1>", v.Redact("我叫张小明").String())
	require.Equal(t, "<PERSON_1>的电话13900000001"[:len("<PERSON_1>的电话")]+"<PHONE_1>", v.Redact("张小明的电话13900000001").String())
	typed := "原话就写着<PERSON_1>，我叫李小红"
	require.Equal(t, typed, v.Restore(v.Redact(typed).String()), "a placeholder the citizen typed is his text")
	v.Forget()
	require.Equal(t, "<PERSON_1>", v.Restore("<PERSON_1>"))
}

func TestNothingLeaks(t *testing.T) {
	r, v := Redact("我叫张小明，电话13900000001")
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("turn", "text", r, "vault", v)
	raw, err := json.Marshal(map[string]any{"r": r, "v": v})
	require.NoError(t, err)
	for _, shown := range []string{log.String(), string(raw), fmt.Sprintf("%v %+v %#v %s", v, v, v, v)} {
		require.NotContains(t, shown, "张小明")
		require.NotContains(t, shown, "13900000001")
	}
	require.NotContains(t, log.String(), "我叫")
}

func FuzzRedact(f *testing.F) {
	for _, seed := range []string{"我叫张小明，电话139 0000 0001", "<PERSON_1>我叫张小明", "赣A\xff12345", "八一大道128号3栋2单元501室", "阿依古丽·买买提", "１３９０叉零幺@a.b 艾特"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, v := Redact(text)
		require.Equal(t, text, v.Restore(r.String()))
		end := 0
		for _, s := range Find(text) {
			require.True(t, s.Start >= end && s.End > s.Start && text[s.Start:s.End] == s.Text, "spans in order, disjoint, exact")
			end = s.End
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	text := strings.Repeat("我叫张小明，家住东湖区八一大道128号3栋2单元501室，去年在高新区工地做了四个月，老板吴国强一直不给工资，电话13900000001，", 10)
	text = string([]rune(text)[:500])
	b.ReportAllocs()
	for b.Loop() {
		Redact(text)
	}
}
