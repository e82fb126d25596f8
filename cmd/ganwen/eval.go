package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"ganwen/assistant"
	"ganwen/eval"
	"ganwen/prompts"
	"ganwen/search"
	"ganwen/search/vek"
)

type evalCmd struct {
	Run_    evalRunCmd     `cmd:"" name:"run" help:"Run suites: names of shipped ones, paths, 'all', or 'public' for the public sets beside the project."`
	List    evalListCmd    `cmd:"" help:"List the shipped suites."`
	Compare evalCompareCmd `cmd:"" help:"Compare two reports; exit 1 on a significant loss."`
}

type evalRunCmd struct {
	Suites   []string `arg:"" help:"Suites."`
	JSON     string   `name:"json" help:"Write the report as JSON to this file (- = standard output, and nothing else there)."`
	HTML     string   `name:"html" help:"Write one self-contained page to this file."`
	JUnit    string   `name:"junit" help:"Write JUnit XML to this file."`
	Against  string   `help:"An older JSON report to compare with: exit 1 on a significant loss."`
	Shared   string   `help:"Folder of the public data sets." default:"../shared/data" env:"GANWEN_SHARED"`
	URL      string   `help:"Measure a running server instead of this process."`
	Parallel int      `help:"Cases at a time." default:"1"`
	Seed     uint64   `help:"Seed of the bootstrap." default:"1"`
	NoVector bool     `help:"Leave vectors out even when the model is there."`
}

// Run measures the suites on the same wiring as the server.
func (c *evalRunCmd) Run(ctx context.Context, o *Options) error {
	suites, err := c.load()
	if err != nil {
		return &exitError{2, err}
	}
	own := *o
	own.DB = "mem:"
	if c.NoVector {
		own.Embed = "none"
	}
	s, err := open(ctx, &own, newLogger(o))
	if err != nil {
		return err
	}
	defer s.Close()
	s.refine(ctx)
	runner := eval.Runner{Open: s.subject(c.URL), Parallel: c.Parallel, Seed: c.Seed, Fingerprints: s.fingerprints(), Progress: progressLine}
	var reports []*eval.Report
	for _, suite := range suites {
		report, err := runner.Run(ctx, suite)
		if err != nil {
			return err
		}
		reports = append(reports, report)
		if c.JSON != "-" {
			if err := report.WriteText(os.Stdout); err != nil {
				return err
			}
		}
	}
	return errors.Join(c.write(reports), c.gate(reports))
}

