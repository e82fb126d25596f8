package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"ganwen/assistant"
	"ganwen/kg"
)

func TestPrereview(t *testing.T) {
	h := &Handler{Catalogue: &kg.Catalogue{Matters: []*kg.Matter{{Code: "JX-S084", Name: "不动产登记信息查询（有房无房证明）"}}}}
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		var bad *BadRequest
		switch {
		case errors.As(err, &bad):
			return c.Status(400).SendString(bad.Field)
		case errors.Is(err, ErrNotFound):
			return c.SendStatus(404)
		}
		return c.SendStatus(500)
	}})
	app.Post("/api/v1/matters/:code/prereview", h.prereview)

	for _, c := range []struct {
		name, code, body string
		status           int
		want             string // the field refused, or the issues
	}{
		{"pass", "JX-S084", `{"as_of":"2026-11-23","applicant":{"name":"王芳","phone":"13800000000"},"materials":[{"name":"身份证","fields":{"name":"王芳","nation":"汉"},"issued":null,"expires":"2026-11-23","pages":1,"readable":true,"corner":"cut"}]}`, 200, ""},
		{"expired", "JX-S084", `{"as_of":"2026-11-23","applicant":{"name":"王芳"},"materials":[{"name":"身份证","fields":null,"expires":"2026-11-22"}]}`, 200, "expired 身份证"},
		{"nothing handed in", "JX-S084", `{"as_of":"2026-11-23","applicant":{"name":"王芳"},"materials":[]}`, 200, "missing 身份证"},
		{"unknown field", "JX-S084", `{"matter":"x"}`, 400, "matter"},
		{"wrong type", "JX-S084", `{"materials":[{"name":"身份证","readable":"yes"}]}`, 400, "materials.readable"},
		{"paper without a name", "JX-S084", `{"materials":[{"fields":{}}]}`, 400, "materials[0].name"},
		{"no day", "JX-S084", `{"as_of":"2026-02-30","materials":[]}`, 400, "as_of"},
		{"not JSON", "JX-S084", `{`, 400, "body"},
		{"empty", "JX-S084", ``, 400, "body"},
		{"no such matter", "JX-S999", `{"materials":[]}`, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest("POST", "/api/v1/matters/"+c.code+"/prereview", strings.NewReader(c.body))
			res, err := app.Test(req, 5000)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, res.StatusCode, string(body))
			if c.status != 200 {
				if c.status == 400 {
					require.Equal(t, c.want, string(body))
				}
				return
			}
			var got assistant.PrereviewResult
			require.NoError(t, json.Unmarshal(body, &got))
			var issues []string
			for _, is := range got.Issues {
				issues = append(issues, is.Type+" "+is.Target)
			}
			require.Equal(t, c.want, strings.Join(issues, ", "))
			require.Contains(t, got.Notice, "一次性告知书")
			require.NotEmpty(t, got.Trace)
		})
	}
}
