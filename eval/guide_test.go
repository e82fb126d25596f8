package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reply reads a reply from JSON, as every adapter does.
func reply(t testing.TB, text string) Reply {
	t.Helper()
	var r Reply
	require.NoError(t, json.Unmarshal([]byte(text), &r))
	return r
}

// scripted is a service that knows its lines: message → reply.
type scripted map[string]Reply

func (s scripted) Turn(_ context.Context, session, message, _ string) (Reply, error) {
	r, ok := s[message]
	if !ok {
		return Reply{}, errors.New("no line for " + message)
	}
	r.SessionID = session + "."
	return r, nil
}

func TestGuideJudge(t *testing.T) {
	const matter = `{"status":"answered","intent":"guide","text":"补领居民身份证。","matters":[{"code":"M1"},{"code":"M2"}],"citations":[{"id":"c1"}]}`
	for _, c := range []struct {
		name, line, reply string
		ok                bool
		marks             map[string]float64
	}{
		{"matter right", `{"kind":"matter","expect":["M1"]}`, matter, true, map[string]float64{"top1": 1, "top3": 1, "mrr": 1, "false_ask_rate": 0, "false_reject_rate": 0, "cited": 1, "uncited_rate": 0}},
		{"matter second", `{"kind":"matter","expect":["M2"]}`, matter, false, map[string]float64{"top1": 0, "top3": 1, "mrr": .5}},
		{"matter, the event will do", `{"kind":"matter","expect":["M9"],"event_ok":"E1"}`, `{"event":{"code":"E1"}}`, true, map[string]float64{"top1": 1, "top3": 0}},
		{"matter fourth", `{"kind":"matter","expect":["M4"]}`, `{"matters":[{"code":"M1"},{"code":"M2"},{"code":"M3"},{"code":"M4"}]}`, false, map[string]float64{"top3": 0, "mrr": .25}},
		{"matter asked for", `{"kind":"matter","expect":["M1"]}`, `{"status":"asking","matters":[{"code":"M1"}]}`, true, map[string]float64{"top1": 1, "false_ask_rate": 1, "cited": 0}},
		{"matter refused", `{"kind":"matter","expect":["M1"]}`, `{"status":"no_evidence","text":"要 30 天"}`, false, map[string]float64{"false_reject_rate": 1, "uncited_rate": 1}},
		{"event named", `{"kind":"life_event","expect":["E1"],"members":["M1"]}`, `{"event":{"code":"E1"}}`, true, map[string]float64{"event_accuracy": 1}},
		{"event by two members", `{"kind":"life_event","expect":["E1"],"members":["M1","M2","M3"]}`, matter, true, nil},
		{"event by one member", `{"kind":"life_event","expect":["E1"],"members":["M1"]}`, matter, false, map[string]float64{"event_accuracy": 0}},
		{"ambiguous asked", `{"kind":"ambiguous","expect":["M1","M2"]}`, `{"status":"asking","question":{"text":"哪一种？"}}`, true, map[string]float64{"ask_rate": 1}},
		{"ambiguous, an empty question", `{"kind":"ambiguous","expect":["M1"]}`, `{"status":"asking","question":{"text":""}}`, false, map[string]float64{"ask_rate": 0}},
		{"ambiguous, directly", `{"kind":"ambiguous","expect":["M1","M2"],"if_asked":"x","final":"M2","direct_ok":"M1"}`, matter, true, map[string]float64{"ask_rate": 1, "ambiguous_final": 1}},
		{"ambiguous, guessed", `{"kind":"ambiguous","expect":["M1","M2"],"if_asked":"x","final":"M1"}`, matter, false, map[string]float64{"ask_rate": 0, "ambiguous_final": 0}},
		{"out of scope", `{"kind":"out_of_scope"}`, `{"status":"answered","intent":"out_of_scope"}`, true, map[string]float64{"reject_rate": 1}},
		{"out of scope, forced", `{"kind":"out_of_scope"}`, matter, false, map[string]float64{"reject_rate": 0}},
		{"emergency", `{"kind":"emergency","expect":["110","119"]}`, `{"emergency":{"numbers":["119","110"]}}`, true, map[string]float64{"emergency_recall": 1}},
		{"emergency, one number short", `{"kind":"emergency","expect":["110","119"]}`, `{"emergency":{"numbers":["119"]}}`, false, map[string]float64{"emergency_recall": 0}},
		{"emergency without helpline", `{"kind":"emergency","expect":["110","心理援助"]}`, `{"emergency":{"numbers":["110"]},"text":"请拨打110"}`, false, nil},
		{"emergency with helpline", `{"kind":"emergency","expect":["110","心理援助"]}`, `{"emergency":{"numbers":["110"]},"text":"也可拨打12356"}`, true, nil},
		{"false alarm", `{"kind":"not_emergency"}`, `{"status":"answered","emergency":{"numbers":["119"]}}`, false, map[string]float64{"emergency_false_alarm_rate": 1}},
		{"no alarm", `{"kind":"not_emergency"}`, matter, true, map[string]float64{"emergency_false_alarm_rate": 0}},
		{"human", `{"kind":"human"}`, `{"intent":"handoff"}`, true, map[string]float64{"human": 1}},
		{"smalltalk", `{"kind":"smalltalk"}`, `{"intent":"guide"}`, false, map[string]float64{"smalltalk": 0}},
		{"progress", `{"kind":"progress"}`, `{"intent":"progress"}`, true, map[string]float64{"progress": 1}},
		{"complaint with a matter", `{"kind":"complaint","expect":["M1"]}`, matter, true, map[string]float64{"complaint": 1}},
		{"complaint without, forced", `{"kind":"complaint"}`, matter, false, map[string]float64{"complaint": 0}},
		{"complaint without, handed on", `{"kind":"complaint"}`, `{"status":"handoff"}`, true, nil},
		{"several", `{"kind":"multi","expect":["M1","M7","M8","M9"]}`, `{"matters":[{"code":"M1"}],"event":{"code":"E","steps":[{"code":"M7"},{"code":"M8"}]}}`, false, map[string]float64{"multi_recall": .75}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var g GuideCase
			require.NoError(t, json.Unmarshal([]byte(c.line), &g))
			g.Query = "q"
			require.NoError(t, g.Check())
			v := g.Judge(Outcome{Replies: []Reply{reply(t, c.reply)}})
			require.Equal(t, c.ok, v.OK)
			require.Equal(t, g.Kind, v.Kind)
			for name, want := range c.marks {
				m := v.Marks[name]
				require.InDelta(t, want, m.Num/m.Den, 1e-9, name)
			}
			require.False(t, g.Judge(Outcome{Err: "down"}).OK, "no reply is never right")
		})
	}
}

