package eval

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// PetitionCase is an appeal and what a careful reader says it is.
type PetitionCase struct {
	Common
	Title   string        `json:"title"`
	Text    string        `json:"text"`
	Channel string        `json:"channel,omitempty"`
	Time    time.Time     `json:"time,omitzero"`
	Place   string        `json:"place,omitempty"`
	People  int           `json:"people,omitempty"`
	Label   PetitionLabel `json:"label"`
}

// PetitionLabel is the wanted reading. Accept holds values that are as right as the wanted one, by field; an optional
// signal counts neither when it is named nor when it is not. Route is null for all but an appeal.
type PetitionLabel struct {
	Domain          string              `json:"domain"`
	Path2           string              `json:"path2,omitempty"`
	Path3           string              `json:"path3,omitempty"`
	Purpose         string              `json:"purpose"`
	Route           *string             `json:"route"`
	Urgency         string              `json:"urgency"`
	Signals         []string            `json:"signals"`
	Event           *string             `json:"event,omitempty"`
	Accept          map[string][]string `json:"accept,omitempty"`
	OptionalSignals []string            `json:"optional_signals,omitempty"`
	EventOptional   bool                `json:"event_optional,omitempty"`
}

// PetitionReply is what the service made of it. An empty Route stands for null.
type PetitionReply struct {
	Path       []string `json:"path"`
	Confidence float64  `json:"confidence"` // of the first level
	Purpose    string   `json:"purpose"`
	Route      string   `json:"route"`
	Urgency    string   `json:"urgency"`
	Signals    []string `json:"signals"`
}

// noRoute names the missing route among the classes of routes.
const noRoute = "null"

// Check implements Body.
func (c *PetitionCase) Check() error {
	switch {
	case strings.TrimSpace(c.Text) == "":
		return &FieldError{"text", "missing"}
	case c.Label.Domain == "":
		return &FieldError{"label.domain", "missing"}
	case c.Label.Purpose == "":
		return &FieldError{"label.purpose", "missing"}
	case c.Label.Urgency == "":
		return &FieldError{"label.urgency", "missing"}
	case c.Label.Signals == nil:
		return &FieldError{"label.signals", "missing; [] says that there is none"}
	}
	return nil
}

// Judge implements Body. A case is right when domain, purpose, route and urgency all are and no signal is missed or
// invented. Besides shares it gives, for every class met, the marks of its F1.
func (c *PetitionCase) Judge(o Outcome) Verdict {
	got := PetitionReply{}
	if o.Petition != nil {
		got = *o.Petition
	}
	marks := map[string]Mark{}
	ok := o.Petition != nil
	for _, f := range c.fields(got) {
		want := f.want
		if slices.Contains(c.Label.Accept[f.name], f.got) {
			want = f.got
		}
		right := want == f.got && o.Petition != nil
		ok = ok && right
		marks[f.name+"_acc"] = yes(right)
		maps.Copy(marks, classMarks(f.name+"_f1:", want, f.got))
		if f.name == "domain" && o.Petition != nil {
			maps.Copy(marks, gapMarks("domain_gap:", got.Confidence, right))
		}
	}
	missed, extra := c.signals(got)
	hits := len(got.Signals) - len(extra)
	marks["signals_precision"] = Mark{float64(hits), float64(hits + len(extra))}
	marks["signals_recall"] = Mark{float64(hits), float64(hits + len(missed))}
	marks["signals_f1"] = Mark{2 * float64(hits), float64(2*hits + len(extra) + len(missed))}
	maps.Copy(marks, c.bySignal(missed, extra, got.Signals))
	return Verdict{OK: ok && len(missed)+len(extra) == 0, Kind: c.Label.Purpose, Input: c.Title + "｜" + c.Text,
		Got: got, Want: c.Label, Marks: marks}
}

type petitionField struct{ name, want, got string }

// fields lists what is judged by equality.
func (c *PetitionCase) fields(got PetitionReply) []petitionField {
	domain, route, wantRoute := "", got.Route, noRoute
	if len(got.Path) > 0 {
		domain = got.Path[0]
	}
	if route == "" {
		route = noRoute
	}
	if c.Label.Route != nil {
		wantRoute = *c.Label.Route
	}
	return []petitionField{
		{"domain", c.Label.Domain, domain}, {"purpose", c.Label.Purpose, got.Purpose},
		{"route", wantRoute, route}, {"urgency", c.Label.Urgency, got.Urgency},
	}
}

// signals gives what was missed and what was invented, optional ones left out.
func (c *PetitionCase) signals(got PetitionReply) (missed, extra []string) {
	optional := func(s string) bool { return slices.Contains(c.Label.OptionalSignals, s) }
	for _, s := range c.Label.Signals {
		if !slices.Contains(got.Signals, s) && !optional(s) {
			missed = append(missed, s)
		}
	}
	for _, s := range got.Signals {
		if !slices.Contains(c.Label.Signals, s) && !optional(s) {
			extra = append(extra, s)
		}
	}
	return missed, extra
}

