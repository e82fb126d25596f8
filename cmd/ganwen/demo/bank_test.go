package demo

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search/zh"
)

// plain is an utterance without punctuation, blanks, width and case: two that agree in it are one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, zh.Fold(s))
}

func TestBank(t *testing.T) {
	c := load(t)
	count, first := map[string]int{}, map[string]string{}
	for _, q := range c.Bank {
		require.NotNil(t, c.Matter(q.Code), q.Query)
		require.NotEmpty(t, q.Style, q.Query)
		p := plain(q.Query)
		require.NotEmpty(t, p, q.Query)
		require.Empty(t, first[p], "twice: %s (%s)", q.Query, q.Code)
		first[p] = q.Code
		count[q.Code]++
	}
	for _, m := range c.Matters {
		require.GreaterOrEqual(t, count[m.Code], 80, m.Code)
	}
}

// TestFirstBankHoldsNoDevRow needs no shared data: the first bank is the one the development fifth was taken from.
func TestFirstBankHoldsNoDevRow(t *testing.T) {
	f, err := Files().Open("bank/first.jsonl")
	require.NoError(t, err)
	defer f.Close()
	n := 0
	for q := range rows[kg.Question](t, f) {
		require.False(t, kg.Dev(q.Query), q.Query)
		n++
	}
	require.Greater(t, n, 4000)
	for _, u := range load(t).Others {
		require.False(t, kg.Dev(u.Query+strings.Join(u.Turns, "\n")), u.Query)
	}
}

// TestNoDevRowInAnyBank reads the development rows themselves where they are at hand.
func TestNoDevRowInAnyBank(t *testing.T) {
	f, err := os.Open(shared(t, "data/sample/queries.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	dev := map[string]bool{}
	for q := range rows[kg.Question](t, f) {
		if kg.Dev(q.Query) {
			dev[plain(q.Query)] = true
		}
	}
	require.Greater(t, len(dev), 1000)
	for _, q := range load(t).Bank {
		require.False(t, dev[plain(q.Query)], "a development row in the bank: %s", q.Query)
	}
}

func rows[T any](t *testing.T, f fs.File) func(func(T) bool) {
	return func(yield func(T) bool) {
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var v T
			require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
			if !yield(v) {
				return
			}
		}
		require.NoError(t, lines.Err())
	}
}
