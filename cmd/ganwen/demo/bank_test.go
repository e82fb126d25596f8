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

// said is what an utterance of any bank is told by: its query, or its turns.
func said(u kg.Utterance) string { return u.Query + strings.Join(u.Turns, "\n") }

// TestFirstBanksHoldNoDevRow needs no shared data: these are the banks the development fifth was taken from. (Rows written
// later may hash into it by chance.)
func TestFirstBanksHoldNoDevRow(t *testing.T) {
	for _, name := range []string{"bank/first.jsonl", "others.jsonl"} {
		f, err := Files().Open(name)
		require.NoError(t, err)
		defer f.Close()
		n := 0
		for u := range rows[kg.Utterance](t, f) {
			require.False(t, kg.Dev(said(u)), said(u))
			n++
		}
		require.Greater(t, n, 1000)
	}
}

// TestNoDevRowInAnyBank reads the development rows themselves where they are at hand.
func TestNoDevRowInAnyBank(t *testing.T) {
	dev := map[string]bool{}
	for _, name := range []string{"queries.jsonl", "queries-other.jsonl"} {
		f, err := os.Open(shared(t, "data/sample/"+name))
		require.NoError(t, err)
		defer f.Close()
		for u := range rows[kg.Utterance](t, f) {
			if kg.Dev(said(u)) {
				dev[plain(said(u))] = true
			}
		}
	}
	require.Greater(t, len(dev), 1400)
	c := load(t)
	for _, q := range c.Bank {
		require.False(t, dev[plain(q.Query)], "a development row in the bank: %s", q.Query)
	}
	for _, u := range c.Others {
		require.False(t, dev[plain(said(u))], "a development row among the others: %s", said(u))
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
