// Package petitionstest holds the contract every store of petitions is held to.
package petitionstest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/petitions"
)

// Backend is a store under test.
type Backend interface {
	petitions.Store
	petitions.Originals
}

// Test runs the contract. open gives a new, empty store each time, and closes it when the test ends.
func Test(t *testing.T, open func(t *testing.T) Backend) {
	for name, test := range map[string]func(*testing.T, Backend){
		"put":       testPut,
		"filter":    testFilter,
		"keep":      testKeep,
		"stale":     testStale,
		"history":   testHistory,
		"events":    testEvents,
		"originals": testOriginals,
		"parallel":  testParallel,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

var day = time.Date(2025, 3, 1, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

func petition(n int) *petitions.Petition {
	return &petitions.Petition{Source: "12345", ID: fmt.Sprintf("p%03d", n), Title: "标题", Text: fmt.Sprintf("第%d件", n),
		Channel: "网", Time: day.AddDate(0, 0, n), Place: "江西省南昌市", People: n, Attachments: []string{"照片.jpg"}}
}

func put(t *testing.T, s Backend, n int) {
	for i := range n {
		created, err := s.Put(t.Context(), petition(i))
		require.NoError(t, err)
		require.Equal(t, []bool{true}, created)
	}
}

func ids(t *testing.T, s Backend, f petitions.Filter) []string {
	var out []string
	for r, err := range s.Each(t.Context(), f) {
		require.NoError(t, err)
		out = append(out, r.Petition.ID)
	}
	return out
}

func testPut(t *testing.T, s Backend) {
	ctx := t.Context()
	first, other := petition(1), petition(1)
	other.Source, other.Text = "信访局", "另一个系统的同号件"
	again := petition(1)
	again.Text = "改过的内容"
	created, err := s.Put(ctx, first, other, again, petition(2))
	require.NoError(t, err)
	require.Equal(t, []bool{true, true, false, true}, created)
	created, err = s.Put(ctx, again)
	require.NoError(t, err)
	require.Equal(t, []bool{false}, created)

	r, err := s.Get(ctx, "12345", "p001")
	require.NoError(t, err)
	require.Nil(t, r.Analysis)
	require.True(t, first.Time.Equal(r.Petition.Time))
	r.Petition.Time = first.Time
	require.Equal(t, *first, r.Petition)
	r.Petition.Attachments[0] = "changed by the caller"
	r, err = s.Get(ctx, "12345", "p001")
	require.NoError(t, err)
	require.Equal(t, "照片.jpg", r.Petition.Attachments[0])

	_, err = s.Get(ctx, "12345", "none")
	require.ErrorIs(t, err, petitions.ErrNotFound)
	created, err = s.Put(ctx)
	require.NoError(t, err)
	require.Empty(t, created)
	timeless := &petitions.Petition{Source: "x", ID: "t", Text: "没有时间"}
	_, err = s.Put(ctx, timeless)
	require.NoError(t, err)
	r, err = s.Get(ctx, "x", "t")
	require.NoError(t, err)
	require.True(t, r.Petition.Time.IsZero())
}

func analysis(place, event string, path ...string) *petitions.Analysis {
	return &petitions.Analysis{Class: petitions.Class{Path: path, Confidence: .8}, Facts: petitions.Facts{Place: place}, Event: petitions.Optional(event),
		Urgency: "normal", Versions: map[string]int{"extract": 1, "classify": 1}}
}

func testFilter(t *testing.T, s Backend) {
	put(t, s, 6)
	review := analysis("360103", "", "城乡建设", "物业")
	review.Review = []string{"classify"}
	require.NoError(t, s.Keep(t.Context(),
		petitions.Found{Source: "12345", ID: "p001", Analysis: analysis("360103001", "E1", "城乡建设", "小区管理", "电梯")},
		petitions.Found{Source: "12345", ID: "p002", Analysis: analysis("3601", "E1", "政法")},
		petitions.Found{Source: "12345", ID: "p003", Analysis: review}))
	for _, c := range []struct {
		f    petitions.Filter
		want []string
	}{
		{petitions.Filter{}, []string{"p000", "p001", "p002", "p003", "p004", "p005"}},
		{petitions.Filter{Limit: 2}, []string{"p000", "p001"}},
		{petitions.Filter{From: day.AddDate(0, 0, 1), To: day.AddDate(0, 0, 4)}, []string{"p001", "p002", "p003"}},
		{petitions.Filter{Region: "3601"}, []string{"p001", "p002", "p003"}},
		{petitions.Filter{Region: "360103"}, []string{"p001", "p003"}},
		{petitions.Filter{Class: []string{"城乡建设"}}, []string{"p001", "p003"}},
		{petitions.Filter{Class: []string{"城乡建设", "小区管理"}}, []string{"p001"}},
		{petitions.Filter{Event: "E1"}, []string{"p001", "p002"}},
		{petitions.Filter{Event: "E1", Region: "360103"}, []string{"p001"}},
		{petitions.Filter{Review: true}, []string{"p003"}},
		{petitions.Filter{Event: "E2"}, nil},
	} {
		require.Equal(t, c.want, ids(t, s, c.f), "%+v", c.f)
	}
	n := 0
	for range s.Each(t.Context(), petitions.Filter{}) {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Each(gone, petitions.Filter{}) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

func testKeep(t *testing.T, s Backend) {
	put(t, s, 3)
	ctx := t.Context()
	a := analysis("360103", "E1", "城乡建设")
	err := s.Keep(ctx, petitions.Found{Source: "12345", ID: "p001", Analysis: a}, petitions.Found{Source: "12345", ID: "none", Analysis: a})
	require.ErrorIs(t, err, petitions.ErrNotFound)
	r, err := s.Get(ctx, "12345", "p001")
	require.NoError(t, err)
	require.Nil(t, r.Analysis, "all or none")
	require.NoError(t, s.Keep(ctx, petitions.Found{Source: "12345", ID: "p001", Analysis: a}))
	later := analysis("3607", "", "政法")
	require.NoError(t, s.Keep(ctx, petitions.Found{Source: "12345", ID: "p001", Analysis: later}))
	r, err = s.Get(ctx, "12345", "p001")
	require.NoError(t, err)
	require.Equal(t, "政法", r.Analysis.Class.Path[0])
	require.Empty(t, ids(t, s, petitions.Filter{Region: "3601"}), "no longer there")
	require.Equal(t, []string{"p001"}, ids(t, s, petitions.Filter{Region: "3607"}))
}

// Records may be kept anew while they are run through: that is how a stale step is done again.
func testStale(t *testing.T, s Backend) {
	put(t, s, 1200)
	now := map[string]int{"extract": 1, "classify": 2}
	stale := func() int { return len(ids(t, s, petitions.Filter{Stale: now})) }
	require.Equal(t, 1200, stale())
	n := 0
	for r, err := range s.Each(t.Context(), petitions.Filter{Stale: now}) {
		require.NoError(t, err)
		a := analysis("36", "")
		if n++; n%2 == 0 {
			a.Versions = now
		}
		require.NoError(t, s.Keep(t.Context(), petitions.Found{Source: r.Petition.Source, ID: r.Petition.ID, Analysis: a}))
	}
	require.Equal(t, 1200, n)
	require.Equal(t, 600, stale(), "those with the older version")
	require.Len(t, ids(t, s, petitions.Filter{Stale: now, Limit: 7}), 7)
	require.Zero(t, len(ids(t, s, petitions.Filter{Stale: map[string]int{"extract": 1}})))
}

func testHistory(t *testing.T, s Backend) {
	ctx := t.Context()
	a, b := petitions.SubjectOf("12345", "p001"), petitions.SubjectOf("12345", "p002")
	require.NoError(t, s.Log(ctx, petitions.Note{Subject: a, Kind: "received", At: day}, petitions.Note{Subject: b, Kind: "received", At: day}))
	require.NoError(t, s.Log(ctx, petitions.Note{Subject: a, Kind: "extended", By: "局长", At: day.AddDate(0, 0, -1), Reason: "情况复杂", Data: json.RawMessage(`{"days":10}`)}))
	notes, err := s.History(ctx, a)
	require.NoError(t, err)
	require.Len(t, notes, 2)
	require.Equal(t, "received", notes[0].Kind, "as logged, whatever the day")
	require.Less(t, notes[0].Seq, notes[1].Seq)
	require.True(t, day.AddDate(0, 0, -1).Equal(notes[1].At))
	require.Equal(t, "局长情况复杂", notes[1].By+notes[1].Reason)
	require.JSONEq(t, `{"days":10}`, string(notes[1].Data))
	notes, err = s.History(ctx, "nobody")
	require.NoError(t, err)
	require.Empty(t, notes)
}

func testEvents(t *testing.T, s Backend) {
	ctx := t.Context()
	for i, e := range []petitions.Event{
		{ID: "E1", Title: "电梯", Place: "360103", Class: []string{"城乡建设"}, Status: "proposed", Last: day, Members: []petitions.Ref{{Source: "12345", ID: "p1"}}},
		{ID: "E2", Place: "360781", Class: []string{"政法"}, Status: "confirmed", Last: day.AddDate(0, 0, 2), Members: make([]petitions.Ref, 3)},
		{ID: "E3", Place: "360103", Status: "merged", Into: "E1", Last: day.AddDate(0, 0, 1)},
		{ID: "E4", Place: "3601", Class: []string{"城乡建设", "小区管理"}, Status: "proposed", Last: day.AddDate(0, 0, 1), Members: make([]petitions.Ref, 2)},
	} {
		require.NoError(t, s.SaveEvent(ctx, &e), i)
	}
	list := func(f petitions.EventFilter) (out []string) {
		for e, err := range s.Events(ctx, f) {
			require.NoError(t, err)
			out = append(out, e.ID)
		}
		return out
	}
	require.Equal(t, []string{"E2", "E4", "E1"}, list(petitions.EventFilter{}))
	require.Equal(t, []string{"E2"}, list(petitions.EventFilter{Limit: 1}))
	require.Equal(t, []string{"E4", "E1"}, list(petitions.EventFilter{Region: "3601"}))
	require.Equal(t, []string{"E1"}, list(petitions.EventFilter{Region: "360103"}))
	require.Equal(t, []string{"E3"}, list(petitions.EventFilter{Status: "merged"}))
	require.Equal(t, []string{"E2", "E4"}, list(petitions.EventFilter{Least: 2}))
	require.Equal(t, []string{"E2", "E4"}, list(petitions.EventFilter{Since: day.AddDate(0, 0, 1)}))
	require.Equal(t, []string{"E4"}, list(petitions.EventFilter{Class: []string{"城乡建设", "小区管理"}}))
	require.NoError(t, s.SaveEvent(ctx, &petitions.Event{ID: "E1", Title: "电梯困人", Status: "confirmed", Last: day}))
	e, err := s.Event(ctx, "E1")
	require.NoError(t, err)
	require.Equal(t, "电梯困人", e.Title)
	require.Empty(t, e.Members)
	_, err = s.Event(ctx, "E9")
	require.ErrorIs(t, err, petitions.ErrNotFound)
}

func testOriginals(t *testing.T, s Backend) {
	ctx := t.Context()
	o := petitions.Original{Source: "12345", ID: "p1", Sealed: []byte{1, 0, 255}, Key: []byte{7, 8}}
	require.NoError(t, s.PutOriginal(ctx, o, petitions.Original{Source: "12345", ID: "p2", Sealed: []byte{3}, Key: []byte{4}}))
	require.NoError(t, s.PutOriginal(ctx, petitions.Original{Source: "12345", ID: "p1", Sealed: []byte{9}, Key: []byte{9}}), "kept once")
	got, err := s.Original(ctx, "12345", "p1")
	require.NoError(t, err)
	require.Equal(t, o, got)
	require.NoError(t, s.Erase(ctx, "12345", "p1"))
	require.NoError(t, s.Erase(ctx, "12345", "p1"))
	_, err = s.Original(ctx, "12345", "p1")
	require.ErrorIs(t, err, petitions.ErrErased)
	require.NoError(t, s.PutOriginal(ctx, o))
	_, err = s.Original(ctx, "12345", "p1")
	require.ErrorIs(t, err, petitions.ErrErased, "an import run again does not bring it back")
	_, err = s.Original(ctx, "12345", "p2")
	require.NoError(t, err)
	_, err = s.Original(ctx, "12345", "p3")
	require.ErrorIs(t, err, petitions.ErrNotFound)
	require.ErrorIs(t, s.Erase(ctx, "12345", "p3"), petitions.ErrNotFound)
}

func testParallel(t *testing.T, s Backend) {
	ctx := t.Context()
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wg.Go(func() {
			for i := range 25 {
				created, err := s.Put(ctx, petition(i), petition(i+25))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, c := range created {
					if c {
						total++
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 50, total, "each was new once")
	got := ids(t, s, petitions.Filter{})
	require.Len(t, got, 50)
	require.True(t, slices.IsSorted(got))
}
