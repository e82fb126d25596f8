// Package web serves the assistant over HTTP: chat, search, matters, checklists and the graph, as the outside contract
// has them. Handlers parse strictly, ask the domain, and render; errors go to one table outside.
package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
	"ganwen/kg"
	"ganwen/search"
)

// BadRequest is input that cannot be used: which field, and what is wrong with it in public words.
type BadRequest struct{ Field, Message string }

// Error implements error.
func (b *BadRequest) Error() string { return b.Field + ": " + b.Message }

// ErrNotFound is returned for a record that is not there.
var ErrNotFound = errors.New("web: not found")

// Handler serves one assistant. Graph, Search, Complete and Regions may be nil: their routes then answer ErrAbsent.
type Handler struct {
	Assistant *assistant.Assistant
	Catalogue *kg.Catalogue
	Graph     kg.Graph
	Search    search.Searcher
	Complete  *search.Completer
	Regions   *kg.Regions
	Deadline  time.Duration // for a whole turn; 0 = 10 s
}

// ErrAbsent is returned by routes whose part is not configured.
var ErrAbsent = errors.New("web: this part is not running")

// Mount adds the citizens' routes.
func (h *Handler) Mount(r fiber.Router) {
	r.Post("/api/v1/chat", h.chat)
	r.Post("/api/v1/answers/:id/rating", h.rate)
	r.Post("/api/v1/sessions/forget", h.forget)
	r.Get("/api/v1/search", h.search)
	r.Get("/api/v1/suggest", h.suggest)
	r.Get("/api/v1/regions", h.regions)
	r.Get("/api/v1/matters/:code", h.matter)
	r.Post("/api/v1/matters/:code/checklist", h.checklist)
	r.Post("/api/v1/matters/:code/prereview", h.prereview)
	r.Post("/api/v1/recommend", h.recommend)
	r.Get("/api/v1/graph/nodes/*", h.node)
	r.Get("/api/v1/graph/expand", h.expand)
	r.Get("/api/v1/graph/path", h.path)
	r.Get("/v1/models", h.models)
	r.Post("/v1/chat/completions", h.completions)
}

// decode reads a strict JSON body: an unknown field is refused by name.
func decode(c *fiber.Ctx, v any) error {
	body := c.Body()
	if len(bytes.TrimSpace(body)) == 0 {
		return &BadRequest{"body", "请求内容是空的"}
	}
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

type chatRequest struct {
	SessionID string            `json:"session_id"`
	Message   string            `json:"message"`
	Region    string            `json:"region"`
	Profile   map[string]any    `json:"profile"`
	Answers   map[string]string `json:"answers"`
	Plain     bool              `json:"plain"`
}

func (h *Handler) chat(c *fiber.Ctx) error {
	var in chatRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.SessionID == "" {
		in.SessionID = strings.Clone(c.Cookies("session_id"))
	}
	req := assistant.Request(in)
	if strings.Contains(c.Get("Accept"), "text/event-stream") {
		return h.stream(c, req)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), h.deadline())
	defer cancel()
	ans, err := h.Assistant.Answer(ctx, req, nil)
	if err != nil {
		return err
	}
	h.remember(c, ans)
	return c.JSON(ans)
}

func (h *Handler) deadline() time.Duration {
	if h.Deadline > 0 {
		return h.Deadline
	}
	return 10 * time.Second
}

// remember keeps the session in a cookie, for clients that do not send it back themselves.
func (h *Handler) remember(c *fiber.Ctx, ans *assistant.Answer) {
	c.Cookie(&fiber.Cookie{Name: "session_id", Value: ans.SessionID, HTTPOnly: true, SameSite: "Lax", Path: "/"})
}

// stream answers as server-sent events: step while it works, delta for each sentence, answer at the end. A client who
// left shows as a failed flush; the turn is then cancelled.
func (h *Handler) stream(c *fiber.Ctx, req assistant.Request) error {
	if strings.TrimSpace(req.Message) == "" && len(req.Answers) == 0 {
		return assistant.ErrEmpty
	}
	if len([]rune(req.Message)) > assistant.MaxMessage {
		return assistant.ErrTooLong
	}
	c.Set("Content-Type", "text/event-stream; charset=utf-8")
	c.Set("Cache-Control", "no-cache")
	c.Set("X-Accel-Buffering", "no")
	limit := h.deadline()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		send := func(event string, v any) {
			if writeEvent(w, event, v) != nil {
				cancel()
			}
		}
		ans, err := h.Assistant.Answer(ctx, req, func(step, text string) { send("step", map[string]string{"name": step, "text": text}) })
		if err != nil {
			send("error", map[string]string{"code": "internal", "message": "这会儿答不上来，请稍后再试，或拨 12345。"})
			return
		}
		for _, line := range strings.SplitAfter(ans.Text, "\n") {
			if ctx.Err() != nil {
				return
			}
			send("delta", map[string]string{"text": line})
		}
		send("answer", ans)
	})
	return nil
}

func writeEvent(w *bufio.Writer, event string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, data)
	return w.Flush()
}

