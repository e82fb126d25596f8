package zh

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestWordsOffsets(t *testing.T) {
	s := "我的居住证丢了，怎么补办Ａ４紙T恤\x00\xff完"
	for _, tokens := range [][]Token{Words(s), Cut(s)} {
		r := []rune(s)
		for _, w := range tokens {
			require.Equal(t, string(r[w.Start:w.End]), w.Text)
		}
		require.Equal(t, Token{"居住证", 2, 5}, tokens[indexOf(tokens, "居住证")])
		require.GreaterOrEqual(t, indexOf(tokens, "T恤"), 0)
	}
	require.Equal(t, utf8.RuneCountInString(s), utf8.RuneCountInString(Fold(s)))
}

func indexOf(tokens []Token, text string) int {
	for i, w := range tokens {
		if w.Text == text {
			return i
		}
	}
	return -1
}
