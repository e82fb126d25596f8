package zh

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]float64{
		"一百二十": 120, "两万三": 23000, "1.5万": 15000, "１２": 12, "百分之五": 0.05, "5%": 0.05, "百分之十二点五": 0.125, "千分之三": 0.003,
		"三分之二": 2.0 / 3, "一百零五": 105, "一百五": 150, "一百五十": 150, "三千二": 3200, "三千零二": 3002, "一万零三": 10003, "两万三千": 23000,
		"一万两千三": 12300, "二〇二六": 2026, "三点五万": 35000, "三点五": 3.5, "三十多万": 300000, "十五": 15, "一百一十五": 115, "十": 10,
		"3万5千": 35000, "1万2": 12000, "3w": 30000, "3K": 3000, "12,345.6": 12345.6, "１，２００": 1200, "一亿三千万": 1.3e8, "壹仟贰佰": 1200,
		"贰拾叁萬": 230000, "廿五": 25, "1.2亿": 1.2e8, "一千五百万": 1.5e7, "十万": 100000, "十二点五": 12.5, "负五": -5, "-5": -5, "零下五": -5,
		"2000": 2000, "一万亿": 1e12, "300万": 3e6, "零": 0, "0": 0, "0.5": 0.5, "零点五": 0.5, "  88 ": 88, "一二三四五": 12345, "幺二零": 120,
		"3‰": 0.003, "两千万": 2e7, "十几万": 100000, "一亿": 1e8, "三百万零五": 3000005, "1千": 1000,
	} {
		got, ok := ParseNumber(in)
		require.True(t, ok, in)
		require.InDelta(t, want, got, 1e-9*max(1, want), in)
	}
	for _, in := range []string{
		"", "万", "百", "三五", "七八十", "两三万", "几十", "一百元", "abc", "3/4", "五百多", "一二", "点五", "百分之", "负", "三百三千", "13812345678",
		"360102199003078888", "1.2.3", "十十", "007", "三点五分", "下午三点", "一十一百",
	} {
		_, ok := ParseNumber(in)
		require.False(t, ok, in)
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]map[string]float64{
		"我交了三千二押金，一共两万三，还差百分之五":              {"三千二": 3200, "两万三": 23000, "百分之五": 0.05},
		"统一办一件事，5G和A4纸，十分感谢":                 {},
		"九江、三亚、万年县、四川、六安、九龙湖、三清山":            {},
		"第一次来，要两张照片，一张表":                     {"一": 1, "两": 2},
		"拖欠工资３．５万元，涉及20余人":                   {"３．５万": 35000, "20": 20},
		"电话13812345678，证号360102199003078888": {},
		"工资1.2w，差3k":    {"1.2w": 12000, "3k": 3000},
		"退了70%，就是七成":    {"70%": 0.7},
		"五险一金怎么交，我四十五岁": {"四十五": 45},
		"三五天就好，七八十块":    {},
		"千万别来，百姓一直等":    {},
		"孩子一岁半，小的五个月":   {"一": 1, "五": 5},
		"零售价12,800.50元": {"12,800.50": 12800.5},
		"":              {},
	} {
		got := map[string]float64{}
		r := []rune(in)
		for _, n := range Numbers(in) {
			require.Equal(t, string(r[n.Start:n.End]), n.Text, in)
			got[n.Text] = n.Value
		}
		require.Len(t, got, len(want), "%s: %v", in, got)
		for text, v := range want {
			require.InDelta(t, v, got[text], 1e-6, "%s: %v", in, got)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"两万三", "1.5万", "百分之五", "三分之零", "十几万亿", "１，２", "-5%", "三点五十", "负负五", "一亿亿亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end, r := 0, []rune(s)
		for _, n := range Numbers(s) {
			require.GreaterOrEqual(t, n.Start, end)
			require.Less(t, n.Start, n.End)
			if utf8.ValidString(s) {
				require.Equal(t, string(r[n.Start:n.End]), n.Text)
			}
			end = n.End
		}
		ParseNumber(s)
	})
}

func BenchmarkNumbers(b *testing.B) {
	text := strings.Repeat("我交了三千二押金，一共两万三，还差百分之五，2026年3月5日前交到统一的窗口。", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Numbers(text)
	}
}
