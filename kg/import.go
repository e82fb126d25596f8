package kg

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// ErrFormat is returned for a file that is not in the format it is said to be in, as a whole.
var ErrFormat = errors.New("kg: format not understood")

// Report says what an import did.
type Report struct {
	File    string         `json:"file"`
	Format  string         `json:"format"`
	Rows    int            `json:"rows"`              // rows with data
	Kept    int            `json:"kept"`              // records taken over
	Merged  int            `json:"merged"`            // rows that repeat an earlier one word for word
	Rejects Rejects        `json:"rejects,omitempty"` // rows refused
	Dropped Rejects        `json:"dropped,omitempty"` // values refused; their records were kept without them
	Mended  map[string]int `json:"mended,omitempty"`  // fields whose text was tidied, and how often
	Columns []Column       `json:"columns,omitempty"` // tables: what each column was taken for
	Filled  map[string]int `json:"filled,omitempty"`  // matters that have the field, by field
}

// Column is one column of an imported table. Field "" means: not understood, left aside.
type Column struct {
	Heading string `json:"heading"`
	Field   string `json:"field"`
}

// Import reads one file into a catalogue. format "" or "ganwen" goes by the name: .jsonl and .json hold records as Load
// reads them (matters, events, policies, duties, terms and questions, told apart by their fields), .csv holds matters
// with a heading; "guangdong" is the guide export of Guangdong. A name that ends in .gz is unpacked. Rows are refused
// one by one, in the report; the error is for what cannot be read at all.
func Import(r io.Reader, file, format string) (*Catalogue, *Report, error) {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	if plain, packed := strings.CutSuffix(name, ".gz"); packed {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, fmt.Errorf("kg: unpack %s: %w", name, err)
		}
		defer z.Close()
		name, r = plain, z
	}
	in := newIntake(name, format)
	var err error
	switch kind := path.Ext(name); {
	case format == "guangdong":
		err = in.lines(r, in.guangdong)
	case format != "" && format != "ganwen":
		return nil, nil, fmt.Errorf("%w: %q; want ganwen or guangdong", ErrFormat, format)
	case kind == ".jsonl":
		err = in.lines(r, in.record)
	case kind == ".json":
		err = in.array(r)
	case kind == ".csv":
		err = in.csv(r)
	default:
		return nil, nil, fmt.Errorf("%w: %s; want .jsonl, .json, .csv or .xlsx", ErrFormat, name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("kg: import %s: %w", name, err)
	}
	return in.cat, in.finish(), nil
}

// ImportTable takes over matters from a table whose rows another package has read (XLSX). The heading is the first row
// in which a code or name column is recognised.
func ImportTable(rows [][]string, file string) (*Catalogue, *Report, error) {
	in := newIntake(path.Base(file), "")
	if err := in.table(rows); err != nil {
		return nil, nil, fmt.Errorf("kg: import %s: %w", file, err)
	}
	return in.cat, in.finish(), nil
}

// intake takes rows over into a catalogue.
type intake struct {
	cat  *Catalogue
	rep  *Report
	seen map[string]kept // by kind and key
}

type kept struct {
	row int
	sum [sha256.Size]byte
}

func newIntake(name, format string) *intake {
	if format == "" {
		format = "ganwen"
	}
	return &intake{cat: &Catalogue{Name: strings.TrimSuffix(name, path.Ext(name))}, seen: map[string]kept{},
		rep: &Report{File: name, Format: format, Mended: map[string]int{}, Filled: map[string]int{}}}
}

func (in *intake) lines(r io.Reader, take func(row int, line []byte)) error {
	return eachLine(r, func(row int, line []byte) {
		in.rep.Rows++
		if bytes.HasPrefix(line, []byte("<")) {
			in.reject(row, "", refuse("html_page", "-", string(line), ""))
			return
		}
		take(row, line)
	})
}

