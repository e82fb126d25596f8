// Package web serves petitions over HTTP, as the outside contract has it. Handlers parse strictly, ask the domain, and
// render; errors go to one table outside.
package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"ganwen/petitions"
)

// Most that one request may ask for.
const (
	maxList = 2000
	maxText = 20000 // runes of one petition
)

// BadRequest is input that cannot be used: which field, and what is wrong with it in public words.
type BadRequest struct{ Field, Message string }

// Error implements error.
func (b *BadRequest) Error() string { return b.Field + ": " + b.Message }

// Analyzer is what the routes ask. *petitions.Analyzer is one.
type Analyzer interface {
	Analyze(ctx context.Context, list []petitions.Petition) ([]petitions.Analysis, error)
}

// Handler serves the analysis of petitions. It stores nothing.
type Handler struct {
	Analyzer Analyzer
	Deadline time.Duration // for a whole request; 0 = 60 s
}

// Mount adds the routes. Whoever mounts them checks the caller's role first.
func (h *Handler) Mount(r fiber.Router) {
	r.Post("/api/v1/petitions/analyze", h.Analyze)
}

// appeal is a petition as a client sends it.
type appeal struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Channel string `json:"channel"`
	Time    string `json:"time"`
	Place   string `json:"place"`
	People  int    `json:"people"`
}

// Analyze answers one petition with one result, and a list with a list in order, joined among themselves.
func (h *Handler) Analyze(c *fiber.Ctx) error {
	body := bytes.Clone(bytes.TrimSpace(c.Body())) // fiber reuses the buffer
	if len(body) == 0 {
		return &BadRequest{"body", "请求内容是空的"}
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), h.deadline())
	defer cancel()
	if body[0] != '[' {
		var one appeal
		if err := decode(body, &one); err != nil {
			return err
		}
		found, err := h.ask(ctx, []appeal{one})
		if err != nil {
			return err
		}
		return c.JSON(found[0])
	}
	var list []appeal
	if err := decode(body, &list); err != nil {
		return err
	}
	found, err := h.ask(ctx, list)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"items": found})
}

func (h *Handler) ask(ctx context.Context, list []appeal) ([]petitions.Analysis, error) {
	if len(list) > maxList {
		return nil, &BadRequest{"body", fmt.Sprintf("一次最多 %d 件", maxList)}
	}
	in := make([]petitions.Petition, len(list))
	for i := range list {
		p, err := list[i].petition()
		if err != nil {
			return nil, err
		}
		in[i] = p
	}
	return h.Analyzer.Analyze(ctx, in)
}

// petition checks what the client sent.
func (a *appeal) petition() (petitions.Petition, error) {
	p := petitions.Petition{ID: a.ID, Title: a.Title, Text: a.Text, Channel: a.Channel, Place: a.Place, People: a.People}
	switch {
	case strings.TrimSpace(a.Title+a.Text) == "":
		return p, &BadRequest{"text", "标题和正文不能都是空的"}
	case len([]rune(a.Text)) > maxText || len([]rune(a.Title)) > maxText:
		return p, &BadRequest{"text", fmt.Sprintf("一件不能超过 %d 个字", maxText)}
	case a.People < 0:
		return p, &BadRequest{"people", "人数不能是负数"}
	}
	if a.Time != "" {
		t, err := time.Parse(time.RFC3339, a.Time)
		if err != nil {
			return p, &BadRequest{"time", "应为 RFC 3339 格式的时间，如 2026-03-05T09:00:00+08:00"}
		}
		p.Time = t
	}
	return p, nil
}

func (h *Handler) deadline() time.Duration {
	if h.Deadline > 0 {
		return h.Deadline
	}
	return time.Minute
}

// decode reads strict JSON: an unknown field is refused by name.
func decode(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return &BadRequest{"body", "JSON 后面有多余的内容"}
	}
	return nil
}

// badJSON names the field that a decoding error is about.
func badJSON(err error) error {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		return &BadRequest{typ.Field, "类型不对，应为 " + typ.Type.String()}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &BadRequest{strings.Trim(name, `"`), "没有这个字段"}
	}
	return &BadRequest{"body", "不是正确的 JSON"}
}
