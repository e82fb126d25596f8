package main

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// openAPI describes the HTTP part of the outside contract; a test holds the handlers to it.
//
//go:embed openapi.json
var openAPI []byte

func (s *service) openapi(c *fiber.Ctx) error {
	c.Set("Content-Type", "application/json; charset=utf-8")
	return c.Send(openAPI)
}
