package learn

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// trades are the words each label of the invented texts below prefers; filler is shared by all.
var trades = map[string][]string{
	"hukou":    {"户口", "落户", "迁移", "新生儿", "登记", "派出所"},
	"passport": {"护照", "出国", "签发", "照片", "出入境", "换发"},
	"pension":  {"养老", "退休", "社保", "缴费", "待遇", "领取"},
	"licence":  {"驾照", "换证", "体检", "车管所", "期满", "扣分"},
}

var filler = []string{"怎么", "办", "要", "多久", "请问", "我", "的", "在哪里", "材料", "谢谢"}

// invent makes n texts in turn for each label, deterministic for a seed.
func invent(n int, seed uint64) []Example {
	labels := []string{"hukou", "passport", "pension", "licence"}
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]Example, n)
	for i := range out {
		label := labels[i%len(labels)]
		text := ""
		for range 3 {
			text += filler[random.IntN(len(filler))]
			text += trades[label][random.IntN(len(trades[label]))]
		}
		out[i] = Example{Text: text, Label: label}
	}
	return out
}

// point gives the examples vectors that lean towards their label.
func point(ex []Example, seed uint64) []Example {
	axis := map[string]int{"hukou": 0, "passport": 1, "pension": 2, "licence": 3}
	random := rand.New(rand.NewPCG(seed, 2))
	for i := range ex {
		v := make([]float32, 11)
		for j := range v {
			v[j] = random.Float32()*0.4 - 0.2
		}
		v[axis[ex[i].Label]] += 0.8
		ex[i].Vector = v
	}
	return ex
}

func accuracy(t *testing.T, m *Model, test []Example) float64 {
	t.Helper()
	right := 0
	for _, e := range test {
		if m.Predict(e.Text, e.Vector, 1)[0].Label == e.Label {
			right++
		}
	}
	return float64(right) / float64(len(test))
}

func TestTrainTellsApart(t *testing.T) {
	for name, ex := range map[string]func(int, uint64) []Example{
		"words":   invent,
		"vectors": func(n int, s uint64) []Example { return point(invent(n, s), s) },
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Train(context.Background(), ex(200, 1), Config{})
			require.NoError(t, err)
			require.GreaterOrEqual(t, accuracy(t, m, ex(200, 2)), 0.98)
		})
	}
}

func TestVectorsAloneDecide(t *testing.T) {
	train, test := point(invent(200, 1), 1), point(invent(80, 2), 2)
	for _, set := range [][]Example{train, test} {
		for i := range set {
			set[i].Text = "请问怎么办"
		}
	}
	m, err := Train(context.Background(), train, Config{})
	require.NoError(t, err)
	require.GreaterOrEqual(t, accuracy(t, m, test), 0.95)
}

func TestProbabilitiesAreCalibrated(t *testing.T) {
	// A fifth of the labels is wrong, so an honest model is about .8 sure.
	spoil := func(ex []Example) []Example {
		for i := range ex {
			if i%5 == 0 {
				ex[i].Label = ex[(i+1)%len(ex)].Label
			}
		}
		return ex
	}
	m, err := Train(context.Background(), spoil(invent(800, 1)), Config{})
	require.NoError(t, err)
	sure, right := 0.0, 0.0
	test := spoil(invent(400, 2))
	for _, e := range test {
		best := m.Predict(e.Text, nil, 1)[0]
		sure += best.P
		if best.Label == e.Label {
			right++
		}
	}
	require.InDelta(t, right, sure, 0.08*float64(len(test)))
}

func TestPredictOrderAndSum(t *testing.T) {
	m, err := Train(context.Background(), invent(100, 1), Config{})
	require.NoError(t, err)
	all := m.Predict("护照换发要照片吗", nil, 0)
	require.Len(t, all, 4)
	sum := 0.0
	for i, s := range all {
		sum += s.P
		if i > 0 {
			require.GreaterOrEqual(t, all[i-1].P, s.P)
		}
	}
	require.InDelta(t, 1, sum, 1e-9)
	require.Equal(t, all[:2], m.Predict("护照换发要照片吗", nil, 2))
	require.Greater(t, m.Known("护照换发"), m.Known("量子纠缠"))
}

