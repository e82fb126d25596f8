package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/assistant"
	"ganwen/eval"
)

var update = flag.Bool("update", false, "write golden files anew")

// world is one service for all tests of this package: opening it trains the ranker, which takes seconds.
var world = sync.OnceValues(func() (*service, error) {
	dir, err := os.MkdirTemp("", "ganwen-test")
	if err != nil {
		return nil, err
	}
	return open(context.Background(), &Options{Data: dir, Embed: "none", Index: "mem:"}, slog.New(slog.DiscardHandler))
})

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if s, err := world(); err == nil {
		dir := s.options.Data
		_ = s.Close() // the process ends here
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func theWorld(t testing.TB) *service {
	t.Helper()
	s, err := world()
	require.NoError(t, err)
	return s
}

// server serves the world on a free port.
func server(t *testing.T) string {
	t.Helper()
	app := theWorld(t).app(0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go app.Listener(l)
	t.Cleanup(func() { require.NoError(t, app.Shutdown()) })
	return "http://" + l.Addr().String()
}

func post(t *testing.T, url, accept string, body any) (int, []byte) {
	t.Helper()
	var data []byte
	if s, ok := body.(string); ok {
		data = []byte(s)
	} else {
		var err error
		data, err = json.Marshal(body)
		require.NoError(t, err)
	}
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(data))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, out
}

func get(t *testing.T, url string) (int, []byte) {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, out
}

func TestChatAnswersWithCitedFacts(t *testing.T) {
	base := server(t)
	status, body := post(t, base+"/api/v1/chat", "application/json", map[string]any{"message": "居民身份证丢了要补领，带户口簿够不够", "region": "南昌市"})
	require.Equal(t, 200, status, string(body))
	var a assistant.Answer
	require.NoError(t, json.Unmarshal(body, &a))
	require.Equal(t, "JX-S006", a.Matters[0].Code)
	require.Equal(t, assistant.StatusAnswered, a.Status)
	require.NotEmpty(t, a.Citations)
	require.NotNil(t, a.Checklist)
	require.NotEmpty(t, a.Checklist.Materials)
	require.Equal(t, "1", a.AIGC.Metadata["Label"])
	require.Equal(t, a.AnswerID, a.AIGC.Metadata["ProduceID"])
	require.Contains(t, a.AIGC.Label, "人工智能生成")
	require.True(t, a.Sample)
	require.Equal(t, "南昌市", a.Region.Name)
	for _, c := range a.Citations {
		require.Contains(t, a.Text, "["+c.ID+"]")
		require.NotEmpty(t, c.Quote, c.Field)
	}
}

func TestChatStreams(t *testing.T) {
	base := server(t)
	_, body := post(t, base+"/api/v1/chat", "text/event-stream", map[string]any{"message": "细伢子刚出生，上户口要带么里"})
	events := map[string]int{}
	text := ""
	var last assistant.Answer
	sc := bufio.NewScanner(bytes.NewReader(body))
	sc.Buffer(nil, 1<<20)
	event := ""
	for sc.Scan() {
		switch line := sc.Text(); {
		case strings.HasPrefix(line, "event: "):
			event = line[7:]
			events[event]++
		case strings.HasPrefix(line, "data: ") && event == "delta":
			var d struct{ Text string }
			require.NoError(t, json.Unmarshal([]byte(line[6:]), &d))
			text += d.Text
		case strings.HasPrefix(line, "data: ") && event == "answer":
			require.NoError(t, json.Unmarshal([]byte(line[6:]), &last))
		}
	}
	require.Positive(t, events["step"])
	require.Equal(t, 1, events["answer"])
	require.Equal(t, last.Text, text, "the deltas add up to the answer")
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	base := server(t)
	for name, c := range map[string]struct {
		path, body, code, field string
		status                  int
	}{
		"unknown field": {"/api/v1/chat", `{"mesage":"x"}`, "bad_request", "mesage", 400},
		"wrong type":    {"/api/v1/chat", `{"message":5}`, "bad_request", "message", 400},
		"broken JSON":   {"/api/v1/chat", `{"message":`, "bad_request", "body", 400},
		"empty":         {"/api/v1/chat", `{"message":"  "}`, "empty_message", "", 400},
		"too long":      {"/api/v1/chat", `{"message":"` + strings.Repeat("长", 2001) + `"}`, "message_too_long", "", 400},
		"bad rating":    {"/api/v1/answers/x/rating", `{"stars":9}`, "bad_rating", "", 400},
		"no matter":     {"/api/v1/matters/NONE/checklist", `{}`, "not_found", "", 404},
		"no route":      {"/api/v1/nothing", `{}`, "", "", 405},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := post(t, base+c.path, "application/json", c.body)
			require.Equal(t, c.status, status, string(body))
			var e struct {
				Error struct {
					Code, Message, Field string
					RequestID            string `json:"request_id"`
				}
			}
			require.NoError(t, json.Unmarshal(body, &e), string(body))
			require.NotEmpty(t, e.Error.Message)
			require.NotEmpty(t, e.Error.RequestID)
			if c.code != "" {
				require.Equal(t, c.code, e.Error.Code)
			}
			require.Equal(t, c.field, e.Error.Field)
		})
	}
}

