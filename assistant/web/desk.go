package web

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
)

// Most that one call may bring.
const (
	maxTurns    = 400
	maxTurnText = 4000 // runes of one turn
)

// DeskHandler serves the hotline desk. Whoever mounts it checks the caller's role first: answers hold what a citizen
// said, word for word.
type DeskHandler struct {
	Desk     *assistant.Desk
	Deadline time.Duration // for one suggestion; 0 = 10 s
}

// Mount adds the desk's routes.
func (h *DeskHandler) Mount(r fiber.Router) {
	r.Post("/api/v1/desk/suggest", h.Suggest)
	r.Post("/api/v1/desk/suggestions/:id/outcome", h.Outcome)
}

// deskCall is a call as a client sends it.
type deskCall struct {
	Transcript []assistant.CallTurn `json:"transcript"`
	Ticket     *assistant.Ticket    `json:"ticket"`
}

func (c *deskCall) check() error {
	switch {
	case len(c.Transcript) == 0 && c.Ticket == nil:
		return &BadRequest{"transcript", "请给出通话记录或工单"}
	case len(c.Transcript) > 0 && c.Ticket != nil:
		return &BadRequest{"ticket", "通话记录和工单只给一样"}
	case len(c.Transcript) > maxTurns:
		return &BadRequest{"transcript", "通话太长"}
	}
	for _, t := range c.Transcript {
		if t.Role != assistant.RoleCaller && t.Role != assistant.RoleAgent {
			return &BadRequest{"role", "只能是 caller 或 agent"}
		}
		if len([]rune(t.Text)) > maxTurnText {
			return &BadRequest{"text", "一句话太长"}
		}
	}
	if t := c.Ticket; t != nil {
		if strings.TrimSpace(t.Title+t.Text) == "" {
			return &BadRequest{"text", "工单没有内容"}
		}
		if t.Time != "" {
			if _, err := time.Parse(time.RFC3339, t.Time); err != nil {
				return &BadRequest{"time", "时间应为 RFC 3339 格式"}
			}
		}
	}
	return nil
}

// Suggest answers with what the desk makes of a call so far.
func (h *DeskHandler) Suggest(c *fiber.Ctx) error {
	var in deskCall
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), h.deadline())
	defer cancel()
	out, err := h.Desk.Suggest(ctx, assistant.Call(in))
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// deskOutcome is what an agent did, as a client sends it.
type deskOutcome struct {
	Action string `json:"action"`
	Final  string `json:"final"`
	Reason string `json:"reason"`
}

// Outcome keeps what the agent made of a suggestion.
func (h *DeskHandler) Outcome(c *fiber.Ctx) error {
	var in deskOutcome
	if err := decode(c, &in); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), h.deadline())
	defer cancel()
	r, err := h.Desk.Outcome(ctx, strings.Clone(c.Params("id")), assistant.DeskOutcome{Action: in.Action, Final: in.Final, Reason: in.Reason})
	if err != nil {
		return err
	}
	return c.JSON(r)
}

func (h *DeskHandler) deadline() time.Duration {
	if h.Deadline > 0 {
		return h.Deadline
	}
	return 10 * time.Second
}
