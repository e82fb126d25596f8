package petitions

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search/learn"
)

// held reports whether an event, or a petition without one, belongs to the fifth that nothing is trained on.
func held(e Example) bool {
	key := string(e.Label.Event)
	if key == "" {
		key = e.ID
	}
	sum := sha256.Sum256([]byte(key))
	return binary.BigEndian.Uint64(sum[:8])%5 == 0
}

func samplePetitions(t testing.TB, files ...string) []Example {
	var out []Example
	for _, name := range files {
		f, err := os.Open(name)
		require.NoError(t, err)
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var e Example
			require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
			out = append(out, e)
		}
	}
	return out
}

func divisions(t testing.TB) *kg.Regions {
	g, err := kg.Divisions()
	require.NoError(t, err)
	return g
}

// guessed gives each petition the classes a model guesses that has seen neither it nor its event.
func guessed(t testing.TB, all []Example) [][]Guess {
	out := make([][]Guess, len(all))
	const folds = 4
	fold := func(e Example) int {
		key := string(e.Label.Event)
		if key == "" {
			key = e.ID
		}
		sum := sha256.Sum256([]byte("fold" + key))
		return int(sum[0]) % folds
	}
	for f := range folds {
		var train []learn.Example
		for _, e := range all {
			if fold(e) != f {
				train = append(train, learn.Example{Text: e.Whole(), Label: e.Label.Domain})
			}
		}
		m, err := learn.Train(context.Background(), train, learn.Config{Pinyin: -1, Folds: 3})
		require.NoError(t, err)
		for i, e := range all {
			if fold(e) == f {
				for _, s := range m.Predict(e.Whole(), nil, 5) {
					out[i] = append(out[i], Guess{Value: s.Label, Confidence: s.P})
				}
			}
		}
	}
	return out
}

func domainModel(t testing.TB, all []Example) *learn.Model {
	var train []learn.Example
	for _, e := range all {
		train = append(train, learn.Example{Text: e.Whole(), Label: e.Label.Domain})
	}
	m, err := learn.Train(context.Background(), train, learn.Config{Pinyin: -1, Folds: 3})
	require.NoError(t, err)
	return m
}

func itemsOf(all []Example, g *kg.Regions, classes [][]Guess) (items []Item, events []string) {
	for i, e := range all {
		it := Item{ID: e.ID, Title: e.Title, Text: e.Text, Channel: e.Channel, Time: e.Time, Person: e.Person, People: e.People}
		if rs := g.Find(e.Place); len(rs) > 0 && len(rs[len(rs)-1].Candidates) == 1 {
			it.Place = rs[len(rs)-1].Candidates[0].Code
		}
		if classes != nil {
			it.Classes = classes[i]
		}
		items, events = append(items, it), append(events, string(e.Label.Event))
	}
	return items, events
}

// joinScore is precision, recall and F1 over pairs and B-cubed.
type joinScore struct{ P, R, F, BP, BR, BF float64 }

func (s joinScore) String() string {
	return fmt.Sprintf("pairs P %.3f R %.3f F1 %.3f, B3 P %.3f R %.3f F1 %.3f", s.P, s.R, s.F, s.BP, s.BR, s.BF)
}

func scoreJoin(groups []Group, events []string) joinScore {
	got := make([]string, len(events))
	for _, g := range groups {
		for _, m := range g.Members {
			got[m] = g.ID
		}
	}
	want := make([]string, len(events))
	for i, e := range events {
		if want[i] = e; e == "" {
			want[i] = fmt.Sprint("alone ", i)
		}
	}
	var tp, fp, fn, bp, br float64
	for i := range got {
		var same, g, w float64
		for k := range got {
			a, b := got[i] == got[k], want[i] == want[k]
			switch {
			case a && b:
				same++
			case a && i < k:
				fp++
			case b && i < k:
				fn++
			}
			if a && b && i < k {
				tp++
			}
			if a {
				g++
			}
			if b {
				w++
			}
		}
		bp, br = bp+same/g, br+same/w
	}
	n := float64(len(got))
	f := func(p, r float64) float64 { return 2 * p * r / max(p+r, 1e-9) }
	s := joinScore{P: tp / max(tp+fp, 1), R: tp / max(tp+fn, 1), BP: bp / n, BR: br / n}
	s.F, s.BF = f(s.P, s.R), f(s.BP, s.BR)
	return s
}

// fold parts examples by event, or by id where there is none.
func foldOf(e Example, salt string, n int) int {
	key := string(e.Label.Event)
	if key == "" {
		key = e.ID
	}
	sum := sha256.Sum256([]byte(salt + key))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(n))
}

