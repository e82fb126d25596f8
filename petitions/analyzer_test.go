package petitions

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

const demoDir = "../cmd/ganwen/demo/petitions/"

// readRows reads labelled petitions; lines without a text, such as a suite's header, are left out.
func readRows(t testing.TB, path string) []Example {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var out []Example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e Example
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e), path)
		if e.Text != "" {
			out = append(out, e)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, out)
	return out
}

func composed(t testing.TB) []Example {
	out, err := LoadExamples(os.DirFS(demoDir))
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

func TestReadExamples(t *testing.T) {
	_, err := ReadExamples("rows.jsonl", []byte(`{"title":"欠薪","text":"欠工资","label":{"domain":"劳动和社会保障","signals":["wage_arrears"]}}`+"\n\n"))
	require.NoError(t, err)
	for line, want := range map[string]string{
		`{"title":"欠薪","mood":"x","label":{"domain":"a"}}`: `rows.jsonl:1: json: unknown field "mood"`,
		`{"title":"欠薪","label":{}}`:                        "rows.jsonl:1: a row needs",
		`欠薪`:                                               "rows.jsonl:1",
	} {
		_, err := ReadExamples("rows.jsonl", []byte(line))
		require.ErrorContains(t, err, want)
	}
}

// TestDevIsApart: no petition of the suite, and none of an event in it, is among the rows that are learnt from.
func TestDevIsApart(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range composed(t) {
		seen[e.ID], seen[e.Text] = true, true
		if e.Label.Event != "" {
			seen[string(e.Label.Event)] = true
		}
	}
	for _, e := range readRows(t, "../eval/suites/petition-dev.jsonl") {
		require.False(t, seen[e.ID], e.ID)
		require.False(t, seen[e.Text], e.ID)
		require.False(t, e.Label.Event != "" && seen[string(e.Label.Event)], e.ID)
	}
}

func demoDuties(t testing.TB) []*kg.Duty {
	raw, err := os.ReadFile("../cmd/ganwen/demo/catalogue/duties.jsonl")
	require.NoError(t, err)
	var out []*kg.Duty
	for line := range bytes.Lines(raw) {
		d := &kg.Duty{}
		require.NoError(t, json.Unmarshal(line, d))
		out = append(out, d)
	}
	return out
}

// trained is an analyzer on all composed petitions, made once for all tests.
var trained = sync.OnceValues(func() (*Analyzer, error) {
	t := &testing.T{}
	regions, err := kg.Divisions()
	if err != nil {
		return nil, err
	}
	book, err := Limits()
	if err != nil {
		return nil, err
	}
	return New(Config{Examples: composed(t), Duties: demoDuties(t), Regions: regions, Clocks: book.For})
})

func analyzer(t testing.TB) *Analyzer {
	if testing.Short() {
		t.Skip("training takes seconds")
	}
	a, err := trained()
	require.NoError(t, err)
	return a
}

func one(t testing.TB, p Petition) Analysis {
	found, err := analyzer(t).Analyze(context.Background(), []Petition{p})
	require.NoError(t, err)
	return found[0]
}

func signalNames(x Analysis) []string {
	var out []string
	for _, s := range x.Signals {
		out = append(out, s.Name)
	}
	slices.Sort(out)
	return out
}

// TestReadings pins what the conventions decide: who is blamed, what harms whom, how many, when. None of these texts is
// among the composed ones.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		domain     string
		purpose    string
		route      string
		urgency    string
		signals    []string
	}{
		{"a question, in anger", "气死我了，跑了两趟都关门，请问周六到底办不办身份证？", "政法", Question, "", Normal, nil},
		{"a cadre blamed", "举报我们村支书，把集体的山塘低价包给他小舅子，一年才五百块，请纪委来查，别说是我讲的。", "纪检监察", Report, "", Normal, nil},
		{"food in a school", "我儿子在学校食堂吃了臭肉丸，下午上吐下泻，请市监局来封留样。", "卫生计生", Appeal, RouteDuty, Urgent, []string{FoodSafety, Minor}},
		{"wages", "老板欠我们三个月工资不给，打电话也不接，请劳动监察帮忙要回来。", "劳动和社会保障", Appeal, RouteDuty, Normal, []string{WageArrears}},
		{"noise of works", "隔壁工地半夜打桩，吵得睡不着，请管一管。", "环境保护", Appeal, RouteDuty, Normal, nil},
		{"neighbours' noise", "楼下天天跳广场舞，音箱开到十点半，请来劝一劝。", "政法", Appeal, RouteDuty, Normal, nil},
		{"on a roof", "快来人，有个女的站在楼顶边上说不想活了，要跳下去！", "", Appeal, "", Emergency, []string{SelfHarm}},
		{"words that only sound so", "车位写着跳楼价，买完就涨，气炸了，请住建局核一核。", "城乡建设", Appeal, "", Normal, nil},
		{"a penalty refused", "城管罚我五百块，我对这个处罚决定不服，要申请行政复议。", "城乡建设", Appeal, RouteAdministrative, Normal, nil},
		{"party discipline", "给我党内严重警告处分，我不服，请求上级纪委复查撤销。", "纪检监察", Appeal, RouteParty, Normal, nil},
		{"a proposal for all", "建议公园里每隔两百米放一张椅子，老人走累了有地方坐。", "城乡建设", Advice, "", Normal, nil},
		{"to the province", "县里一直没人管，下礼拜我就坐车到省信访局去问一问。", "", Appeal, "", Urgent, []string{Repeat, SkipLevel}},
		{"an open manhole", "路口的窨井盖丢了，黑洞洞的，晚上骑车的人差点掉进去，请马上盖好。", "城乡建设", Appeal, RouteDuty, Emergency, []string{PublicSafety}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := one(t, Petition{Text: c.text, Channel: "网"})
			if c.domain != "" {
				require.Equal(t, c.domain, x.Class.Path[0])
			}
			require.Equal(t, c.purpose, x.Purpose.Value)
			if c.route != "" || c.purpose != Appeal {
				require.Equal(t, c.route, string(x.Route.Value))
			}
			require.Equal(t, c.urgency, x.Urgency)
			require.Subset(t, signalNames(x), c.signals)
			if c.signals == nil {
				require.Empty(t, x.Signals)
			}
		})
	}
}