func TestTrainRefuses(t *testing.T) {
	_, err := Train(context.Background(), nil, Config{})
	require.ErrorIs(t, err, ErrNoExamples)
	_, err = Train(context.Background(), []Example{{Text: "一", Label: "a"}, {Text: "二", Label: "a"}}, Config{})
	require.ErrorIs(t, err, ErrNoExamples)
	_, err = Train(context.Background(), []Example{{Label: "a", Vector: []float32{1}}, {Label: "b"}}, Config{})
	require.ErrorContains(t, err, "vector of example 1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Train(ctx, invent(40, 1), Config{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestDeterministicAndStored(t *testing.T) {
	var first bytes.Buffer
	for range 2 {
		m, err := Train(context.Background(), point(invent(120, 1), 1), Config{Seed: 7})
		require.NoError(t, err)
		var again bytes.Buffer
		require.NoError(t, m.Write(&again))
		if first.Len() > 0 {
			require.Equal(t, first.Bytes(), again.Bytes(), "equal input gives an equal model")
		}
		first = again
	}
	m, err := Read(bytes.NewReader(first.Bytes()))
	require.NoError(t, err)
	require.GreaterOrEqual(t, accuracy(t, m, point(invent(80, 3), 3)), 0.98)
	var again bytes.Buffer
	require.NoError(t, m.Write(&again))
	require.Equal(t, first.Bytes(), again.Bytes())
}

func TestReadRefusesDamage(t *testing.T) {
	m, err := Train(context.Background(), invent(60, 1), Config{})
	require.NoError(t, err)
	var buf bytes.Buffer
	require.NoError(t, m.Write(&buf))
	good := buf.Bytes()
	for name, data := range map[string][]byte{
		"empty":         nil,
		"other version": append([]byte("gwlearn\x00"), good[8:]...),
		"cut":           good[:len(good)-1],
		"cut header":    good[:20],
		"multi":         append([]byte(magicMany), good[8:]...),
	} {
		_, err := Read(bytes.NewReader(data))
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

func FuzzRead(f *testing.F) {
	m, err := Train(context.Background(), invent(40, 1), Config{Chars: 1, Pinyin: -1})
	require.NoError(f, err)
	var buf bytes.Buffer
	require.NoError(f, m.Write(&buf))
	f.Add(buf.Bytes())
	f.Add(buf.Bytes()[:64])
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			return
		}
		require.Len(t, m.Predict("护照", nil, 0), len(m.Labels()))
	})
}

func TestExpandTeaches(t *testing.T) {
	// The word 崽 never stands in training; what it means does.
	ex := []Example{{Text: "小孩上学", Label: "school"}, {Text: "小孩读书", Label: "school"}, {Text: "老人补贴", Label: "old"}, {Text: "老人津贴", Label: "old"}}
	expand := func(text string) []string {
		if bytes.Contains([]byte(text), []byte("崽")) || bytes.Contains([]byte(text), []byte("小孩")) {
			return []string{"child"}
		}
		return []string{"none"}
	}
	m, err := Train(context.Background(), ex, Config{Expand: expand, Folds: -1})
	require.NoError(t, err)
	require.Equal(t, "school", m.Predict("崽", nil, 1)[0].Label)
}

func BenchmarkTrain(b *testing.B) {
	ex := invent(4000, 1)
	for b.Loop() {
		_, err := Train(context.Background(), ex, Config{Folds: -1})
		require.NoError(b, err)
	}
}

func BenchmarkPredict(b *testing.B) {
	m, err := Train(context.Background(), invent(400, 1), Config{Folds: -1})
	require.NoError(b, err)
	for b.Loop() {
		m.Predict("请问我家崽的户口怎么迁移到派出所登记", nil, 3)
	}
}

func ExampleTrain() {
	m, err := Train(context.Background(), []Example{
		{Text: "护照怎么办", Label: "passport"}, {Text: "出国的护照", Label: "passport"},
		{Text: "户口怎么迁", Label: "hukou"}, {Text: "落户口", Label: "hukou"},
	}, Config{Folds: -1})
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Predict("我要护照", nil, 1)[0].Label)
	if err := m.Write(io.Discard); err != nil {
		panic(err)
	}
	// Output: passport
}