func TestFitJoinOnSample(t *testing.T) {
	if os.Getenv("GANWEN_FIT") == "" {
		t.Skip("set GANWEN_FIT=1 to learn the weights anew")
	}
	g := divisions(t)
	all := samplePetitions(t, shared(t, "sample", "petitions-a.jsonl"), shared(t, "sample", "petitions-b.jsonl"))
	more := samplePetitions(t, os.Getenv("GANWEN_EXTRA"))
	items, events := itemsOf(all, g, guessed(t, all))
	model := domainModel(t, all)
	classes := make([][]Guess, len(more))
	for i, e := range more {
		for _, s := range model.Predict(e.Whole(), nil, 5) {
			classes[i] = append(classes[i], Guess{Value: s.Label, Confidence: s.P})
		}
	}
	xi, xe := itemsOf(more, g, classes)
	set := map[string][]int{}
	var texts []string
	for i, e := range all {
		if held(e) {
			set["dev"] = append(set["dev"], i)
		} else {
			set["train"], texts = append(set["train"], i), append(texts, e.Whole())
		}
	}
	n := len(items)
	items, events = append(items, xi...), append(events, xe...)
	county := map[string]int{} // near-misses stay with their event
	for _, e := range more {
		if e.Label.Event != "" {
			county[string([]rune(e.Place)[:9])] = foldOf(e, "x", 2)
		}
	}
	for i, e := range more {
		half := "extra1"
		if county[string([]rune(e.Place)[:9])] == 0 {
			half = "extra0"
		}
		set[half] = append(set[half], n+i)
	}
	pick := func(names ...string) (it []Item, ev []string) {
		for _, name := range names {
			for _, i := range set[name] {
				it, ev = append(it, items[i]), append(ev, events[i])
			}
		}
		return it, ev
	}
	bg := NewBackground(texts)
	j, err := NewJoiner(g, bg, nil)
	require.NoError(t, err)
	for _, th := range []float64{-2, -1.5, -1.2, -1, -.5} {
		w := Weights{}
		for k, v := range j.words.weights {
			w[k] = v
		}
		w["threshold"] = th
		j2, err := NewJoiner(g, bg, w)
		require.NoError(t, err)
		line := fmt.Sprintf("kept %4.1f", th)
		for _, name := range []string{"train", "dev", "extra0", "extra1"} {
			it, ev := pick(name)
			s := scoreJoin(j2.Join(it), ev)
			line += fmt.Sprintf(" | %s %.3f/%.3f=%.3f B3 %.3f", name, s.P, s.R, s.F, s.BF)
		}
		t.Log(line)
	}
	if os.Getenv("GANWEN_FIT") != "2" {
		return
	}
	for _, sets := range [][]string{{"train"}, {"train", "extra0"}, {"train", "extra1"}, {"train", "extra0", "extra1"}} {
		w := j.FitJoin(pick(sets...))
		b, _ := json.Marshal(w)
		t.Logf("fit on %v: %s", sets, b)
		for _, th := range []float64{-2, -1.5, -1, -.5, 0, .5, 1} {
			w["threshold"] = th
			j2, err := NewJoiner(g, bg, w)
			require.NoError(t, err)
			line := fmt.Sprintf("threshold %4.1f", th)
			for _, name := range []string{"train", "dev", "extra0", "extra1"} {
				it, ev := pick(name)
				s := scoreJoin(j2.Join(it), ev)
				line += fmt.Sprintf(" | %s %.3f/%.3f=%.3f B3 %.3f", name, s.P, s.R, s.F, s.BF)
			}
			t.Log(line)
			if th == -1 && os.Getenv("GANWEN_WRONG") == fmt.Sprint(len(sets)) {
				for _, name := range []string{"dev", "extra0", "extra1"} {
					it, ev := pick(name)
					wrong(t, j2, it, ev)
				}
			}
		}
	}
}

// wrong shows what was joined or parted wrongly.
func wrong(t *testing.T, j *Joiner, items []Item, events []string) {
	for _, g := range j.Join(items) {
		kinds := map[string]bool{}
		for _, m := range g.Members {
			kinds[events[m]+map[bool]string{true: items[m].ID}[events[m] == ""]] = true
		}
		if len(kinds) > 1 {
			for _, m := range g.Members {
				t.Logf("JOINED %s %s %s %q %.70q", g.ID, items[m].ID, events[m], items[m].Title, items[m].Text)
			}
		}
	}
	group := map[string]map[string][]int{}
	for _, g := range j.Join(items) {
		for _, m := range g.Members {
			if events[m] != "" {
				if group[events[m]] == nil {
					group[events[m]] = map[string][]int{}
				}
				group[events[m]][g.ID] = append(group[events[m]][g.ID], m)
			}
		}
	}
	for e, gs := range group {
		if len(gs) > 1 {
			for id, ms := range gs {
				for _, m := range ms {
					t.Logf("PARTED %s %s %s %s %q %.70q", e, id, items[m].ID, items[m].Place, items[m].Title, items[m].Text)
				}
			}
		}
	}
}