// array reads a JSON list of records, or one record.
func (in *intake) array(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	rows := []json.RawMessage{raw}
	if bytes.HasPrefix(raw, []byte("[")) {
		rows = nil
		if err := json.Unmarshal(raw, &rows); err != nil {
			return fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	for i, row := range rows {
		in.rep.Rows++
		in.record(i+1, row)
	}
	return nil
}

func (in *intake) csv(r io.Reader) error {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord, cr.LazyQuotes = -1, true
	rows, err := cr.ReadAll()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return in.table(rows)
}

// record takes one JSON record of any kind.
func (in *intake) record(row int, raw []byte) {
	var has map[string]json.RawMessage
	if err := json.Unmarshal(raw, &has); err != nil {
		in.reject(row, "", refuse("syntax", "-", err.Error(), ""))
		return
	}
	any := func(names ...string) bool {
		for _, n := range names {
			if _, ok := has[n]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case any("members"):
		takeRecord(in, row, raw, func(e *LifeEvent) { in.cat.Events = append(in.cat.Events, e) })
	case any("delivery", "benefit", "related_matters", "audience"):
		takeRecord(in, row, raw, func(p *Policy) { in.cat.Policies = append(in.cat.Policies, p) })
	case any("query", "turns") && any("kind"):
		takeRecord(in, row, raw, func(u *Utterance) { in.cat.Others = append(in.cat.Others, *u) })
	case any("query"):
		takeRecord(in, row, raw, func(q *Question) { in.cat.Bank = append(in.cat.Bank, *q) })
	case any("duty"):
		takeRecord(in, row, raw, func(d *Duty) { in.cat.Duties = append(in.cat.Duties, d) })
	case any("term"):
		takeRecord(in, row, raw, func(t *Term) { in.cat.Lexicon = append(in.cat.Lexicon, *t) })
	default:
		takeRecord(in, row, raw, func(m *Matter) { in.cat.Matters = append(in.cat.Matters, m) })
	}
}

func takeRecord[T any, P interface {
	*T
	keyed
}](in *intake, row int, raw []byte, add func(P)) {
	v, bad := decodeStrict[T](raw)
	if bad != nil {
		in.reject(row, "", bad)
		return
	}
	put(in, row, P(v), add)
}

// put takes a record over unless it lacks something, repeats an earlier one (merged) or contradicts it (refused).
func put[P keyed](in *intake, row int, v P, add func(P)) {
	kind, key := v.key()
	if field, bad := v.lacks(); bad {
		in.reject(row, key, refuse("required", field, "", ""))
		return
	}
	if p, ok := any(v).(interface{ source(string, string) }); ok {
		p.source(in.cat.Name, fmt.Sprintf("%s:%d", in.rep.File, row))
	}
	raw, err := json.Marshal(v)
	if err != nil { // plain data always encodes
		panic(fmt.Sprintf("kg: import: %v", err))
	}
	sum := sha256.Sum256(raw)
	if key == "" {
		key = string(sum[:])
	}
	if first, dup := in.seen[kind+":"+key]; dup {
		if first.sum == sum {
			in.rep.Merged++
			return
		}
		in.reject(row, key, refuse("conflict", "code", key, fmt.Sprintf("%s:%d", in.rep.File, first.row)))
		return
	}
	in.seen[kind+":"+key] = kept{row, sum}
	in.rep.Kept++
	add(v)
}

// source fills in where a record comes from.
func (p *Provenance) source(name, at string) {
	p.At = at
	if p.Source == "" {
		p.Source = name
	}
}

func (in *intake) reject(row int, key string, bad *Reject) {
	bad.File, bad.Row, bad.Key = in.rep.File, row, key
	in.rep.Rejects = append(in.rep.Rejects, *bad)
}

// drop notes a value that was refused while its record was kept.
func (in *intake) drop(row int, key string, bad *Reject) {
	bad.File, bad.Row, bad.Key = in.rep.File, row, key
	in.rep.Dropped = append(in.rep.Dropped, *bad)
}

// mended counts a field whose text was changed.
func (in *intake) mended(field, before, after string) string {
	if before != after && after != "" {
		in.rep.Mended[field]++
	}
	return after
}

func (in *intake) finish() *Report {
	for _, m := range in.cat.Matters {
		for _, f := range fieldSpecs {
			if _, ok := m.Field(f.name); ok {
				in.rep.Filled[f.name]++
			}
		}
	}
	return in.rep
}
