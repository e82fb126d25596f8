package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"ganwen/assistant"
	"ganwen/assistant/mcp"
	api "ganwen/assistant/web"
	"ganwen/cmd/ganwen/web"
)

type serveCmd struct {
	Addr        string        `help:"Address to listen on." default:":8080" env:"GANWEN_ADDR"`
	Demo        bool          `help:"Say that sample data is served (it is, unless --no-demo)." hidden:""`
	ForgetAfter time.Duration `help:"Conversations unused this long are erased." default:"720h" env:"GANWEN_FORGET_AFTER"`
	Rate        int           `help:"Most requests a minute from one address; 0 = no limit." default:"0" env:"GANWEN_RATE"`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, o *Options) error {
	log := newLogger(o)
	// Listening first: an occupied port is told before seconds of loading.
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	start := time.Now()
	s, err := open(ctx, o, log)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() {
		if err := s.Close(); err != nil {
			log.Error("close", "error", err)
		}
	}()
	go func() {
		if _, err := s.office(); err != nil {
			log.Error("the staff's side could not be opened", "error", err)
		}
		s.refine(ctx)
	}()
	go s.expire(ctx, c.ForgetAfter)
	app := s.app(c.Rate)
	go func() {
		<-ctx.Done()
		if err := app.ShutdownWithTimeout(5 * time.Second); err != nil {
			log.Error("shutdown", "error", err)
		}
	}()
	s.welcome(l.Addr(), time.Since(start))
	return app.Listener(l)
}

func newLogger(o *Options) *slog.Logger {
	level := slog.LevelInfo
	if o.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

func (s *service) welcome(addr net.Addr, took time.Duration) {
	_, port, _ := net.SplitHostPort(addr.String())
	fmt.Printf("赣问 %s 已启动（%.1f 秒）：%d 个事项，%d 件“一件事”，%d 项政策\n", version, took.Seconds(), len(s.catalogue.Matters), len(s.catalogue.Events), len(s.catalogue.Policies))
	for _, p := range [][2]string{{"/", "市民"}, {"/graph", "图谱"}, {"/openapi.json", "接口"}} {
		fmt.Printf("  http://localhost:%s%-14s %s\n", port, p[0], p[1])
	}
	if s.catalogue.Sample {
		fmt.Println("  正在使用示例数据（为本项目编写，非官方）")
	}
	if list, err := readAccounts(s.options); err == nil && len(list) == 0 && !s.options.NoDemo {
		fmt.Println("  还没有工作人员账号：坐席、信访接口暂不要求登录；加了第一个账号（ganwen user add NAME --role admin --token）以后就要令牌")
	}
	if !web.Built() {
		fmt.Println("  页面没有构建（make build 会构建）；接口可用，首页是简版")
	}
}

// expire erases conversations that were not used for a while, at start and then hourly.
func (s *service) expire(ctx context.Context, after time.Duration) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		n, err := s.store.Expire(ctx, time.Now().Add(-after))
		if err != nil && ctx.Err() == nil {
			s.log.Error("expire conversations", "error", err)
		}
		if n > 0 {
			s.log.Info("conversations erased", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// app builds the HTTP server.
func (s *service) app(rate int) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, BodyLimit: 20 << 20, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorHandler: s.renderError, JSONEncoder: encodeJSON})
	m := newMetrics(s)
	app.Use(s.canonical(m), recover.New(), securityHeaders, compress.New(compress.Config{Next: streams}))
	if rate > 0 {
		app.Use(limiter(rate))
	}
	app.Get("/healthz", s.healthz)
	app.Get("/readyz", s.readyz)
	app.Get("/metrics", m.handler())
	app.Get("/openapi.json", s.openapi)
	(&api.Handler{Assistant: s.assistant, Catalogue: s.catalogue, Graph: s.graph, Search: s.index, Complete: s.complete, Regions: s.regions}).Mount(app)
	s.staffRoutes(app)
	app.All("/mcp", adaptor.HTTPHandler((&mcp.Tools{Assistant: s.assistant, Catalogue: s.catalogue, Reader: s.reader, Version: version}).Handler()))
	s.pages(app)
	return app
}

