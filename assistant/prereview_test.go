package assistant

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func newTestPrereviewer(t testing.TB) *Prereviewer {
	t.Helper()
	p, err := NewPrereviewer()
	require.NoError(t, err)
	return p
}

func found(res *PrereviewResult) []wanted {
	out := []wanted{}
	for _, is := range res.Issues {
		out = append(out, wanted{is.Type, is.Target})
	}
	return out
}

// TestPrereviewProperty holds every matter to two promises: a complete valid set passes, and one thing broken yields
// exactly that issue.
func TestPrereviewProperty(t *testing.T) {
	p := newTestPrereviewer(t)
	for code, rules := range p.rules {
		m := &kg.Matter{Code: code, Name: rules.Name}
		for seed := range uint64(3) {
			w := newWorld(rules, seed)
			valid := w.request()
			res, err := p.Review(m, valid)
			require.NoError(t, err)
			require.Empty(t, res.Issues, "%s seed %d: %+v", code, seed, valid)
			require.Equal(t, VerdictPass, res.Verdict)
			for _, b := range w.breakages(valid) {
				res, err := p.Review(m, b.req)
				require.NoError(t, err)
				require.Equal(t, b.want, found(res), "%s seed %d: %s\n%+v", code, seed, b.name, b.req)
				require.Equal(t, b.verdict, res.Verdict, "%s: %s", code, b.name)
			}
		}
	}
}

// suiteCase is a case of the shipped suites, read here so that the engine is held to them wherever it is built.
type suiteCase struct {
	ID, Note, Matter string
	AsOf             string `json:"as_of"`
	Applicant        PrereviewApplicant
	Situation        map[string]any
	Materials        []PrereviewPaper
	Expect           struct {
		Verdict string
		Issues  []wanted
	}
}

func readSuite(t *testing.T, file string) []suiteCase {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "eval", "suites", file))
	require.NoError(t, err)
	var out []suiteCase
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		var c suiteCase
		require.NoError(t, json.Unmarshal([]byte(line), &c), line)
		out = append(out, c)
	}
	return out
}

// free replaces the target of ineligible issues, which is a free text, and sorts.
func free(list []wanted) []wanted {
	out := []wanted{}
	for _, w := range list {
		if w.Type == IssueIneligible {
			w.Target = "*"
		}
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b wanted) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Target, b.Target)) })
	return out
}

// TestPrereviewByHand holds the engine and its rules to cases written against the rule book, sentence by sentence.
func TestPrereviewByHand(t *testing.T) {
	p := newTestPrereviewer(t)
	trees := matterTrees(t)
	for _, c := range readSuite(t, "prereview-hand.jsonl") {
		m := trees[c.Matter]
		require.NotNil(t, m, c.Matter)
		res, err := p.Review(m, PrereviewRequest{AsOf: c.AsOf, Applicant: c.Applicant, Situation: c.Situation, Materials: c.Materials})
		require.NoError(t, err)
		assert := func(want, got any) {
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s %s %s\nwant %v\ngot  %v", c.ID, c.Matter, c.Note, want, got)
			}
		}
		assert(free(c.Expect.Issues), free(found(res)))
		assert(c.Expect.Verdict, res.Verdict)
	}
}

// matterTrees are the matters of the sample catalogue, by code.
func matterTrees(t testing.TB) map[string]*kg.Matter {
	t.Helper()
	cat, err := kg.Load(os.DirFS(filepath.Join("..", "cmd", "ganwen", "demo", "catalogue")))
	require.NoError(t, err)
	out := map[string]*kg.Matter{}
	for _, m := range cat.Matters {
		out[m.Code] = m
	}
	return out
}
