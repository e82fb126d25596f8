package petitions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fromPlace is the analysis a joiner needs, with nothing guessed.
func fromPlace(t testing.TB, p *Petition) *Analysis {
	a := &Analysis{Redacted: p.Title + "\n" + p.Text, Versions: map[string]int{"join": 1}, Class: Class{Path: []string{"城乡建设"}, Confidence: .9}}
	if rs := divisions(t).Find(p.Place); len(rs) > 0 {
		a.Facts.Place = rs[len(rs)-1].Candidates[0].Code
	}
	return a
}

func gatherer(t testing.TB, store Store) *Gatherer {
	g, err := NewGatherer(t.Context(), GathererConfig{Store: store, Joiner: joiner(t, everyday...), Now: func() time.Time { return at("2025-06-01 09:00") }})
	require.NoError(t, err)
	return g
}

func take(t testing.TB, g *Gatherer, store Store, p *Petition) string {
	ctx := t.Context()
	_, err := store.Put(ctx, p)
	require.NoError(t, err)
	a := fromPlace(t, p)
	touched, err := g.Add(ctx, p, a)
	require.NoError(t, err)
	require.NoError(t, store.Keep(ctx, append(touched, Found{Source: p.Source, ID: p.ID, Analysis: a})...))
	require.NoError(t, g.Settle(ctx, string(a.Event)))
	return string(a.Event)
}

func gas(id, text string, day int) *Petition {
	return &Petition{Source: "12345", ID: id, Title: "没有燃气" + id, Text: text, Channel: "网", Place: "江西省鹰潭市贵溪市雄石街道", People: day,
		Time: time.Date(2025, 3, day, 9, 0, 0, 0, zone)}
}

func TestGather(t *testing.T) {
	ctx := t.Context()
	store := &Memory{}
	g := gatherer(t, store)
	require.Empty(t, take(t, g, store, gas("1", "锦润华府二期交房一年了还没通天然气，天天用电磁炉做饭。", 1)))
	e := take(t, g, store, gas("2", "锦润华府4栋还没通天然气，开发商说调压箱没验收。", 9))
	require.NotEmpty(t, e)
	require.Empty(t, take(t, g, store, gas("3", "锦润华庭也没通天然气，到底谁管？", 10)))
	require.Equal(t, e, take(t, g, store, gas("4", "请问锦润华府的天然气几时能通？", 20)))

	r, err := store.Get(ctx, "12345", "1")
	require.NoError(t, err)
	require.Equal(t, e, string(r.Analysis.Event), "the first is told that it has company")
	doc, err := store.Event(ctx, e)
	require.NoError(t, err)
	require.Len(t, doc.Members, 3)
	require.Equal(t, Proposed, doc.Status)
	require.Equal(t, 30, doc.People)
	require.Equal(t, map[string]int{"网": 3}, doc.Channels)
	require.Equal(t, "360681002", doc.Place)
	require.Equal(t, []int{1, 1, 1}, doc.Weeks)
	require.NotEmpty(t, doc.Title)
	require.NotEmpty(t, doc.Summary)
	for _, s := range doc.Summary {
		require.True(t, slices.ContainsFunc([]string{"1", "2", "4"}, func(id string) bool {
			r, err := store.Get(ctx, "12345", id)
			return err == nil && strings.Contains(r.Petition.Text, s)
		}), "word for word: %s", s)
	}
	require.Len(t, doc.Links, 2)
	require.Equal(t, "锦润华府", doc.Links[0].Reasons[slices.IndexFunc(doc.Links[0].Reasons, func(r Reason) bool { return r.Name == "organisation" })].Why)

	require.NoError(t, g.Confirm(ctx, e, "王科长", "同一小区"))
	to, err := g.Split(ctx, e, []Ref{{"12345", "4"}}, "王科长", "只是咨询")
	require.NoError(t, err)
	doc, err = store.Event(ctx, e)
	require.NoError(t, err)
	require.Equal(t, Confirmed, doc.Status)
	require.Len(t, doc.Members, 2)
	r, err = store.Get(ctx, "12345", "4")
	require.NoError(t, err)
	require.Equal(t, to, string(r.Analysis.Event))

	_, err = g.Split(ctx, e, []Ref{{"12345", "3"}}, "王科长", "")
	require.ErrorIs(t, err, ErrMerge)
	_, err = g.Split(ctx, e, doc.Members, "王科长", "")
	require.ErrorIs(t, err, ErrMerge)
	require.ErrorIs(t, g.Confirm(ctx, "none", "", ""), ErrNotFound)
	require.ErrorIs(t, g.Merge(ctx, e, e, "", ""), ErrMerge)

	require.NoError(t, g.Merge(ctx, to, e, "李局长", "合并办理"))
	doc, err = store.Event(ctx, to)
	require.NoError(t, err)
	require.Equal(t, Merged, doc.Status)
	require.Equal(t, e, doc.Into)
	doc, err = store.Event(ctx, e)
	require.NoError(t, err)
	require.Len(t, doc.Members, 3)
	notes, err := store.History(ctx, e)
	require.NoError(t, err)
	var kinds []string
	for _, n := range notes {
		kinds = append(kinds, n.Kind+" "+n.By)
	}
	require.Equal(t, []string{"confirm 王科长", "split 王科长", "merge 李局长"}, kinds)
}

