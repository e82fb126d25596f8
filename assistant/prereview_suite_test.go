package assistant

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

var updateSuite = flag.Bool("update-prereview", false, "write eval/suites/prereview.jsonl anew from the rules")

// generatedCase is a case of the generated suite, in the form the outside contract has.
type generatedCase struct {
	ID        string             `json:"id"`
	Note      string             `json:"note"`
	Matter    string             `json:"matter"`
	AsOf      string             `json:"as_of"`
	Applicant PrereviewApplicant `json:"applicant"`
	Materials []PrereviewPaper   `json:"materials"`
	Expect    struct {
		Verdict string   `json:"verdict"`
		Issues  []wanted `json:"issues"`
	} `json:"expect"`
}

// generateSuite makes, for every matter, a valid set, one thing broken in several ways, two things broken at once, and
// each bar to the matter.
func generateSuite(rules map[string]*matterRules) []generatedCase {
	var out []generatedCase
	for _, code := range sortedKeys(rules) {
		add := func(note string, req PrereviewRequest, verdict string, want ...wanted) {
			c := generatedCase{ID: fmt.Sprintf("%s-%d", code, len(out)), Note: note, Matter: code, AsOf: req.AsOf, Applicant: req.Applicant, Materials: req.Materials}
			c.Expect.Verdict, c.Expect.Issues = verdict, append([]wanted{}, want...)
			out = append(out, c)
		}
		w := newWorld(rules[code], uint64(len(out)))
		valid := w.request()
		add("valid", valid, VerdictPass)
		for range 2 {
			all := w.breakages(valid)
			b := all[w.IntN(len(all))]
			add(b.name, b.req, b.verdict, b.want...)
		}
		if note, req, want, ok := w.twice(); ok {
			add(note, req, VerdictFix, want...)
		}
		for i := range rules[code].Eligibility {
			if req, ok := w.bar(i); ok {
				add("barred", req, VerdictManual, wanted{IssueIneligible, rules[code].Eligibility[i].Text})
			}
		}
	}
	return out
}

// twice breaks two papers at once, in ways that concern each alone.
func (w *world) twice() (string, PrereviewRequest, []wanted, bool) {
	req := copyRequest(w.request())
	if len(req.Materials) < 2 {
		return "", req, nil, false
	}
	i := w.IntN(len(req.Materials))
	j := (i + 1 + w.IntN(len(req.Materials)-1)) % len(req.Materials)
	if at, _ := w.rules.find(req.Materials[i].Name); w.rules.Papers[at.row].AnyExpiry {
		i, j = j, i
	}
	req.Materials[i].Expires = "2026-11-22"
	req.Materials[j].Fields["signed"] = false
	req.Materials[j].Issued = "2027-01-01"
	a, b := req.Materials[i].Name, req.Materials[j].Name
	return "two papers", req, []wanted{{IssueExpired, a}, {IssueInvalidFormat, b + ".issued"}, {IssueUnsigned, b}}, true
}

// bar makes an application that one entry bars, on the first day it does.
func (w *world) bar(i int) (PrereviewRequest, bool) {
	e := w.rules.Eligibility[i]
	switch {
	case e.If != nil:
		return PrereviewRequest{}, false
	case e.From > 0:
		req := copyRequest(w.request())
		for k, p := range req.Materials {
			if _, ok := p.Fields[e.Field]; ok {
				req.Materials[k].Fields[e.Field] = w.asOf.AddDate(-e.From, 0, 0).Format("2006-01-02")
			}
		}
		return req, true
	case e.Months > 0:
		req := copyRequest(w.request())
		for k, p := range req.Materials {
			if _, ok := p.Fields[e.Field]; ok {
				issued, _ := parseDay(p.Issued)
				req.Materials[k].Fields[e.Field] = addMonths(issued.first, -e.Months).AddDate(0, 0, -1).Format("2006-01-02")
			}
		}
		return req, true
	}
	young := newWorld(w.rules, w.Uint64())
	if e.Sex != "" && e.Sex != young.me.sex {
		young.me.sex = e.Sex
	}
	young.me.birth = w.asOf.AddDate(-e.Under, 0, 1)
	if e.On != "" {
		young.me.birth = young.me.birth.AddDate(0, 0, -84) // 1 September: one day after the day that counts
	}
	order := 1
	if young.me.sex == "女" {
		order = 2
	}
	young.me.id = withCheck(fmt.Sprintf("369999%s%03d", young.me.birth.Format("20060102"), order))
	return young.request(), true
}

func suiteBytes(t *testing.T, cases []generatedCase) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(json.RawMessage(`{"suite":"prereview","kind":"prereview","version":"1","floors":{"verdict":0.99,"issue_f1":0.99},"description":"Generated from the rules by assistant/prereview_suite_test.go (-update-prereview)"}`)))
	for _, c := range cases {
		require.NoError(t, enc.Encode(c))
	}
	return b.Bytes()
}

// TestPrereviewSuite keeps the shipped suite what the rules generate, and the engine right on it.
func TestPrereviewSuite(t *testing.T) {
	p := newTestPrereviewer(t)
	want := suiteBytes(t, generateSuite(p.rules))
	file := filepath.Join("..", "eval", "suites", "prereview.jsonl")
	if *updateSuite {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "run: go test ./assistant -run TestPrereviewSuite -update-prereview")

	matters := matterTrees(t)
	covered := map[string]bool{}
	cases := readSuite(t, "prereview.jsonl")
	for _, c := range cases {
		covered[c.Matter] = true
		res, err := p.Review(matters[c.Matter], PrereviewRequest{AsOf: c.AsOf, Applicant: c.Applicant, Materials: c.Materials})
		require.NoError(t, err)
		require.Equal(t, free(c.Expect.Issues), free(found(res)), "%s %s: %v", c.ID, c.Note, c.Materials)
		require.Equal(t, c.Expect.Verdict, res.Verdict, c.ID)
	}
	require.GreaterOrEqual(t, len(cases), 300)
	require.GreaterOrEqual(t, len(covered), 60)
}

// TestPrereviewRulesMatchCatalogue checks that every matter of the sample catalogue has rules, under its own name.
func TestPrereviewRulesMatchCatalogue(t *testing.T) {
	p := newTestPrereviewer(t)
	for code, m := range matterTrees(t) {
		require.True(t, p.Covers(code), code)
		require.Equal(t, m.Name, p.rules[code].Name)
		for _, row := range p.rules[code].Papers {
			if row.Needed.If == nil {
				continue
			}
			for _, o := range row.Needed.If.Options {
				require.True(t, hasOption(m.Tree, o), "%s: %s", code, o)
			}
		}
		for _, e := range p.rules[code].Eligibility {
			require.NotEmpty(t, e.Basis.Law)
			require.NotEmpty(t, e.Basis.Article)
		}
	}
}

func hasOption(tree []kg.Situation, want string) bool {
	return slices.ContainsFunc(tree, func(q kg.Situation) bool {
		return slices.ContainsFunc(q.Options, func(o kg.Option) bool { return q.ID+"="+o.ID == want })
	})
}
