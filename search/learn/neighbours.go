package learn

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Neighbours remembers the vectors of labelled texts and says how near a text comes to the nearest of a label. It sees
// what a linear model cannot: that a label has several unlike ways of being meant. Vectors are kept in eight bits a
// number. It is safe for concurrent use.
type Neighbours struct {
	labels []string
	starts []int // first row of each label; one more at the end
	width  int
	rows   []int8
	scales []float32
	folds  []int8 // of each row, for held-out questions; not stored
}

// NewNeighbours remembers examples, all with vectors of one length. Fold says which part of a cross-validation a text
// belongs to, for Near to leave out.
func NewNeighbours(ex []Example, fold func(text string) int) (*Neighbours, error) {
	labels, err := labelsOf(ex)
	if err != nil {
		return nil, err
	}
	width, err := widthOf(ex)
	if err != nil {
		return nil, err
	}
	if width == 0 {
		return nil, errors.New("learn: neighbours need vectors")
	}
	order := pick(len(ex), nil)
	slices.SortStableFunc(order, func(a, b int) int {
		if ex[a].Label != ex[b].Label {
			if ex[a].Label < ex[b].Label {
				return -1
			}
			return 1
		}
		return 0
	})
	n := &Neighbours{labels: labels, width: width, starts: make([]int, 0, len(labels)+1)}
	last := ""
	for r, i := range order {
		if r == 0 || ex[i].Label != last {
			n.starts = append(n.starts, r)
			last = ex[i].Label
		}
		n.add(ex[i].Vector)
		n.folds = append(n.folds, int8(fold(ex[i].Text)))
	}
	n.starts = append(n.starts, len(order))
	return n, nil
}

func (n *Neighbours) add(v []float32) {
	largest := float32(1e-12)
	for _, x := range v {
		largest = max(largest, float32(math.Abs(float64(x))))
	}
	scale := largest / 127
	for _, x := range v {
		n.rows = append(n.rows, int8(math.Round(float64(x/scale))))
	}
	n.scales = append(n.scales, scale)
}

// nearest is how many neighbours are averaged: one alone may be a stray.
const nearest = 3

// Near is the mean similarity to the three nearest texts of a label, by its place among the ordered labels. Texts of
// the fold are left out; -1 leaves out none.
func (n *Neighbours) Near(vec []float32, label, fold int) float64 {
	var best [nearest]float32
	for i := range best {
		best[i] = -1
	}
	found := 0
	for r := n.starts[label]; r < n.starts[label+1]; r++ {
		if fold >= 0 && n.folds != nil && int(n.folds[r]) == fold {
			continue
		}
		found++
		s := dotBytes(vec, n.rows[r*n.width:(r+1)*n.width]) * n.scales[r]
		for i := range best {
			if s > best[i] {
				best[i], s = s, best[i]
			}
		}
	}
	if found == 0 {
		return 0
	}
	sum := float32(0)
	for _, s := range best[:min(found, nearest)] {
		sum += s
	}
	return float64(sum) / float64(min(found, nearest))
}

// Width is the length of the vectors.
func (n *Neighbours) Width() int { return n.width }

func dotBytes(a []float32, b []int8) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += x[0] * float32(y[0])
		s1 += x[1] * float32(y[1])
		s2 += x[2] * float32(y[2])
		s3 += x[3] * float32(y[3])
	}
	for ; i < len(a); i++ {
		s0 += a[i] * float32(b[i])
	}
	return s0 + s1 + s2 + s3
}

const magicNear = "gwnear_\x01"

// neighboursHeader is the readable part of stored neighbours.
type neighboursHeader struct {
	Labels []string
	Starts []int
	Width  int
}

// Write stores the neighbours.
func (n *Neighbours) Write(w io.Writer) error {
	text, err := json.Marshal(neighboursHeader{n.labels, n.starts, n.width})
	if err != nil {
		return fmt.Errorf("learn: write neighbours: %w", err)
	}
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(magicNear)
	for _, part := range []any{uint32(len(text)), text, n.scales, n.rows} {
		if err := binary.Write(b, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("learn: write neighbours: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("learn: write neighbours: %w", err)
	}
	return nil
}

// ReadNeighbours loads what Write stored. It returns ErrFormat when the data is something else.
func ReadNeighbours(r io.Reader) (*Neighbours, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	var h neighboursHeader
	if err := readJSON(b, magicNear, &h); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	if h.Width < 1 || h.Width > maxWidth || len(h.Starts) != len(h.Labels)+1 || len(h.Labels) == 0 || !slices.IsSorted(h.Starts) ||
		h.Starts[0] != 0 || h.Starts[len(h.Labels)] > maxFeatures {
		return nil, fmt.Errorf("%w: sizes out of bounds", ErrFormat)
	}
	n := &Neighbours{labels: h.Labels, starts: h.Starts, width: h.Width}
	texts := h.Starts[len(h.Labels)]
	if err := errors.Join(readSlice(b, &n.scales, texts), readSlice(b, &n.rows, texts*h.Width)); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	return n, nil
}
