package eval_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/eval"
	"ganwen/kg"
	"ganwen/petitions"
)

// analyzer is the service's own: trained on the petitions shipped, joining as the service joins.
func analyzer(t testing.TB) *petitions.Analyzer {
	var examples []petitions.Example
	files, err := filepath.Glob("../cmd/ganwen/demo/petitions/*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var texts []string
	for _, name := range files {
		f, err := os.Open(name)
		require.NoError(t, err)
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var e petitions.Example
			require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
			examples, texts = append(examples, e), append(texts, e.Whole())
		}
		require.NoError(t, f.Close())
	}
	regions, err := kg.Divisions()
	require.NoError(t, err)
	joiner, err := petitions.NewJoiner(regions, petitions.NewBackground(texts), nil)
	require.NoError(t, err)
	a, err := petitions.New(petitions.Config{Examples: examples, Regions: regions, Join: joiner.JoinAnalyzed})
	require.NoError(t, err)
	return a
}

func joinWith(a *petitions.Analyzer) eval.JoinFunc {
	return func(ctx context.Context, cases []*eval.JoinCase) ([]string, error) {
		var list []petitions.Petition
		for _, c := range cases {
			list = append(list, petitions.Petition{ID: c.ID, Title: c.Title, Text: c.Text, Channel: c.Channel, Time: c.Time, Place: c.Place, People: c.People})
		}
		found, err := a.Analyze(ctx, list)
		if err != nil {
			return nil, err
		}
		names := make([]string, len(found))
		for i, x := range found {
			if names[i] = string(x.Event); names[i] == "" {
				names[i] = "alone " + cases[i].ID
			}
		}
		return names, nil
	}
}

// The suite holds what is hardest to tell apart; the floors are its header's.
func TestJoinSuite(t *testing.T) {
	a := analyzer(t)
	suites := []string{"join-dev"}
	if extra := os.Getenv("GANWEN_JOIN"); extra != "" {
		suites = append(suites, filepath.SplitList(extra)...)
	}
	for _, name := range suites {
		suite, err := eval.Load(name)
		require.NoError(t, err)
		report, err := eval.Runner{Open: func(_ context.Context, s *eval.Suite) (eval.Subject, error) {
			return &eval.Joins{Suite: s, Join: joinWith(a)}, nil
		}}.Run(t.Context(), suite)
		require.NoError(t, err)
		for _, m := range []string{"pair_precision", "pair_recall", "pair_f1", "b3_precision", "b3_recall", "b3_f1"} {
			t.Logf("%s %s %.3f", name, m, report.Metrics[m].Value)
		}
		require.Empty(t, report.Failures, name)
	}
}
