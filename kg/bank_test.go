package kg

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The split must never move: a row that changes sides would let a later model train on what an earlier one reported.
func TestDevIsFixed(t *testing.T) {
	for query, want := range map[string]bool{
		"我要上访": false, "jicheng公证要带什么": true, "": false,
		"身份证": true, "护照": true, "居住证": false,
	} {
		require.Equal(t, want, Dev(query), query)
	}
	n := 0
	for i := range 5000 {
		if Dev(fmt.Sprintf("问 %d", i)) {
			n++
		}
	}
	require.InDelta(t, 1000, n, 90, "about a fifth")
}