func TestOtherRoutes(t *testing.T) {
	base := server(t)
	for path, want := range map[string]string{
		"/healthz":                                       `"ok":true`,
		"/readyz":                                        `"ranker":"ready"`,
		"/api/v1/search?q=居住证&size=3":                    `"hits"`,
		"/api/v1/suggest?q=sfz":                          `JX-S006`,
		"/api/v1/matters/JX-S006":                        `居民身份证`,
		"/api/v1/graph/nodes/matter:JX-S006":             `居民身份证`,
		"/api/v1/graph/expand?id=matter:JX-S006&depth=1": `"edges"`,
		"/api/v1/regions":                                `南昌市`,
		"/v1/models":                                     `ganwen`,
		"/metrics":                                       `ganwen_matters 128`,
		"/openapi.json":                                  `"openapi":`,
		"/":                                              `<html`,
		"/?q=补身份证":                                       `居民身份证`,
	} {
		status, body := get(t, base+path)
		require.Equal(t, 200, status, path+" "+string(body[:min(300, len(body))]))
		require.Contains(t, string(body), want, path)
	}
	status, body := post(t, base+"/mcp", "application/json, text/event-stream",
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_matters","arguments":{"query":"身份证掉了怎么补"}}}`)
	require.Equal(t, 200, status, string(body))
	require.Contains(t, string(body), "JX-S006")
	status, body = post(t, base+"/v1/chat/completions", "application/json", `{"model":"x","temperature":0.2,"messages":[{"role":"user","content":"结婚登记要带什么"}]}`)
	require.Equal(t, 200, status)
	require.Contains(t, string(body), "结婚登记")
}

// TestGoldenAnswers keeps what people judge in files: a change of wording or of facts shows as a diff to review.
func TestGoldenAnswers(t *testing.T) {
	s := theWorld(t)
	files, err := filepath.Glob("testdata/golden/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(f)
			require.NoError(t, err)
			var got strings.Builder
			session := ""
			for _, line := range strings.Split(string(want), "\n") {
				said, ok := strings.CutPrefix(line, "> ")
				if !ok {
					continue
				}
				a, err := s.assistant.Answer(context.Background(), assistant.Request{SessionID: session, Message: said}, nil)
				require.NoError(t, err)
				session = a.SessionID
				got.WriteString("> " + said + "\n" + golden(a) + "\n")
			}
			if *update {
				require.NoError(t, os.WriteFile(f, []byte(got.String()), 0o644))
				return
			}
			require.Equal(t, string(want), got.String())
		})
	}
}

// golden is an answer as a person reads it.
func golden(a *assistant.Answer) string {
	var b strings.Builder
	b.WriteString(string(a.Status) + " " + string(a.Intent))
	for i, m := range a.Matters {
		if i == 0 {
			b.WriteString(" " + m.Code)
		}
	}
	if a.Event != nil {
		b.WriteString(" " + a.Event.Code)
	}
	b.WriteString("\n" + a.Text + "\n")
	if a.Question != nil {
		var opts []string
		for _, o := range a.Question.Options {
			opts = append(opts, o.Text)
		}
		b.WriteString("? " + strings.Join(opts, " | ") + "\n")
	}
	return b.String()
}

// TestEveryFactIsCited puts part of the bank to the service and looks for numbers, links and papers without evidence.
func TestEveryFactIsCited(t *testing.T) {
	s := theWorld(t)
	suite := &eval.Suite{Header: eval.Header{Name: "bank", Kind: "facts"}}
	for i, q := range s.catalogue.Bank {
		if i%101 == 0 {
			suite.Cases = append(suite.Cases, eval.Case{ID: q.Query, Body: &eval.FactsCase{Common: eval.Common{ID: q.Query}, Query: q.Query}})
		}
	}
	report, err := eval.Runner{Open: s.subject("")}.Run(context.Background(), suite)
	require.NoError(t, err)
	for _, d := range report.Detail {
		require.True(t, d.OK, "%s: %v", d.Input, d.Got)
	}
}

// TestAFieldChangedChangesTheAnswer: facts are copied when asked, never remembered.
func TestAFieldChangedChangesTheAnswer(t *testing.T) {
	s := theWorld(t)
	m := s.catalogue.Matter("JX-S006")
	before := m.PromisedDays
	defer func() { m.PromisedDays = before }()
	seven := 7
	m.PromisedDays.Value, m.PromisedDays.Text = &seven, "受理后7个工作日内"
	a, err := s.assistant.Answer(context.Background(), assistant.Request{Message: "补办身份证要几天拿到"}, nil)
	require.NoError(t, err)
	require.Contains(t, a.Text, "受理后7个工作日内")
	require.NotContains(t, a.Text, "20个工作日")
}

func TestConversationSurvivesARestart(t *testing.T) {
	s := theWorld(t)
	ctx := context.Background()
	first, err := s.assistant.Answer(ctx, assistant.Request{Message: "我要办居住证"}, nil)
	require.NoError(t, err)
	again := *s
	again.closers = nil
	again.options = &Options{Data: s.options.Data}
	require.NoError(t, again.openStore(ctx))
	require.NoError(t, again.openAssistant(ctx))
	defer again.Close()
	a, err := again.assistant.Answer(ctx, assistant.Request{SessionID: first.SessionID, Message: "那要几天"}, nil)
	require.NoError(t, err)
	require.Equal(t, "JX-S008", a.Matters[0].Code)
	require.Contains(t, a.Text, "15日")
	require.NoError(t, again.assistant.Forget(ctx, first.SessionID))
	_, err = again.store.Session(ctx, first.SessionID)
	require.ErrorIs(t, err, assistant.ErrNoSession)
}

func TestUsageErrors(t *testing.T) {
	require.Equal(t, 2, run([]string{"nonsense"}))
	require.Equal(t, 2, run([]string{"eval", "run", "no-such-suite"}))
	bad := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("adress: :1\n"), 0o600))
	require.Equal(t, 2, run([]string{"--config", bad, "version"}))
}
