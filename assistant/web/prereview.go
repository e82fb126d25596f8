package web

import (
	"errors"
	"sync"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
)

// prereviewer reads the rules once; they are part of the program.
var prereviewer = sync.OnceValues(assistant.NewPrereviewer)

// prereview checks the papers of an application: POST /api/v1/matters/{code}/prereview. Nothing of the request is kept.
func (h *Handler) prereview(c *fiber.Ctx) error {
	var in assistant.PrereviewRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	m := h.Catalogue.Matter(c.Params("code"))
	if m == nil {
		return ErrNotFound
	}
	p, err := prereviewer()
	if err != nil {
		return err
	}
	res, err := p.Review(m, in)
	var bad *assistant.PrereviewError
	if errors.As(err, &bad) {
		return &BadRequest{bad.Field, bad.Message}
	}
	if err != nil {
		return err
	}
	return c.JSON(res)
}
