package assistant

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

// newTestDesk is a desk over the small catalogue, without a triage.
func newTestDesk(t *testing.T) *Desk {
	t.Helper()
	cat := smallCatalogue()
	r, err := TrainRanker(t.Context(), cat, RankerConfig{})
	require.NoError(t, err)
	regions, err := kg.Divisions()
	require.NoError(t, err)
	a, err := New(Config{Catalogue: cat, Reader: r, Regions: regions})
	require.NoError(t, err)
	d, err := NewDesk(DeskConfig{Assistant: a})
	require.NoError(t, err)
	return d
}

func callOf(lines ...string) Call {
	var c Call
	for _, s := range lines {
		role := RoleCaller
		if strings.HasPrefix(s, "席：") {
			role = RoleAgent
		}
		c.Transcript = append(c.Transcript, CallTurn{role, strings.TrimPrefix(s, "席：")})
	}
	return c
}

func TestDeskTypes(t *testing.T) {
	d := newTestDesk(t)
	for said, want := range map[string]string{
		"我要投诉，楼上漏水把我家泡了，物业不管":      CallComplaint,
		"我想问下补办户口本要带什么材料":          CallQuestion,
		"我举报有人半夜往河里偷倒废油，别说是我讲的":    CallReport,
		"建议在小学门口装个红绿灯":             CallAdvice,
		"快来人，我妈在家里晕倒了没有反应":         CallHelp,
		"气死我了，跑了三趟，我就想知道到底要带哪几样材料": CallQuestion,
	} {
		out, err := d.Suggest(t.Context(), callOf(said))
		require.NoError(t, err)
		require.Equal(t, want, out.Type, said)
		require.Contains(t, out.Degraded, "triage")
	}
}

func TestDeskGrows(t *testing.T) {
	d := newTestDesk(t)
	lines := []string{"我们小区电梯坏了一个礼拜没人修", "席：请问是哪个小区", "红谷滩区翠林湾小区3栋", "席：翠林湾3栋对吧", "不对，不是3栋，是5栋"}
	first, err := d.Suggest(t.Context(), callOf(lines[:1]...))
	require.NoError(t, err)
	require.Nil(t, first.Slots.Where)
	require.NotEmpty(t, first.Missing)
	require.LessOrEqual(t, len(first.Missing), 3)
	last, err := d.Suggest(t.Context(), callOf(lines...))
	require.NoError(t, err)
	require.Contains(t, *last.Slots.Where, "翠林湾小区5栋")
	require.NotContains(t, *last.Slots.Where, "3栋")
	require.Equal(t, 2, strings.Count(last.Summary, "。"), last.Summary)
}

func TestDeskEmergencyFirst(t *testing.T) {
	out, err := newTestDesk(t).Suggest(t.Context(), callOf("楼道里好大煤气味，我头都晕了", "席：地址", "锦绣花园6栋"))
	require.NoError(t, err)
	require.Equal(t, "emergency", out.Urgency)
	require.NotEmpty(t, out.Emergency.Numbers)
	require.True(t, strings.HasPrefix(out.Draft, "先救人"), out.Draft)
	require.Equal(t, BandReview, out.Band)
}

func TestDeskOutcome(t *testing.T) {
	d := newTestDesk(t)
	d.Now = func() time.Time { return time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC) }
	out, err := d.Suggest(t.Context(), callOf("我叫王建国，电话13812345678，物业不修电梯"))
	require.NoError(t, err)
	_, err = d.Outcome(t.Context(), out.ID, DeskOutcome{Action: "maybe"})
	require.ErrorIs(t, err, ErrBadOutcome)
	_, err = d.Outcome(t.Context(), out.ID, DeskOutcome{Action: ActionEdit})
	require.ErrorIs(t, err, ErrBadOutcome)
	_, err = d.Outcome(t.Context(), "none", DeskOutcome{Action: ActionAccept})
	require.ErrorIs(t, err, ErrNoSuggestion)
	r, err := d.Outcome(t.Context(), out.ID, DeskOutcome{Action: ActionEdit, Final: "请王建国等电话13812345678", Reason: "电话13812345678"})
	require.NoError(t, err)
	kept, err := d.Outcomes.Suggestion(context.Background(), out.ID)
	require.NoError(t, err)
	require.Equal(t, r, kept)
	for _, text := range []string{kept.Said, kept.Draft, kept.Outcome.Final, kept.Outcome.Reason} {
		require.NotContains(t, text, "13812345678")
		require.NotContains(t, text, "王建国")
	}
	require.Positive(t, kept.Distance)
}

func TestMemoryOutcomesForget(t *testing.T) {
	m := &MemoryOutcomes{Keep: 2}
	for _, id := range []string{"a", "b", "c"} {
		require.NoError(t, m.SaveSuggestion(t.Context(), &DeskRecord{ID: id}))
	}
	_, err := m.Suggestion(t.Context(), "a")
	require.ErrorIs(t, err, ErrNoSuggestion)
	_, err = m.Suggestion(t.Context(), "c")
	require.NoError(t, err)
}

func TestDeskRefuses(t *testing.T) {
	d := newTestDesk(t)
	_, err := d.Suggest(t.Context(), Call{})
	require.ErrorIs(t, err, ErrNoCall)
	_, err = d.Suggest(t.Context(), callOf("席：您好"))
	require.ErrorIs(t, err, ErrNoCall)
	_, err = d.Suggest(t.Context(), callOf(strings.Repeat("水", mostTranscript+1)))
	require.ErrorIs(t, err, ErrTooLong)
}

func FuzzDesk(f *testing.F) {
	w, err := loadDeskWords()
	require.NoError(f, err)
	regions, err := kg.Divisions()
	require.NoError(f, err)
	p, err := newPlaceReader(w, regions)
	require.NoError(f, err)
	f.Add("不是朝阳路，是昭阳路", "席哪条路")
	f.Add("二期，哦不，三期后门 G320", "")
	f.Fuzz(func(t *testing.T, said, agent string) {
		talk := w.listen([]CallTurn{{RoleAgent, agent}, {RoleCaller, said}, {RoleCaller, agent}})
		p.find(talk, false)
		w.who(talk)
		w.when(talk)
		w.what(talk)
		w.ask(talk)
		talk.need()
	})
}

func BenchmarkDeskWords(b *testing.B) {
	w, err := loadDeskWords()
	require.NoError(b, err)
	regions, err := kg.Divisions()
	require.NoError(b, err)
	p, err := newPlaceReader(w, regions)
	require.NoError(b, err)
	var turns []CallTurn
	for range 10 {
		turns = append(turns, CallTurn{RoleCaller, "我住在青山湖区湖坊镇顺外村，门口的路挖开半个月没人管，下雨全是泥"}, CallTurn{RoleAgent, "请问具体位置"})
	}
	for b.Loop() {
		p.find(w.listen(turns), false)
	}
}
