package eval_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/eval"
	"ganwen/petitions"
)

// The shipped histories were counted by hand; the book of limits must agree with every one.
func TestClockSuite(t *testing.T) {
	suite, err := eval.Load("clock")
	require.NoError(t, err)
	book, err := petitions.Limits()
	require.NoError(t, err)
	run := eval.ClockFunc(func(_ context.Context, acts []eval.ClockAct, now time.Time) ([]eval.ClockRow, error) {
		var history []petitions.Act
		for _, a := range acts {
			history = append(history, petitions.Act{Kind: a.Kind, At: a.At, Limit: a.Limit, Days: a.Days, Reason: a.Reason, By: a.By})
		}
		latest := map[string]petitions.Running{}
		for _, r := range book.Run(history, now) {
			if old, ok := latest[r.ID]; !ok || !r.Started.Before(old.Started) {
				latest[r.ID] = r
			}
		}
		var rows []eval.ClockRow
		for _, r := range latest {
			row := eval.ClockRow{Limit: r.ID, Article: r.Article, Due: "none", State: r.State, Level: r.Level, Left: &r.Left}
			if !r.Due.IsZero() {
				row.Due = r.Due.Format(time.DateOnly)
			}
			rows = append(rows, row)
		}
		return rows, nil
	})
	report, err := eval.Runner{Open: func(context.Context, *eval.Suite) (eval.Subject, error) { return run, nil }}.Run(t.Context(), suite)
	require.NoError(t, err)
	for _, r := range report.Detail {
		require.True(t, r.OK, "%s %s: want %+v, got %+v", r.ID, r.Input, r.Want, r.Got)
	}
	require.Equal(t, 1.0, report.Metrics["clock_cases"].Value)
	require.Empty(t, report.Failures)
}
