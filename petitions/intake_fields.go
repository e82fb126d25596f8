package petitions

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ganwen/kg"
	"ganwen/search/zh"
)

//go:embed data/intake.json
var intakeJSON []byte

// intakeWords are the names of columns and the sentences of refusals.
type intakeWords struct {
	Note    string        `json:"note"`
	Fields  []intakeField `json:"fields"`
	Yes     []string      `json:"yes"`
	No      []string      `json:"no"`
	Times   []string      `json:"times"`
	Rejects map[string]struct {
		Expected string `json:"expected"`
		Mend     string `json:"mend"`
	} `json:"rejects"`
	Types map[string]string `json:"types"`
}

type intakeField struct {
	Name   string   `json:"name"`
	Label  string   `json:"label"`
	Kind   string   `json:"kind"`
	Secret bool     `json:"secret"`
	Also   []string `json:"also"`
}

func loadIntakeWords() (*intakeWords, error) {
	w := &intakeWords{}
	dec := json.NewDecoder(strings.NewReader(string(intakeJSON)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(w); err != nil {
		return nil, fmt.Errorf("petitions: read intake words: %w", err)
	}
	return w, nil
}

// intakeWordsOnce is loadIntakeWords, read once.
var intakeWordsOnce = sync.OnceValues(loadIntakeWords)

// field finds what a column is by its heading, as JSON or as clerks name it; nil when it is not known.
func (w *intakeWords) field(heading string) *intakeField {
	heading = strings.ToLower(headingDirt.Replace(strings.TrimSpace(heading)))
	for i := range w.Fields {
		f := &w.Fields[i]
		if heading == f.Name || heading == f.Label || slices.Contains(f.Also, heading) {
			return f
		}
	}
	return nil
}

var headingDirt = strings.NewReplacer("*", "", "★", "", " ", "", "\n", "", "\ufeff", "", "（必填）", "", "(必填)", "")

// refuse fills in the sentences for a kind of fault.
func (w *intakeWords) refuse(kind, field, got, detail string) *kg.Reject {
	s := w.Rejects[kind]
	if r := []rune(got); len(r) > 60 {
		got = string(r[:60]) + "…"
	}
	return &kg.Reject{Field: field, Got: got, Expected: strings.ReplaceAll(s.Expected, "%s", detail), Mend: strings.ReplaceAll(s.Mend, "%s", detail)}
}

// maxRunes is how long a title and a text may be.
const maxRunes = 20000

// incoming is a row that was understood.
type incoming struct {
	petition Petition
	personal map[string]string // fields that stay out of the petition
	raw      []byte            // the row as it came, for the sealed original
	row      int
}

// row makes a petition of the cells of a row, by field. now bounds its time.
func (w *intakeWords) row(cells map[string]string, now time.Time) (*incoming, *kg.Reject) {
	in := &incoming{personal: map[string]string{}}
	p := &in.petition
	texts := map[string]*string{"id": &p.ID, "source": &p.Source, "title": &p.Title, "text": &p.Text, "channel": &p.Channel, "place": &p.Place, "office": &p.Office}
	numbers := map[string]*int{"people": &p.People, "involved": &p.Involved}
	marks := map[string]*bool{"anonymous": &p.Anonymous, "secret": &p.Secret, "repeat": &p.Repeat, "in_court": &p.InCourt, "reviewed": &p.Reviewed}
	for _, f := range w.Fields {
		cell := strings.TrimSpace(cells[f.Name])
		if cell == "" {
			continue
		}
		var bad *kg.Reject
		switch {
		case f.Secret:
			in.personal[f.Name] = cell
		case f.Name == "ask":
			p.Text = strings.TrimSpace(p.Text + "\n" + zh.Clean(cell))
		case texts[f.Name] != nil:
			*texts[f.Name] = zh.Clean(cell)
		case f.Kind == "time":
			p.Time, bad = w.time(f.Name, cell, now)
		case numbers[f.Name] != nil:
			*numbers[f.Name], bad = w.number(f.Name, cell)
		case marks[f.Name] != nil:
			*marks[f.Name], bad = w.mark(f.Name, cell)
		case f.Kind == "list":
			p.Attachments = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) })
		}
		if bad != nil {
			return nil, bad
		}
	}
	switch n := utf8.RuneCountInString(p.Title + p.Text); {
	case n == 0:
		return nil, w.refuse("no_text", "text", "", "")
	case n > maxRunes:
		return nil, w.refuse("too_long", "text", p.Text, strconv.Itoa(maxRunes))
	}
	if p.ID == "" {
		p.ID = contentID(p)
	}
	return in, nil
}

