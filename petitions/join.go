package petitions

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
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

type town struct{ code, short string }

// townsOf lists the townships of each county by what people call them.
func townsOf(g *kg.Regions) map[string][]town {
	out := map[string][]town{}
	if g == nil {
		return out
	}
	for _, r := range g.All() {
		short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(r.Name, "镇"), "乡"), "街道"), "办事处")
		if r.Level == "town" && len([]rune(short)) >= 2 {
			out[r.Parent] = append(out[r.Parent], town{r.Code, short})
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

// total is the odds, or never where proper names forbid it.
func (j *Joiner) total(p *pair) float64 {
	if p.x[mOther] == 1 && p.x[mCopy] == 0 && p.x[mPerson] == 0 {
		return never
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
	index := newNeighbours(j.background, 600)
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

// clusters joins by average link: the two groups whose members tie most on average come together first, until none tie
// more than the threshold. Pairs that were not compared count as unlikely.
func clusters(n int, t ties, threshold float64) [][]int {
	group := make([]int, n)
	members := make([][]int, n)
	sums := make([]map[int]float64, n) // group → group → sum of odds
	for i := range n {
		group[i], members[i], sums[i] = i, []int{i}, map[int]float64{}
	}
	for pair, o := range t {
		sums[pair[0]][pair[1]], sums[pair[1]][pair[0]] = o, o
	}
	average := func(a, b int) float64 { return sums[a][b] / float64(len(members[a])*len(members[b])) }
	for {
		bestA, bestB, best := -1, -1, threshold
		for a := range members {
			if members[a] == nil {
				continue
			}
			for b := range sums[a] {
				if b <= a || members[b] == nil {
					continue
				}
				if v := average(a, b); v > best || v == best && bestA >= 0 && (a < bestA || a == bestA && b < bestB) {
					bestA, bestB, best = a, b, v
				}
			}
		}
		if bestA < 0 {
			break
		}
		merge(members, sums, bestA, bestB)
	}
	return slices.DeleteFunc(members, func(m []int) bool { return m == nil })
}

// unlikely stands for a pair that shared too little to be compared.
const unlikely = -3

func merge(members [][]int, sums []map[int]float64, a, b int) {
	for c := range sums[b] {
		if _, ok := sums[a][c]; !ok && c != a {
			sums[a][c] = unlikely * float64(len(members[a])*len(members[c]))
		}
	}
	for c := range sums[a] {
		if c == b {
			continue
		}
		o, ok := sums[b][c]
		if !ok {
			o = unlikely * float64(len(members[b])*len(members[c]))
		}
		sums[a][c] += o
		sums[c][a] = sums[a][c]
		delete(sums[c], b)
	}
	delete(sums[a], b)
	members[a] = append(members[a], members[b]...)
	slices.Sort(members[a])
	members[b], sums[b] = nil, nil
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

// neighbours finds what a petition should be compared with: few of the county's petitions all, many only those that share
// something rare, or township and class.
type neighbours struct {
	background *Background
	small      int // up to so many petitions of a county every one is compared
	all        []int
	county     map[string][]int
	rare       map[rareKey][]int
	kin        map[string][]int
}

// rareKey is an n-gram in a county, or anywhere.
type rareKey struct {
	county string
	hash   uint64
}

const (
	anywhere = "*"
	kinsmen  = 60 // of a township and class, the latest
	sharers  = 40 // what more petitions share is not rare
)

func newNeighbours(b *Background, small int) *neighbours {
	return &neighbours{background: b, small: small, county: map[string][]int{}, rare: map[rareKey][]int{}, kin: map[string][]int{}}
}

func (n *neighbours) add(i int, r *traits) {
	n.all = append(n.all, i)
	n.county[r.county] = append(n.county[r.county], i)
	n.kin[r.kin()] = append(n.kin[r.kin()], i)
	for _, g := range r.grams {
		if n.background.isRare(g.hash) {
			for _, where := range []string{r.county, anywhere} {
				k := rareKey{where, g.hash}
				n.rare[k] = append(n.rare[k], i)
			}
		}
	}
}

// kin is what petitions about one matter mostly have in common.
func (r *traits) kin() string {
	if len(r.item.Classes) == 0 {
		return r.county + r.town
	}
	return r.county + r.town + r.item.Classes[0].Value
}

// isRare reports whether at most two in a thousand texts have an n-gram.
func (b *Background) isRare(h uint64) bool { return int(b.df[h])*500 <= max(b.n, 500) }

func (n *neighbours) near(r *traits) []int {
	out := slices.Clone(last(n.kin[r.kin()], kinsmen))
	where := []string{r.county, ""}
	if r.county == "" {
		where = []string{anywhere}
	}
	for _, c := range where {
		list := n.county[c]
		if c == anywhere {
			list = n.all
		}
		if len(list) > n.small {
			list = n.sharing(r, c)
		}
		out = append(out, list...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sharing lists the petitions of a county that have most rare things in common with one.
func (n *neighbours) sharing(r *traits, county string) []int {
	count := map[int]int{}
	for _, g := range r.grams {
		if n.background.isRare(g.hash) {
			if list := n.rare[rareKey{county, g.hash}]; len(list) <= sharers {
				for _, i := range list {
					count[i]++
				}
			}
		}
	}
	out := slices.Collect(maps.Keys(count))
	if len(out) > kinsmen {
		slices.SortFunc(out, func(a, b int) int { return cmp.Or(count[b]-count[a], b-a) })
		out = out[:kinsmen]
	}
	return out
}

func last(list []int, most int) []int { return list[max(0, len(list)-most):] }

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
