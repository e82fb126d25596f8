package petitions

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// LoadExamples reads labelled petitions from every *.jsonl file of a folder, one a line, files by name. Decoding is
// strict; an error names file and line.
func LoadExamples(fsys fs.FS) ([]Example, error) {
	files, err := fs.Glob(fsys, "*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("petitions: examples: %w", err)
	}
	slices.Sort(files)
	var out []Example
	for _, name := range files {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("petitions: examples: %w", err)
		}
		rows, err := ReadExamples(name, raw)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// ReadExamples reads labelled petitions, JSON lines. name stands in errors.
func ReadExamples(name string, raw []byte) ([]Example, error) {
	var out []Example
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var e Example
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil {
			return nil, fmt.Errorf("petitions: examples: %s:%d: %w", name, n, err)
		}
		if e.Title+e.Text == "" || e.Label.Domain == "" {
			return nil, fmt.Errorf("petitions: examples: %s:%d: a row needs a text and label.domain", name, n)
		}
		out = append(out, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("petitions: examples: %s: %w", name, err)
	}
	return out, nil
}
