package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Chat is a service one can talk to. An empty session begins a conversation; the reply names it. Region is a name or a
// code, or empty.
type Chat interface {
	Turn(ctx context.Context, session, message, region string) (Reply, error)
}

// Reply is an answer of the chat contract. Read it with json.Unmarshal: what no kind looks at
// is kept then too, as evidence for the facts in the text.
type Reply struct {
	SessionID string     `json:"session_id"`
	Intent    string     `json:"intent"`
	Status    string     `json:"status"`
	Text      string     `json:"text"`
	Matters   []Named    `json:"matters"`
	Event     *Event     `json:"event"`
	Question  *Question  `json:"question"`
	Checklist *Checklist `json:"checklist"`
	Citations []Citation `json:"citations"`
	Emergency *Emergency `json:"emergency"`
	Degraded  []string   `json:"degraded"`

	raw map[string]json.RawMessage
}

// Named is a matter that was found.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Event is a life event that was found, with its matters in order.
type Event struct {
	Code  string  `json:"code"`
	Name  string  `json:"name"`
	Steps []Named `json:"steps"`
}

// Question is what the service asks back.
type Question struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Options []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	} `json:"options"`
}

// Checklist holds the papers for the situation known so far.
type Checklist struct {
	Matter    string `json:"matter"`
	Materials []struct {
		Name string `json:"name"`
	} `json:"materials"`
}

// Citation is one piece of evidence.
type Citation struct {
	ID    string `json:"id"`
	Field string `json:"field"`
	Quote string `json:"quote"`
}

// Emergency holds the numbers to call, in order.
type Emergency struct {
	Numbers []string `json:"numbers"`
}

// UnmarshalJSON reads an answer of the contract. Unlike a suite it is read with tolerance: the contract may grow.
func (r *Reply) UnmarshalJSON(data []byte) error {
	type plain Reply
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &p.raw); err != nil {
		return err
	}
	*r = Reply(p)
	return nil
}

// parts are the reply's fields as they came; of a reply put together in Go, as they would be sent.
func (r Reply) parts() map[string]json.RawMessage {
	if r.raw != nil {
		return r.raw
	}
	parts := map[string]json.RawMessage{}
	if data, err := json.Marshal(r); err == nil {
		_ = json.Unmarshal(data, &parts)
	}
	return parts
}

// codes are the first n matters, or all for n ≤ 0.
func (r Reply) codes(n int) []string {
	out := []string{}
	for _, m := range r.Matters {
		if n > 0 && len(out) == n {
			break
		}
		out = append(out, m.Code)
	}
	return out
}

// topIn reports whether the first matter is one of those wanted.
func (r Reply) topIn(want []string) bool {
	return len(r.Matters) > 0 && slices.Contains(want, r.Matters[0].Code)
}

func (r Reply) event() string {
	if r.Event == nil {
		return ""
	}
	return r.Event.Code
}

func (r Reply) question() string {
	if r.Question == nil {
		return ""
	}
	return r.Question.Text
}

func (r Reply) numbers() []string {
	if r.Emergency == nil {
		return nil
	}
	return r.Emergency.Numbers
}

// asks reports whether the reply is one question back.
func (r Reply) asks() bool { return r.Status == "asking" && r.question() != "" }

// alarmed reports whether the service took the message for an emergency.
func (r Reply) alarmed() bool {
	return r.Status == "emergency" || r.Intent == "emergency" || len(r.numbers()) > 0
}

// script is a case that is talked through.
type script interface {
	region() string
	// next is what to say after the replies so far, and false when all is said.
	next(replies []Reply) (string, bool)
}

// Talk puts the cases of guide, dialogue, facts and safety suites to a Chat, each in a conversation of its own.
type Talk struct {
	Chat   Chat
	Papers []string         // names of papers the catalogue knows, for the kind facts
	Now    func() time.Time // nil = time.Now
}

// Run says what the case says. The time taken is that of the first turn.
func (t Talk) Run(ctx context.Context, c Case) (Outcome, error) {
	s, ok := c.Body.(script)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is not a conversation", c.ID)
	}
	now := t.Now
	if now == nil {
		now = time.Now
	}
	o := Outcome{Papers: t.Papers}
	session := ""
	for {
		message, more := s.next(o.Replies)
		if !more {
			return o, nil
		}
		begin := now()
		reply, err := t.Chat.Turn(ctx, session, message, s.region())
		if len(o.Replies) == 0 {
			o.Took = now().Sub(begin)
		}
		if err != nil {
			return o, fmt.Errorf("turn %d: %w", len(o.Replies)+1, err)
		}
		session = reply.SessionID
		o.Replies = append(o.Replies, reply)
	}
}

// HTTPChat talks to a running server through its contract. It is safe for concurrent use.
type HTTPChat struct {
	Base   string // e.g. http://localhost:8080
	Client *http.Client
}

// Turn posts one message.
func (h HTTPChat) Turn(ctx context.Context, session, message, region string) (Reply, error) {
	body, err := json.Marshal(struct {
		Session string `json:"session_id,omitempty"`
		Message string `json:"message"`
		Region  string `json:"region,omitempty"`
	}{session, message, region})
	if err != nil {
		return Reply{}, err
	}
	url := strings.TrimRight(h.Base, "/") + "/api/v1/chat"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return Reply{}, fmt.Errorf("eval: chat: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	client := h.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("eval: chat: %w", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return Reply{}, fmt.Errorf("eval: chat: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return Reply{}, fmt.Errorf("eval: chat: %s answered %s: %.200s", url, res.Status, data)
	}
	var r Reply
	if err := json.Unmarshal(data, &r); err != nil {
		return Reply{}, fmt.Errorf("eval: chat: reply: %w", err)
	}
	return r, nil
}
