package kg

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Reject is one row that was refused, and what its owner can do about it. Expected and Mend are in Chinese, for clerks.
type Reject struct {
	File     string `json:"file"`
	Row      int    `json:"row"` // first row = 1
	Key      string `json:"key,omitempty"`
	Field    string `json:"field"`
	Got      string `json:"got,omitempty"`
	Expected string `json:"expected"`
	Mend     string `json:"mend"`
}

// Error says where the row is and how to mend it, in one line.
func (r Reject) Error() string {
	got := ""
	if r.Got != "" {
		got = fmt.Sprintf("（现为 %q）", r.Got)
	}
	return fmt.Sprintf("%s:%d:%s: %s%s；%s", r.File, r.Row, r.Field, r.Expected, got, r.Mend)
}

// Rejects is a list of refused rows. As an error it means: the rest was good and was kept.
type Rejects []Reject

// Error gives the first few rejects, one a line.
func (rs Rejects) Error() string {
	const most = 5
	var b strings.Builder
	fmt.Fprintf(&b, "kg: %d rows refused", len(rs))
	for i, r := range rs {
		if i == most {
			fmt.Fprintf(&b, "\n… and %d more", len(rs)-most)
			break
		}
		b.WriteString("\n" + r.Error())
	}
	return b.String()
}

// WriteJSONL writes the rejects as JSON lines: the reject file that an import leaves behind.
func (rs Rejects) WriteJSONL(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, r := range rs {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("kg: write rejects: %w", err)
		}
	}
	return nil
}

// err is nil for an empty list, so that a nil error stays nil.
func (rs Rejects) err() error {
	if len(rs) == 0 {
		return nil
	}
	return rs
}

//go:embed data/reject.json
var rejectText []byte

// rejectWords are the sentences of data/reject.json by kind of fault.
var rejectWords = mustJSON[map[string]struct{ Expected, Mend string }](rejectText)

// refuse fills in the sentences for a kind of fault; detail goes where the sentence has %s.
func refuse(kind, field, got, detail string) *Reject {
	w := rejectWords[kind]
	return &Reject{Field: field, Got: clip(got, 60), Expected: fillWord(w.Expected, detail), Mend: fillWord(w.Mend, detail)}
}

func fillWord(s, detail string) string { return strings.ReplaceAll(s, "%s", detail) }

// mustJSON decodes an embedded file; a broken one cannot pass the tests, so it panics.
func mustJSON[T any](data []byte) T {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		panic(fmt.Sprintf("kg: embedded data: %v", err))
	}
	return v
}

// clip shortens s to n runes.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

// decodeStrict reads one JSON object into T: unknown fields and wrong types are refused by name.
func decodeStrict[T any](raw []byte) (*T, *Reject) {
	v := new(T)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return nil, decodeReject(err, reflect.TypeFor[T]())
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse("syntax", "-", string(raw[dec.InputOffset():]), "")
	}
	return v, nil
}

func decodeReject(err error, t reflect.Type) *Reject {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			field = "-"
		}
		return refuse("wrong_type", field, wrong.Value, jsonTypeName(wrong.Type))
	}
	if name, ok := strings.CutPrefix(err.Error(), `json: unknown field "`); ok {
		name = strings.TrimSuffix(name, `"`)
		return refuse("unknown_field", name, "", nearest(name, fieldNames(t, nil)))
	}
	return refuse("syntax", "-", err.Error(), "")
}

func jsonTypeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true/false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return t.Kind().String()
	}
}

// fieldNames lists every JSON field name of t and of what it holds.
func fieldNames(t reflect.Type, seen []reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || slices.Contains(seen, t) {
		return nil
	}
	seen = append(seen, t)
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
		names = append(names, fieldNames(f.Type, seen)...)
	}
	return names
}

// nearest is the name with the least edit distance, the first among equals.
func nearest(name string, names []string) string {
	best, dist := "", 1<<30
	for _, n := range names {
		if d := editDistance(strings.ToLower(name), n); d < dist {
			best, dist = n, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		cur := make([]int, len(b)+1)
		cur[0] = i + 1
		for j := range len(b) {
			sub := prev[j]
			if a[i] != b[j] {
				sub++
			}
			cur[j+1] = min(sub, prev[j+1]+1, cur[j]+1)
		}
		prev = cur
	}
	return prev[len(b)]
}

// eachLine calls fn with every non-blank line, its byte order mark and line feed removed, numbered from 1.
func eachLine(r io.Reader, fn func(row int, line []byte)) error {
	br := bufio.NewReaderSize(r, 1<<16)
	for row := 1; ; row++ {
		line, err := br.ReadBytes('\n')
		if row == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			fn(row, line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
