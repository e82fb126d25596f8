package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
	api "ganwen/assistant/web"
	"ganwen/cmd/ganwen/demo"
	"ganwen/petitions"
	petitionsapi "ganwen/petitions/web"
)

// office is what the staff's side works with: the petition analyzer and the hotline desk. It is opened when first asked
// for, because citizens are served without it.
type office struct {
	analyzer *petitions.Analyzer
	book     *petitions.Book
	desk     *assistant.Desk
}

// openOffice trains or reads the classifiers and wires them; it takes seconds on a first start.
func (s *service) openOffice() (*office, error) {
	rows, err := petitions.LoadExamples(demo.Petitions())
	if err != nil {
		return nil, err
	}
	a, book, err := s.analyzer(rows)
	if err != nil {
		return nil, err
	}
	desk, err := newDesk(s.assistant, a, s.catalogue.Duties, nil)
	if err != nil {
		return nil, err
	}
	s.parts.set("petitions", "ready")
	return &office{analyzer: a, book: book, desk: desk}, nil
}

// analyzer makes an analyzer that learns from rows, joins, and keeps the statutory clocks.
func (s *service) analyzer(rows []petitions.Example) (*petitions.Analyzer, *petitions.Book, error) {
	texts := make([]string, len(rows))
	for i := range rows {
		texts[i] = rows[i].Whole()
	}
	joiner, err := petitions.NewJoiner(s.regions, petitions.NewBackground(texts), nil)
	if err != nil {
		return nil, nil, fmt.Errorf("joiner: %w", err)
	}
	book, err := petitions.Limits()
	if err != nil {
		return nil, nil, fmt.Errorf("clocks: %w", err)
	}
	a, err := petitions.New(petitions.Config{Examples: rows, Regions: s.regions, Duties: s.catalogue.Duties,
		Dir: filepath.Join(s.options.Data, "petitions"), Join: joiner.JoinAnalyzed, Clocks: book.For})
	if err != nil {
		return nil, nil, fmt.Errorf("petitions: %w", err)
	}
	return a, book, nil
}

// readPetitions reads petitions to analyze, one JSON object a line. Fields that are not a petition's are passed over, so
// that labelled and exported files can be read as they are; a bad line is named.
func readPetitions(name string, r io.Reader) ([]petitions.Petition, error) {
	var out []petitions.Petition
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 4<<20)
	for line := 1; sc.Scan(); line++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var row struct {
			ID, Title, Text, Channel, Time, Place string
			People                                int
		}
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s:%d: want a petition as a JSON object: %w", name, line, err)
		}
		if row.Title == "" && row.Text == "" {
			return nil, fmt.Errorf("%s:%d: want title or text", name, line)
		}
		when, err := readTime(row.Time)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: field time: %w", name, line, err)
		}
		out = append(out, petitions.Petition{ID: row.ID, Title: row.Title, Text: row.Text, Channel: row.Channel, Time: when, Place: row.Place, People: row.People})
	}
	return out, sc.Err()
}

// readTime reads the ways registers write a time; empty is unknown.
func readTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, "2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; want 2006-01-02T15:04:05+08:00 or 2006-01-02 15:04:05", s)
}

// staffRoutes mounts what staff use, each behind the roles that may. The office opens at the first request.
func (s *service) staffRoutes(app *fiber.App) {
	open := s.office
	gate := newGate(s.options, s.log)
	app.Post("/api/v1/petitions/analyze", gate.only("analyst", "agent", "evaluator", "admin"), func(c *fiber.Ctx) error {
		o, err := open()
		if err != nil {
			return err
		}
		return (&petitionsapi.Handler{Analyzer: o.analyzer}).Analyze(c)
	})
	desk := app.Group("/api/v1/desk", gate.only("agent", "admin"))
	var once sync.Once
	var handler *api.DeskHandler
	desk.Use(func(c *fiber.Ctx) error {
		o, err := open()
		if err != nil {
			return err
		}
		once.Do(func() { handler = &api.DeskHandler{Desk: o.desk} })
		return c.Next()
	})
	desk.Post("/suggest", func(c *fiber.Ctx) error { return handler.Suggest(c) })
	desk.Post("/suggestions/:id/outcome", func(c *fiber.Ctx) error { return handler.Outcome(c) })
}

type petitionsCmd struct {
	Import  petitionsImportCmd  `cmd:"" help:"Take petitions in: CSV, XLSX, JSON lines."`
	Analyze petitionsAnalyzeCmd `cmd:"" help:"Say what petitions are about: one JSON line each, in order; joined within the file."`
	Train   petitionsTrainCmd   `cmd:"" help:"Learn classes from an office's own labelled petitions (JSON lines)."`
}

type petitionsAnalyzeCmd struct {
	JSON  bool   `name:"json" help:"JSON lines (otherwise a table)."`
	Model string `help:"A model made by train." type:"existingfile"`
	File  string `arg:"" help:"JSON lines of petitions." type:"existingfile"`
}

// Run analyzes a file.
func (c *petitionsAnalyzeCmd) Run(ctx context.Context, o *Options) error {
	s, err := openQuiet(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	of, err := s.office()
	if err != nil {
		return err
	}
	if c.Model != "" {
		if err := of.analyzer.LoadModel(c.Model); err != nil {
			return fmt.Errorf("model: %w", err)
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	list, err := readPetitions(filepath.Base(c.File), f)
	if err != nil {
		return &exitError{3, err}
	}
	found, err := of.analyzer.Analyze(ctx, list)
	if err != nil {
		return err
	}
	for i, x := range found {
		if c.JSON {
			if err := printJSON(x); err != nil {
				return err
			}
			continue
		}
		fmt.Printf("%-12s %-10s %-6s %-8s %-9s %s\n", list[i].ID, first(x.Class.Path[0], "-"), x.Purpose.Value, first(string(x.Route.Value), "-"), x.Urgency, clipLine(list[i].Title, 30))
	}
	return nil
}

type petitionsTrainCmd struct {
	File string `arg:"" help:"JSON lines: title, text, label." type:"existingfile"`
	Out  string `help:"Where the model is written." default:"petitions.model" type:"path"`
}

// Run trains on the file alone and writes the model.
func (c *petitionsTrainCmd) Run(ctx context.Context, o *Options) error {
	s := &service{options: o, log: newLogger(o), parts: &parts{}}
	if err := errors.Join(s.openCatalogue(ctx), s.openGraph(ctx)); err != nil {
		return err
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	rows, err := petitions.ReadExamples(filepath.Base(c.File), raw)
	if err != nil {
		return &exitError{3, err}
	}
	a, _, err := s.analyzer(rows)
	if err != nil {
		return err
	}
	if err := a.Train(ctx, rows); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err := a.SaveModel(c.Out); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	fmt.Printf("%d petitions → %s\n", len(rows), c.Out)
	return nil
}
