package kg

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// ExportJSONL writes every record of the catalogue as JSON lines that Import reads back: matters, life events, policies,
// duties, terms, questions and other utterances.
func ExportJSONL(w io.Writer, c *Catalogue) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var err error
	write := func(v any) {
		if err == nil {
			err = enc.Encode(v)
		}
	}
	for _, m := range c.Matters {
		write(m)
	}
	for _, e := range c.Events {
		write(e)
	}
	for _, p := range c.Policies {
		write(p)
	}
	for _, d := range c.Duties {
		write(d)
	}
	for _, t := range c.Lexicon {
		write(t)
	}
	for _, q := range c.Bank {
		write(q)
	}
	for _, u := range c.Others {
		write(u)
	}
	if err != nil {
		return fmt.Errorf("kg: export: %w", err)
	}
	return nil
}

// ExportCSV writes the matters as a table with Chinese headings that Import reads back without loss. It begins with a
// byte order mark, without which spreadsheet programs take Chinese for something else.
func ExportCSV(w io.Writer, c *Catalogue) error {
	rows, err := Table(c)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("kg: export: %w", err)
	}
	cw := csv.NewWriter(w)
	if err := cw.WriteAll(rows); err != nil {
		return fmt.Errorf("kg: export: %w", err)
	}
	return nil
}

// Table gives the matters as rows of cells under a heading: what ExportCSV writes, for writers of other tables.
func Table(c *Catalogue) ([][]string, error) {
	head := make([]string, len(fieldSpecs))
	for i, f := range fieldSpecs {
		head[i] = f.label
	}
	rows := [][]string{head}
	for _, m := range c.Matters {
		raw, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("kg: export %s: %w", m.Code, err)
		}
		var values map[string]json.RawMessage
		if err := json.Unmarshal(raw, &values); err != nil {
			return nil, fmt.Errorf("kg: export %s: %w", m.Code, err)
		}
		row := make([]string, len(fieldSpecs))
		for i, f := range fieldSpecs {
			row[i] = f.cell(m, values[f.name])
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// cell writes a value for people where that loses nothing, as JSON where it would.
func (f fieldSpec) cell(m *Matter, raw json.RawMessage) string {
	if _, ok := m.Field(f.name); !ok && !bytes.Contains(raw, []byte("basis")) {
		return ""
	}
	switch f.kind {
	case "text":
		return m.plain(f.name)
	case "list":
		if list := m.list(f.name); !strings.ContainsAny(strings.Join(list, ""), "；;\n、，,") {
			return strings.Join(list, words["list"])
		}
	case "int":
		return string(raw)
	case "days":
		if d := map[string]Days{"legal_days": m.LegalDays, "promised_days": m.PromisedDays}[f.name]; d.Text == "" && d.Basis == nil && d.Value != nil {
			return fmt.Sprintf("%d(%s)", *d.Value, d.Unit)
		}
	case "result":
		if m.Result.Kind == "" && m.Result.Validity == "" {
			return m.Result.Name
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(raw); err != nil {
		return string(raw)
	}
	return strings.TrimSpace(b.String())
}
