// Package searchtest holds one contract test for every backend that keeps passages, a small world to run it in, and the
// corpora and measures that backends are compared with.
package searchtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/zh"
)

// Passages are a small world: matters of a province and two of its cities, a policy with an end, law, a document.
func Passages() []search.Passage {
	return []search.Passage{
		{ID: "m1/name", Kind: search.KindMatter, Code: "M1", Field: "name", Title: "居民身份证补领", Text: "居民身份证丢失后，到户籍所在地派出所申请补领。",
			Aliases: []string{"身份证丢了怎么办", "补办身份证"}, Region: "36", Type: "行政确认", Themes: []string{"户籍"}, Audience: []string{"个人"}},
		{ID: "m1/materials", Kind: search.KindMatter, Code: "M1", Field: "materials", Title: "居民身份证补领", Text: "需要居民户口簿原件，免交照片。",
			Region: "36", Type: "行政确认", Themes: []string{"户籍"}, Audience: []string{"个人"}},
		{ID: "m2/name", Kind: search.KindMatter, Code: "M2", Field: "name", Title: "住房公积金提取", Text: "购买自住住房可以提取住房公积金，南昌市三个工作日到账。",
			Region: "3601", Type: "公共服务", Themes: []string{"住房", "社会保障"}, Audience: []string{"个人"}},
		{ID: "m3/name", Kind: search.KindMatter, Code: "M3", Field: "name", Title: "住房公积金提取", Text: "购买自住住房可以提取住房公积金，九江市五个工作日到账。",
			Region: "3604", Type: "公共服务", Themes: []string{"住房"}, Audience: []string{"个人"}},
		{ID: "m4/name", Kind: search.KindMatter, Code: "M4", Field: "name", Title: "食品经营许可", Text: "餐馆、食品店开业以前办理食品经营许可证，由东湖区市场监督管理局核发。",
			Region: "360102", Type: "行政许可", Themes: []string{"开办企业"}, Audience: []string{"法人"}},
		{ID: "p1", Kind: search.KindPolicy, Code: "P1", Title: "小微企业贷款贴息", Text: "对符合条件的小微企业贷款给予贴息，按季申请。",
			From: "2024-01-01", To: "2025-12-31", Type: "财政补贴", Themes: []string{"金融"}, Audience: []string{"法人"}, Region: "36"},
		{ID: "l1", Kind: search.KindLaw, Code: "居民身份证法", Field: "第十一条", Title: "居民身份证法", Text: "居民身份证丢失的，应当申请补领。",
			From: "2012-01-01"},
		{ID: "d1", Kind: search.KindDocument, Code: "D1", Title: "數字政府建設方案", Text: "到２０２５年，江西省數字政府建設統籌協調機制健全，ＡＰＰ「贛服通」覆蓋全省。"},
	}
}

// Synonyms for the small world.
func Synonyms() *search.Synonyms {
	return search.NewSynonyms([]search.Synonymy{
		{Term: "馆子", Means: []string{"餐馆"}},
		{Term: "户口本", Means: []string{"居民户口簿"}},
		{Term: "本本", Means: []string{"居民户口簿", "食品经营许可证"}, Ambiguous: true},
	})
}

// Test holds a backend to the contract of search.Store. Open gives an empty store that uses the synonyms; the caller of Test arranges
// its end with t.Cleanup.
func Test(t *testing.T, open func(t *testing.T, synonyms *search.Synonyms) search.Store) {
	full := func(t *testing.T) search.Store {
		s := open(t, Synonyms())
		require.NoError(t, s.Index(t.Context(), Passages()))
		return s
	}
	for _, c := range []struct {
		name string
		run  func(t *testing.T, s search.Store)
	}{
		{"empty query", emptyQuery}, {"finds", finds}, {"replace", replace}, {"delete", remove}, {"get", get}, {"no id", noID},
		{"filters", filters}, {"region", region}, {"validity", validity}, {"facets", facets}, {"pages", pages}, {"order", order},
		{"highlights", highlights}, {"why", why}, {"suggest", suggest}, {"cancelled", cancelled}, {"concurrent", concurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, full(t)) })
	}
	t.Run("empty store", func(t *testing.T) {
		s := open(t, nil)
		require.Empty(t, find(t, s, search.Query{Text: "身份证"}).Hits)
		require.Empty(t, s.Suggest("身份", 5))
		require.Zero(t, s.Len())
	})
}

func find(t *testing.T, s search.Store, q search.Query) *search.Results {
	t.Helper()
	r, err := s.Search(t.Context(), q)
	require.NoError(t, err)
	return r
}

