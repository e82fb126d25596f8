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

func TestFitJoinOnSample(t *testing.T) {
	if os.Getenv("GANWEN_FIT") == "" {
		t.Skip("set GANWEN_FIT=1 to learn the weights anew")
	}
	g := divisions(t)
	all := samplePetitions(t, shared(t, "sample", "petitions-a.jsonl"), shared(t, "sample", "petitions-b.jsonl"))
	items, events := itemsOf(all, g, guessed(t, all))
	var train, dev []int
	var texts []string
	for i, e := range all {
		if held(e) {
			dev = append(dev, i)
		} else {
			train, texts = append(train, i), append(texts, e.Whole())
		}
	}
	pickI := func(ids []int) (it []Item, ev []string) {
		for _, i := range ids {
			it, ev = append(it, items[i]), append(ev, events[i])
		}
		return it, ev
	}
	bg := NewBackground(texts)
	j, err := NewJoiner(g, bg, nil)
	require.NoError(t, err)
	it, ev := pickI(train)
	w := j.FitJoin(it, ev)
	b, _ := json.Marshal(w)
	t.Logf("weights %s", b)
	di, de := pickI(dev)
	for _, th := range []float64{-2, -1.5, -1, -.5, 0, .5, 1} {
		w["threshold"] = th
		j, err = NewJoiner(g, bg, w)
		require.NoError(t, err)
		t.Logf("threshold %4.1f train %s | dev %s", th, scoreJoin(j.Join(it), ev), scoreJoin(j.Join(di), de))
	}
	w["threshold"] = -.5
	j, _ = NewJoiner(g, bg, w)
	for _, set := range [][]int{train, dev} {
		it, ev = pickI(set)
		wrong(t, j, it, ev)
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
