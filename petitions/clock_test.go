package petitions

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func book(t testing.TB) *Book {
	b, err := Limits()
	require.NoError(t, err)
	return b
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// shared finds the project's shared data, which a checkout of the repository alone does not have.
func shared(t testing.TB, parts ...string) string {
	root := os.Getenv("GANWEN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{root, "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data at %s", path)
	}
	return path
}

// Every article that is quoted stands word for word in the text of its law, and in the article named.
func TestQuotesAreTheLaw(t *testing.T) {
	b := book(t)
	texts := map[string]string{}
	files, err := filepath.Glob(filepath.Join(shared(t, "laws"), "*.md"))
	require.NoError(t, err)
	for _, f := range files {
		raw, err := os.ReadFile(f)
		require.NoError(t, err)
		name, _, _ := strings.Cut(filepath.Base(f), "(")
		texts[name] = string(raw)
	}
	stands := func(law, article, quote string) {
		require.Contains(t, texts, law)
		_, body, ok := strings.Cut(texts[law], "\n"+article+" ")
		require.True(t, ok, "%s has no %s", law, article)
		if end := strings.Index(body, "\n第"); end > 0 {
			body = body[:end]
		}
		require.Contains(t, body, quote, "%s %s", law, article)
	}
	for _, l := range b.All() {
		stands(l.Law, l.Article, l.Quote)
		if l.Paragraph > 0 {
			raw := texts[l.Law]
			_, body, _ := strings.Cut(raw, "\n"+l.Article+" ")
			require.Contains(t, strings.Split(body, "\n\n")[l.Paragraph-1], l.Quote, "paragraph of %s", l.ID)
		}
		if l.PauseQuote != "" {
			require.Contains(t, texts[l.Law], l.PauseQuote, l.ID)
		}
		if l.After != "" {
			require.Contains(t, texts[l.Law], l.After, l.ID)
		}
	}
	for _, r := range []rule{b.final, b.pending} {
		stands(r.Law, r.Article, r.Quote)
	}
}

func TestDue(t *testing.T) {
	b := book(t)
	for _, c := range []struct{ limit, from, due string }{
		{"petition.register", "2025-03-10 15:02", "2025-03-25"},
		{"petition.register", "2024-02-20 23:59", "2024-03-06"},       // through 29 February
		{"petition.object", "2025-09-26 09:00", "2025-10-10"},         // 28 Sept worked, holiday 1–8: 28 29 30 9 10
		{"petition.object", "2026-02-13 09:00", "2026-02-27"},         // 14 worked, New Year 15–23, 24–27
		{"petition.object", "2025-01-24 09:00", "2025-02-07"},         // 26 and 27 Jan, 5–7 Feb
		{"petition.decide", "2025-11-15 09:00", "2026-01-14"},         // natural days
		{"petition.ask_review", "2026-01-16 09:00", "2026-02-24"},     // 15 Feb is a holiday: the right lasts to the next working day
		{"reconsideration.ask", "2026-04-02 09:00", "2026-06-01"},     //
		{"permit.decide", "2026-04-30 09:00", "2026-06-01"},           // 6–8, 9 worked, 11–15, 18–22, 25–29, 1 June
		{"information.answer", "2026-09-18 09:00", "2026-10-22"},      // 20 Sept worked, 25–27 and 1–7 off, 10 Oct worked
		{"reconsideration.examine", "2026-12-31 09:00", "2027-01-08"}, // first days of a year without a published plan
		{"information.answer", "2026-12-31 23:30", "2027-01-29"},      // late in the evening is still that day
	} {
		from := at(c.from)
		got := b.Due(b.Limit(c.limit), from)
		require.Equal(t, slowDue(b, b.Limit(c.limit), from), got.Format(time.DateOnly), "slow count of %s from %s", c.limit, c.from)
		require.Equal(t, c.due, got.Format(time.DateOnly), "%s from %s", c.limit, c.from)
		require.Equal(t, "23:59:59 +0800", got.Format("15:04:05 -0700"))
	}
}

// slowDue walks day by day with the standard library's calendar alone.
func slowDue(b *Book, l *Limit, from time.Time) string {
	d := from.In(zone)
	for n := 0; n < l.Days; {
		d = d.AddDate(0, 0, 1)
		if l.Unit == "day" || slowWorked(b, d) {
			n++
		}
	}
	for l.Roll && !slowWorked(b, d) {
		d = d.AddDate(0, 0, 1)
	}
	return d.Format(time.DateOnly)
}

func TestMatterThroughAllInstances(t *testing.T) {
	b := book(t)
	acts := []Act{
		{Kind: "received", At: at("2025-03-03 09:00")}, {Kind: "forwarded", At: at("2025-03-10 09:00")},
		{Kind: "transferred", At: at("2025-03-11 09:00")}, {Kind: "told", At: at("2025-03-20 09:00")}, {Kind: "accepted", At: at("2025-03-20 09:00")},
		{Kind: Extended, At: at("2025-05-10 09:00"), Limit: "petition.decide", Days: 30, Reason: "需要鉴定", By: "局长"},
		{Kind: "decided", At: at("2025-06-18 09:00")}, {Kind: "review_asked", At: at("2025-07-01 09:00")}, {Kind: "reviewed", At: at("2025-08-05 09:00")},
		{Kind: "recheck_asked", At: at("2025-08-20 09:00")}, {Kind: "hearing_opened", At: at("2025-09-01 09:00")}, {Kind: "hearing_closed", At: at("2025-09-10 17:00")},
	}
	find := func(now, id string) Running {
		for _, r := range b.Run(acts, at(now)) {
			if r.ID == id {
				return r
			}
		}
		t.Fatalf("%s does not run at %s", id, now)
		return Running{}
	}
	r := find("2025-04-19 12:00", "petition.decide")
	require.Equal(t, "2025-05-19", r.Due.Format(time.DateOnly))
	require.Equal(t, "attention", r.Level, "30 of 60 days")
	require.Equal(t, "warning", find("2025-05-04 12:00", "petition.decide").Level)
	r = find("2025-06-17 12:00", "petition.decide")
	require.Equal(t, "2025-06-18", r.Due.Format(time.DateOnly))
	require.Equal(t, 1, r.Left)
	require.Equal(t, "alert", r.Level)
	require.Equal(t, "kept", find("2025-06-19 12:00", "petition.decide").State)
	require.Equal(t, "late", find("2025-08-04 12:00", "petition.review").State)
	require.Equal(t, -5, find("2025-08-05 08:00", "petition.review").Left)
	require.Equal(t, "missed", find("2025-08-06 12:00", "petition.review").State)
	require.Equal(t, "paused", find("2025-09-05 12:00", "petition.recheck").State)
	r = find("2025-09-20 12:00", "petition.recheck")
	require.Equal(t, "2025-09-29", r.Due.Format(time.DateOnly), "30 days and 10 of hearing")
	require.Equal(t, 10, r.Excluded)

	_, closed := b.Closed(acts, at("2025-09-20 12:00"))
	require.False(t, closed)
	acts = append(acts, Act{Kind: "rechecked", At: at("2025-09-28 09:00")})
	quote, closed := b.Closed(acts, at("2025-09-30 12:00"))
	require.True(t, closed)
	require.Contains(t, quote, "不再受理")
	_, pending := b.Pending(acts, at("2025-04-01 09:00"))
	require.True(t, pending)
	_, pending = b.Pending(acts, at("2025-06-30 09:00"))
	require.False(t, pending)
}

func TestExtendRefuses(t *testing.T) {
	b := book(t)
	acts := []Act{{Kind: "accepted", At: at("2025-03-20 09:00")}, {Kind: "received", At: at("2025-03-20 09:00")}}
	ok := Act{Kind: Extended, At: at("2025-05-01 09:00"), Limit: "petition.decide", Days: 20, Reason: "情况复杂", By: "局长"}
	require.NoError(t, b.Extend(acts, ok))
	with := append(acts, ok)
	for name, c := range map[string]struct {
		acts []Act
		ext  Act
		says string
	}{
		"over 30 in all": {with, Act{At: at("2025-05-02 09:00"), Limit: "petition.decide", Days: 11, Reason: "情况复杂", By: "局长"}, "at most 10"},
		"no reason":      {acts, Act{At: at("2025-05-02 09:00"), Limit: "petition.decide", Days: 11, By: "局长"}, "reason"},
		"no approval":    {acts, Act{At: at("2025-05-02 09:00"), Limit: "petition.decide", Days: 11, Reason: "情况复杂"}, "approve"},
		"too late":       {acts, Act{At: at("2025-05-20 09:00"), Limit: "petition.decide", Days: 11, Reason: "情况复杂", By: "局长"}, "passed"},
		"not allowed":    {acts, Act{At: at("2025-03-21 09:00"), Limit: "petition.register", Days: 1, Reason: "情况复杂", By: "局长"}, "no extension"},
		"not running":    {acts, Act{At: at("2025-03-21 09:00"), Limit: "petition.review", Days: 1, Reason: "情况复杂", By: "局长"}, "does not run"},
		"unknown":        {acts, Act{At: at("2025-03-21 09:00"), Limit: "nothing"}, "no limit"},
	} {
		err := b.Extend(c.acts, c.ext)
		require.ErrorIs(t, err, ErrExtension, name)
		require.ErrorContains(t, err, c.says, name)
	}
}

func TestClocksOfAPetition(t *testing.T) {
	b := book(t)
	p := &Petition{Time: at("2025-03-10 15:02")}
	names := func(cs []Clock) (out []string) {
		for _, c := range cs {
			out = append(out, c.Article+" "+c.Due.Format(time.DateOnly))
		}
		return out
	}
	register, tell := "信访工作条例第二十二条 2025-03-25", "信访工作条例第二十三条第二款 2025-03-25"
	require.Equal(t, []string{register, tell, "信访工作条例第三十四条 2025-05-09"}, names(b.For(p, Appeal, RoutePetition)))
	require.Equal(t, []string{register, tell}, names(b.For(p, Appeal, RouteDuty)), "60 days only for 31(6)")
	require.Equal(t, []string{register}, names(b.For(p, Report, "")), "23(4): told by rules of their own")
	require.Equal(t, []string{register}, names(b.For(&Petition{Time: p.Time, Office: "某县信访局"}, Appeal, RouteDuty)))
	require.Equal(t, []string{tell}, names(b.For(&Petition{Time: p.Time, Office: "某县住建局"}, Advice, "")))
	require.Equal(t, []string{register}, names(b.For(&Petition{Time: p.Time, Anonymous: true}, Appeal, RouteDuty)))
	require.Empty(t, b.For(&Petition{}, Appeal, RoutePetition), "no day of receipt, no limit")
}

func TestCalendarRefuses(t *testing.T) {
	for _, bad := range []string{
		`{"years":[{"year":2026,"status":"guessed"}]}`,
		`{"years":[{"year":2026,"status":"published","off":["2026-02-30"]}]}`,
		`{"years":[{"year":2026,"status":"published","off":["2026-02-20/2026-02-10"]}]}`,
		`{"years":[{"year":2026,"status":"published","work":["2026-01-05"]}]}`,
		`{"years":[{"year":2026,"status":"published","off":["2026-01-03"],"work":["2026-01-03"]}]}`,
		`{"jahre":[]}`,
	} {
		_, err := LoadCalendar(strings.NewReader(bad))
		require.Error(t, err, bad)
	}
	worked, known := book(t).calendar.Workday(at("2026-02-14 09:00"))
	require.True(t, worked && known)
	_, known = book(t).calendar.Workday(at("2027-03-01 09:00"))
	require.False(t, known)
}

// TestRandomHistories holds Run to a second implementation that keeps a tally and walks one day at a time.
func TestRandomHistories(t *testing.T) {
	b := book(t)
	var kinds []string
	for _, l := range b.All() {
		kinds = append(kinds, l.acts()...)
	}
	r := rand.New(rand.NewPCG(5, 2022))
	for n := range 10_000 {
		acts := randomActs(r, b, kinds)
		now := at("2023-12-01 00:00").Add(time.Duration(r.IntN(4*366*24*60)) * time.Minute)
		got, want := map[string]string{}, slowRun(b, acts, now)
		for _, x := range b.Run(acts, now) {
			due := "none"
			if !x.Due.IsZero() {
				due = x.Due.Format(time.DateOnly)
			}
			got[x.ID+x.Started.Format(" 2006-01-02 15:04:05")] += fmt.Sprintf("%s due %s used %.4f left %d excluded %d extended %d;", x.State, due, x.Used, x.Left, x.Excluded, x.Extended)
		}
		require.Equal(t, want, got, "history %d at %s: %v", n, now, acts)
	}
}

// randomActs picks one limit's life with noise: starts, ends, pauses and extensions, good and bad, on near days.
func randomActs(r *rand.Rand, b *Book, kinds []string) []Act {
	l := b.All()[r.IntN(len(b.All()))]
	own := l.acts()
	when := at("2023-12-20 00:00").Add(time.Duration(r.IntN(3*366*24*60)) * time.Minute)
	acts := []Act{{Kind: l.From[0], At: when}}
	for range r.IntN(12) {
		when := when.Add(time.Duration(r.IntN(120*24*60)-5*24*60) * time.Minute)
		kind := own[r.IntN(len(own))]
		switch r.IntN(4) {
		case 0:
			kind = kinds[r.IntN(len(kinds))]
		case 1:
			ext := Act{Kind: Extended, At: when, Limit: l.ID, Days: r.IntN(25) - 1, Reason: "情况复杂", By: "负责人"}
			if r.IntN(6) == 0 {
				ext.By = ""
			}
			acts = append(acts, ext)
			continue
		}
		acts = append(acts, Act{Kind: kind, At: when})
	}
	return acts
}