func ids(r *search.Results) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}

func emptyQuery(t *testing.T, s search.Store) {
	for _, text := range []string{"", "  ", "？！", "\x00"} {
		r := find(t, s, search.Query{Text: text, Kinds: []search.Kind{search.KindMatter}})
		require.NotNil(t, r.Hits, "%q", text)
		require.Empty(t, r.Hits, "%q", text)
		require.Zero(t, r.Total)
	}
}

func finds(t *testing.T, s search.Store) {
	for _, c := range []struct{ query, best string }{
		{"身份证丢了怎么补办", "m1/name"},
		{"补领身份证要户口簿吗", "m1/materials"},
		{"小微企业贷款贴息", "p1"},
		{"数字政府建设方案", "d1"},      // traditional text
		{"赣服通app", "d1"},        // full width
		{"開館子要辦什麼證", "m4/name"}, // traditional question, colloquial word
		{"贷款", "p1"},
	} {
		r := find(t, s, search.Query{Text: c.query})
		require.NotEmpty(t, r.Hits, c.query)
		require.Equal(t, c.best, r.Hits[0].ID, c.query)
		require.Positive(t, r.Hits[0].Score)
		require.GreaterOrEqual(t, r.Total, len(r.Hits))
	}
	require.Equal(t, Passages()[0], find(t, s, search.Query{Text: "身份证丢失派出所"}).Hits[0].Passage, "every field comes back")
	require.NotEmpty(t, find(t, s, search.Query{Text: "怎么办"}).Hits, "nothing but question words: they count then")
}

func replace(t *testing.T, s search.Store) {
	before := s.Len()
	p := Passages()[5]
	p.Text = "稳岗返还按年申请。"
	p.Title = "稳岗返还"
	for range 3 {
		require.NoError(t, s.Index(t.Context(), []search.Passage{p}))
	}
	require.Equal(t, before, s.Len())
	require.NotContains(t, ids(find(t, s, search.Query{Text: "贷款贴息"})), "p1")
	require.Equal(t, []string{"p1"}, ids(find(t, s, search.Query{Text: "稳岗返还"})))
	q := p
	q.Text = "失业保险稳岗返还"
	require.NoError(t, s.Index(t.Context(), []search.Passage{p, q}))
	require.Equal(t, before, s.Len())
	require.Equal(t, q.Text, find(t, s, search.Query{Text: "稳岗"}).Hits[0].Text, "the last of two with one id")
}

func remove(t *testing.T, s search.Store) {
	before := s.Len()
	require.NoError(t, s.Delete(t.Context(), "p1", "never-was"))
	require.Equal(t, before-1, s.Len())
	require.NotContains(t, ids(find(t, s, search.Query{Text: "小微企业贷款贴息"})), "p1")
	require.NoError(t, s.Delete(t.Context(), "p1"))
	require.NoError(t, s.Index(t.Context(), Passages()[5:6]))
	require.Equal(t, "p1", find(t, s, search.Query{Text: "小微企业贷款贴息"}).Hits[0].ID)
	var all []string
	for _, p := range Passages() {
		all = append(all, p.ID)
	}
	require.NoError(t, s.Delete(t.Context(), all...))
	require.Zero(t, s.Len())
	require.Empty(t, find(t, s, search.Query{Text: "身份证"}).Hits)
}

func get(t *testing.T, s search.Store) {
	got, err := s.Get(t.Context(), "l1", "never-was", "m1/name")
	require.NoError(t, err)
	require.Equal(t, []search.Passage{Passages()[6], Passages()[0]}, got)
}

func noID(t *testing.T, s search.Store) {
	before := s.Len()
	err := s.Index(t.Context(), []search.Passage{{ID: "x", Text: "新的"}, {Text: "没有编号"}})
	require.ErrorIs(t, err, search.ErrNoID)
	require.Equal(t, before, s.Len(), "all or none")
}

func filters(t *testing.T, s search.Store) {
	const text = "居民身份证补领 住房公积金提取 食品经营许可 企业贷款贴息 数字政府"
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"kind", search.Query{Kinds: []search.Kind{search.KindLaw, search.KindPolicy}}},
		{"code", search.Query{Codes: []string{"M1", "D1"}}},
		{"type", search.Query{Type: "公共服务"}},
		{"theme", search.Query{Theme: "住房"}},
		{"second theme", search.Query{Theme: "社会保障"}},
		{"unknown theme", search.Query{Theme: "天文"}},
		{"audience", search.Query{Audience: "法人"}},
		{"several", search.Query{Kinds: []search.Kind{search.KindMatter}, Audience: "个人", Region: "360102", Theme: "住房"}},
	} {
		t.Run(c.name, func(t *testing.T) { agree(t, s, text, c.q) })
	}
}