func (h *Handler) rate(c *fiber.Ctx) error {
	var in struct {
		Stars   int      `json:"stars"`
		Reasons []string `json:"reasons"`
		Comment string   `json:"comment"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	r := assistant.Rating{AnswerID: strings.Clone(c.Params("id")), Stars: in.Stars, Reasons: in.Reasons, Comment: in.Comment}
	if err := h.Assistant.Rate(c.UserContext(), r); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"ok": true})
}

func (h *Handler) forget(c *fiber.Ctx) error {
	var in struct {
		SessionID string `json:"session_id"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.SessionID == "" {
		in.SessionID = c.Cookies("session_id")
	}
	if err := h.Assistant.Forget(c.UserContext(), in.SessionID); err != nil {
		return err
	}
	c.ClearCookie("session_id")
	return c.JSON(fiber.Map{"ok": true})
}

func (h *Handler) search(c *fiber.Ctx) error {
	if h.Search == nil {
		return ErrAbsent
	}
	size, err := intQuery(c, "size", 10, 1, 50)
	if err != nil {
		return err
	}
	page, err := intQuery(c, "page", 1, 1, 1000)
	if err != nil {
		return err
	}
	q := search.Query{Text: strings.Clone(c.Query("q")), Region: h.regionCode(c.Query("region")), Theme: strings.Clone(c.Query("theme")),
		Audience: strings.Clone(c.Query("audience")), On: time.Now().Format("2006-01-02"), Size: size, From: (page - 1) * size, Facets: true}
	if t := c.Query("type"); t != "" {
		q.Kinds = []search.Kind{search.Kind(strings.Clone(t))}
	}
	res, err := h.Search.Search(c.UserContext(), q)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return c.JSON(res)
}

// intQuery reads a whole number in a range.
func intQuery(c *fiber.Ctx, name string, def, low, high int) (int, error) {
	s := c.Query(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, &BadRequest{name, fmt.Sprintf("应为 %d 到 %d 的整数", low, high)}
	}
	return n, nil
}

func (h *Handler) regionCode(name string) string {
	if h.Regions == nil || name == "" {
		return ""
	}
	if r, ok := h.Regions.ByCode(name); ok {
		return r.Code
	}
	if list := h.Regions.Lookup(name); len(list) == 1 {
		return list[0].Code
	}
	return ""
}

func (h *Handler) suggest(c *fiber.Ctx) error {
	if h.Complete == nil {
		return ErrAbsent
	}
	list := h.Complete.Suggest(strings.Clone(c.Query("q")), 8)
	if list == nil {
		list = []search.Suggestion{}
	}
	return c.JSON(fiber.Map{"suggestions": list})
}

// regions lists cities and counties for the picker.
func (h *Handler) regions(c *fiber.Ctx) error {
	if h.Regions == nil {
		return ErrAbsent
	}
	out := []kg.Region{}
	for _, r := range h.Regions.All() {
		if (r.Level == "city" || r.Level == "county") && strings.HasPrefix(r.Code, "36") {
			out = append(out, r)
		}
	}
	return c.JSON(fiber.Map{"regions": out})
}

func (h *Handler) matter(c *fiber.Ctx) error {
	m := h.Catalogue.Matter(c.Params("code"))
	if m == nil {
		return ErrNotFound
	}
	return c.JSON(m)
}

func (h *Handler) checklist(c *fiber.Ctx) error {
	var in struct {
		Answers map[string]string `json:"answers"`
		Profile map[string]any    `json:"profile"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	m := h.Catalogue.Matter(c.Params("code"))
	if m == nil {
		return ErrNotFound
	}
	return c.JSON(h.Assistant.ChecklistFor(m, in.Answers, in.Profile))
}

func (h *Handler) recommend(c *fiber.Ctx) error {
	var in struct {
		Profile      map[string]any `json:"profile"`
		Personalised *bool          `json:"personalised"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	personal := in.Personalised == nil || *in.Personalised
	return c.JSON(h.Assistant.Recommend(in.Profile, personal))
}

func (h *Handler) node(c *fiber.Ctx) error {
	if h.Graph == nil {
		return ErrAbsent
	}
	n, err := h.Graph.Node(c.UserContext(), kg.ID(unescape(c.Params("*"))))
	if err != nil {
		return err
	}
	return c.JSON(n)
}

func (h *Handler) expand(c *fiber.Ctx) error {
	if h.Graph == nil {
		return ErrAbsent
	}
	depth, err := intQuery(c, "depth", 1, 1, 6)
	if err != nil {
		return err
	}
	id := kg.ID(strings.Clone(c.Query("id")))
	if _, err := h.Graph.Node(c.UserContext(), id); err != nil {
		return err
	}
	p := kg.Pattern{Depth: depth, Limit: 200}
	for _, r := range strings.Split(c.Query("rels"), ",") {
		if r != "" {
			p.Rels = append(p.Rels, kg.Rel(strings.Clone(r)))
		}
	}
	sub, err := h.Graph.Expand(c.UserContext(), []kg.ID{id}, p)
	if err != nil {
		return err
	}
	return c.JSON(sub)
}

func (h *Handler) path(c *fiber.Ctx) error {
	if h.Graph == nil {
		return ErrAbsent
	}
	sub, err := kg.Path(c.UserContext(), h.Graph, kg.ID(strings.Clone(c.Query("from"))), kg.ID(strings.Clone(c.Query("to"))))
	if err != nil {
		return err
	}
	return c.JSON(sub)
}
