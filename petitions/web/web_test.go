package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"ganwen/petitions"
)

// rows are the fewest labelled petitions a real analyzer learns from: two classes, each act twice.
func rows() []petitions.Example {
	row := func(title, text, domain, purpose, route, urgency string, signals ...string) petitions.Example {
		return petitions.Example{Petition: petitions.Petition{Title: title, Text: text},
			Label: petitions.Label{Domain: domain, Purpose: purpose, Route: petitions.Optional(route), Urgency: urgency, Signals: signals}}
	}
	return []petitions.Example{
		row("欠薪", "公司欠我们三个月工资，请劳动监察处理。", "劳动和社会保障", "申诉求决", "履职", "normal", "wage_arrears"),
		row("讨工钱", "包工头欠工钱不给，请帮忙要回来。", "劳动和社会保障", "申诉求决", "履职", "normal", "wage_arrears"),
		row("黑烟", "砖厂半夜冒黑烟，请环保来查。", "环境保护", "申诉求决", "信访处理", "urgent", "public_safety"),
		row("污水", "猪场排污水，河里的鱼都死了。", "环境保护", "申诉求决", "信访处理", "urgent", "public_safety"),
		row("医保怎么交", "请问医保在哪里交？", "劳动和社会保障", "咨询", "", "normal"),
		row("监测数据", "请问空气监测数据在哪里看？", "环境保护", "咨询", "", "normal"),
	}
}

func app(t *testing.T) *fiber.App {
	a, err := petitions.New(petitions.Config{Examples: rows()})
	require.NoError(t, err)
	f := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		var bad *BadRequest
		if errors.As(err, &bad) {
			return c.Status(400).JSON(fiber.Map{"field": bad.Field})
		}
		return c.SendStatus(500)
	}})
	(&Handler{Analyzer: a}).Mount(f)
	return f
}

func post(t *testing.T, f *fiber.App, body string) (int, map[string]any) {
	res, err := f.Test(httptest.NewRequest("POST", "/api/v1/petitions/analyze", strings.NewReader(body)), 20000)
	require.NoError(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(raw, &got), string(raw))
	return res.StatusCode, got
}

func TestAnalyze(t *testing.T) {
	f := app(t)

	status, one := post(t, f, `{"id":"a","title":"拖欠工资","text":"厂里欠我们工资，请查。","channel":"网","time":"2026-03-05T09:00:00+08:00","place":"南昌市西湖区","people":3}`)
	require.Equal(t, 200, status)
	require.Equal(t, "a", one["id"])
	require.Equal(t, "劳动和社会保障", one["class"].(map[string]any)["path"].([]any)[0])
	require.Equal(t, "申诉求决", one["purpose"].(map[string]any)["value"])
	for _, field := range []string{"class", "purpose", "route", "urgency", "signals", "risk", "places", "redacted", "departments", "clocks", "event", "step_versions"} {
		require.Contains(t, one, field)
	}
	require.Nil(t, one["event"])

	status, list := post(t, f, `[{"id":"1","title":"","text":"砖厂冒黑烟，请来查。"},{"id":"2","title":"请问医保怎么交","text":"请问医保在哪里交？"}]`)
	require.Equal(t, 200, status)
	items := list["items"].([]any)
	require.Len(t, items, 2)
	require.Equal(t, "1", items[0].(map[string]any)["id"])
	second := items[1].(map[string]any)
	require.Equal(t, "咨询", second["purpose"].(map[string]any)["value"])
	require.Nil(t, second["route"].(map[string]any)["value"])

	status, list = post(t, f, `[]`)
	require.Equal(t, 200, status)
	require.Empty(t, list["items"])
}

func TestRefused(t *testing.T) {
	f := app(t)
	for name, c := range map[string]struct{ body, field string }{
		"unknown field": {`{"text":"路灯坏了","mood":"angry"}`, "mood"},
		"wrong type":    {`{"text":"路灯坏了","people":"三"}`, "people"},
		"no text":       {`{"title":" ","text":""}`, "text"},
		"bad time":      {`{"text":"路灯坏了","time":"昨天"}`, "time"},
		"negative":      {`{"text":"路灯坏了","people":-1}`, "people"},
		"not json":      {`路灯坏了`, "body"},
		"two values":    {`{"text":"路灯坏了"} {}`, "body"},
		"empty":         {``, "body"},
		"in a list":     {`[{"text":"路灯坏了"},{"text":"","title":""}]`, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			status, got := post(t, f, c.body)
			require.Equal(t, 400, status)
			require.Equal(t, c.field, got["field"])
		})
	}
}

func TestTooMany(t *testing.T) {
	h := &Handler{}
	_, err := h.ask(context.Background(), make([]appeal, maxList+1))
	require.Error(t, err)
}