// A new start knows what the last one knew, mends documents that were not written, and keeps what people decided.
func TestGatherAgain(t *testing.T) {
	ctx := t.Context()
	store := &Memory{}
	g := gatherer(t, store)
	take(t, g, store, gas("1", "锦润华府二期交房一年了还没通天然气，天天用电磁炉做饭。", 1))
	e := take(t, g, store, gas("2", "锦润华府4栋还没通天然气，开发商说调压箱没验收。", 9))
	take(t, g, store, gas("3", "锦润华府没有天然气，开发商不管。", 11))
	to, err := g.Split(ctx, e, []Ref{{"12345", "3"}}, "王科长", "别的楼盘")
	require.NoError(t, err)
	good, err := store.Event(ctx, e)
	require.NoError(t, err)
	broken := *good
	broken.Members = broken.Members[:1]
	require.NoError(t, store.SaveEvent(ctx, &broken))
	delete(store.events, to)

	g = gatherer(t, store)
	again, err := store.Event(ctx, e)
	require.NoError(t, err)
	require.Equal(t, good.Members, again.Members)
	require.Equal(t, Confirmed, again.Status)
	_, err = store.Event(ctx, to)
	require.NoError(t, err)
	require.True(t, g.apart[Ref{"12345", "3"}][e], "what was taken apart stays apart")
	require.Equal(t, e, take(t, g, store, gas("5", "锦润华府4栋几时通天然气，电磁炉都烧坏了。", 12)))
}

// The latest petitions only are held in memory.
func TestGatherForgets(t *testing.T) {
	store := &Memory{}
	g, err := NewGatherer(t.Context(), GathererConfig{Store: store, Joiner: joiner(t, everyday...), Most: 5})
	require.NoError(t, err)
	for i := range 40 {
		take(t, g, store, gas(fmt.Sprint(i), fmt.Sprintf("第%d号路口的%d号窨井盖不见了，请来修。", i*37, i*91), 1+i%28))
	}
	held := 0
	for _, tr := range g.traits {
		if tr != nil {
			held++
		}
	}
	require.Equal(t, 5, held)
	require.LessOrEqual(t, len(g.traits), 11)
}

func TestPipeline(t *testing.T) {
	ctx := t.Context()
	var examples []Example
	files, err := filepath.Glob("../cmd/ganwen/demo/petitions/*.jsonl")
	require.NoError(t, err)
	examples = samplePetitions(t, files...)
	regions := divisions(t)
	a, err := New(Config{Examples: examples, Regions: regions})
	require.NoError(t, err)
	store := &Memory{}
	key, err := NewSealer(bytes.Repeat([]byte{1}, KeySize))
	require.NoError(t, err)
	im := &Importer{Store: store, Originals: store, Sealer: key, Source: "12345"}
	report, err := im.File(ctx, strings.NewReader(`{"编号":"1","标题":"锦润华府没通气","概况":"锦润华府二期交房一年了还没通天然气，天天用电磁炉做饭，请住建局督促开发商。","信访日期":"2025-03-01","问题属地":"江西省鹰潭市贵溪市雄石街道"}
{"编号":"2","标题":"还在扛煤气罐","概况":"我住锦润华府4栋，开发商说调压箱没验收，天然气到底哪天通？我叫王桂香，电话13900001234","信访日期":"2025-03-09","问题属地":"江西省鹰潭市贵溪市雄石街道"}
{"编号":"3","标题":"路口没有红绿灯","概况":"站前路口车多人多，没有红绿灯，昨天又撞了一个学生，请交警装信号灯。","信访日期":"2025-03-10","问题属地":"江西省鹰潭市贵溪市雄石街道"}
`), "x.jsonl")
	require.NoError(t, err)
	require.Equal(t, 3, report.Kept)
	p := &Pipeline{Store: store, Analyze: a.Analyze, Originals: store, Sealer: key, Batch: 2}
	p.Gatherer, err = NewGatherer(ctx, GathererConfig{Store: store, Joiner: joiner(t, everyday...), Raw: p.Raw})
	require.NoError(t, err)
	done, err := p.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, 3, done)
	done, err = p.Run(ctx)
	require.NoError(t, err)
	require.Zero(t, done, "nothing is stale")

	one, err := store.Get(ctx, "12345", "1")
	require.NoError(t, err)
	two, err := store.Get(ctx, "12345", "2")
	require.NoError(t, err)
	three, err := store.Get(ctx, "12345", "3")
	require.NoError(t, err)
	require.NotEmpty(t, one.Analysis.Event)
	require.Equal(t, one.Analysis.Event, two.Analysis.Event, "the estate's name is in the originals, though not in what is kept")
	require.Empty(t, three.Analysis.Event)
	require.NotContains(t, two.Analysis.Redacted+two.Petition.Text, "13900001234")
	e, err := store.Event(ctx, string(one.Analysis.Event))
	require.NoError(t, err)
	require.Len(t, e.Members, 2)
	whole, err := json.Marshal(e)
	require.NoError(t, err)
	require.NotContains(t, string(whole), "王桂香")
	require.NotContains(t, string(whole), "13900001234")

	require.NoError(t, store.Erase(ctx, "12345", "2"))
	raw, err := p.Raw(ctx, two)
	require.NoError(t, err)
	require.NotContains(t, raw.Text, "锦润华府4栋", "what is erased is gone")
	p.Analyze = func(context.Context, []Petition) ([]Analysis, error) { return nil, context.Canceled }
	_, err = store.Put(ctx, gas("9", "新来的一件", 3))
	require.NoError(t, err)
	_, err = p.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
