package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ganwen/assistant"
	"ganwen/assistant/sqlstore"
	"ganwen/cmd/ganwen/demo"
	"ganwen/kg"
	"ganwen/kg/rules"
	"ganwen/search"
	"ganwen/search/bleve"
	"ganwen/search/onnx"
	"ganwen/search/vek"
	"ganwen/search/zh"
)

// service is everything wired together: the same for the server, the command line and eval.
type service struct {
	options   *Options
	log       *slog.Logger
	catalogue *kg.Catalogue
	regions   *kg.Regions
	graph     kg.Graph
	index     search.Store
	vectors   *vek.Index // of the passages; nil without an embedding model
	passages  []search.Passage
	imported  int // passages of imported documents
	complete  *search.Completer
	ranker    *assistant.Ranker // nil when the catalogue has no question bank
	reader    assistant.Reader
	assistant *assistant.Assistant
	store     assistant.Store
	embedder  search.Embedder
	office    func() (*office, error) // the staff's side, opened when first asked for
	parts     *parts
	closers   []func() error
}

// parts is what /readyz tells: each part and its state.
type parts struct {
	mu    sync.Mutex
	state map[string]string
}

func (p *parts) set(name, state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == nil {
		p.state = map[string]string{}
	}
	p.state[name] = state
}

func (p *parts) all() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]string{}
	for k, v := range p.state {
		out[k] = v
	}
	return out
}

// open wires the service. Parts that are optional and absent are left out and said so; a part that is configured and
// cannot start is an error.
func open(ctx context.Context, o *Options, log *slog.Logger) (*service, error) {
	s := &service{options: o, log: log, parts: &parts{}}
	s.office = sync.OnceValues(s.openOffice)
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	steps := []func(context.Context) error{s.openCatalogue, s.openGraph, s.openEmbedder, s.openIndex, s.openRanker, s.openStore, s.openAssistant}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Close gives everything back, last opened first.
func (s *service) Close() error {
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// openCatalogue loads the sample catalogue and what was imported into the data folder.
func (s *service) openCatalogue(context.Context) error {
	s.catalogue = &kg.Catalogue{}
	if !s.options.NoDemo {
		c, err := keepGood(kg.Load(demo.Files()))(s.log, "sample catalogue")
		if err != nil {
			return err
		}
		s.catalogue = c
	}
	imported, err := keepGood(kg.Dir(s.catalogueDir()).Load())(s.log, "imported catalogue")
	if err != nil {
		return err
	}
	for _, code := range s.catalogue.Merge(imported) {
		s.log.Warn("imported record left out: its code is taken", "code", code)
	}
	if len(s.catalogue.Matters) == 0 {
		return errors.New("no matters: import a catalogue first with ganwen catalogue import FILE, or leave out --no-demo")
	}
	zh.AddWords(names(s.catalogue))
	return nil
}

func (s *service) catalogueDir() string { return filepath.Join(s.options.Data, "catalogue") }

// keepGood takes the result of a load and keeps the good rows; refused ones are logged.
func keepGood(c *kg.Catalogue, err error) func(log *slog.Logger, what string) (*kg.Catalogue, error) {
	return func(log *slog.Logger, what string) (*kg.Catalogue, error) {
		var rejects kg.Rejects
		if errors.As(err, &rejects) {
			log.Warn("rows refused", "source", what, "count", len(rejects), "first", rejects[0].Error())
			return c, nil
		}
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", what, err)
		}
		return c, nil
	}
}

// names are the words the segmenter should know.
func names(c *kg.Catalogue) []string {
	var out []string
	for _, m := range c.Matters {
		out = append(out, m.Aliases...)
		for _, p := range m.Materials {
			out = append(out, p.Name)
		}
	}
	for _, t := range c.Lexicon {
		if len([]rune(t.Term)) >= 2 && t.Kind != "typo" {
			out = append(out, t.Term)
		}
	}
	return out
}

func (s *service) openGraph(context.Context) error {
	regions, err := kg.Divisions()
	if err != nil {
		return fmt.Errorf("divisions: %w", err)
	}
	s.regions = regions
	s.graph = kg.NewMemory(s.catalogue, regions)
	s.parts.set("graph", "ready")
	return nil
}

func (s *service) openEmbedder(context.Context) error {
	switch s.options.Embed {
	case "", "none":
		s.parts.set("embed", "absent")
		return nil
	case "onnx:":
	default:
		return fmt.Errorf("--embed %q: want onnx: or none", s.options.Embed)
	}
	e, err := onnx.Open(s.options.Models)
	if errors.Is(err, onnx.ErrAbsent) {
		s.log.Info("no embedding model; answering without vectors", "folder", s.options.Models)
		s.parts.set("embed", "absent")
		return nil
	}
	if err != nil {
		return fmt.Errorf("embedding model: %w", err)
	}
	s.embedder = e
	s.closers = append(s.closers, e.Close)
	s.parts.set("embed", "building")
	return nil
}

// openIndex opens the passage index and brings it up to the catalogue and the imported documents.
func (s *service) openIndex(ctx context.Context) error {
	synonyms := search.NewSynonyms(synonymies(s.catalogue))
	switch scheme, path, _ := strings.Cut(s.options.Index, ":"); scheme {
	case "mem":
		s.index = search.NewMemory(search.Config{Synonyms: synonyms})
	case "bleve":
		x, err := bleve.Open(path, search.Config{Synonyms: synonyms})
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
		s.closers = append(s.closers, x.Close)
		s.index = x
	default:
		return fmt.Errorf("--index %q: want mem: or bleve:PATH", s.options.Index)
	}
	passages := assistant.Passages(s.catalogue)
	docs, err := s.documents()
	if err != nil {
		return err
	}
	s.imported = len(docs)
	s.passages = append(passages, docs...)
	if s.embedder != nil {
		s.vectors = s.readVectors()
		s.index = &search.Hybrid{Store: s.index, Embedder: s.embedder, Vectors: s.vectors}
	}
	if err := s.index.Index(ctx, s.passages); err != nil {
		return fmt.Errorf("index passages: %w", err)
	}
	s.complete = search.NewCompleter(completions(s.catalogue))
	s.parts.set("search", "ready")
	return nil
}

func (s *service) vectorFile() string { return filepath.Join(s.options.Data, "passages.vec") }

// readVectors reads the vectors kept of passages; what is missing or damaged is made again in the background.
func (s *service) readVectors() *vek.Index {
	f, err := os.Open(s.vectorFile())
	if err != nil {
		return &vek.Index{}
	}
	defer f.Close()
	x, err := vek.Read(f)
	if err != nil {
		s.log.Warn("kept vectors are damaged and are made again", "error", err)
		return &vek.Index{}
	}
	return x
}

// embedPassages makes the vectors that are missing and keeps them.
func (s *service) embedPassages(ctx context.Context) error {
	before := s.vectors.Len()
	if err := search.EmbedAll(ctx, s.embedder, s.vectors, s.passages, nil); err != nil {
		return err
	}
	if s.vectors.Len() == before {
		return nil
	}
	var b bytes.Buffer
	if err := s.vectors.Write(&b); err != nil {
		return err
	}
	tmp := s.vectorFile() + ".new"
	if err := os.WriteFile(tmp, b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, s.vectorFile())
}

// synonymies are the lexicon's words as the index wants them.
func synonymies(c *kg.Catalogue) []search.Synonymy {
	var out []search.Synonymy
	for _, t := range c.Lexicon {
		switch t.Kind {
		case "dialect", "colloquial", "abbrev", "typo", "synonym":
			out = append(out, search.Synonymy{Term: t.Term, Means: t.Means, Ambiguous: t.Ambiguous})
		}
	}
	return out
}

// completions are what can be typed ahead: names, other names, common questions.
func completions(c *kg.Catalogue) []search.Suggestion {
	var out []search.Suggestion
	for _, m := range c.Matters {
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			out = append(out, search.Suggestion{Text: n, Name: m.Name, Kind: search.KindMatter, Code: m.Code})
		}
	}
	for _, e := range c.Events {
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			out = append(out, search.Suggestion{Text: n, Name: e.Name, Kind: search.KindEvent, Code: e.Code})
		}
	}
	for _, m := range c.Matters {
		for _, q := range m.FAQ {
			out = append(out, search.Suggestion{Text: q.Q, Name: m.Name, Kind: search.KindMatter, Code: m.Code})
		}
	}
	return out
}