// TestHeldOut measures the petitions that no training sees. The floors lie a little under what is reached, so that a
// change for the worse shows.
func TestHeldOut(t *testing.T) {
	a := analyzer(t)
	rows := readRows(t, "../eval/suites/petition-dev.jsonl")
	right := map[string]float64{}
	hits, wrong := 0.0, 0.0
	for i := range rows {
		e := &rows[i]
		l, err := a.Classify(context.Background(), &e.Petition)
		require.NoError(t, err)
		for name, same := range map[string]bool{"domain": l.Domain == e.Label.Domain, "purpose": l.Purpose == e.Label.Purpose,
			"route": l.Route == e.Label.Route, "urgency": l.Urgency == e.Label.Urgency} {
			if same {
				right[name]++
			}
		}
		for _, s := range l.Signals {
			if slices.Contains(e.Label.Signals, s) {
				hits++
			} else {
				wrong++
			}
		}
		for _, s := range e.Label.Signals {
			if !slices.Contains(l.Signals, s) {
				wrong++
			}
		}
	}
	n := float64(len(rows))
	for name, floor := range map[string]float64{"domain": .86, "purpose": .93, "route": .85, "urgency": .90} {
		require.GreaterOrEqual(t, right[name]/n, floor, name)
	}
	require.GreaterOrEqual(t, 2*hits/(2*hits+wrong), .85, "signals")
}

