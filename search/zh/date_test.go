package zh

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// now is a Tuesday.
var now = time.Date(2026, 11, 24, 10, 30, 0, 0, time.FixedZone("CST", 8*3600))

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		// absolute
		"2026年3月5日":           "2026年3月5日=2026-03-05 day",
		"二〇二六年三月五日":           "二〇二六年三月五日=2026-03-05 day",
		"２０２６年３月":             "２０２６年３月=2026-03-01 month",
		"2024年度":              "2024年度=2024-01-01 year",
		"2026-03-05":          "2026-03-05=2026-03-05 day",
		"2026/3/5 2026.12.31": "2026/3/5=2026-03-05 day; 2026.12.31=2026-12-31 day",
		"20260305":            "20260305=2026-03-05 day",
		"98年3月出生":             "98年3月=1998-03-01 month",
		"2026年2月30日":          "",
		"2024年2月29日":          "2024年2月29日=2024-02-29 day",
		"自2022年5月1日起施行":       "2022年5月1日=2022-05-01 day",
		// spoken, without a year
		"三月五号":            "三月五号=2026-03-05 day",
		"3月5日":            "3月5日=2026-03-05 day",
		"十二月二十一号":         "十二月二十一号=2026-12-21 day",
		"12月份":            "12月份=2026-12-01 month",
		"5号去办":            "5号=2026-11-05 day",
		"2023年5月入职，12月离职": "2023年5月=2023-05-01 month; 12月=2023-12-01 month",
		// relative
		"去年":             "去年=2025-01-01 year",
		"前年的3月":          "前年的3月=2024-03-01 month",
		"大前年":            "大前年=2023-01-01 year",
		"上个月5号":          "上个月5号=2026-10-05 day",
		"下下个月":           "下下个月=2027-01-01 month",
		"本月底":            "本月底=2026-11-21 ten-days",
		"昨天 前天 大前天":      "昨天=2026-11-23 day; 前天=2026-11-22 day; 大前天=2026-11-21 day",
		"大后天":            "大后天=2026-11-27 day",
		"上个礼拜":           "上个礼拜=2026-11-16 week",
		"上个礼拜三":          "上个礼拜三=2026-11-18 day",
		"下周五":            "下周五=2026-12-04 day",
		"星期天":            "星期天=2026-11-29 day",
		"三天前":            "三天前=2026-11-21 day",
		"半年前":            "半年前=2026-05-01 month",
		"两个月以后":          "两个月以后=2027-01-01 month",
		"两个星期之前":         "两个星期之前=2026-11-10 day",
		"十年前":            "十年前=2016-01-01 year",
		"去年3月中旬":         "去年3月中旬=2025-03-11 ten-days",
		"去年底":            "去年底=2025-12-01 month",
		"今年第一季度":         "今年第一季度=2026-01-01 quarter",
		"今年上半年":          "今年上半年=2026-01-01 half",
		"2025年4季度":       "2025年4季度=2025-10-01 quarter",
		"明年元旦":           "明年元旦=2027-01-01 day",
		"国庆节后":           "国庆节=2026-10-01 day",
		"去年3月5号 和8月6号":   "去年3月5号=2025-03-05 day; 8月6号=2025-08-06 day",
		"２０１９年 9月 22日":   "２０１９年 9月 22日=2019-09-22 day",
		"今年的医保":          "今年=2026-01-01 year",
		"六一儿童节 国庆假期 五一前": "六一儿童节=2026-06-01 day; 国庆假期=2026-10-01 day; 五一=2026-05-01 day",
		"三天后去，检修两天后又坏":   "三天后=2026-11-27 day",
		// none
		"五一广场 李国庆 1号出入口 3号电梯": "",
		"当天 当年":              "",
		"农历三月初五":             "",
		"正月十五办酒":             "",
		"腊月二十三":              "",
		"八月初八":               "",
		"阴历2025年三月初三":        "",
		"5号楼3单元2号":           "",
		"赣府发〔2022〕22号":       "",
		"自受理之日起5日内":          "",
		"20个工作日，3个月，2年":      "",
		"3月内":                "",
		"20个工作日后":            "",
		"人民路5号，井冈山大道12号":     "",
		"第3号 112月":           "",
		"身份证20260305199X":    "",
		"360102199003078888": "",
		"":                   "",
	} {
		var got []string
		r := []rune(in)
		for _, d := range Dates(in, now) {
			require.Equal(t, string(r[d.Start:d.End]), d.Text, in)
			require.Equal(t, now.Location(), d.Time.Location())
			got = append(got, d.Text+"="+d.Time.Format("2006-01-02")+" "+d.Precision)
		}
		require.Equal(t, want, strings.Join(got, "; "), in)
	}
}

// A month that has just passed is meant, not the one eleven months ahead.
func TestDatesAcrossNewYear(t *testing.T) {
	january := time.Date(2027, 1, 8, 9, 0, 0, 0, time.UTC)
	require.Equal(t, 2026, Dates("12月5号交的", january)[0].Time.Year())
	require.Equal(t, 2027, Dates("3月5号", january)[0].Time.Year())
	require.Equal(t, 2027, Dates("今年12月5号", january)[0].Time.Year())
	require.Equal(t, "2026-12-01", Dates("上个月", january)[0].Time.Format(time.DateOnly))
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2026年3月5日", "上个礼拜三", "农历三月初五", "三天前", "一百年后", "去年底", "98年3月", "零号", "９９９年前"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end, r := 0, []rune(s)
		for _, d := range Dates(s, now) {
			require.GreaterOrEqual(t, d.Start, end)
			require.Less(t, d.Start, d.End)
			require.NotEmpty(t, d.Precision)
			require.False(t, d.Time.IsZero())
			if utf8.ValidString(s) {
				require.Equal(t, string(r[d.Start:d.End]), d.Text)
			}
			end = d.End
		}
	})
}

func BenchmarkDates(b *testing.B) {
	text := strings.Repeat("我去年三月五号办的居住证，上个礼拜到期了，今天去窗口说要等三天。", 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Dates(text, now)
	}
}