// openRanker trains or reads the ranker; vectors are added later by refine.
func (s *service) openRanker(ctx context.Context) error {
	if len(s.catalogue.Bank) == 0 {
		s.reader = assistant.NewNameReader(s.catalogue, s.regions, nil)
		s.parts.set("ranker", "absent")
		return nil
	}
	r, err := assistant.TrainRanker(ctx, s.catalogue, assistant.RankerConfig{Dir: filepath.Join(s.options.Data, "ranker"), Embedder: s.embedder,
		Progress: func(step string, share float64) { s.log.Debug("ranker", "step", step, "share", share) }})
	if err != nil {
		return err
	}
	s.ranker = r
	s.reader = assistant.NewNameReader(s.catalogue, s.regions, r)
	s.parts.set("ranker", "ready")
	return nil
}

// refine makes what takes long and is not needed for a first answer: the bank's vectors, with the ranker that uses them,
// then the passages' vectors. It takes minutes on a first start and nothing afterwards.
func (s *service) refine(ctx context.Context) {
	if s.embedder == nil {
		return
	}
	start := time.Now()
	if s.ranker != nil && !s.ranker.Refined() {
		if err := s.ranker.Refine(ctx); err != nil {
			s.lost(ctx, "the bank's vectors could not be built; going on without", err)
			return
		}
		s.log.Info("the bank's vectors are ready", "seconds", time.Since(start).Seconds())
	}
	if err := s.embedPassages(ctx); err != nil {
		s.lost(ctx, "the passages' vectors could not be built; going on with those there are", err)
		return
	}
	s.parts.set("embed", "ready")
}

// lost logs a part that could not be built, unless the service is being stopped.
func (s *service) lost(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		s.log.Error(what, "error", err)
	}
}

func (s *service) openStore(ctx context.Context) error {
	db := s.options.DB
	if db == "" {
		db = "sqlite:" + filepath.Join(s.options.Data, "conversations.db")
	}
	scheme, path, _ := strings.Cut(db, ":")
	switch scheme {
	case "mem":
		s.store = &assistant.MemoryStore{}
	case "sqlite":
		st, err := sqlstore.Open(ctx, path)
		if err != nil {
			return fmt.Errorf("conversations: %w", err)
		}
		s.closers = append(s.closers, st.Close)
		s.store = st
	default:
		return fmt.Errorf("--db %q: want sqlite:PATH, or mem: for none kept", db)
	}
	s.parts.set("database", "ready")
	return nil
}

func (s *service) openAssistant(context.Context) error {
	a, err := assistant.New(assistant.Config{Catalogue: s.catalogue, Reader: s.reader, Graph: s.graph, Regions: s.regions, Search: s.index, Documents: s.imported > 0,
		Producer: s.options.Producer, Judge: rules.Eval, Store: s.store, Log: s.log})
	if err != nil {
		return err
	}
	s.assistant = a
	return nil
}
