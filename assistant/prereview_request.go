package assistant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// PrereviewRequest is the papers of one application, as they were uploaded and read.
type PrereviewRequest struct {
	AsOf      string             `json:"as_of"` // the day of review; empty = today
	Applicant PrereviewApplicant `json:"applicant"`
	Situation map[string]any     `json:"situation"` // answers known so far, by question id or in words; nil = nothing known
	Materials []PrereviewPaper   `json:"materials"`
}

// PrereviewApplicant says who applies. It is taken as true (rule G1).
type PrereviewApplicant struct {
	Name     string         `json:"name"`
	IDNumber string         `json:"id_number"`
	Sex      string         `json:"sex"`
	Birth    string         `json:"birth_date"`
	More     map[string]any `json:"-"` // what else was sent: no rule reads it
}

// UnmarshalJSON reads the block and keeps what it does not know.
func (a *PrereviewApplicant) UnmarshalJSON(data []byte) error {
	more, err := splitObject(data, map[string]any{"name": &a.Name, "id_number": &a.IDNumber, "sex": &a.Sex, "birth_date": &a.Birth})
	a.More = more
	return err
}

// PrereviewPaper is one uploaded paper and what was read from it.
type PrereviewPaper struct {
	Name     string         `json:"name"`
	Fields   map[string]any `json:"fields"` // nil = nothing was extracted, as from a photo
	Issued   string         `json:"issued"`
	Expires  string         `json:"expires"`
	Pages    int            `json:"pages"`
	Readable *bool          `json:"readable"` // nil = readable
	FileID   string         `json:"file_id"`
	More     map[string]any `json:"-"` // what else was sent: read as fields where Fields has none of the name
}

// UnmarshalJSON reads a paper and keeps what it does not know.
func (p *PrereviewPaper) UnmarshalJSON(data []byte) error {
	more, err := splitObject(data, map[string]any{"name": &p.Name, "fields": &p.Fields, "issued": &p.Issued,
		"expires": &p.Expires, "pages": &p.Pages, "readable": &p.Readable, "file_id": &p.FileID})
	p.More = more
	return err
}

// splitObject decodes the known members of a JSON object and returns the others. null leaves a member as it is.
// Numbers stay as written, so that an id number sent as a number keeps its digits.
func splitObject(data []byte, known map[string]any) (map[string]any, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	var more map[string]any
	for key, value := range raw {
		into, ok := known[key]
		if !ok {
			var v any
			if err := decodeExact(value, &v); err != nil {
				return nil, err
			}
			if more == nil {
				more = map[string]any{}
			}
			more[key] = v
			continue
		}
		if err := decodeExact(value, into); err != nil {
			if typ, ok := err.(*json.UnmarshalTypeError); ok {
				typ.Field = key
			}
			return nil, err
		}
	}
	return more, nil
}

func decodeExact(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

func (p *PrereviewPaper) readable() bool { return p.Readable == nil || *p.Readable }

// field is the text of a field; "" when it is not there or says nothing.
func (p *PrereviewPaper) field(name string) string {
	switch name {
	case "issued":
		if p.Issued != "" {
			return strings.TrimSpace(p.Issued)
		}
	case "expires":
		if p.Expires != "" {
			return strings.TrimSpace(p.Expires)
		}
	}
	if v, ok := p.Fields[name]; ok {
		return valueText(v)
	}
	return valueText(p.More[name])
}

// unsigned reports whether the paper says that its signature is lacking.
func (p *PrereviewPaper) unsigned() bool {
	v, ok := p.Fields["signed"]
	if !ok {
		v = p.More["signed"]
	}
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(strings.TrimSpace(v), "false")
	}
	return false
}

// valueText shows a JSON value as it stands on paper; a list is several persons, as 甲、乙 is.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case []any:
		var parts []string
		for _, e := range v {
			if s := valueText(e); s != "" {
				parts = append(parts, s)
			}
		}
		return join(parts)
	case map[string]any:
		return ""
	}
	return fmt.Sprint(v)
}
