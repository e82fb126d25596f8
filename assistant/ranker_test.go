package assistant

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
	"ganwen/search"
	"ganwen/search/zh"
)

// smallCatalogue is three matters and one life event with a few questions each.
func smallCatalogue() *kg.Catalogue {
	c := &kg.Catalogue{
		Matters: []*kg.Matter{{Code: "M1", Name: "护照签发"}, {Code: "M2", Name: "驾驶证换证"}, {Code: "M3", Name: "养老金领取"}},
		Events:  []*kg.LifeEvent{{Code: "E1", Name: "新生儿一件事"}, {Code: "E2", Name: "退休一件事"}},
	}
	for _, row := range [][]string{
		{"M1", "护照怎么办", "出国要护照", "护照到期了", "办护照要照片吗", "出国旅游证件"},
		{"M2", "驾照到期换证", "换驾照要体检吗", "驾照丢了", "开车的本本到期", "驾驶证期满"},
		{"M3", "养老金怎么领", "退休金几时发", "领退休金", "养老待遇资格", "养老金到账"},
	} {
		for _, q := range row[1:] {
			c.Bank = append(c.Bank, kg.Question{Query: q, Code: row[0]})
		}
	}
	for _, row := range [][]string{
		{kindHuman, "转人工", "找人工客服", "人工"}, {kindSmalltalk, "你好", "谢谢你", "再见了"},
		{kindOutOfScope, "今天天气", "股票会涨吗", "写首诗"},
	} {
		for _, q := range row[1:] {
			c.Others = append(c.Others, kg.Utterance{Query: q, Kind: row[0]})
		}
	}
	c.Others = append(c.Others,
		kg.Utterance{Query: "孩子出生的手续一起办", Kind: kindLifeEvent, Expect: []string{"E1"}},
		kg.Utterance{Query: "退休全套手续一起办", Kind: kindLifeEvent, Expect: []string{"E2"}})
	return c
}

// letters embeds a text by counting a few telling characters: enough to see that vectors are used.
type letters struct {
	calls atomic.Int64
	fail  atomic.Bool
}

func (l *letters) Embed(_ context.Context, texts []string, _ search.Side) ([][]float32, error) {
	l.calls.Add(1)
	if l.fail.Load() {
		return nil, errors.New("no embedder today")
	}
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = make([]float32, 4)
		out[i][3] = 0.1
		for j, set := range []string{"护照国", "驾车证", "养老退休"} {
			for _, r := range text {
				if strings.ContainsRune(set, r) {
					out[i][j]++
				}
			}
		}
	}
	return out, nil
}

func TestRankerWithoutVectors(t *testing.T) {
	r, err := TrainRanker(context.Background(), smallCatalogue(), RankerConfig{})
	require.NoError(t, err)
	got := r.Rank(context.Background(), "护照要多久")
	require.Equal(t, "M1", got.Matters[0].Code)
	require.Empty(t, got.Degraded)
	require.NoError(t, r.Refine(context.Background()))
	require.False(t, r.Refined())
	_, err = TrainRanker(context.Background(), &kg.Catalogue{}, RankerConfig{})
	require.ErrorIs(t, err, ErrNoBank)
}

func TestRankerRefinesAndKeeps(t *testing.T) {
	ctx, dir, e := context.Background(), t.TempDir(), &letters{}
	var last atomic.Value
	config := RankerConfig{Dir: dir, Embedder: e, Progress: func(step string, _ float64) { last.Store(step) }}
	r, err := TrainRanker(ctx, smallCatalogue(), config)
	require.NoError(t, err)
	require.Equal(t, []string{"embed"}, r.Rank(ctx, "护照").Degraded, "not refined yet")
	require.NoError(t, r.Refine(ctx))
	require.True(t, r.Refined())
	require.Equal(t, "ready", last.Load())
	require.Empty(t, r.Rank(ctx, "护照").Degraded)
	require.Equal(t, "M1", r.Rank(ctx, "护照").Matters[0].Code)

	calls := e.calls.Load()
	again, err := TrainRanker(ctx, smallCatalogue(), config)
	require.NoError(t, err)
	require.True(t, again.Refined(), "kept models are read back")
	require.LessOrEqual(t, e.calls.Load()-calls, int64(1), "only the probe is embedded")
	require.Equal(t, r.Rank(ctx, "领养老金"), again.Rank(ctx, "领养老金"))

	grown := smallCatalogue()
	grown.Bank = append(grown.Bank, kg.Question{Query: "护照补办", Code: "M1"})
	stale, err := TrainRanker(ctx, grown, config)
	require.NoError(t, err)
	require.False(t, stale.Refined(), "another bank makes kept models stale")
	require.NotEqual(t, again.Fingerprint(), stale.Fingerprint())

	e.fail.Store(true)
	broken := again.Rank(ctx, "护照")
	require.Equal(t, []string{"embed"}, broken.Degraded)
	require.Equal(t, "M1", broken.Matters[0].Code)
}