// agree checks that exactly the passages are found that the filters keep.
func agree(t *testing.T, s search.Store, text string, q search.Query) {
	t.Helper()
	want := []string{}
	for _, p := range Passages() {
		if q.Keeps(&p) {
			want = append(want, p.ID)
		}
	}
	q.Text, q.Size = text, 100
	r := find(t, s, q)
	require.ElementsMatch(t, want, ids(r))
	require.Equal(t, len(want), r.Total)
}

func region(t *testing.T, s search.Store) {
	for asked, want := range map[string][]string{
		"360102":       {"m2/name"}, // of its city and province, not of another city
		"360102001000": {"m2/name"},
		"360100":       {"m2/name"},
		"3604":         {"m3/name"},
		"36":           {}, // a province sees no single city's rules
		"44":           {},
		"":             {"m2/name", "m3/name"},
	} {
		require.ElementsMatch(t, want, ids(find(t, s, search.Query{Text: "住房公积金提取", Region: asked, Kinds: []search.Kind{search.KindMatter}, Theme: "住房"})), asked)
	}
	agree(t, s, "身份证 公积金 食品 贷款 政府", search.Query{Region: "360102"})
}

func validity(t *testing.T, s search.Store) {
	for day, want := range map[string]bool{"2023-12-31": false, "2024-01-01": true, "2025-12-31": true, "2026-01-01": false, "": true} {
		got := ids(find(t, s, search.Query{Text: "小微企业贷款贴息", On: day}))
		require.Equal(t, want, len(got) > 0 && got[0] == "p1", day)
	}
	agree(t, s, "身份证 公积金 食品 贷款 政府", search.Query{On: "2011-06-01"})
}

func facets(t *testing.T, s search.Store) {
	r := find(t, s, search.Query{Text: "住房公积金提取", Facets: true, Size: 1})
	require.Len(t, r.Hits, 1)
	require.Equal(t, 2, r.Total)
	require.Equal(t, map[string]map[string]int{
		search.FacetKind:     {"matter": 2},
		search.FacetType:     {"公共服务": 2},
		search.FacetTheme:    {"住房": 2, "社会保障": 1},
		search.FacetAudience: {"个人": 2},
		search.FacetRegion:   {"3601": 1, "3604": 1},
	}, r.Facets)
	require.Nil(t, find(t, s, search.Query{Text: "住房公积金提取"}).Facets, "only when asked")
}

func pages(t *testing.T, s search.Store) {
	const text = "居民身份证补领 住房公积金提取 食品经营许可 企业贷款贴息 数字政府"
	all := ids(find(t, s, search.Query{Text: text, Size: 100}))
	require.Len(t, all, len(Passages()))
	var paged []string
	for from := 0; from < len(all)+3; from += 3 {
		r := find(t, s, search.Query{Text: text, Size: 3, From: from})
		require.Equal(t, len(all), r.Total)
		paged = append(paged, ids(r)...)
	}
	require.Equal(t, all, paged)
}

func order(t *testing.T, s search.Store) {
	var twins []search.Passage
	for _, id := range []string{"t3", "t1", "t4", "t2"} {
		twins = append(twins, search.Passage{ID: id, Kind: search.KindDocument, Text: "婚姻登记跨省通办"})
	}
	for _, p := range twins {
		require.NoError(t, s.Index(t.Context(), []search.Passage{p}))
	}
	for range 3 {
		r := find(t, s, search.Query{Text: "婚姻登记"})
		require.Equal(t, []string{"t1", "t2", "t3", "t4"}, ids(r), "equal scores stand by id")
		require.Equal(t, r.Hits[0].Score, r.Hits[3].Score)
	}
	r := find(t, s, search.Query{Text: "身份证补领户口簿", Size: 100})
	for i := 1; i < len(r.Hits); i++ {
		require.GreaterOrEqual(t, r.Hits[i-1].Score, r.Hits[i].Score)
	}
}