func (c *evalRunCmd) load() ([]*eval.Suite, error) {
	var out []*eval.Suite
	for _, name := range c.Suites {
		switch name {
		case "all":
			list, err := eval.Shipped()
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		case "public":
			list, err := eval.Public(c.Shared)
			if err != nil {
				return nil, err
			}
			if len(list) == 0 {
				fmt.Fprintf(os.Stderr, "public sets: none in %s, left out\n", c.Shared)
			}
			out = append(out, list...)
		default:
			s, err := eval.Load(name)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// write puts the reports into the files asked for.
func (c *evalRunCmd) write(reports []*eval.Report) error {
	if c.JSON == "-" {
		return eval.WriteJSON(os.Stdout, reports...)
	}
	for _, f := range []struct {
		path  string
		write func(io.Writer, ...*eval.Report) error
	}{{c.JSON, eval.WriteJSON}, {c.HTML, eval.WriteHTML}, {c.JUnit, eval.WriteJUnit}} {
		if f.path == "" {
			continue
		}
		var b bytes.Buffer
		if err := f.write(&b, reports...); err != nil {
			return err
		}
		if err := os.WriteFile(f.path, b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}

// gate fails under a floor, and on a significant loss against an older run.
func (c *evalRunCmd) gate(reports []*eval.Report) error {
	var why []string
	for _, r := range reports {
		for _, f := range r.Failures {
			why = append(why, r.Suite+": "+f)
		}
	}
	if c.Against != "" {
		old, err := readReports(c.Against)
		if err != nil {
			return err
		}
		lost, err := compare(old, reports)
		if err != nil {
			return err
		}
		why = append(why, lost...)
	}
	if len(why) > 0 {
		return &exitError{1, errors.New("may not go out:\n  " + strings.Join(why, "\n  "))}
	}
	return nil
}

func readReports(path string) ([]*eval.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	defer f.Close()
	return eval.ReadReports(f)
}

// compare prints the comparison of suites that stand in both and returns the significant losses.
func compare(old, now []*eval.Report) ([]string, error) {
	var lost []string
	for _, n := range now {
		for _, o := range old {
			if o.Suite != n.Suite {
				continue
			}
			d, err := eval.Compare(o, n)
			if err != nil {
				return nil, err
			}
			if err := d.WriteText(os.Stdout); err != nil {
				return nil, err
			}
			for _, l := range d.Regressions() {
				lost = append(lost, n.Suite+": "+l)
			}
		}
	}
	return lost, nil
}

func progressLine(done, total int) {
	if done == total || done%200 == 0 {
		fmt.Fprintf(os.Stderr, "\r%d/%d\x1b[K", done, total)
	}
	if done == total {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}

type evalListCmd struct{}

// Run lists what is shipped.
func (evalListCmd) Run() error {
	suites, err := eval.Shipped()
	if err != nil {
		return err
	}
	for _, s := range suites {
		fmt.Printf("%-20s %-10s %5d cases\n", s.Name, s.Kind, len(s.Cases))
	}
	return nil
}

type evalCompareCmd struct {
	Old string `arg:"" help:"Older JSON report." type:"existingfile"`
	New string `arg:"" help:"Newer JSON report." type:"existingfile"`
}

// Run compares two reports.
func (c *evalCompareCmd) Run() error {
	old, err := readReports(c.Old)
	if err != nil {
		return err
	}
	now, err := readReports(c.New)
	if err != nil {
		return err
	}
	lost, err := compare(old, now)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return &exitError{1, errors.New("worse:\n  " + strings.Join(lost, "\n  "))}
	}
	return nil
}

// subject gives each kind of suite what it is measured on.
func (s *service) subject(url string) func(context.Context, *eval.Suite) (eval.Subject, error) {
	return func(ctx context.Context, suite *eval.Suite) (eval.Subject, error) {
		switch suite.Kind {
		case "retrieval":
			return s.retrieval(ctx, suite)
		case "petition", "join", "clock", "prereview", "desk":
			return s.staffSubject(suite)
		case "redaction":
			return eval.Redaction{Redactor: eval.RedactFunc(redact)}, nil
		}
		var chat eval.Chat = localChat{s.assistant}
		if url != "" {
			chat = eval.HTTPChat{Base: url}
		}
		return eval.Talk{Chat: chat, Papers: s.papers()}, nil
	}
}

// papers are the names an answer must not use without a source.
func (s *service) papers() []string {
	seen := map[string]bool{}
	var out []string
	for _, m := range s.catalogue.Matters {
		for _, p := range m.Materials {
			if !seen[p.Name] {
				seen[p.Name] = true
				out = append(out, p.Name)
			}
		}
	}
	return out
}

// localChat talks to the assistant in this process, through the same JSON as over HTTP.
type localChat struct{ a *assistant.Assistant }

// Turn implements eval.Chat.
func (l localChat) Turn(ctx context.Context, session, message, region string) (eval.Reply, error) {
	ans, err := l.a.Answer(ctx, assistant.Request{SessionID: session, Message: message, Region: region}, nil)
	if err != nil {
		return eval.Reply{}, err
	}
	data, err := encodeJSON(ans)
	if err != nil {
		return eval.Reply{}, err
	}
	var r eval.Reply
	return r, json.Unmarshal(data, &r)
}

// redact takes personal data out as the product does before anything else sees a text.
func redact(_ context.Context, text string) (string, []eval.Span, error) {
	r, _ := prompts.Redact(text)
	var spans []eval.Span
	for _, f := range prompts.Find(text) {
		spans = append(spans, eval.Span{Type: f.Type, Text: f.Text})
	}
	return r.String(), spans, nil
}

// embeddable is how many passages of a corpus get vectors: those of the large public sets take an hour.
const embeddable = 5000

// retrieval indexes a suite's corpus and searches it as the product does, with vectors where the corpus is small enough.
func (s *service) retrieval(ctx context.Context, suite *eval.Suite) (eval.Subject, error) {
	docs, err := suite.Corpus()
	if err != nil {
		return nil, err
	}
	var passages []search.Passage
	for _, d := range docs {
		passages = append(passages, search.Passage{ID: d.ID, Kind: search.KindDocument, Code: d.ID, Title: d.Title, Text: d.Text})
	}
	var index search.Store = search.NewMemory(search.Config{Synonyms: search.NewSynonyms(synonymies(s.catalogue))})
	if s.embedder != nil && len(passages) <= embeddable {
		vectors := &vek.Index{}
		if err := search.EmbedAll(ctx, s.embedder, vectors, passages, nil); err != nil {
			return nil, err
		}
		index = &search.Hybrid{Store: index, Embedder: s.embedder, Vectors: vectors}
	}
	if err := index.Index(ctx, passages); err != nil {
		return nil, err
	}
	return eval.Retrieval{Finder: eval.FindFunc(func(ctx context.Context, question string, n int) ([]string, error) {
		res, err := index.Search(ctx, search.Query{Text: question, Size: n})
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, h := range res.Hits {
			ids = append(ids, h.ID)
		}
		return ids, nil
	})}, nil
}

// fingerprints name what was measured.
func (s *service) fingerprints() map[string]string {
	f := map[string]string{"catalogue": s.catalogue.Fingerprint(), "binary": version}
	if s.ranker != nil {
		f["ranker"] = s.ranker.Fingerprint()
	}
	return f
}
