package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/petitions"
)

// TestMillion measures a large file: GANWEN_MILLION=1000000 go test -run Million -v ./petitions/sqlstore
func TestMillion(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("GANWEN_MILLION"))
	if err != nil {
		t.Skip("set GANWEN_MILLION to a number of petitions: takes minutes and gigabytes")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "in.jsonl")
	writeRows(t, file, n)
	s := open(t, filepath.Join(dir, "petitions.db"))
	key, err := petitions.NewSealer(bytes.Repeat([]byte{1}, petitions.KeySize))
	require.NoError(t, err)
	pass := func(ctx context.Context) (*petitions.ImportReport, error) {
		f, err := os.Open(file)
		require.NoError(t, err)
		defer f.Close()
		im := &petitions.Importer{Store: s, Originals: s, Sealer: key, Source: "12345", Batch: 1000}
		begin := time.Now()
		report, err := im.File(ctx, f, "in.jsonl")
		t.Logf("%d rows in %s: %.0f rows/s, %d new", report.Rows, time.Since(begin).Round(time.Second), float64(report.Rows)/time.Since(begin).Seconds(), report.Kept)
		return report, err
	}
	cut, cancel := context.WithTimeout(t.Context(), time.Duration(n)*15*time.Microsecond)
	defer cancel()
	first, err := pass(cut)
	require.True(t, err == nil || errors.Is(err, context.DeadlineExceeded), "%v", err)
	second, err := pass(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, first.Kept+second.Kept, n-1000, "a batch that was cut off may have been kept and not counted")

	analyseAll(t, s, n)
	overview(t, s)
}

// analyseAll keeps an analysis for every petition, of chance values.
func analyseAll(t *testing.T, s *Store, n int) {
	r := rand.New(rand.NewPCG(1, 1))
	classes := []string{"城乡建设", "国土资源", "政法", "环境保护", "交通运输", "教育文体", "民政", "农村农业", "经济管理", "卫生计生", "劳动和社会保障", "商贸旅游", "纪检监察", "党务政务", "科技与信息产业"}
	begin := time.Now()
	var batch []petitions.Found
	for i := range n {
		a := &petitions.Analysis{Class: petitions.Class{Path: []string{classes[r.IntN(15)]}}, Urgency: []string{"normal", "urgent", "emergency"}[r.IntN(3)],
			Purpose: petitions.Finding{Value: petitions.Appeal}, Risk: petitions.Risk{Level: []string{"none", "low", "medium", "high"}[r.IntN(4)]},
			Facts: petitions.Facts{Place: fmt.Sprintf("36%02d%02d", 1+r.IntN(11), 1+r.IntN(12))}, Versions: map[string]int{"extract": 1}}
		batch = append(batch, petitions.Found{Source: "12345", ID: fmt.Sprintf("k%07d", i), Analysis: a})
		if len(batch) == 2000 || i == n-1 {
			require.NoError(t, s.Keep(t.Context(), batch...))
			batch = batch[:0]
		}
	}
	t.Logf("%d analyses kept in %s: %.0f/s", n, time.Since(begin).Round(time.Second), float64(n)/time.Since(begin).Seconds())
}

// overview asks all that an overview of a year shows, for everywhere and for one city, again and again.
func overview(t *testing.T, s *Store) {
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, zone)
	var took []time.Duration
	for i := range 40 {
		region := ""
		if i%2 == 1 {
			region = "3601"
		}
		begin := time.Now()
		for _, dim := range Dimensions {
			counts, err := s.Tally(t.Context(), dim, region, from, from.AddDate(1, 0, 0))
			require.NoError(t, err)
			require.NotEmpty(t, counts)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	t.Logf("overview of a year, %d dimensions by day: p50 %s, p95 %s", len(Dimensions), took[20], took[38])
	require.Less(t, took[38], 200*time.Millisecond)
}