func TestEvidence(t *testing.T) {
	text := "我叫王建国，电话13800138000。厂里欠我们五个月工资，前天我去县劳动监察大队登记过一次，没有回音。再不给我就发到抖音上去。"
	x := one(t, Petition{Title: "讨薪", Text: text, Channel: "信", Place: "江西省赣州市于都县银坑镇"})
	require.Subset(t, signalNames(x), []string{Media, Repeat, WageArrears})
	require.NotContains(t, x.Redacted, "13800138000")
	require.NotContains(t, x.Redacted, "王建国")
	require.Contains(t, x.Redacted, "欠我们五个月工资")
	for _, s := range x.Signals {
		require.NotEmpty(t, s.Evidence, s.Name)
		require.NotContains(t, s.Evidence, "13800138000")
		require.Contains(t, x.Redacted, s.Evidence, "evidence stands in the text word for word")
		require.Positive(t, s.Weight, s.Name)
	}
	require.Equal(t, "赣州市", strings.Split(x.Places[0].Name, "于都县")[0][len("江西省"):])
	require.True(t, strings.HasPrefix(x.Places[0].Code, "360731"), x.Places[0].Code)
	require.NotEqual(t, "none", x.Risk.Level)
	for _, f := range x.Risk.Factors {
		require.NotEmpty(t, f.Why, f.Name)
		require.NotEmpty(t, f.Label, f.Name)
	}
	require.NotEmpty(t, x.Risk.Lower)
	require.Equal(t, "人社局", x.Departments[0].Name)
	require.NotEmpty(t, x.Departments[0].Basis)
}

func TestHelpFirst(t *testing.T) {
	x := one(t, Petition{Text: "我爸手里拿着一瓶敌敌畏，说今晚就喝下去，快派人来！"})
	require.Equal(t, Emergency, x.Urgency)
	require.NotNil(t, x.Help)
	require.Equal(t, "self_harm", x.Help.Kind)
	require.Subset(t, x.Help.Numbers, []string{"110", "12356"})
	require.Equal(t, "high", x.Risk.Level)

	calm := one(t, Petition{Text: "请问公积金怎么提取？"})
	require.Nil(t, calm.Help)
	require.Equal(t, "none", calm.Risk.Level)
}

// TestNeverToTheAccused: a report must not reach the body it complains of (Article 30).
func TestNeverToTheAccused(t *testing.T) {
	x := one(t, Petition{Text: "举报县民政局救助股股长，办低保要先送两条烟，不送就说材料不全，请纪委查处，不要转回民政局。"})
	require.Equal(t, Report, x.Purpose.Value)
	require.NotEmpty(t, x.Departments)
	for _, d := range x.Departments {
		require.NotEqual(t, "民政局", d.Name)
	}
	require.Equal(t, "纪委监委", x.Departments[0].Name)
}

func TestModelsAreKept(t *testing.T) {
	rows := composed(t)[:200]
	dir := t.TempDir()
	first, err := New(Config{Examples: rows, Dir: dir, Seed: 7})
	require.NoError(t, err)
	again, err := New(Config{Examples: rows, Dir: dir, Seed: 7})
	require.NoError(t, err)
	fresh, err := New(Config{Examples: rows, Seed: 7})
	require.NoError(t, err)
	for _, e := range rows[:40] {
		want, err := first.Classify(context.Background(), &e.Petition)
		require.NoError(t, err)
		for _, other := range []*Analyzer{again, fresh} {
			got, err := other.Classify(context.Background(), &e.Petition)
			require.NoError(t, err)
			require.Equal(t, want, got, "equal rows and seed give an equal model")
		}
	}

	path := filepath.Join(dir, modelFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, raw[:len(raw)/2], 0o644))
	_, err = New(Config{Examples: rows, Dir: dir, Seed: 7})
	require.NoError(t, err, "a damaged file is made again")
	mended, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, raw, mended)
}

