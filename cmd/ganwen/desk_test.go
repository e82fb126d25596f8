package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/assistant"
	"ganwen/eval"
	"ganwen/petitions"
)

// deskRows are the composed petitions that the sample analyzer learns from.
func deskRows(t testing.TB) []petitions.Example {
	var rows []petitions.Example
	for _, name := range []string{"composed-a", "composed-b", "voices"} {
		f, err := os.Open("demo/petitions/" + name + ".jsonl")
		require.NoError(t, err)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e petitions.Example
			require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
			rows = append(rows, e)
		}
		require.NoError(t, lines.Err())
		require.NoError(t, f.Close())
	}
	return rows
}

// TestDeskSuite puts the desk's calls to the desk in the wiring of the server. The floors are a little under what was
// measured, for all cases and for those kept for reporting.
func TestDeskSuite(t *testing.T) {
	if testing.Short() {
		t.Skip("trains the petitions' classifier")
	}
	s := theWorld(t)
	a, err := petitions.New(petitions.Config{Examples: deskRows(t), Regions: s.regions, Duties: s.catalogue.Duties, Seed: 1})
	require.NoError(t, err)
	d, err := newDesk(s.assistant, a, s.catalogue.Duties, nil)
	require.NoError(t, err)
	suite, err := eval.Load("desk-dev")
	require.NoError(t, err)
	report, err := eval.Runner{Seed: 1, Open: func(context.Context, *eval.Suite) (eval.Subject, error) {
		return eval.Desks{DeskAgent: deskAgent(d), Papers: s.papers()}, nil
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