func highlights(t *testing.T, s search.Store) {
	for _, q := range []string{"身份证丢失补领", "贛服通ＡＰＰ", "2025年数字政府", "开馆子", "公积金"} {
		r := find(t, s, search.Query{Text: q})
		require.NotEmpty(t, r.Hits, q)
		require.NotEmpty(t, r.Hits[0].Highlights, q)
		for _, h := range r.Hits {
			end := 0
			for _, span := range h.Highlights {
				require.GreaterOrEqual(t, span.Start, end, "in order, apart")
				require.Greater(t, span.End, span.Start)
				end = span.End
			}
			require.LessOrEqual(t, end, utf8.RuneCountInString(h.Text))
		}
	}
	h := find(t, s, search.Query{Text: "派出所"}).Hits[0]
	text := []rune(h.Text)
	require.Len(t, h.Highlights, 1)
	require.Equal(t, "派出所", string(text[h.Highlights[0].Start:h.Highlights[0].End]))
	h = find(t, s, search.Query{Text: "数字政府"}).Hits[0]
	text = []rune(h.Text)
	require.Equal(t, "數字政府", string(text[h.Highlights[0].Start:h.Highlights[0].End]), "offsets are into the text as it was given")
}

func why(t *testing.T, s search.Store) {
	for _, c := range []struct{ query, id, why string }{
		{"派出所", "m1/name", "派出所"},
		{"开馆子", "m4/name", "同义词：馆子→餐馆"},
		{"户口本", "m1/materials", "同义词：户口本→居民户口簿"},
		{"gongjijin", "m2/name", "拼音：gongjijin→公积金"},
		{"公鸡金提取", "m2/name", "拼音：公鸡金→公积金"},
		{"小微企叶贷款", "p1", "拼音：企叶→企业"},
		{"食品经管许可", "m4/name", "错字：食品经管许可→食品经营许可"},
	} {
		var found *search.Hit
		for _, h := range find(t, s, search.Query{Text: c.query}).Hits {
			if h.ID == c.id {
				found = &h
			}
		}
		require.NotNil(t, found, c.query)
		require.Contains(t, found.Why, c.why, c.query)
	}
}

func suggest(t *testing.T, s search.Store) {
	for _, c := range []struct{ typed, want string }{
		{"居民身", "居民身份证补领"},
		{"公积金", "住房公积金提取"},
		{"身份证丢", "身份证丢了怎么办"},
		{"zhufang", "住房公积金提取"},
		{"gongjij", "住房公积金提取"},
		{"zfgj", "住房公积金提取"},
		{"身分正", "居民身份证补领"},
		{"數字政", "數字政府建設方案"},
	} {
		var texts []string
		for _, g := range s.Suggest(c.typed, 5) {
			texts = append(texts, g.Text)
		}
		require.Contains(t, texts, c.want, c.typed)
	}
	got := s.Suggest("身份证丢", 5)
	require.Equal(t, search.Suggestion{Text: "身份证丢了怎么办", Name: "居民身份证补领", Kind: search.KindMatter, Code: "M1"}, got[0])
	require.Len(t, s.Suggest("身", 2), 2)
	require.Empty(t, s.Suggest("", 5))
	require.Empty(t, s.Suggest("火星移民", 5))
	require.NoError(t, s.Index(t.Context(), []search.Passage{{ID: "new", Title: "火星移民登记", Text: "暂不办理。"}}))
	require.Len(t, s.Suggest("火星移民", 5), 1)
}

func cancelled(t *testing.T, s search.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Search(ctx, search.Query{Text: "身份证"})
	require.ErrorIs(t, err, context.Canceled)
}

// concurrent runs 10,000 searches (fewer with -short) while passages come and go; every search sees a whole state.
func concurrent(t *testing.T, s search.Store) {
	searches := 10_000
	if testing.Short() {
		searches = 1_000
	}
	require.NoError(t, zh.Open())
	pair := []search.Passage{
		{ID: "a", Kind: search.KindDocument, Text: "无人机登记甲"}, {ID: "b", Kind: search.KindDocument, Text: "无人机登记乙"},
	}
	stop := make(chan struct{})
	var writers, readers sync.WaitGroup
	writers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if s.Index(t.Context(), pair) != nil || s.Delete(t.Context(), "a", "b") != nil {
				t.Error("write failed")
				return
			}
		}
	})
	var mu sync.Mutex
	wrong := ""
	for range 4 {
		readers.Go(func() {
			for range searches / 4 {
				r, err := s.Search(context.Background(), search.Query{Text: "无人机登记"})
				n := -1
				if err == nil {
					n = 0
					for _, h := range r.Hits {
						if h.ID == "a" || h.ID == "b" {
							n++
						}
					}
				}
				if n != 0 && n != 2 {
					mu.Lock()
					wrong = fmt.Sprintf("half a write seen: %d of 2, %v", n, err)
					mu.Unlock()
				}
			}
		})
	}
	readers.Wait()
	close(stop)
	writers.Wait()
	require.Empty(t, wrong)
}