func TestRankerSurvivesDamage(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	_, err := TrainRanker(ctx, smallCatalogue(), RankerConfig{Dir: dir})
	require.NoError(t, err)
	path := filepath.Join(dir, lexicalFile)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, whole[:len(whole)/2], 0o644))
	r, err := TrainRanker(ctx, smallCatalogue(), RankerConfig{Dir: dir})
	require.NoError(t, err)
	require.Equal(t, "M1", r.Rank(ctx, "护照").Matters[0].Code)
}

// sampleCatalogue is the sample catalogue beside this package.
func sampleCatalogue(t testing.TB) *kg.Catalogue {
	t.Helper()
	cat, err := kg.Load(os.DirFS("../cmd/ganwen/demo/catalogue"))
	require.NoError(t, err)
	return cat
}

// devRow is one row of the development fifth.
type devRow struct {
	Query  string   `json:"query"`
	Turns  []string `json:"turns"`
	Code   string   `json:"code"`
	Style  string   `json:"style"`
	Kind   string   `json:"kind"`
	Expect []string `json:"expect"`
}

// devRows reads the development fifth of a file of ../shared/data/sample, or skips.
func devRows(t testing.TB, name string) []devRow {
	t.Helper()
	shared := os.Getenv("GANWEN_SHARED")
	if shared == "" {
		shared = "../../shared"
	}
	f, err := os.Open(filepath.Join(shared, "data", "sample", name))
	if err != nil {
		t.Skip("the shared data is not here: ", err)
	}
	defer f.Close()
	var out []devRow
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var row devRow
		require.NoError(t, json.Unmarshal(in.Bytes(), &row))
		if kg.Dev(row.Query + strings.Join(row.Turns, "\n")) {
			out = append(out, row)
		}
	}
	require.NoError(t, in.Err())
	return out
}

// The floor is a little under what is measured without vectors, so that a change for the worse is seen.
func TestRankerOnDev(t *testing.T) {
	if testing.Short() {
		t.Skip("trains on the whole bank")
	}
	rows := devRows(t, "queries.jsonl")
	cat := sampleCatalogue(t)
	dev := map[string]bool{}
	for _, row := range rows {
		dev[zh.Fold(row.Query)] = true
	}
	for _, q := range cat.Bank {
		require.False(t, dev[zh.Fold(q.Query)], "a development question is in the bank: %s", q.Query)
	}
	r, err := TrainRanker(context.Background(), cat, RankerConfig{})
	require.NoError(t, err)
	first, third := 0, 0
	for _, row := range rows {
		for i, g := range r.Rank(context.Background(), row.Query).Matters[:3] {
			if g.Code == row.Code {
				third++
				if i == 0 {
					first++
				}
			}
		}
	}
	n := float64(len(rows))
	checkKinds(t, r)
	t.Logf("top-1 %.3f, top-3 %.3f of %d", float64(first)/n, float64(third)/n, len(rows))
	require.GreaterOrEqual(t, float64(first)/n, 0.88)
	require.GreaterOrEqual(t, float64(third)/n, 0.965)
}

// checkKinds holds the other kinds of the development fifth to floors a little under what is measured without vectors.
func checkKinds(t *testing.T, r *Ranker) {
	t.Helper()
	floors := map[string]float64{kindLifeEvent: 0.9, kindHuman: 0.8, kindOutOfScope: 0.6, kindAmbiguous: 0.6}
	right, all := map[string]float64{}, map[string]float64{}
	for _, row := range devRows(t, "queries-other.jsonl") {
		got := r.Rank(context.Background(), row.Query)
		all[row.Kind]++
		if got.Kind == row.Kind {
			right[row.Kind]++
		}
		if row.Kind == kindLifeEvent {
			require.NotEmpty(t, got.Events)
		}
	}
	for kind, floor := range floors {
		t.Logf("%s recognised %.3f of %.0f", kind, right[kind]/all[kind], all[kind])
		require.GreaterOrEqual(t, right[kind]/all[kind], floor, kind)
	}
}

func BenchmarkRank(b *testing.B) {
	r, err := TrainRanker(context.Background(), sampleCatalogue(b), RankerConfig{})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		r.Rank(context.Background(), "我妈八十多岁了，听说有高龄补贴，要带什么材料去哪里办")
	}
}
