package assistant

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"ganwen/search/learn"
	"ganwen/search/zh"
)

// routerFile holds the words that hint at a kind, those that decide it, and how many of the matters each other kind may
// take away by mistake.
//
//go:embed data/router.json
var routerFile []byte

// routing is routerFile, folded; cueNames orders the cues.
type routing struct {
	Cues   map[string][]string `json:"cues"`
	Sure   map[string][]string `json:"sure"`
	Budget map[string]float64  `json:"budget"`

	names []string
}

var routes = func() *routing {
	r := &routing{}
	if err := json.Unmarshal(routerFile, r); err != nil {
		panic(fmt.Sprintf("assistant: data/router.json: %v", err))
	}
	for _, lists := range []map[string][]string{r.Cues, r.Sure} {
		for _, list := range lists {
			for i, w := range list {
				list[i] = zh.Fold(w)
			}
		}
	}
	for name := range r.Cues {
		r.names = append(r.names, name)
	}
	slices.Sort(r.names)
	return r
}()

// router decides what kind of utterance it is, by what the other models make of it and by cues in the words.
type router struct {
	Kinds  []string
	Logit  *learn.Logit
	Limits []float64 // by kind: the least probability at which it is believed against a matter
}

// opinion is what the models made of one text: margins over matters, events and kinds.
type opinion struct {
	matters, events, kinds []float64
	known                  float64
}

// signals are the numbers the router decides by.
func (o *opinion) signals(text string, temperature float64) []float64 {
	out := make([]float64, 0, 48)
	out = append(out, shape(o.matters, temperature)...)
	if len(o.events) > 0 {
		out = append(out, shape(o.events, temperature)[:7]...)
	}
	out = append(out, o.kinds...)
	for _, p := range learn.Softmax(o.kinds, temperature) {
		out = append(out, math.Log(p+1e-4))
	}
	folded := zh.Fold(text)
	length := math.Log(1 + float64(utf8.RuneCountInString(folded)))
	short := 0.0
	if length < math.Log(9) {
		short = 1
	}
	// Short texts are vague more often, long ones tell of several things; how sure the matter is weighs against both.
	out = append(out, o.known, length, short, length*out[0], length*out[4], short*out[4])
	for _, name := range routes.names {
		hits := 0.0
		for _, w := range routes.Cues[name] {
			if strings.Contains(folded, w) {
				hits++
			}
		}
		out = append(out, min(hits, 2))
	}
	return out
}

// shape describes margins without saying whose they are: how good the best is, and how far ahead.
func shape(scores []float64, temperature float64) []float64 {
	sorted := slices.Clone(scores)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	p := learn.Softmax(sorted, temperature)
	spread := 0.0
	for _, x := range p {
		spread -= x * math.Log(x+1e-12)
	}
	at := func(list []float64, i int) float64 { return list[min(i, len(list)-1)] }
	three := at(p, 0) + at(p, 1) + at(p, 2)
	odds := math.Log((at(p, 0) + 1e-3) / (1 - at(p, 0) + 1e-3)) // tells .95 from .99 as clearly as .5 from .8
	return []float64{at(sorted, 0), at(sorted, 0) - at(sorted, 1), at(p, 0), spread, odds, max(odds-2, 0), max(at(sorted, 0)+0.3, 0),
		at(sorted, 1), at(sorted, 1) - at(sorted, 2), at(sorted, 3), at(p, 1), three}
}

// route gives the probability of every kind and the kind to act on: the matter, unless another is likelier than its
// limit allows.
func (r *router) route(text string, x []float64) (map[string]float64, string) {
	out := make(map[string]float64, len(r.Kinds))
	folded := zh.Fold(text)
	for kind, list := range routes.Sure {
		for _, w := range list {
			if strings.Contains(folded, w) {
				return map[string]float64{kind: 1}, kind
			}
		}
	}
	probabilities, err := r.Logit.Predict(x)
	if err != nil { // models of one brain are trained together and always fit
		return map[string]float64{kindMatter: 1}, kindMatter
	}
	best, excess := kindMatter, 1.0
	for k, p := range probabilities {
		out[r.Kinds[k]] = p
		if r.Kinds[k] != kindMatter && p/r.Limits[k] >= excess {
			best, excess = r.Kinds[k], p/r.Limits[k]
		}
	}
	return out, best
}

// thin is the share of matters the router learns from; there are plenty, and each counts for as many more.
const thin = 4

// trainRouter learns from held-out opinions. Kinds with few examples count for more, though not in full proportion.
func trainRouter(kinds []string, lessons []lesson, signals [][]float64) (*router, error) {
	count := map[string]int{}
	for _, l := range lessons {
		count[l.kind]++
	}
	var points []learn.Point
	seen := 0
	for i, l := range lessons {
		if l.bare {
			continue
		}
		weight := math.Sqrt(float64(len(lessons)) / float64(len(kinds)*count[l.kind]))
		if l.kind == kindMatter {
			if seen++; seen%thin != 0 && count[kindMatter] > 1000 {
				continue
			}
			if count[kindMatter] > 1000 {
				weight *= thin
			}
		}
		points = append(points, learn.Point{X: signals[i], Class: slices.Index(kinds, l.kind), Weight: weight})
	}
	logit, err := learn.TrainLogit(points, len(kinds))
	if err != nil {
		return nil, err
	}
	r := &router{Kinds: kinds, Logit: logit, Limits: make([]float64, len(kinds))}
	return r, r.setLimits(points)
}

// setLimits spends the budget of mistakes: each kind's limit is the probability that only so many matters exceed.
func (r *router) setLimits(points []learn.Point) error {
	of := make([][]float64, len(r.Kinds))
	matter := slices.Index(r.Kinds, kindMatter)
	for _, p := range points {
		if p.Class != matter {
			continue
		}
		probabilities, err := r.Logit.Predict(p.X)
		if err != nil {
			return err
		}
		for k, x := range probabilities {
			of[k] = append(of[k], x)
		}
	}
	for k, list := range of {
		r.Limits[k] = 0.5
		budget, ok := routes.Budget[r.Kinds[k]]
		if !ok || len(list) < 200 {
			continue
		}
		slices.Sort(list)
		r.Limits[k] = min(max(list[len(list)-1-int(budget*float64(len(list)))], 0.05), 0.9)
	}
	return nil
}
