package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
)

// modelName is what 赣问 calls itself to clients that speak OpenAI's protocol.
const modelName = "ganwen"

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return strings.Clone(s)
}

func (h *Handler) models(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"object": "list", "data": []fiber.Map{{"id": modelName, "object": "model", "owned_by": modelName, "created": 0}}})
}

// completionRequest is the part of OpenAI's request that means something here; other fields are accepted and ignored,
// so that any existing client can talk to 赣问.
type completionRequest struct {
	Messages []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	Stream bool   `json:"stream"`
	User   string `json:"user"`
}

// completions answers the last user message in the light of the earlier ones, which are replayed into a session of
// their own: the protocol keeps no state.
func (h *Handler) completions(c *fiber.Ctx) error {
	var in completionRequest
	if err := json.Unmarshal(c.Body(), &in); err != nil {
		return badJSON(err)
	}
	var said []string
	for _, m := range in.Messages {
		if m.Role == "user" {
			if text := contentText(m.Content); text != "" {
				said = append(said, text)
			}
		}
	}
	if len(said) == 0 {
		return &BadRequest{"messages", "没有用户消息"}
	}
	if len(said) > 6 {
		said = said[len(said)-6:]
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), h.deadline())
	defer cancel()
	var ans *assistant.Answer
	session := ""
	for _, text := range said {
		a, err := h.Assistant.Answer(ctx, assistant.Request{SessionID: session, Message: text}, nil)
		if err != nil {
			return err
		}
		ans, session = a, a.SessionID
	}
	if err := h.Assistant.Forget(ctx, session); err != nil {
		return err
	}
	text := ans.Text + "\n\n" + ans.AIGC.Label
	if in.Stream {
		return streamCompletion(c, ans.AnswerID, text)
	}
	return c.JSON(fiber.Map{"id": ans.AnswerID, "object": "chat.completion", "created": time.Now().Unix(), "model": modelName,
		"choices": []fiber.Map{{"index": 0, "message": fiber.Map{"role": "assistant", "content": text}, "finish_reason": "stop"}},
		"usage":   fiber.Map{"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}})
}

// contentText reads a message given as a string or as a list of parts.
func contentText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	var parts []struct {
		Text string `json:"text"`
	}
	_ = json.Unmarshal(raw, &parts) // neither form: no text, which the caller refuses
	for _, p := range parts {
		s += p.Text
	}
	return strings.TrimSpace(s)
}

func streamCompletion(c *fiber.Ctx, id, text string) error {
	c.Set("Content-Type", "text/event-stream; charset=utf-8")
	created := time.Now().Unix()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		chunk := func(delta fiber.Map, finish any) error {
			data, err := json.Marshal(fiber.Map{"id": id, "object": "chat.completion.chunk", "created": created, "model": modelName,
				"choices": []fiber.Map{{"index": 0, "delta": delta, "finish_reason": finish}}})
			if err != nil {
				return err
			}
			if _, err := w.WriteString("data: " + string(data) + "\n\n"); err != nil {
				return err
			}
			return w.Flush()
		}
		if chunk(fiber.Map{"role": "assistant", "content": ""}, nil) != nil {
			return
		}
		for _, line := range strings.SplitAfter(text, "\n") {
			if chunk(fiber.Map{"content": line}, nil) != nil {
				return
			}
		}
		if chunk(fiber.Map{}, "stop") != nil {
			return
		}
		if _, err := w.WriteString("data: [DONE]\n\n"); err == nil {
			_ = w.Flush() // the client may have left; nothing more to do
		}
	})
	return nil
}