// streams tells answers that are sent as they come, which must not wait for a compressor.
func streams(c *fiber.Ctx) bool {
	return strings.Contains(c.Get("Accept"), "text/event-stream") || c.Path() == "/v1/chat/completions"
}

// encodeJSON leaves <, > and & as they are: the answers are not HTML.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// requestID names a request in logs and errors.
const requestID = "request_id"

// canonical gives every request an id and a deadline, and logs one line for it: never text, never an address.
func (s *service) canonical(m *metrics) fiber.Handler {
	return func(c *fiber.Ctx) error {
		start := time.Now()
		id := strings.Clone(c.Get("X-Request-Id"))
		if id == "" || len(id) > 64 {
			id = newRequestID()
		}
		c.Locals(requestID, id)
		c.Set("X-Request-Id", id)
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		defer cancel()
		c.SetUserContext(ctx)
		err := c.Next()
		if err != nil {
			if e := s.renderError(c, err); e != nil {
				return e
			}
		}
		route := c.Route().Path
		took := time.Since(start)
		m.observe(route, c.Method(), c.Response().StatusCode(), took)
		s.log.LogAttrs(c.UserContext(), slog.LevelDebug, "request", slog.String("id", id), slog.String("route", route), slog.String("method", c.Method()),
			slog.Int("status", c.Response().StatusCode()), slog.Float64("ms", float64(took.Microseconds())/1000))
		return nil
	}
}

// renderError answers with the outside form of an error.
func (s *service) renderError(c *fiber.Ctx, err error) error {
	status, body := public(err)
	id, _ := c.Locals(requestID).(string)
	body["request_id"] = id
	if status >= 500 {
		s.log.Error("request failed", "id", id, "route", c.Route().Path, "error", err)
	}
	return c.Status(status).JSON(fiber.Map{"error": body})
}

func securityHeaders(c *fiber.Ctx) error {
	c.Set("Content-Security-Policy", web.Policy)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
	return c.Next()
}

func (s *service) healthz(c *fiber.Ctx) error {
	// A real question: a process that cannot find a matter by its name is not healthy.
	name := s.catalogue.Matters[0].Name
	if len(s.reader.Read(c.UserContext(), name).Matters) == 0 {
		return errors.New("a matter is not found by its own name")
	}
	return c.JSON(fiber.Map{"ok": true, "version": version})
}

func (s *service) readyz(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"ready": true, "parts": s.parts.all()})
}

// pages serves the built pages, and the plain results page for browsers without JavaScript.
func (s *service) pages(app *fiber.App) {
	files := web.Files()
	app.Get("/", func(c *fiber.Ctx) error {
		if q, err := url.ParseQuery(string(c.Request().URI().QueryString())); err == nil && q.Get("q") != "" {
			return s.results(c, web.ParseRequest(q))
		}
		return sendPage(c, files, "index.html")
	})
	app.Get("/graph", func(c *fiber.Ctx) error { return sendPage(c, files, "graph.html") })
	app.Get("/*", func(c *fiber.Ctx) error {
		name := path.Clean(strings.TrimPrefix(c.Path(), "/"))
		return sendPage(c, files, name)
	})
}

func sendPage(c *fiber.Ctx, files fs.FS, name string) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return fiber.ErrNotFound
	}
	c.Type(strings.TrimPrefix(path.Ext(name), "."))
	if strings.HasSuffix(name, ".html") {
		c.Set("Content-Type", "text/html; charset=utf-8")
	}
	c.Set("Cache-Control", web.CacheControl(name))
	return c.Send(data)
}

// results answers the plain form without JavaScript.
func (s *service) results(c *fiber.Ctx, in web.Request) error {
	out := web.Results{Request: in}
	ans, err := s.assistant.Answer(c.UserContext(), assistant.Request{SessionID: in.Session, Message: in.Message, Region: in.Region, Answers: in.Answers}, nil)
	if err != nil {
		_, body := public(err)
		out.Problem = body["message"]
	} else if out.Answer, err = encodeJSON(ans); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := web.RenderResults(&page, out); err != nil {
		return err
	}
	c.Set("Content-Type", "text/html; charset=utf-8")
	c.Set("Cache-Control", "no-store")
	return c.Send(page.Bytes())
}