// bySignal gives the marks of each signal's F1.
func (c *PetitionCase) bySignal(missed, extra, got []string) map[string]Mark {
	marks := map[string]Mark{}
	for _, s := range slices.Concat(missed, extra) {
		marks["signal_f1:"+s] = Mark{0, 1}
	}
	for _, s := range got {
		if slices.Contains(c.Label.Signals, s) {
			marks["signal_f1:"+s] = Mark{2, 2}
		}
	}
	return marks
}

// classMarks adds to the F1 of the wanted and of the given class: twice the hits over all that was wanted or given.
func classMarks(prefix, want, got string) map[string]Mark {
	if want == got {
		return map[string]Mark{prefix + want: {2, 2}}
	}
	marks := map[string]Mark{prefix + want: {0, 1}}
	if got != "" {
		marks[prefix+got] = Mark{0, 1}
	}
	return marks
}

// gapMarks adds to one of ten bins of confidence by how much the answer was righter than it believed.
func gapMarks(prefix string, confidence float64, right bool) map[string]Mark {
	bin := min(9, max(0, int(confidence*10)))
	return map[string]Mark{fmt.Sprintf("%s0.%d", prefix, bin): {yes(right).Num - confidence, 1}}
}

// macros are the metrics of a whole set: the mean of a group of ratios, or the calibration error of a group of bins.
var macros = []struct {
	name, prefix string
	of           func(num, den map[string]float64) float64
}{
	{"domain_f1", "domain_f1:", meanRatio}, {"purpose_f1", "purpose_f1:", meanRatio}, {"route_f1", "route_f1:", meanRatio},
	{"urgency_f1", "urgency_f1:", meanRatio}, {"domain_ece", "domain_gap:", calibrationError},
	{"b3_f1", "b3:", harmonic},
}

// setMetrics computes the macros that the results have marks for, with their intervals.
func setMetrics(results []Result, random func(name string) *rand.Rand) map[string]Metric {
	out := map[string]Metric{}
	for _, m := range macros {
		n := 0
		for _, r := range results {
			for name := range r.Marks {
				if strings.HasPrefix(name, m.prefix) {
					n++
					break
				}
			}
		}
		if n == 0 {
			continue
		}
		stat := func(pick []int) float64 { return m.of(sumByName(results, m.prefix, pick)) }
		all := make([]int, len(results))
		for i := range all {
			all[i] = i
		}
		value := stat(all)
		lo, hi := bootstrap(len(results), random(m.name), stat)
		out[m.name] = Metric{value, lo, hi, n}
	}
	return out
}

func sumByName(results []Result, prefix string, pick []int) (num, den map[string]float64) {
	num, den = map[string]float64{}, map[string]float64{}
	for _, i := range pick {
		for name, m := range results[i].Marks {
			if strings.HasPrefix(name, prefix) {
				num[name] += m.Num
				den[name] += m.Den
			}
		}
	}
	return num, den
}

func meanRatio(num, den map[string]float64) float64 {
	sum := 0.0
	for _, name := range slices.Sorted(maps.Keys(den)) {
		sum += num[name] / den[name]
	}
	return sum / max(1, float64(len(den)))
}

// calibrationError is the expected calibration error: how far belief and truth lie apart, by bins, weighted by cases.
func calibrationError(num, den map[string]float64) float64 {
	gap, cases := 0.0, 0.0
	for _, name := range slices.Sorted(maps.Keys(den)) {
		gap += max(num[name], -num[name])
		cases += den[name]
	}
	return gap / max(1, cases)
}

// Reader reads petitions.
type Reader interface {
	// ReadPetition says what one petition is.
	ReadPetition(ctx context.Context, c *PetitionCase) (PetitionReply, error)
}

// ReadFunc is a function that is a Reader.
type ReadFunc func(ctx context.Context, c *PetitionCase) (PetitionReply, error)

// ReadPetition calls f.
func (f ReadFunc) ReadPetition(ctx context.Context, c *PetitionCase) (PetitionReply, error) {
	return f(ctx, c)
}

// Petitions puts petition cases to a Reader.
type Petitions struct{ Reader }

// Run reads one petition.
func (p Petitions) Run(ctx context.Context, c Case) (Outcome, error) {
	body, ok := c.Body.(*PetitionCase)
	if !ok {
		return Outcome{}, fmt.Errorf("eval: case %s is not a petition", c.ID)
	}
	reply, err := p.ReadPetition(ctx, body)
	return Outcome{Petition: &reply}, err
}
