package petitions

import (
	"math"

	"ganwen/search/zh"
)

// Near is a petition that says almost word for word what an earlier one said: the same thing sent twice, or a copy
// campaign. Likeness is the share of their three-character pieces that both have, estimated.
type Near struct {
	Row      int     `json:"row"`
	ID       string  `json:"id"`
	Of       string  `json:"of"`
	Likeness float64 `json:"likeness"`
}

const (
	bands, perBand = 8, 4    // what is alike at .8 shares a band in 98 of 100 cases; at .5 in 40
	alike          = .7      // from here on it is told
	nearWindow     = 100_000 // the latest petitions that are compared with
	least          = 12      // characters: shorter texts are alike by chance
)

// nears finds near-duplicates among the latest petitions, by MinHash. It is not safe for concurrent use.
type nears struct {
	seeds []uint64
	ring  []nearEntry
	next  int
	bands [bands]map[uint64]int32 // → place in the ring, the latest
}

type nearEntry struct {
	id        string
	signature [bands * perBand]uint32
}

func newNears() *nears {
	n := &nears{ring: make([]nearEntry, 0, 1024)}
	x := uint64(0x9E3779B97F4A7C15)
	for range bands * perBand { // splitmix64: any fixed odd numbers will do
		x += 0x9E3779B97F4A7C15
		z := (x ^ x>>30) * 0xBF58476D1CE4E5B9
		n.seeds = append(n.seeds, (z^z>>27)*0x94D049BB133111EB|1)
	}
	for i := range n.bands {
		n.bands[i] = map[uint64]int32{}
	}
	return n
}

// signature is nil for a text too short to compare.
func (n *nears) signature(text string) *[bands * perBand]uint32 {
	var sig [bands * perBand]uint32
	for i := range sig {
		sig[i] = math.MaxUint32
	}
	r := []rune(zh.Fold(text))
	kept := r[:0]
	for _, c := range r {
		if zh.IsHan(c) || isAlnum(c) { // punctuation and blanks are what copies differ in
			kept = append(kept, c)
		}
	}
	if len(kept) < least {
		return nil
	}
	for i := 0; i+3 <= len(kept); i++ {
		base := hashOf(kept[i : i+3])
		for k, seed := range n.seeds {
			if v := uint32(base * seed >> 32); v < sig[k] {
				sig[k] = v
			}
		}
	}
	return &sig
}

// see compares a petition with the earlier ones and remembers it. ok is false when none is like it.
func (n *nears) see(id string, sig *[bands * perBand]uint32) (of string, likeness float64, ok bool) {
	if sig == nil {
		return "", 0, false
	}
	var keys [bands]uint64
	for b := range keys {
		for _, v := range sig[b*perBand : (b+1)*perBand] {
			keys[b] = keys[b]*0x100000001B3 ^ uint64(v)
		}
		at, found := n.bands[b][keys[b]]
		if !found || n.ring[at].id == id {
			continue
		}
		if l := alikeness(&n.ring[at].signature, sig); l >= alike && l > likeness {
			of, likeness, ok = n.ring[at].id, l, true
		}
	}
	n.remember(id, sig, keys)
	return of, likeness, ok
}

func alikeness(a, b *[bands * perBand]uint32) float64 {
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	return float64(same) / float64(len(a))
}

func (n *nears) remember(id string, sig *[bands * perBand]uint32, keys [bands]uint64) {
	at := n.next
	if n.next = (n.next + 1) % nearWindow; at == len(n.ring) {
		n.ring = append(n.ring, nearEntry{})
	} else { // what stood here leaves
		for b := range n.bands {
			var old uint64
			for _, v := range n.ring[at].signature[b*perBand : (b+1)*perBand] {
				old = old*0x100000001B3 ^ uint64(v)
			}
			if n.bands[b][old] == int32(at) {
				delete(n.bands[b], old)
			}
		}
	}
	n.ring[at] = nearEntry{id: id, signature: *sig}
	for b, k := range keys {
		n.bands[b][k] = int32(at)
	}
}
