package petitions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"ganwen/kg"
	"ganwen/prompts"
)

// Versions of the steps. A stored analysis is stale when one of them has grown.
var stepVersions = map[string]int{"extract": 1, "classify": 1, "join": 1, "risk": 1, "clock": 1}

// ErrNoText is returned for a petition that says nothing.
var ErrNoText = errors.New("petitions: no text")

// Config is what an Analyzer is made of. Only Examples is needed.
type Config struct {
	Examples []Example   // labelled petitions to learn from
	Taxonomy *Taxonomy   // nil = the list built in
	Regions  *kg.Regions // nil = no places are found
	Duties   []*kg.Duty  // register of duties, for dispatch and as hints at classes
	Dir      string      // where trained models are kept; empty = trained at every start
	Seed     uint64

	// Join says which petitions are about one matter: it sets Event in the analyses, which stand in the order of the
	// petitions. nil = every petition stands alone.
	Join func(ctx context.Context, list []Petition, found []Analysis) error
	// Clocks gives the statutory limits that run for a petition. nil = none.
	Clocks func(p *Petition, purpose, route string) []Clock
}

// Analyzer says what petitions are about, how urgent they are, and who has to act. It is safe for concurrent use.
type Analyzer struct {
	config     Config
	taxonomy   *Taxonomy
	features   *features
	extractor  *extractor
	weigher    *weigher
	dispatcher *Dispatcher
	first      firstBodies
	rules      ruleBook
	model      *Model
	base       *Model // what was learnt from Config.Examples, for what an office's own rows say nothing about
}

// New trains an Analyzer from cfg.Examples, or reads the models kept in cfg.Dir when they fit. It returns ErrNoRows
// without examples.
func New(cfg Config) (*Analyzer, error) {
	a := &Analyzer{config: cfg, taxonomy: cfg.Taxonomy}
	var err error
	if a.taxonomy == nil {
		if a.taxonomy, err = DefaultTaxonomy(); err != nil {
			return nil, err
		}
	}
	acts, err := loadCues("cues.json")
	if err != nil {
		return nil, err
	}
	subjects, err := loadCues("subjects.json")
	if err != nil {
		return nil, err
	}
	words := &wordLists{}
	if err := readData("facts.json", words); err != nil {
		return nil, err
	}
	if a.weigher, err = loadWeigher(); err != nil {
		return nil, err
	}
	a.features = newFeatures(acts, subjects, a.taxonomy, cfg.Duties)
	a.extractor = &extractor{words: words, regions: cfg.Regions}
	if err := readData("dispatch.json", &a.first); err != nil {
		return nil, err
	}
	if err := readData("decide.json", &a.rules); err != nil {
		return nil, err
	}
	a.dispatcher = NewDispatcher(cfg.Duties)
	if a.base, err = a.obtain(context.Background()); err != nil {
		return nil, err
	}
	a.model = a.base
	return a, nil
}

