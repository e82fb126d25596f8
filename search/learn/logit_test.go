package learn

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLogit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var points []Point
	for i := range 600 {
		class := i % 3
		x := []float64{random.NormFloat64() * 10, random.NormFloat64(), 7}
		x[0] += float64(class-1) * 40
		points = append(points, Point{X: x, Class: class})
	}
	l, err := TrainLogit(points, 3)
	require.NoError(t, err)
	right := 0
	for _, p := range points {
		got, err := l.Predict(p.X)
		require.NoError(t, err)
		if got[p.Class] > 0.5 {
			right++
		}
	}
	require.Greater(t, right, 570)
	_, err = l.Predict([]float64{1})
	require.Error(t, err)
	_, err = TrainLogit(nil, 3)
	require.ErrorIs(t, err, ErrNoExamples)
	_, err = TrainLogit([]Point{{X: []float64{1}, Class: 5}}, 3)
	require.ErrorContains(t, err, "point 0")
}

func TestNeighbours(t *testing.T) {
	ex := []Example{
		{Text: "a", Label: "x", Vector: []float32{1, 0}}, {Text: "b", Label: "y", Vector: []float32{0, 1}},
		{Text: "c", Label: "x", Vector: []float32{0.8, 0.6}}, {Text: "d", Label: "y", Vector: []float32{0, -1}},
	}
	n, err := NewNeighbours(ex, func(text string) int { return int(text[0]-'a') % 2 })
	require.NoError(t, err)
	require.InDelta(t, 0.9, n.Near([]float32{1, 0}, 0, -1), 0.01, "the mean of 1 and 0.8")
	require.InDelta(t, 0, n.Near([]float32{0, 1}, 1, -1), 0.01)
	require.Zero(t, n.Near([]float32{1, 0}, 0, 0), "both texts of x are in fold 0")

	var buf bytes.Buffer
	require.NoError(t, n.Write(&buf))
	again, err := ReadNeighbours(bytes.NewReader(buf.Bytes()))
	require.NoError(t, err)
	require.InDelta(t, 0.9, again.Near([]float32{1, 0}, 0, -1), 0.01)
	_, err = ReadNeighbours(bytes.NewReader(buf.Bytes()[:buf.Len()-1]))
	require.ErrorIs(t, err, ErrFormat)
	_, err = NewNeighbours([]Example{{Label: "a"}, {Label: "b"}}, nil)
	require.ErrorContains(t, err, "need vectors")
}
