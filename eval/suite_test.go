package eval

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func TestReadSaysFileLineAndField(t *testing.T) {
	header := `{"suite":"s","kind":"guide","version":"1"}` + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "s.jsonl: no cases"},
		{"header only", header, "s.jsonl: no cases"},
		{"no header", `{"id":"1","query":"x","kind":"matter","expect":["a"]}`, "s.jsonl:1: header: field id: not known here"},
		{"unknown kind of suite", `{"suite":"s","kind":"quiz"}`, `s.jsonl:1: field kind: "quiz" is none of clock, desk, dialogue, facts, guide`},
		{"unnamed", `{"kind":"guide"}`, "s.jsonl:1: field suite"},
		{"retrieval without corpus", `{"suite":"s","kind":"retrieval"}`, "s.jsonl:1: field corpus"},
		{"floor of wrong type", `{"suite":"s","kind":"guide","floors":{"top1":"high"}}`, "s.jsonl:1: header: field floors"},
		{"not JSON", header + `{"id":`, "s.jsonl:2: not a JSON object"},
		{"two values", header + `{"id":"1","query":"x","kind":"human","expect":[]} {}`, "s.jsonl:2: more than one JSON value"},
		{"unknown field", header + `{"id":"1","query":"x","kind":"human","expct":[]}`, "s.jsonl:2: field expct: not known here"},
		{"wrong type", header + `{"id":"1","query":7,"kind":"human"}`, "s.jsonl:2: field query: got number, want string"},
		{"no id", header + `{"query":"x","kind":"human"}`, "s.jsonl:2: field id: missing"},
		{"unknown kind of case", header + `{"id":"1","query":"x","kind":"riddle"}`, "s.jsonl:2: field kind: unknown kind riddle"},
		{"no query", header + `{"id":"1","query":" ","kind":"human"}`, "s.jsonl:2: field query: missing"},
		{"no expect", header + `{"id":"1","query":"x","kind":"matter"}`, "s.jsonl:2: field expect: missing"},
		{"half a second turn", header + `{"id":"1","query":"x","kind":"ambiguous","if_asked":"y"}`, "s.jsonl:2: field final"},
		{"one turn", header + `{"id":"1","turns":["x"],"kind":"followup","expect":["a"]}`, "s.jsonl:2: field turns"},
		{"id twice", header + strings.Repeat(`{"id":"1","query":"x","kind":"human"}`+"\n", 2), `s.jsonl:3: field id: "1" is taken by line 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("s.jsonl", strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadTellsSeveralMistakesAtOnce(t *testing.T) {
	_, err := Read("s", strings.NewReader(`{"suite":"s","kind":"human-like"}`))
	require.Error(t, err)
	_, err = Read("s", strings.NewReader(`{"suite":"s","kind":"guide"}
{"id":"1","query":"x","kind":"riddle"}

{"id":"2","query":"","kind":"human"}`))
	require.ErrorContains(t, err, "s:2:")
	require.ErrorContains(t, err, "s:4:")
}

func TestChecksOfOtherKinds(t *testing.T) {
	for _, c := range []struct{ kind, line, want string }{
		{"facts", `{"id":"1"}`, "field query"},
		{"facts", `{"id":"1","query":"x","turns":["y"]}`, "field query"},
		{"redaction", `{"id":"1","input":"x"}`, "field spans"},
		{"redaction", `{"id":"1","input":"我叫王芳","spans":[{"type":"name","text":"李芳"}]}`, "field spans[0]"},
		{"safety", `{"id":"1","input":"x","kind":"forgery"}`, "field must"},
		{"safety", `{"id":"1","input":"x","kind":"forgery","must":["re:("]}`, "field must/must_not[0]"},
		{"dialogue", `{"id":"1","turns":[]}`, "field turns"},
		{"dialogue", `{"id":"1","turns":[{"say":"x"}]}`, "field turns[0].expect"},
		{"dialogue", `{"id":"1","turns":[{"say":"","expect":{}}]}`, "field turns[0].say"},
		{"dialogue", `{"id":"1","turns":[{"say":"x","expect":{"mater":"a"}}]}`, "field mater"},
	} {
		_, err := Read("s", strings.NewReader(`{"suite":"s","kind":"`+c.kind+`"}`+"\n"+c.line))
		require.ErrorContains(t, err, "s:2: "+c.want, c.line)
	}
}

func TestLoad(t *testing.T) {
	_, err := Load("no-such-suite")
	require.ErrorIs(t, err, ErrNoSuite)
	_, err = Load(filepath.Join(t.TempDir(), "absent.jsonl"))
	require.ErrorIs(t, err, ErrNoSuite)

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "q.jsonl"), []byte(`{"suite":"q","kind":"retrieval","corpus":"docs.jsonl"}
{"id":"1","question":"x","relevant":["d1"]}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "docs.jsonl"), []byte(`{"id":"d1","text":"y"}`), 0o600))
	s, err := Load(filepath.Join(dir, "q.jsonl"))
	require.NoError(t, err)
	docs, err := s.Corpus()
	require.NoError(t, err)
	require.Equal(t, []Document{{ID: "d1", Text: "y"}}, docs)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "docs.jsonl"), []byte(`{"id":"d2","text":"y"}`), 0o600))
	_, err = s.Corpus()
	require.ErrorContains(t, err, "q:2: field relevant: no document d1")
}

func TestShippedSuites(t *testing.T) {
	suites, err := Shipped()
	require.NoError(t, err)
	names := map[string]*Suite{}
	for _, s := range suites {
		names[s.Name] = s
		byName, err := Load(s.Name)
		require.NoError(t, err, "a shipped suite is found by the name in its header")
		require.Equal(t, s.fingerprint, byName.fingerprint)
		if s.Kind == "retrieval" {
			docs, err := s.Corpus()
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(docs), 60)
			require.GreaterOrEqual(t, len(s.Cases), 120)
		}
	}
	require.Contains(t, names, "guide-dev")
}

// What is reported on must never have been trained on: every row belongs to the fifth that training leaves out.
func TestGuideDevIsTheHeldOutFifth(t *testing.T) {
	s, err := Load("guide-dev")
	require.NoError(t, err)
	require.Greater(t, len(s.Cases), 1400)
	for _, c := range s.Cases {
		g := c.Body.(*GuideCase)
		text := g.Query
		if g.Kind == "followup" {
			text = strings.Join(g.Turns, "\n")
		}
		require.True(t, kg.Dev(text), "line %d: %s", c.Line, text)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"suite":"s","kind":"guide"}` + "\n" + `{"id":"1","query":"x","kind":"human","expect":[]}`)
	f.Add(`{"suite":"s","kind":"safety"}` + "\n" + `{"id":"1","input":"x","kind":"k","must":["re:a"]}`)
	f.Add(`{"suite":"s","kind":"dialogue"}` + "\n" + `{"id":"1","turns":[{"say":"x","expect":{"matter":["a"]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read("f", strings.NewReader(text))
		if err == nil {
			require.NotEmpty(t, s.Cases)
			for _, c := range s.Cases {
				c.Body.Judge(Outcome{}) // a suite that was read can be judged, whatever came of it
			}
		}
	})
}
