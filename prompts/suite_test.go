package prompts

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The redaction suites hold the floors of their headers here too, so that a change of a word list is judged at once.
func TestSuites(t *testing.T) {
	paths, err := filepath.Glob("../eval/suites/redaction*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { suite(t, path) })
	}
}

func suite(t *testing.T, path string) {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var wanted, hit, found, good, changed int
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c struct {
			Suite, Input string
			Spans        []struct{ Type, Text string }
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		if c.Suite != "" {
			continue
		}
		redacted, vault := Redact(c.Input)
		require.Equal(t, c.Input, vault.Restore(redacted.String()))
		for _, s := range c.Spans {
			if wanted++; !strings.Contains(redacted.String(), s.Text) {
				hit++
			} else {
				t.Logf("missed %s %s: %s", s.Type, s.Text, c.Input)
				require.NotContains(t, []string{IDCard, Passport, Permit, USCC, BankCard}, s.Type, "certificates are never missed")
			}
		}
		for _, f := range Find(c.Input) {
			found++
			for _, s := range c.Spans {
				if at := strings.Index(c.Input, s.Text); at < f.End && f.Start < at+len(s.Text) || strings.Contains(s.Text, f.Text) {
					good++
					break
				}
			}
		}
		if len(c.Spans) == 0 && redacted.String() != c.Input {
			changed++
			t.Logf("changed: %s → %s", c.Input, redacted)
		}
	}
	require.NoError(t, lines.Err())
	t.Logf("recall %d/%d, precision %d/%d, benign texts changed %d", hit, wanted, good, found, changed)
	require.GreaterOrEqual(t, float64(hit), 0.99*float64(wanted))
	require.GreaterOrEqual(t, float64(good), 0.97*float64(found))
	require.LessOrEqual(t, changed, 1)
}
