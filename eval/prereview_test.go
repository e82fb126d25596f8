package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPrereviewJudge(t *testing.T) {
	c := &PrereviewCase{Expect: PrereviewReply{"manual", []PrereviewIssue{{"ineligible", "未满22周岁"}, {"missing", "户口簿"}}}}
	v := c.Judge(Outcome{Prereview: &PrereviewReply{"manual", []PrereviewIssue{{"missing", "户口簿"}, {"ineligible", "另一种说法"}}}})
	require.True(t, v.OK, "the target of an ineligible one is free")
	require.Equal(t, Mark{4, 4}, v.Marks["issue_f1"])

	v = c.Judge(Outcome{Prereview: &PrereviewReply{"manual", []PrereviewIssue{{"missing", "户口簿"}, {"expired", "户口簿"}, {"missing", "户口簿"}}}})
	require.False(t, v.OK)
	require.Equal(t, Mark{1, 1}, v.Marks["verdict"])
	require.Equal(t, Mark{1, 2}, v.Marks["issue_precision"], "twice the same counts once")
	require.Equal(t, Mark{1, 2}, v.Marks["issue_recall"])
	require.Equal(t, Mark{2, 4}, v.Marks["issue_f1"])

	v = c.Judge(Outcome{Err: "down"})
	require.Equal(t, Mark{0, 1}, v.Marks["verdict"])
	require.Equal(t, Mark{0, 2}, v.Marks["issue_recall"])
}

func TestPrereviewCases(t *testing.T) {
	head := `{"suite":"s","kind":"prereview"}` + "\n"
	for line, want := range map[string]string{
		`{"id":"1","materials":[],"expect":{"verdict":"pass","issues":[]}}`:                                             "field matter",
		`{"id":"1","matter":"m","expect":{"verdict":"pass","issues":[]}}`:                                               "field materials",
		`{"id":"1","matter":"m","materials":[],"expect":{"verdict":"refuse","issues":[]}}`:                              "field expect.verdict",
		`{"id":"1","matter":"m","materials":[],"expect":{"verdict":"pass"}}`:                                            "field expect.issues",
		`{"id":"1","matter":"m","materials":[],"expect":{"verdict":"fix","issues":[]}}`:                                 "field expect.issues",
		`{"id":"1","matter":"m","materials":[],"expect":{"verdict":"pass","issues":[{"type":"missing","target":"x"}]}}`: "field expect.issues",
	} {
		_, err := Read("s", strings.NewReader(head+line))
		require.ErrorContains(t, err, want, line)
	}
	s, err := Read("s", strings.NewReader(head+`{"id":"1","matter":"m","as_of":"2026-11-23","applicant":{"name":"王芳"},"materials":[{"name":"x"}],"expect":{"verdict":"pass","issues":[]}}`))
	require.NoError(t, err)
	o, err := Prereviews{PaperReviewFunc(func(_ context.Context, matter string, body []byte) ([]byte, error) {
		require.Equal(t, "m", matter)
		require.JSONEq(t, `{"as_of":"2026-11-23","applicant":{"name":"王芳"},"materials":[{"name":"x"}]}`, string(body))
		return []byte(`{"verdict":"pass","issues":[],"notice":"…"}`), nil
	})}.Run(t.Context(), s.Cases[0])
	require.NoError(t, err)
	require.Equal(t, &PrereviewReply{"pass", []PrereviewIssue{}}, o.Prereview)
}
