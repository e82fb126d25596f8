package kg

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// headingRows is how far down a table the heading may stand: titles and notes come before it.
const headingRows = 6

// table takes matters over from a table with a heading.
func (in *intake) table(rows [][]string) error {
	head, at := findHeading(rows)
	if head == nil {
		return fmt.Errorf("%w: %w", ErrFormat, Rejects{*refuse("bad_header", "-", "", "")})
	}
	for i, heading := range rows[at] {
		in.rep.Columns = append(in.rep.Columns, Column{Heading: strings.TrimSpace(heading), Field: head[i].name})
	}
	for i, row := range rows[at+1:] {
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		in.rep.Rows++
		in.tableRow(at+i+2, row, head)
	}
	return nil
}

// findHeading is the first row with a column for the code or the name, and its fields; the zero field is not understood.
func findHeading(rows [][]string) ([]fieldSpec, int) {
	for at := range min(len(rows), headingRows) {
		head := make([]fieldSpec, len(rows[at]))
		good := false
		for i, heading := range rows[at] {
			head[i] = fieldByHeading(heading)
			good = good || head[i].name == "name" || head[i].name == "code"
		}
		if good {
			return head, at
		}
	}
	return nil, 0
}

var headingDirt = strings.NewReplacer("*", "", "★", "", " ", "", "\n", "", "\ufeff", "", "（必填）", "", "(必填)", "")

func fieldByHeading(heading string) fieldSpec {
	heading = headingDirt.Replace(heading)
	for _, f := range fieldSpecs {
		if heading == f.name || heading == f.label || slices.Contains(f.also, heading) {
			return f
		}
	}
	return fieldSpec{}
}

// tableRow turns cells into the JSON of a matter and reads that as strictly as any other.
func (in *intake) tableRow(row int, cells []string, head []fieldSpec) {
	if len(cells) > len(head) && strings.TrimSpace(strings.Join(cells[len(head):], "")) != "" {
		in.reject(row, "", refuse("columns", "-", strings.Join(cells[len(head):], ","), ""))
		return
	}
	record := map[string]any{}
	for i, cell := range cells[:min(len(cells), len(head))] {
		f := head[i]
		if f.name == "" || tidy(cell) == "" {
			continue
		}
		value, bad := f.read(cell)
		if bad != nil {
			in.reject(row, "", bad)
			return
		}
		record[f.name] = value
	}
	raw, err := json.Marshal(record)
	if err != nil { // made of texts, numbers and checked JSON
		panic(fmt.Sprintf("kg: table: %v", err))
	}
	m, bad := decodeStrict[Matter](raw)
	if bad != nil {
		in.reject(row, "", bad)
		return
	}
	if m.Code == "" {
		m.Code = stableKey(m)
	}
	put(in, row, m, func(m *Matter) { in.cat.Matters = append(in.cat.Matters, m) })
}

// stableKey is a key for a record without a code of ours: an official one, or a hash of what tells matters apart.
func stableKey(m *Matter) string {
	for _, code := range []string{m.HandleCode, m.TaskCode, m.LocalCode} {
		if code != "" {
			return code
		}
	}
	if m.Name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(m.Name + "\x00" + m.Department + "\x00" + m.Region))
	return "M-" + strings.ToUpper(hex.EncodeToString(sum[:6]))
}

// read turns a cell into the value of its field. A cell that starts like JSON is JSON.
func (f fieldSpec) read(cell string) (any, *Reject) {
	text := strings.TrimSpace(cell)
	if f.kind != "text" && (strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{")) {
		if !json.Valid([]byte(text)) {
			return nil, refuse("bad_json_cell", f.name, text, "")
		}
		return json.RawMessage(text), nil
	}
	switch f.kind {
	case "text":
		return f.text(text)
	case "list":
		return splitList(text, true), nil
	case "int":
		n, err := strconv.Atoi(strings.TrimSuffix(tidy(text), "次"))
		if err != nil || n < 0 {
			return nil, refuse("bad_number", f.name, text, "")
		}
		return n, nil
	case "days":
		d, ok := parseDays(text)
		if !ok {
			return nil, refuse("bad_days", f.name, text, "")
		}
		return d, nil
	case "fee":
		return readFee(tidy(text)), nil
	case "result":
		return Result{Name: tidyName(text)}, nil
	case "json", "faq":
		return nil, refuse("bad_json_cell", f.name, text, "")
	}
	return readParts(f.kind, text), nil
}

// text tidies a text as its field wants it.
func (f fieldSpec) text(text string) (any, *Reject) {
	switch f.name {
	case "name":
		return tidyName(text), nil
	case "region":
		return RegionCode(text), nil
	case "address":
		return tidyAddress(text), nil
	case "phone", "complain_phone":
		if phone, _, ok := tidyPhone(text); ok {
			return phone, nil
		}
		return nil, refuse("bad_phone", f.name, text, "")
	case "online_url":
		if link, ok := tidyURL(text); ok {
			return link, nil
		}
		return nil, refuse("bad_url", f.name, text, "")
	}
	return tidy(text), nil
}

var money = regexp.MustCompile(`\d\s*元`)

// readFee reads 不收费, 收费 or what it costs.
func readFee(text string) Fee {
	yes, no := true, false
	switch {
	case slices.Contains(dirt.No, text):
		return Fee{Charged: &no}
	case slices.Contains(dirt.Yes, text):
		return Fee{Charged: &yes}
	case money.MatchString(text):
		return Fee{Charged: &yes, Text: text}
	}
	return Fee{Text: text}
}

var (
	numbering = regexp.MustCompile(`^(?:[（(]?\d{1,2}[）)]?[.、．]?|[一二三四五六七八九十]{1,3}、)\s*`)
	clauseRef = regexp.MustCompile(`^《?([^《》]+?)》?\s*(第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?)?$`)
)

// readParts reads a list of names or sentences, their numbering removed.
func readParts(kind, text string) any {
	parts := splitList(text, false)
	for i, p := range parts {
		parts[i] = numbering.ReplaceAllString(p, "")
	}
	switch kind {
	case "conditions":
		return makeParts(parts, func(i int, p string) Condition { return Condition{ID: "c" + strconv.Itoa(i+1), Text: p} })
	case "materials":
		return makeParts(parts, func(i int, p string) Material {
			return Material{ID: "m" + strconv.Itoa(i+1), Name: tidyName(p), Required: "always"}
		})
	case "steps":
		return makeParts(parts, func(_ int, p string) Step { return Step{Text: p} })
	case "links":
		return makeParts(parts, func(_ int, p string) Link { return Link{Code: p} })
	}
	return makeParts(parts, func(_ int, p string) Clause {
		if m := clauseRef.FindStringSubmatch(p); m != nil {
			return Clause{Law: m[1], Article: m[2]}
		}
		return Clause{Law: p}
	})
}

func makeParts[T any](parts []string, fn func(int, string) T) []T {
	out := make([]T, len(parts))
	for i, p := range parts {
		out[i] = fn(i, p)
	}
	return out
}
