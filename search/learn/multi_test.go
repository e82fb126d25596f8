package learn

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// mixed joins two invented texts, so that each carries one or two labels.
func mixed(n int, seed uint64) []MultiExample {
	a, b := invent(n, seed), invent(n, seed+100)
	out := make([]MultiExample, n)
	for i := range out {
		j := (i*3 + i/4) % n
		out[i] = MultiExample{Text: a[i].Text, Labels: []string{a[i].Label}}
		if b[j].Label != a[i].Label && i%3 == 0 {
			out[i].Text += "，" + b[j].Text
			out[i].Labels = append(out[i].Labels, b[j].Label)
		}
	}
	return out
}

func TestTrainMulti(t *testing.T) {
	m, err := TrainMulti(context.Background(), mixed(400, 1), Config{})
	require.NoError(t, err)
	require.Equal(t, []string{"hukou", "licence", "passport", "pension"}, m.Labels())
	wrong, all := 0, 0
	for _, e := range mixed(200, 2) {
		want := map[string]bool{}
		for _, l := range e.Labels {
			want[l] = true
		}
		for _, s := range m.Predict(e.Text, nil) {
			all++
			if (s.P > 0.5) != want[s.Label] {
				wrong++
			}
		}
	}
	require.Less(t, float64(wrong)/float64(all), 0.03)

	var buf bytes.Buffer
	require.NoError(t, m.Write(&buf))
	again, err := ReadMulti(bytes.NewReader(buf.Bytes()))
	require.NoError(t, err)
	require.Equal(t, m.Predict("护照和户口", nil), again.Predict("护照和户口", nil))
	_, err = Read(bytes.NewReader(buf.Bytes()))
	require.ErrorIs(t, err, ErrFormat)
	_, err = TrainMulti(context.Background(), []MultiExample{{Text: "无"}}, Config{})
	require.ErrorIs(t, err, ErrNoExamples)
}

func TestPlatt(t *testing.T) {
	scores := []float64{-3, -2, -1, -0.5, 0.5, 1, 2, 3}
	curve := platt(scores, []bool{false, false, false, true, false, true, true, true})
	require.Greater(t, curve[0], 0.0)
	require.Greater(t, sigmoid(curve[0]*3+curve[1]), 0.8)
	require.Less(t, sigmoid(curve[0]*-3+curve[1]), 0.2)
}
