package assistant

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"ganwen/search/learn"
	"ganwen/search/zh"
)

// callTypes tells the types of calls apart: a small linear model of openings (data/desk-openings.json) whose features are
// words and cues, corrected by rules where a convention decides.
type callTypes struct {
	words *deskWords
	model *learn.Model
}

// typeGuess is the type of a call with its probability.
type typeGuess struct {
	value string
	p     float64
	why   string
	all   map[string]float64
}

func (g typeGuess) guess(value string) float64 { return g.all[value] }

// trainCallTypes learns the openings.
func trainCallTypes(w *deskWords) (*callTypes, error) {
	raw, err := dataFiles.ReadFile("data/desk-openings.json")
	if err != nil {
		return nil, fmt.Errorf("assistant: desk openings: %w", err)
	}
	openings := map[string][]string{}
	if err := json.Unmarshal(raw, &openings); err != nil {
		return nil, fmt.Errorf("assistant: desk openings: %w", err)
	}
	t := &callTypes{words: w}
	var ex []learn.Example
	for _, kind := range slices.Sorted(maps.Keys(openings)) {
		for _, text := range openings[kind] {
			ex = append(ex, learn.Example{Text: zh.Fold(text), Label: kind})
		}
	}
	t.model, err = learn.Train(context.Background(), ex, learn.Config{Chars: 3, Pinyin: -1, Words: 2, ExpandWeight: 1.2, Seed: 1, Expand: t.cues})
	if err != nil {
		return nil, fmt.Errorf("assistant: train call types: %w", err)
	}
	return t, nil
}

// cues names the groups of cues a text holds, and those it lacks, and their pairs.
func (t *callTypes) cues(text string) []string {
	var has []string
	for _, name := range slices.Sorted(maps.Keys(t.words.cues)) {
		if t.words.hears(name, text) {
			has = append(has, name)
		}
	}
	out := slices.Clone(has)
	for i, a := range has {
		for _, b := range has[i+1:] {
			out = append(out, a+"+"+b)
		}
	}
	return out
}

// decide weighs the first words, the whole call, and what the classifier of petitions thinks of its purpose.
func (t *callTypes) decide(h *hearing, danger bool) typeGuess {
	all := map[string]float64{}
	add := func(text string, weight float64) {
		for _, s := range t.model.Predict(zh.Fold(text), nil, 0) {
			all[s.Label] += weight * s.P
		}
	}
	add(h.said, 0.5)
	add(h.talk.need(), 0.5)
	t.weighPurpose(all, h.read.Purposes)
	folded := zh.Fold(h.said)
	g := typeGuess{all: all}
	for kind, cue := range actCues { // what he says he does
		if t.words.hears(cue, folded) {
			all[kind] += actWeight
		}
	}
	all[CallQuestion] += readingWeight * h.reading.Kinds["matter"] * h.reading.top().Score
	all[CallComplaint] += readingWeight * h.reading.Kinds["complaint"]
	if t.words.hears("anonymous", folded) && all[CallQuestion] < 0.5 {
		all[CallReport] += 0.6
	}
	if danger && all[CallQuestion] < 0.6 {
		all[CallHelp] += 0.8
	}
	if !danger && !t.words.hears("danger", folded) && !t.words.hears("need", folded) {
		all[CallHelp] *= 0.4 // a fault is not a danger
	}
	total := 0.0
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		total += all[kind]
		if g.value == "" || all[kind] > all[g.value] {
			g.value = kind
		}
	}
	for kind := range all {
		all[kind] /= total
	}
	g.p = all[g.value]
	g.why = t.why(g.value, h.said)
	return g
}

// actCues are the cues of a caller who names his act.
var actCues = map[string]string{CallQuestion: "act_question", CallComplaint: "act_complaint", CallReport: "act_report", CallAdvice: "act_advice"}

// How much the caller's own name for his act counts, and what the guide reads in his words.
const (
	actWeight     = 0.35
	readingWeight = 0.4
)

// purposeWeight is how much the purpose a petition's classifier sees counts against the openings.
const purposeWeight = 0.5

func (t *callTypes) weighPurpose(all, purposes map[string]float64) {
	all[CallQuestion] += purposeWeight * purposes["咨询"]
	all[CallAdvice] += purposeWeight * purposes["建议意见"]
	all[CallReport] += purposeWeight * purposes["检举控告"]
	if p := purposes["申诉求决"]; p > 0 { // an appeal may be any of three: shared as the openings say
		rest := all[CallComplaint] + all[CallReport] + all[CallHelp]
		for _, kind := range []string{CallComplaint, CallReport, CallHelp} {
			if rest > 0 {
				all[kind] += purposeWeight * p * all[kind] / rest
			}
		}
	}
}

// typeCues are the cues whose sentence shows a type.
var typeCues = map[string][]string{CallQuestion: {"question"}, CallHelp: {"danger", "need"}, CallAdvice: {"advice"},
	CallComplaint: {"fault", "own_loss"}, CallReport: {"anonymous", "unlawful"}}

// why is the caller's sentence that shows the type.
func (t *callTypes) why(kind, said string) string {
	folded := zh.Fold(said)
	for _, name := range typeCues[kind] {
		for _, p := range t.words.cues[name] {
			if s, ok := p.match(folded); ok {
				return s
			}
		}
	}
	return ""
}
