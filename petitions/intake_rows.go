package petitions

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"ganwen/kg"
)

// lines reads JSON lines, or one JSON list.
func (in *intake) lines(r io.Reader) iter.Seq2[*incoming, *kg.Reject] {
	return func(yield func(*incoming, *kg.Reject) bool) {
		buffered := bufio.NewReaderSize(r, 1<<16)
		if head, _ := buffered.Peek(1); len(head) == 1 && head[0] == '[' {
			in.list(buffered, yield)
			return
		}
		lines := bufio.NewScanner(buffered)
		lines.Buffer(nil, 16<<20)
		for n := 1; lines.Scan(); n++ {
			raw := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
			if len(raw) > 0 && !yield(in.object(n, raw)) {
				return
			}
		}
		in.failure = lines.Err()
	}
}

func (in *intake) list(r io.Reader, yield func(*incoming, *kg.Reject) bool) {
	dec := json.NewDecoder(r)
	if _, err := dec.Token(); err != nil {
		in.failure = fmt.Errorf("%w: %w", ErrFormat, err)
		return
	}
	for n := 1; dec.More(); n++ {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			in.failure = fmt.Errorf("%w: element %d: %w", ErrFormat, n, err)
			return
		}
		if !yield(in.object(n, raw)) {
			return
		}
	}
}

func (in *intake) object(n int, raw []byte) (*incoming, *kg.Reject) {
	cells, bad := in.words.object(raw, in.column)
	if bad != nil {
		bad.Row = n
		return nil, bad
	}
	return in.cells(n, cells, bytes.Clone(raw))
}

// column finds a heading's field, and notes the first time it is met.
func (in *intake) column(heading string) *intakeField {
	f, met := in.known[heading]
	if !met {
		f = in.words.field(heading)
		in.known[heading] = f
		c := kg.Column{Heading: heading}
		if f != nil {
			c.Field = f.Name
		}
		in.report.Columns = append(in.report.Columns, c)
		slices.SortFunc(in.report.Columns, func(a, b kg.Column) int { return cmp.Compare(a.Heading, b.Heading) })
	}
	return f
}

func (in *intake) cells(n int, cells map[string]string, raw []byte) (*incoming, *kg.Reject) {
	row, bad := in.words.row(cells, in.now)
	if bad != nil {
		bad.Row, bad.Key = n, cells["id"]
		return nil, bad
	}
	row.row, row.raw = n, raw
	return row, nil
}

// headingRows is how far down a table the heading may stand.
const headingRows = 6

// table reads rows below a heading. Several columns for one field are read one after the other.
func (in *intake) table(rows iter.Seq2[[]string, error]) iter.Seq2[*incoming, *kg.Reject] {
	return func(yield func(*incoming, *kg.Reject) bool) {
		var head []*intakeField
		var headings []string
		n := 0
		for row, err := range rows {
			n++
			switch {
			case err != nil:
				in.failure = fmt.Errorf("%w: row %d: %w", ErrFormat, n, err)
				return
			case strings.TrimSpace(strings.Join(row, "")) == "":
			case head != nil:
				if !yield(in.tableRow(n, row, head, headings)) {
					return
				}
			case in.isHeading(row):
				headings = slices.Clone(row)
				for _, h := range row {
					head = append(head, in.column(strings.TrimSpace(h)))
				}
			}
			if head == nil && n >= headingRows {
				break
			}
		}
		if head == nil {
			in.failure = fmt.Errorf("%w: no heading with a column for title or text in the first %d rows", ErrFormat, headingRows)
		}
	}
}

// isHeading reports whether a row names a column for what was said.
func (in *intake) isHeading(row []string) bool {
	return slices.ContainsFunc(row, func(h string) bool {
		f := in.words.field(h)
		return f != nil && (f.Name == "title" || f.Name == "text")
	})
}

func (in *intake) tableRow(n int, row []string, head []*intakeField, headings []string) (*incoming, *kg.Reject) {
	if len(row) > len(head) && strings.TrimSpace(strings.Join(row[len(head):], "")) != "" {
		bad := in.words.refuse("columns", "-", strings.Join(row[len(head):], ","), "")
		bad.Row = n
		return nil, bad
	}
	cells, whole := map[string]string{}, map[string]string{}
	for i, cell := range row[:min(len(row), len(head))] {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		whole[headings[i]] = cell
		if f := head[i]; f != nil {
			if cells[f.Name] != "" {
				cell = cells[f.Name] + "\n" + cell
			}
			cells[f.Name] = cell
		}
	}
	raw, err := json.Marshal(whole)
	if err != nil { // made of texts
		panic(fmt.Sprintf("petitions: import: %v", err))
	}
	return in.cells(n, cells, raw)
}
