package zh

import (
	"strconv"
	"strings"
	"time"
)

// Precisions of a Date: how long the period is that begins at its time.
const (
	Year     = "year"
	Half     = "half"
	Quarter  = "quarter"
	Month    = "month"
	TenDays  = "ten-days" // 旬, 初, 底
	Week     = "week"     // begins on Monday
	Day      = "day"
	daysWeek = 7
)

// Date is a date found in a text. Time is the first midnight of the period meant, in the location of now.
type Date struct {
	Token
	Time      time.Time `json:"time"`
	Precision string    `json:"precision"`
}

// Dates finds the dates of a text as seen from now, in order: absolute (2026年3月5日, 二〇二六年三月, 2026-03-05), relative
// (前年, 上个礼拜三, 三天前, 下个月5号), spoken (三月五号), parts (去年底, 第一季度). A date without a year takes the year
// named last before it in the text, else this year, or last year if it would lie more than six months ahead. Dates of
// the lunar calendar are left alone, durations (20天, 3个月) are none.
func Dates(s string, now time.Time) []Date {
	c := calendarData()
	folded := Fold(s)
	u := newRuler(s, folded)
	var out []Date
	year := 0 // named last
	for _, m := range c.find(folded) {
		d, ok := c.resolve(m, now, &year)
		if !ok {
			continue
		}
		d.Token = u.token(m.from, m.to)
		out = append(out, d)
	}
	return out
}

// resolve turns a match into a date; year is the year the text named last.
func (c *calendar) resolve(m candidate, now time.Time, year *int) (Date, bool) {
	today := midnight(now.Year(), now.Month(), now.Day(), now)
	switch m.kind {
	case "days":
		return Date{Time: today.AddDate(0, 0, c.offset("day", m.text)), Precision: Day}, true
	case "week":
		return c.week(m, today), true
	case "ago":
		return c.ago(m, today)
	case "date":
		return c.date(m, now, year)
	}
	return Date{}, false
}

func midnight(y int, m time.Month, d int, now time.Time) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, now.Location())
}

func (c *calendar) week(m candidate, today time.Time) Date {
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%daysWeek)
	monday = monday.AddDate(0, 0, daysWeek*c.offset("rel", m.group["wr"]))
	w := m.group["w"]
	if w == "" {
		return Date{Time: monday, Precision: Week}
	}
	return Date{Time: monday.AddDate(0, 0, c.offset("wday", w)), Precision: Day}
}

// ago reads 三天前, 半年后, 两个月以前. Working days give no date: they depend on holidays nobody here knows.
func (c *calendar) ago(m candidate, today time.Time) (Date, bool) {
	span := c.words["span"][m.group["unit"]]
	n, ok := ParseNumber(m.group["n"])
	if !ok { // 半
		switch span {
		case Year:
			n, span = 6, Month
		case Month:
			n, span = 15, Day
		default:
			return Date{}, false
		}
	}
	k := int(n)
	if m.group["dir"] == past {
		k = -k
	}
	switch span {
	case Day:
		return Date{Time: today.AddDate(0, 0, k), Precision: Day}, true
	case Week:
		return Date{Time: today.AddDate(0, 0, daysWeek*k), Precision: Day}, true
	case Month:
		return Date{Time: midnight(today.Year(), today.Month()+time.Month(k), 1, today), Precision: Month}, true
	}
	return Date{Time: midnight(today.Year()+k, 1, 1, today), Precision: Year}, true
}

// date reads calendar dates of every precision.
func (c *calendar) date(m candidate, now time.Time, year *int) (Date, bool) {
	y, named := now.Year(), true
	switch g := m.group; {
	case g["y"] != "":
		v, ok := ParseNumber(g["y"])
		if !ok {
			return Date{}, false
		}
		y = int(v)
		*year = y
	case g["y2"] != "":
		v, _ := strconv.Atoi(g["y2"])
		if y = 2000 + v; v > now.Year()%100+10 {
			y = 1900 + v
		}
		*year = y
	case g["yr"] != "":
		y += c.offset("year", g["yr"])
		*year = y
	default:
		if named = *year != 0 && g["mr"] == ""; named {
			y = *year
		}
	}
	month, precision := time.Month(0), Year
	if w := m.group["solar"]; w != "" {
		mmdd := c.offset("solar", w)
		return c.settle(y, time.Month(mmdd/100), mmdd%100, Day, named, now)
	}
	if v, ok := small(m.group["m"]); ok {
		month, precision = time.Month(v), Month
	}
	if w := m.group["mr"]; w != "" {
		t := midnight(now.Year(), now.Month()+time.Month(c.offset("month", w)), 1, now)
		y, month, precision, named = t.Year(), t.Month(), Month, true
	}
	if v, ok := small(m.group["d"]); ok {
		if month == 0 { // 5号: of this month
			month = now.Month()
			y, named = now.Year(), true
		}
		return c.settle(y, month, int(v), Day, named, now)
	}
	if w := strings.TrimPrefix(m.group["part"], "第"); w != "" {
		return c.part(w, y, month, named, now)
	}
	return c.settle(y, max(month, 1), 1, precision, named, now)
}

// small reads a month or day; 03 is no number elsewhere.
func small(s string) (float64, bool) { return ParseNumber(strings.TrimLeft(s, "0")) }

// part reads 上半年, 一季度, 年底, 中旬 within a year or month.
func (c *calendar) part(w string, y int, month time.Month, named bool, now time.Time) (Date, bool) {
	if r := []rune(w); arabic(r[0]) { // 1季度
		for word := range c.words["part"] {
			if v, ok := ParseNumber(string([]rune(word)[:1])); ok && v == float64(r[0]-'0') {
				w = word
			}
		}
	}
	precision, first, _ := strings.Cut(c.words["part"][w], ":")
	n, _ := strconv.Atoi(first)
	if precision == TenDays {
		if month == 0 && (strings.HasPrefix(w, "月")) {
			month = now.Month()
			y, named = now.Year(), true
		}
		if month == 0 { // 去年底, 去年初
			month, precision, n = 1, Month, 1
			if first != "1" {
				month = 12
			}
		}
		return c.settle(y, month, n, precision, named, now)
	}
	return c.settle(y, time.Month(n), 1, precision, true, now)
}

// settle checks the day and gives a date that named no year the nearer one.
func (c *calendar) settle(y int, m time.Month, d int, precision string, named bool, now time.Time) (Date, bool) {
	if !named {
		if midnight(y, m, d, now).After(now.AddDate(0, 6, 0)) {
			y--
		}
	}
	t := midnight(y, m, d, now)
	return Date{Time: t, Precision: precision}, t.Month() == m && t.Day() == d
}