// Analyze reads petitions, joins them among themselves, and gives one analysis each, in order. It returns ErrNoText,
// saying which, for a petition without text, and the context's error when that is done first.
func (a *Analyzer) Analyze(ctx context.Context, list []Petition) ([]Analysis, error) {
	out := make([]Analysis, len(list))
	g, until := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range list {
		g.Go(func() error {
			if err := until.Err(); err != nil {
				return err
			}
			x, err := a.one(&list[i])
			if err != nil {
				return fmt.Errorf("petition %d (%s): %w", i+1, list[i].ID, err)
			}
			out[i] = *x
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if a.config.Join != nil {
		if err := a.config.Join(ctx, list, out); err != nil {
			return nil, fmt.Errorf("petitions: join: %w", err)
		}
	}
	return out, nil
}

// Classify implements Classifier.
func (a *Analyzer) Classify(ctx context.Context, p *Petition) (Label, error) {
	if err := ctx.Err(); err != nil {
		return Label{}, err
	}
	x, err := a.one(p)
	if err != nil {
		return Label{}, err
	}
	l := Label{Purpose: x.Purpose.Value, Route: x.Route.Value, Urgency: x.Urgency, Signals: []string{}}
	for i, name := range x.Class.Path {
		*[]*string{&l.Domain, &l.Path2, &l.Path3}[i] = name
	}
	for _, s := range x.Signals {
		l.Signals = append(l.Signals, s.Name)
	}
	return l, nil
}

// one runs the steps over one petition.
func (a *Analyzer) one(p *Petition) (*Analysis, error) {
	if strings.TrimSpace(p.Title+p.Text) == "" {
		return nil, ErrNoText
	}
	r := a.features.read(p)
	x := &Analysis{ID: p.ID, Versions: stepVersions}
	x.Facts, x.Places = a.extractor.extract(p, r.acts)
	if x.Places == nil {
		x.Places = []Place{}
	}
	a.classify(r, x)
	x.Risk = a.weigher.weigh(p, x)
	x.Help = a.weigher.help(x)
	x.Departments = a.dispatcher.Dispatch(a.query(p, x), 3)
	x.Clocks = []Clock{}
	if a.config.Clocks != nil {
		if clocks := a.config.Clocks(p, x.Purpose.Value, string(x.Route.Value)); clocks != nil {
			x.Clocks = clocks
		}
	}
	a.redact(p, x)
	return x, nil
}

// query asks for the bodies that have to act.
func (a *Analyzer) query(p *Petition, x *Analysis) Query {
	q := Query{Text: p.Whole(), Class: x.Class.Path, Purpose: x.Purpose.Value, First: a.first.of(x)}
	if x.Purpose.Value != Report {
		return q
	}
	for _, o := range x.Facts.Organisations {
		if o.Role == "accused" {
			q.Accused = append(q.Accused, o.Name)
		}
	}
	q.Accused = append(q.Accused, a.extractor.accusedBodies(q.Text, a.dispatcher.names)...)
	return q
}

// firstBodies is data/dispatch.json.
type firstBodies struct {
	About  string              `json:"about"`
	Report map[string][]string `json:"report"` // by first-level class; "" for all others
	Route  map[string][]string `json:"route"`
}

func (f *firstBodies) of(x *Analysis) []string {
	if x.Purpose.Value != Report {
		return f.Route[string(x.Route.Value)]
	}
	if list, ok := f.Report[x.Class.Path[0]]; ok {
		return list
	}
	return f.Report[""]
}

// redact takes personal data out of everything that quotes the petition, with the same placeholders throughout.
func (a *Analyzer) redact(p *Petition, x *Analysis) {
	whole, vault := prompts.Redact(p.Title + "\n" + p.Text)
	x.Redacted = strings.TrimPrefix(whole.String(), "\n")
	if whole.String() == p.Title+"\n"+p.Text {
		return
	}
	clean := func(s *string) {
		if *s != "" {
			*s = vault.Redact(*s).String()
		}
	}
	for _, s := range []*string{&x.Class.Why, &x.Purpose.Why, &x.Route.Why, &x.UrgencyWhy.Why} {
		clean(s)
	}
	for i := range x.Signals {
		clean(&x.Signals[i].Evidence)
	}
	for i := range x.Risk.Factors {
		clean(&x.Risk.Factors[i].Why)
	}
	for i := range x.Facts.Asks {
		clean(&x.Facts.Asks[i])
	}
	for i := range x.Facts.Organisations {
		clean(&x.Facts.Organisations[i].Name)
		clean(&x.Facts.Organisations[i].Text)
	}
}

// Train learns from an office's own rows and uses that from now on; what they say nothing about is still decided by
// what the examples taught. It must not run at the same time as other methods.
func (a *Analyzer) Train(ctx context.Context, rows []Example) error {
	m, err := a.features.train(ctx, rows, a.config.Seed)
	if err != nil {
		return err
	}
	a.use(m)
	return nil
}

// Model gives the model in use, to be stored with its Write.
func (a *Analyzer) Model() *Model { return a.model }

// use takes a model, with the base for what it lacks.
func (a *Analyzer) use(m *Model) {
	if m.subjects == nil {
		m.subjects = a.base.subjects
	}
	if m.acts == nil {
		m.acts = a.base.acts
	}
	a.model = m
}

// readData reads a JSON file of this package's data, strictly.
func readData(name string, v any) error {
	f, err := data.Open("data/" + name)
	if err != nil {
		return fmt.Errorf("petitions: %s: %w", name, err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("petitions: %s: %w", name, err)
	}
	return nil
}
