package assistant

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search/zh"
)

// jsonLines reads the JSON lines of all files that match.
func jsonLines[T any](t *testing.T, patterns ...string) (rows []T) {
	t.Helper()
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names, pattern)
		for _, name := range names {
			file, err := os.Open(name)
			require.NoError(t, err)
			lines := bufio.NewScanner(file)
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				var row T
				require.NoError(t, json.Unmarshal(lines.Bytes(), &row), name)
				rows = append(rows, row)
			}
			require.NoError(t, lines.Err())
			require.NoError(t, file.Close())
		}
	}
	return rows
}

func TestElsewhere(t *testing.T) {
	regions, err := kg.Divisions()
	require.NoError(t, err)
	type row struct {
		Query     string `json:"query"`
		Elsewhere bool   `json:"elsewhere"`
	}
	for _, r := range jsonLines[row](t, "testdata/elsewhere.jsonl") {
		require.Equal(t, r.Elsewhere, Elsewhere(r.Query, regions), r.Query)
	}
	require.False(t, Elsewhere("", nil))
	require.True(t, Elsewhere("长沙的公租房怎么排队", nil))
}

// On everything the catalogue's bank asks the guard must keep still: these are all matters of Jiangxi.
func TestGuardOnBank(t *testing.T) {
	regions, err := kg.Divisions()
	require.NoError(t, err)
	const dir = "../cmd/ganwen/demo/catalogue/"
	bank := jsonLines[utterance](t, dir+"bank/*.jsonl")
	var emergencies, refusals, elsewheres int
	for _, u := range bank {
		if call := Emergency(u.Query); call != nil {
			emergencies++
			t.Logf("taken for an emergency: %s: %s", u.Query, call.Evidence)
		}
		if Refusal(u.Query) != nil {
			refusals++
			t.Logf("refused: %s", u.Query)
		}
		if Elsewhere(u.Query, regions) {
			elsewheres++
			t.Logf("taken for another province: %s", u.Query)
		}
	}
	require.LessOrEqual(t, emergencies, 12, "of %d", len(bank))
	require.LessOrEqual(t, refusals, 4, "of %d", len(bank))
	require.LessOrEqual(t, elsewheres, 5, "of %d", len(bank))
}

// What the other kinds say of other provinces is found, and nothing else of theirs but out of scope is.
func TestElsewhereOnOthers(t *testing.T) {
	regions, err := kg.Divisions()
	require.NoError(t, err)
	const dir = "../cmd/ganwen/demo/catalogue/"
	named, found, wrong := 0, 0, 0
	for _, u := range jsonLines[utterance](t, dir+"others*.jsonl", dir+"others/*.jsonl") {
		yes := Elsewhere(u.Query, regions)
		if u.Kind != "out_of_scope" {
			if yes {
				wrong++
				t.Logf("%s taken for another province: %s", u.Kind, u.Query)
			}
			continue
		}
		places := elsewhere.scan(u.Query)
		if len(places.of(elsewhere, "@place"))+len(places.of(elsewhere, "@abroad")) == 0 {
			continue
		}
		if named++; yes {
			found++
		} else {
			t.Logf("names a place, not taken: %s", u.Query)
		}
	}
	t.Logf("another province %d of %d that name one, others wrongly %d", found, named, wrong)
	// Not each that names a place is to be done there, and rows are added: the floor is below what is found today.
	require.GreaterOrEqual(t, 100*found, 75*named)
	require.LessOrEqual(t, wrong, 2)
}

func FuzzElsewhere(f *testing.F) {
	regions, err := kg.Divisions()
	require.NoError(f, err)
	for _, seed := range []string{"长沙的公租房怎么排队", "深圳交的公积金转到南昌", "\xff北京，\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if Elsewhere(text, regions) {
			require.NotEmpty(t, elsewhere.read(zh.Fold(text)), "no place was named")
		}
	})
}
