package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"ganwen/assistant"
	"ganwen/kg"
	"ganwen/search"
)

func printJSON(v any) error {
	data, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(data, '\n'))
	return err
}

type askCmd struct {
	JSON     bool   `name:"json" help:"Print the answer as one JSON value."`
	Region   string `help:"Division, by name or code."`
	Question string `arg:"" help:"What you want to know, in your own words."`
}

// Run answers one question. Vectors are used when they were built before; nothing is kept of the question.
func (c *askCmd) Run(ctx context.Context, o *Options) error {
	s, err := openQuiet(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	ans, err := s.assistant.Answer(ctx, assistant.Request{Message: c.Question, Region: c.Region}, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(ans)
	}
	printAnswer(ans)
	return nil
}

// openQuiet opens the service for one job: conversations stay in memory.
func openQuiet(ctx context.Context, o *Options) (*service, error) {
	own := *o
	own.DB = "mem:"
	return open(ctx, &own, newLogger(&Options{Verbose: o.Verbose}))
}

func printAnswer(ans *assistant.Answer) {
	fmt.Println(ans.Text)
	if ans.Question != nil {
		var opts []string
		for _, o := range ans.Question.Options {
			opts = append(opts, o.Text)
		}
		fmt.Printf("\n%s\n  %s\n", ans.Question.Text, strings.Join(opts, " ｜ "))
	}
	if len(ans.Citations) > 0 {
		fmt.Println("\n依据：")
		for _, c := range ans.Citations {
			fmt.Printf("  [%s] %s：%s\n", c.ID, c.Title, clipLine(c.Quote, 80))
		}
	}
	if len(ans.Degraded) > 0 {
		fmt.Println("\n（未用到：" + strings.Join(ans.Degraded, "、") + "）")
	}
	fmt.Println("\n" + ans.AIGC.Label)
}

func clipLine(s string, n int) string {
	r := []rune(strings.ReplaceAll(s, "\n", " "))
	if len(r) > n {
		return string(r[:n]) + "…"
	}
	return string(r)
}

type searchCmd struct {
	JSON  bool   `name:"json" help:"One JSON value."`
	N     int    `short:"n" help:"Hits." default:"10"`
	Type  string `help:"Only matter, policy, law, document or event."`
	Query string `arg:"" help:"Words to look for."`
}

// Run searches the passages.
func (c *searchCmd) Run(ctx context.Context, o *Options) error {
	s, err := openQuiet(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	q := search.Query{Text: c.Query, Size: c.N, Facets: c.JSON}
	if c.Type != "" {
		q.Kinds = []search.Kind{search.Kind(c.Type)}
	}
	res, err := s.index.Search(ctx, q)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(res)
	}
	for i, h := range res.Hits {
		fmt.Printf("%2d. %.2f %s %s %s\n    %s\n", i+1, h.Score, h.Code, h.Title, h.Field, clipLine(h.Text, 90))
	}
	return nil
}

type graphCmd struct {
	Stats  graphStatsCmd  `cmd:"" help:"Count nodes and relations."`
	Export graphExportCmd `cmd:"" help:"Print nodes and relations as JSON lines."`
	Path   graphPathCmd   `cmd:"" help:"Show how two nodes hang together."`
}

type graphStatsCmd struct {
	JSON bool `name:"json" help:"One JSON value."`
}

// Run counts what the graph holds.
func (c *graphStatsCmd) Run(ctx context.Context, o *Options) error {
	cat, regions, err := graphParts(o)
	if err != nil {
		return err
	}
	nodes, edges := kg.Elements(cat, regions)
	kinds, rels := map[string]int{}, map[string]int{}
	for _, n := range nodes {
		kinds[string(n.Kind)]++
	}
	for _, e := range edges {
		rels[string(e.Rel)]++
	}
	if c.JSON {
		return printJSON(map[string]any{"nodes": kinds, "relations": rels})
	}
	fmt.Printf("%d nodes %v\n%d relations %v\n", len(nodes), kinds, len(edges), rels)
	return nil
}

// graphParts opens only what the graph is made of.
func graphParts(o *Options) (*kg.Catalogue, *kg.Regions, error) {
	s := &service{options: o, log: newLogger(o), parts: &parts{}}
	if err := s.openCatalogue(context.Background()); err != nil {
		return nil, nil, err
	}
	regions, err := kg.Divisions()
	return s.catalogue, regions, err
}

type graphExportCmd struct{}

// Run prints every node, then every edge.
func (c *graphExportCmd) Run(_ context.Context, o *Options) error {
	cat, regions, err := graphParts(o)
	if err != nil {
		return err
	}
	nodes, edges := kg.Elements(cat, regions)
	for _, n := range nodes {
		if err := printJSON(n); err != nil {
			return err
		}
	}
	for _, e := range edges {
		if err := printJSON(e); err != nil {
			return err
		}
	}
	return nil
}

type graphPathCmd struct {
	From string `arg:"" help:"Node id, e.g. matter:JX-S001."`
	To   string `arg:"" help:"Node id."`
}

// Run prints the shortest path.
func (c *graphPathCmd) Run(ctx context.Context, o *Options) error {
	cat, regions, err := graphParts(o)
	if err != nil {
		return err
	}
	sub, err := kg.Path(ctx, kg.NewMemory(cat, regions), kg.ID(c.From), kg.ID(c.To))
	if err != nil {
		return err
	}
	for _, e := range sub.Edges {
		fmt.Printf("%s —%s→ %s  %s\n", e.From, e.Rel, e.To, e.Why)
	}
	return nil
}
