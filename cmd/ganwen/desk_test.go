package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/assistant"
	"ganwen/eval"
	"ganwen/petitions"
)

// TestDeskSuite puts the desk's calls to the desk in the wiring of the server. The floors are a little under what was
// measured, for all cases and for those kept for reporting.
func TestDeskSuite(t *testing.T) {
	if testing.Short() {
		t.Skip("trains the petitions' classifier")
	}
	suite, err := eval.Load("desk-dev")
	require.NoError(t, err)
	report, err := eval.Runner{Seed: 1, Open: func(_ context.Context, suite *eval.Suite) (eval.Subject, error) {
		return theWorld(t).staffSubject(suite)
	}}.Run(t.Context(), suite)
	require.NoError(t, err)
	for name, floor := range map[string]float64{"type_acc": .93, "domain_acc": .84, "urgency_acc": .90, "dept1": .82, "dept3": .91, "where": .88,
		"matter1": .93, "draft_grounded": .99, "type_acc:kept": .90, "where:kept": .80} {
		require.GreaterOrEqual(t, report.Metrics[name].Value, floor, name)
	}
	require.Less(t, report.Metrics["p95_ms"].Value, 60.0)
}

// TestDeskHidesTheAccused sends a report to nobody it complains of.
func TestDeskHidesTheAccused(t *testing.T) {
	triage := &deskTriage{dispatcher: petitions.NewDispatcher(theWorld(t).catalogue.Duties)}
	q := assistant.DispatchQuery{Text: "城管局的人收摊贩的钱，占道经营不给钱就掀摊子", Type: assistant.CallComplaint,
		Read: assistant.Triaged{Accused: []string{"城管局"}, Class: assistant.DeskClass{Path: []string{"城乡建设", "城市建设和市政管理", "城管执法"}}}}
	names := func() []string {
		var out []string
		for _, b := range triage.Dispatch(t.Context(), q) {
			out = append(out, b.Name)
		}
		return out
	}
	require.Contains(t, names(), "城管局")
	q.Type = assistant.CallReport
	require.NotContains(t, names(), "城管局")
}