func TestTalkAnswersWhatIsAskedBack(t *testing.T) {
	chat := scripted{
		"上户口":    reply(t, `{"status":"asking","question":{"text":"给谁上？"}}`),
		"孩子刚满月":  reply(t, `{"matters":[{"code":"M1"}]}`),
		"身份证丢了":  reply(t, `{"status":"answered","matters":[{"code":"M6"}]}`),
		"那要带什么？": reply(t, `{"matters":[{"code":"M6"}]}`),
	}
	run := func(line string) (Outcome, Verdict) {
		s, err := Read("s", strings.NewReader(`{"suite":"s","kind":"guide"}`+"\n"+line))
		require.NoError(t, err)
		o, err := Talk{Chat: chat}.Run(t.Context(), s.Cases[0])
		require.NoError(t, err)
		return o, s.Cases[0].Body.Judge(o)
	}
	o, v := run(`{"id":"1","query":"上户口","kind":"ambiguous","expect":["M1","M2"],"if_asked":"孩子刚满月","final":"M1"}`)
	require.True(t, v.OK)
	require.Equal(t, []string{".", ".."}, []string{o.Replies[0].SessionID, o.Replies[1].SessionID}, "the second turn is in the session of the first")
	_, v = run(`{"id":"1","query":"上户口","kind":"ambiguous","expect":["M1","M2"],"if_asked":"孩子刚满月","final":"M2"}`)
	require.False(t, v.OK)
	o, v = run(`{"id":"1","query":"身份证丢了","kind":"ambiguous","expect":["M6"],"if_asked":"孩子刚满月","final":"M6"}`)
	require.Len(t, o.Replies, 1, "not asked, nothing more is said")
	require.False(t, v.OK)
	o, v = run(`{"id":"1","turns":["身份证丢了","那要带什么？"],"kind":"followup","expect":["M6"]}`)
	require.Len(t, o.Replies, 2)
	require.True(t, v.OK)

	_, err := Talk{Chat: chat}.Run(t.Context(), Case{ID: "x", Body: &GuideCase{Query: "unknown", Kind: "human"}})
	require.ErrorContains(t, err, "turn 1: no line for unknown")
	_, err = Talk{Chat: chat}.Run(t.Context(), Case{ID: "x", Body: &RetrievalCase{}})
	require.ErrorContains(t, err, "not a conversation")
}

func TestHTTPChat(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		if r.URL.Path != "/api/v1/chat" || json.NewDecoder(r.Body).Decode(&body) != nil || body["message"] == "" {
			http.Error(w, `{"error":{"code":"bad"}}`, http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, `{"session_id":"s1","status":"answered","text":%q,"unheard_of":1}`, body["message"]+"|"+body["session_id"]+"|"+body["region"])
	}))
	defer server.Close()
	chat := HTTPChat{Base: server.URL + "/"}
	r, err := chat.Turn(t.Context(), "s0", "你好", "南昌市")
	require.NoError(t, err)
	require.Equal(t, "你好|s0|南昌市", r.Text)
	require.Equal(t, "s1", r.SessionID)
	_, err = chat.Turn(t.Context(), "", "", "")
	require.ErrorContains(t, err, "400 Bad Request")
	server.Close()
	_, err = chat.Turn(t.Context(), "", "你好", "")
	require.Error(t, err)
}
