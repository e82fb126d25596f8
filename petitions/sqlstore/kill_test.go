package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/petitions"
)

// The test binary is its own child: with these set it imports, and does nothing else.
const (
	childFile = "GANWEN_IMPORT_FILE"
	childDB   = "GANWEN_IMPORT_DB"
)

func TestMain(m *testing.M) {
	if os.Getenv(childFile) != "" {
		if err := importChild(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func importChild() error {
	ctx := context.Background()
	s, err := Open(ctx, os.Getenv(childDB))
	if err != nil {
		return err
	}
	defer s.Close()
	f, err := os.Open(os.Getenv(childFile))
	if err != nil {
		return err
	}
	defer f.Close()
	key, err := petitions.NewSealer(bytes.Repeat([]byte{1}, petitions.KeySize))
	if err != nil {
		return err
	}
	im := &petitions.Importer{Store: s, Originals: s, Sealer: key, Source: "12345", Batch: 20}
	_, err = im.File(ctx, f, "in.jsonl")
	return err
}

const killRows = 6000

// writeRows writes petitions of which some carry personal data.
func writeRows(t testing.TB, path string, n int) {
	f, err := os.Create(path)
	require.NoError(t, err)
	for i := range n {
		_, err = fmt.Fprintf(f, `{"id":"k%07d","title":"第%d件","text":"我叫王桂香，电话1390000%04d，反映第%d号路口的红绿灯坏了，早晚高峰很危险，请交警尽快来修。","time":"2025-%02d-%02d 09:00","姓名":"张三%d"}`+"\n",
			i, i, i%10000, i, i%12+1, i%28+1, i%50)
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
}

// TestKilledImport kills an import 50 times at random moments, each time going on with the same file, and looks after each
// death that what is kept is whole; in the end every petition is there, once, with its original.
func TestKilledImport(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	dir := t.TempDir()
	file, db := filepath.Join(dir, "in.jsonl"), filepath.Join(dir, "petitions.db")
	writeRows(t, file, killRows)
	r := rand.New(rand.NewPCG(9, 50))
	kills, finished, most := 0, 0, 0
	for kills < 50 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childFile+"="+file, childDB+"="+db)
		var stderr bytes.Buffer
		child.Stderr = &stderr
		require.NoError(t, child.Start())
		done := make(chan error, 1)
		go func() { done <- child.Wait() }()
		select {
		case err := <-done: // it came to the end before it could be killed: begin again
			require.NoError(t, err, stderr.String())
			require.Equal(t, killRows, whole(t, db), "a finished import has lost something")
			finished++
			removeDB(t, db)
			most = 0
		case <-time.After(time.Duration(20+r.IntN(220)) * time.Millisecond):
			require.NoError(t, child.Process.Kill())
			var died *exec.ExitError
			if err := <-done; err == nil || !errors.As(err, &died) {
				continue // finished in that very moment
			}
			kills++
			n := whole(t, db)
			require.GreaterOrEqual(t, n, most, "what was kept was lost")
			most = n
		}
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+file, childDB+"="+db)
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, killRows, whole(t, db))
	t.Logf("killed %d times, %d imports ended before", kills, finished)
}

func removeDB(t *testing.T, db string) {
	names, err := filepath.Glob(db + "*")
	require.NoError(t, err)
	for _, n := range names {
		require.NoError(t, os.Remove(n))
	}
}

// whole counts petitions, and checks each: kept once, redacted, its original there and readable.
func whole(t *testing.T, db string) int {
	s, err := Open(t.Context(), db)
	require.NoError(t, err)
	defer s.Close()
	key, err := petitions.NewSealer(bytes.Repeat([]byte{1}, petitions.KeySize))
	require.NoError(t, err)
	seen := map[string]bool{}
	for r, err := range s.Each(t.Context(), petitions.Filter{}) {
		require.NoError(t, err)
		id := r.Petition.ID
		require.False(t, seen[id], "%s is kept twice", id)
		seen[id] = true
		if len(seen)%40 != 0 {
			continue
		}
		require.NotContains(t, r.Petition.Text, "王桂香")
		o, err := s.Original(t.Context(), "12345", id)
		require.NoError(t, err)
		plain, err := key.Open(o)
		require.NoError(t, err)
		require.True(t, strings.Contains(string(plain), id))
	}
	var missing int
	require.NoError(t, s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM petitions p WHERE NOT EXISTS
		(SELECT 1 FROM originals o WHERE o.source = p.source AND o.id = p.id)`).Scan(&missing))
	require.Zero(t, missing, "petitions without their original")
	return len(seen)
}

// BenchmarkImport imports petitions of some length into an empty file; report rows a second.
func BenchmarkImport(b *testing.B) {
	dir := b.TempDir()
	file := filepath.Join(dir, "in.jsonl")
	const n = 20000
	writeRows(b, file, n)
	key, err := petitions.NewSealer(bytes.Repeat([]byte{1}, petitions.KeySize))
	require.NoError(b, err)
	for i := 0; b.Loop(); i++ {
		s, err := Open(b.Context(), filepath.Join(dir, fmt.Sprint(i, ".db")))
		require.NoError(b, err)
		f, err := os.Open(file)
		require.NoError(b, err)
		_, err = (&petitions.Importer{Store: s, Originals: s, Sealer: key, Source: "12345"}).File(b.Context(), f, "in.jsonl")
		require.NoError(b, err)
		require.NoError(b, f.Close())
		require.NoError(b, s.Close())
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}
