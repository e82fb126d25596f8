package petitions

import (
	"cmp"
	"maps"
	"slices"
)

// neighbours finds what a petition should be compared with: few of the county's petitions all, many only those that share
// something rare, or township and class.
type neighbours struct {
	background *Background
	small      int               // up to so many petitions of a county every one is compared
	of         func(int) *traits // a petition by its number; nil when it has left
	all        []int
	county     map[string][]int
	kin        map[string][]int
	rare       map[rareKey][]int // made when it is asked for: most counties stay small
	indexed    map[string]int    // county → how many of its petitions are in rare
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

func newNeighbours(b *Background, small int, of func(int) *traits) *neighbours {
	return &neighbours{background: b, small: small, of: of, county: map[string][]int{}, kin: map[string][]int{},
		rare: map[rareKey][]int{}, indexed: map[string]int{}}
}

func (n *neighbours) add(i int, r *traits) {
	n.all = append(n.all, i)
	n.county[r.county] = append(n.county[r.county], i)
	n.kin[r.kin()] = append(n.kin[r.kin()], i)
}

// index brings the rare n-grams of a county's petitions, or of all, up to date.
func (n *neighbours) index(county string, list []int) {
	for _, i := range list[n.indexed[county]:] {
		r := n.of(i)
		if r == nil {
			continue
		}
		for _, g := range r.grams {
			if n.background.isRare(g.hash) {
				k := rareKey{county, g.hash}
				n.rare[k] = append(n.rare[k], i)
			}
		}
	}
	n.indexed[county] = len(list)
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
			n.index(c, list)
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