// TestOwnRows: an office's own class list and rows, which say nothing about purpose or urgency.
func TestOwnRows(t *testing.T) {
	rows := composed(t)
	a, err := New(Config{Examples: rows[:300]})
	require.NoError(t, err)
	var own []Example
	for _, e := range rows {
		switch e.Label.Domain {
		case "交通运输":
			own = append(own, Example{Petition: e.Petition, Label: Label{Domain: "路与车"}})
		case "卫生计生":
			own = append(own, Example{Petition: e.Petition, Label: Label{Domain: "看病吃药"}})
		}
	}
	require.NoError(t, a.Train(context.Background(), own))
	check := func(a *Analyzer) {
		found, err := a.Analyze(context.Background(), []Petition{{Text: "医院住院费多收了，请卫健委查一查。"}, {Text: "公交车班次太少，请恢复末班车。"}})
		require.NoError(t, err)
		require.Equal(t, []string{"看病吃药"}, found[0].Class.Path)
		require.Equal(t, []string{"路与车"}, found[1].Class.Path)
		require.Equal(t, Appeal, found[0].Purpose.Value, "what the rows do not say, the examples still do")
	}
	check(a)
	path := filepath.Join(t.TempDir(), "own.bin")
	require.NoError(t, a.SaveModel(path))
	b, err := New(Config{Examples: rows[:300]})
	require.NoError(t, err)
	require.NoError(t, b.LoadModel(path))
	check(b)
	require.Error(t, b.LoadModel(filepath.Join(t.TempDir(), "none")))
}

func TestRefusals(t *testing.T) {
	_, err := New(Config{})
	require.ErrorIs(t, err, ErrNoRows)
	_, err = analyzer(t).Analyze(context.Background(), []Petition{{Text: "路灯坏了"}, {ID: "x", Title: " "}})
	require.ErrorIs(t, err, ErrNoText)
	require.ErrorContains(t, err, "x")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = analyzer(t).Analyze(ctx, []Petition{{Text: "路灯坏了"}})
	require.ErrorIs(t, err, context.Canceled)
	none, err := analyzer(t).Analyze(context.Background(), nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestJoinHook(t *testing.T) {
	a, err := New(Config{Examples: composed(t)[:200], Join: func(_ context.Context, list []Petition, found []Analysis) error {
		for i := range list {
			found[i].Event = Optional("E" + list[i].Place)
		}
		return nil
	}})
	require.NoError(t, err)
	found, err := a.Analyze(context.Background(), []Petition{{Text: "水是黄的", Place: "1"}, {Text: "水发臭", Place: "1"}, {Text: "路灯坏了", Place: "2"}})
	require.NoError(t, err)
	require.Equal(t, found[0].Event, found[1].Event)
	require.NotEqual(t, found[0].Event, found[2].Event)
}

func FuzzAnalyze(f *testing.F) {
	a, err := New(Config{Examples: composed(f)[:120]})
	require.NoError(f, err)
	for _, s := range []string{"", "欠薪", "我们三十户联名，请查。", "#~|@", "一二三四五六七八九十百千万", "\n\n。。。", "打\x00人", "电话13800138000"} {
		f.Add("标题", s)
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		found, err := a.Analyze(context.Background(), []Petition{{Title: title, Text: text}})
		if strings.TrimSpace(title+text) == "" {
			require.ErrorIs(t, err, ErrNoText)
			return
		}
		require.NoError(t, err)
		_, err = json.Marshal(found[0])
		require.NoError(t, err)
	})
}

func BenchmarkAnalyze(b *testing.B) {
	a := analyzer(b)
	rows := readRows(b, "../eval/suites/petition-dev.jsonl")
	list := make([]Petition, len(rows))
	for i := range rows {
		list[i] = rows[i].Petition
	}
	b.ResetTimer()
	for b.Loop() {
		_, err := a.Analyze(context.Background(), list)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N*len(list))/b.Elapsed().Seconds(), "petitions/s")
}
