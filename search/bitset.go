package search

import (
	"math/bits"
	"slices"
)

// bitset marks rows; the nil bitset marks none.
type bitset []uint64

func (b bitset) has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) set(i int) { b[i>>6] |= 1 << (i & 63) }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// clone gives a copy with room for n rows.
func (b bitset) clone(n int) bitset {
	if b == nil {
		return make(bitset, (n+63)/64)
	}
	return slices.Clone(b)
}
