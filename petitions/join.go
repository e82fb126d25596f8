package petitions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"ganwen/kg"
)

// Joiner finds petitions about one underlying matter: the same wrong by the same body in one place (归并). Place, body and
// object decide; likeness of words only helps. It is safe for concurrent use.
type Joiner struct {
	regions    *kg.Regions
	background *Background
	words      *lexicon
	towns      map[string][]town // of a county
	places     sync.Map          // code → *placeWords
	weights    [measures]float64
	threshold  float64
}

// NewJoiner makes a joiner. regions may be nil: then a place counts only where an item carries its code. background may be
// nil: then every word counts the same. No weights mean those built in.
func NewJoiner(regions *kg.Regions, background *Background, weights Weights) (*Joiner, error) {
	words, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	if weights == nil {
		weights = words.weights
	}
	if background == nil {
		background = NewBackground(nil)
	}
	j := &Joiner{regions: regions, background: background, words: words, threshold: weights["threshold"]}
	for i, name := range measureNames {
		j.weights[i] = weights[name]
	}
	j.towns = townsOf(regions)
	return j, nil
}

type town struct{ code, name, short string }

// townsOf lists the townships of each county by what people call them.
func townsOf(g *kg.Regions) map[string][]town {
	out := map[string][]town{}
	if g == nil {
		return out
	}
	for _, r := range g.All() {
		short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(r.Name, "镇"), "乡"), "街道"), "办事处")
		if r.Level == "town" && len([]rune(short)) >= 2 {
			out[r.Parent] = append(out[r.Parent], town{r.Code, r.Name, short})
		}
	}
	return out
}

// Weights are the weights in use.
func (j *Joiner) Weights() Weights {
	out := Weights{"threshold": j.threshold}
	for i, name := range measureNames {
		out[name] = j.weights[i]
	}
	return out
}

// odds are the log-odds that two petitions are about one matter.
func (j *Joiner) odds(p *pair) float64 {
	sum := 0.0
	for i, x := range p.x {
		sum += x * j.weights[i]
	}
	return sum
}

// total is the odds, but for proper names that speak against it.
func (j *Joiner) total(p *pair) float64 {
	switch {
	case p.x[mCopy] == 1 || p.x[mPerson] == 1:
	case p.rival:
		return never
	case p.x[mOther] == 1:
		return clashing
	}
	return j.odds(p)
}

// Link says why two petitions are taken for one matter.
type Link struct {
	A       string   `json:"a"`
	B       string   `json:"b"`
	P       float64  `json:"p"`
	Reasons []Reason `json:"reasons"`
}

// Group is a set of petitions about one matter, by their places in the list that was joined. A petition that stands alone
// is a group of one.
type Group struct {
	ID      string `json:"id"`
	Members []int  `json:"members"`
	Links   []Link `json:"links"` // for each member but the first, its strongest tie to another
}

// never is the odds of two petitions that cannot be about one matter.
const never = -50

// clashing is the odds of two petitions that each name a body of one kind, and none in common. It outweighs some likely
// pairs in an average, not all: a text may name a neighbour as well.
const clashing = -8

// Join groups petitions. Every item is in one group, groups come in the order of their first members, and the same items
// give the same groups in whatever order they are listed, but for ties.
func (j *Joiner) Join(items []Item) []Group {
	reads := j.readAll(items)
	ties := j.ties(reads)
	groups := clusters(len(items), ties, j.threshold)
	out := make([]Group, 0, len(groups))
	for _, members := range groups {
		out = append(out, Group{ID: groupID(items, members), Members: members, Links: j.links(reads, members, ties)})
	}
	return out
}

// readAll reads on all processors.
func (j *Joiner) readAll(items []Item) []*traits {
	out := make([]*traits, len(items))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(items); i = int(next.Add(1)) - 1 {
				out[i] = j.read(items[i])
			}
		})
	}
	wg.Wait()
	return out
}

// ties holds the odds of all pairs that were compared, the smaller index first.
type ties map[[2]int]float64

func (t ties) of(a, b int) (float64, bool) {
	if a > b {
		a, b = b, a
	}
	o, ok := t[[2]int{a, b}]
	return o, ok
}

// ties compares every petition with those it may belong to.
func (j *Joiner) ties(reads []*traits) ties {
	out := ties{}
	index := newNeighbours(j.background, 600, func(i int) *traits { return reads[i] })
	for i, r := range reads {
		for _, k := range index.near(r) {
			p, ok := j.compare(reads[k], r)
			if !ok {
				continue
			}
			out[[2]int{k, i}] = j.total(&p)
		}
		index.add(i, r)
	}
	return out
}

// groupID names a group by its first member, so that it keeps its name as it grows.
func groupID(items []Item, members []int) string {
	first := items[members[0]]
	key := first.ID
	if key == "" {
		key = fmt.Sprint(members[0], first.Title, first.Text)
	}
	sum := sha256.Sum256([]byte(key))
	return "EV-" + hex.EncodeToString(sum[:5])
}

// links finds each member's strongest tie within its group.
func (j *Joiner) links(reads []*traits, members []int, t ties) []Link {
	var out []Link
	for n, b := range members {
		best, with := math.Inf(-1), -1
		for m, a := range members {
			if m == n {
				continue
			}
			if o, ok := t.of(a, b); ok && o > best {
				best, with = o, a
			}
		}
		if n > 0 && with >= 0 {
			p, _ := j.compare(reads[with], reads[b])
			out = append(out, Link{A: reads[with].item.ID, B: reads[b].item.ID, P: sigmoid(best), Reasons: j.reasons(&p, reads[with], reads[b])})
		}
	}
	return out
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// JoinAnalyzed sets the event of each analysis; the analyses stand in the order of the petitions. It is the Join of a
// Config. A petition that stands alone gets no event.
func (j *Joiner) JoinAnalyzed(ctx context.Context, list []Petition, found []Analysis) error {
	items := make([]Item, len(list))
	for i := range list {
		items[i] = ItemOf(&list[i], &found[i])
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, g := range j.Join(items) {
		if len(g.Members) < 2 {
			continue
		}
		for _, m := range g.Members {
			found[m].Event = Optional(g.ID)
		}
	}
	return nil
}

// ItemOf is a petition as joining sees it, with what its analysis says.
func ItemOf(p *Petition, x *Analysis) Item {
	it := Item{ID: p.Source + "/" + p.ID, Title: p.Title, Text: p.Text, Channel: p.Channel, Time: p.Time, Person: p.Person, People: p.People,
		Place: x.Facts.Place, Path: x.Class.Path}
	if p.Source == "" {
		it.ID = p.ID
	}
	if len(x.Class.Path) > 0 {
		it.Classes = append([]Guess{{Value: x.Class.Path[0], Confidence: x.Class.Confidence}}, x.Class.Alternatives...)
	}
	return it
}
