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

// ErrFormat is returned by Read and ReadMulti for data that is not a model, is damaged, or is of another version.
var ErrFormat = errors.New("learn: not a model this version reads")

// The first bytes of a stored model; the last is the version of the layout and of how texts are read: both must agree
// for stored weights to mean anything.
const (
	magicOne  = "gwlearn\x01"
	magicMany = "gwmulti\x01"
)

// Limits on what Read believes before it has seen the bytes.
const (
	maxHeader   = 1 << 20
	maxFeatures = 1 << 24
	maxLabels   = 1 << 14
	maxWidth    = 1 << 14
)

// header is the readable part of a stored model.
type header struct {
	Config      Config
	Labels      []string
	Features    int
	Width       int
	Rarest      float32
	Temperature float64      `json:",omitempty"`
	Logistic    [][2]float64 `json:",omitempty"`
}

// Write stores the model.
func (m *Model) Write(w io.Writer) error {
	h := m.linear.header()
	h.Temperature = m.temperature
	return m.linear.write(w, magicOne, h)
}

// Read loads a model written by Write. It returns ErrFormat when the data is something else.
func Read(r io.Reader) (*Model, error) {
	l, h, err := readLinear(r, magicOne)
	if err != nil {
		return nil, err
	}
	if !(h.Temperature > 0) {
		return nil, fmt.Errorf("%w: temperature %v", ErrFormat, h.Temperature)
	}
	return &Model{linear: l, temperature: h.Temperature}, nil
}

func (l *linear) header() header {
	return header{Config: l.config, Labels: l.labels, Features: len(l.vocabulary.hashes), Width: l.width, Rarest: l.vocabulary.rarest}
}

func (l *linear) write(w io.Writer, magic string, h header) error {
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("learn: write model: %w", err)
	}
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(magic)
	parts := []any{uint32(len(text)), text, l.vocabulary.hashes, l.vocabulary.idf, l.scales, l.bias, l.rows}
	for _, part := range parts {
		if err := binary.Write(b, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("learn: write model: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("learn: write model: %w", err)
	}
	return nil
}

func readLinear(r io.Reader, magic string) (linear, header, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	h, err := readHeader(b, magic)
	if err != nil {
		return linear{}, header{}, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	classes, all := len(h.Labels), h.Features+h.Width
	l := linear{config: h.Config, labels: h.Labels, width: h.Width, vocabulary: vocabulary{rarest: h.Rarest}}
	err = errors.Join(
		readSlice(b, &l.vocabulary.hashes, h.Features), readSlice(b, &l.vocabulary.idf, h.Features),
		readSlice(b, &l.scales, all), readSlice(b, &l.bias, classes), readSlice(b, &l.rows, all*classes))
	if err != nil {
		return linear{}, header{}, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	if !slices.IsSorted(l.vocabulary.hashes) || !slices.IsSorted(l.labels) {
		return linear{}, header{}, fmt.Errorf("%w: out of order", ErrFormat)
	}
	for _, numbers := range [][]float32{l.vocabulary.idf, l.scales, l.bias} {
		for _, x := range numbers {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				return linear{}, header{}, fmt.Errorf("%w: a weight is no number", ErrFormat)
			}
		}
	}
	return l, h, nil
}

// readJSON reads the first bytes, which must be those of magic, and the length-prefixed JSON after them.
func readJSON(b io.Reader, magic string, v any) error {
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(b, start); err != nil {
		return err
	}
	if string(start[:len(magic)]) != magic {
		return errors.New("another kind or version")
	}
	size := binary.LittleEndian.Uint32(start[len(magic):])
	if size > maxHeader {
		return errors.New("header too long")
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(b, text); err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

func readHeader(b io.Reader, magic string) (header, error) {
	var h header
	if err := readJSON(b, magic, &h); err != nil {
		return header{}, err
	}
	h.Config.setDefaults()
	if h.Features < 0 || h.Features > maxFeatures || h.Width < 0 || h.Width > maxWidth || len(h.Labels) < 1 || len(h.Labels) > maxLabels {
		return header{}, errors.New("sizes out of bounds")
	}
	if c := h.Config; c.Chars > 16 || c.Pinyin > 16 || c.Words > 16 {
		return header{}, errors.New("n-grams out of bounds")
	}
	return h, nil
}

// readSlice reads n numbers in pieces, so that a short file with a large count costs no memory.
func readSlice[T any](r io.Reader, out *[]T, n int) error {
	const piece = 1 << 16
	*out = make([]T, 0, min(n, piece))
	for len(*out) < n {
		part := make([]T, min(n-len(*out), piece))
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return err
		}
		*out = append(*out, part...)
	}
	return nil
}
