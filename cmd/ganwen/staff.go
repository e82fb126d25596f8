package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

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
	var rows []petitions.Example
	names, err := fs.Glob(demo.Petitions(), "*.jsonl")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		data, err := fs.ReadFile(demo.Petitions(), n)
		if err != nil {
			return nil, err
		}
		list, err := readExamples(n, bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		rows = append(rows, list...)
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

// readExamples reads labelled petitions, one JSON object a line; a bad line is named.
func readExamples(name string, r io.Reader) ([]petitions.Example, error) {
	var out []petitions.Example
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 4<<20)
	for line := 1; sc.Scan(); line++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var e petitions.Example
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s:%d: want a petition with a label: %w", name, line, err)
		}
		out = append(out, e)
	}
	return out, sc.Err()
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
	rows, err := readExamples(filepath.Base(c.File), f)
	if err != nil {
		return &exitError{3, err}
	}
	list := make([]petitions.Petition, len(rows))
	for i := range rows {
		list[i] = rows[i].Petition
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
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := readExamples(filepath.Base(c.File), f)
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