// contentID names a petition whose source gave it no number, so that it is the same one when it comes again.
func contentID(p *Petition) string {
	sum := sha256.Sum256([]byte(p.Title + "\x00" + p.Text + "\x00" + p.Time.UTC().Format(time.RFC3339) + "\x00" + p.Place))
	return "H-" + hex.EncodeToString(sum[:10])
}

func (w *intakeWords) time(field, cell string, now time.Time) (time.Time, *kg.Reject) {
	t, ok := w.parseTime(cell)
	switch {
	case !ok:
		return t, w.refuse("bad_time", field, cell, "")
	case t.After(now.AddDate(0, 0, 1)):
		return t, w.refuse("future", field, cell, "")
	}
	return t, nil
}

// parseTime reads the ways of writing a time in data/intake.json, and the serial numbers of spreadsheets.
func (w *intakeWords) parseTime(cell string) (time.Time, bool) {
	for _, layout := range w.Times {
		if t, err := time.ParseInLocation(layout, cell, zone); err == nil {
			return t, true
		}
	}
	days, err := strconv.ParseFloat(cell, 64)
	if err != nil || days < 20000 || days > 80000 { // 1954 to 2119
		return time.Time{}, false
	}
	whole, part := math.Modf(days)
	return time.Date(1899, 12, 30, 0, 0, int(math.Round(part*86400)), 0, zone).AddDate(0, 0, int(whole)), true
}

func (w *intakeWords) number(field, cell string) (int, *kg.Reject) {
	cell = strings.TrimSuffix(strings.TrimSuffix(cell, "人"), ".0")
	n, err := strconv.Atoi(cell)
	if err != nil || n < 0 || n > 10_000_000 {
		return 0, w.refuse("bad_number", field, cell, "")
	}
	return n, nil
}

func (w *intakeWords) mark(field, cell string) (bool, *kg.Reject) {
	cell = strings.ToLower(cell)
	switch {
	case slices.Contains(w.Yes, cell):
		return true, nil
	case slices.Contains(w.No, cell):
		return false, nil
	}
	return false, w.refuse("bad_bool", field, cell, "")
}

// object reads one JSON object into cells. Columns it does not know go to unknown.
func (w *intakeWords) object(raw []byte, known func(heading string) *intakeField) (map[string]string, *kg.Reject) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, w.refuse("syntax", "-", string(raw), "")
	}
	cells := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value, f := fields[name], known(name)
		if f == nil || string(value) == "null" {
			continue
		}
		cell, ok := cellOf(value)
		if !ok {
			return nil, w.refuse("wrong_type", f.Name, string(value), w.Types[f.Kind])
		}
		if cells[f.Name] != "" { // two names for one field
			cell = cells[f.Name] + "\n" + cell
		}
		cells[f.Name] = cell
	}
	return cells, nil
}

// cellOf writes a JSON value as a table would have it.
func cellOf(value json.RawMessage) (string, bool) {
	switch value[0] {
	case '"':
		var s string
		err := json.Unmarshal(value, &s)
		return s, err == nil
	case '[':
		var list []string
		err := json.Unmarshal(value, &list)
		return strings.Join(list, "\n"), err == nil
	case '{':
		return "", false
	}
	return string(value), true
}
