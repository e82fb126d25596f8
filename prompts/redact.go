package prompts

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
)

// Redacted is text in which personal data stands as placeholders like <PERSON_1>. Only [Redact] and [Vault.Redact]
// make one; the zero value is the empty text.
type Redacted struct{ s string }

// String gives the redacted text.
func (r Redacted) String() string { return r.s }

// LogValue tells a log how long the text is and nothing it says: redaction is not perfect, and logs live long.
func (r Redacted) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("bytes", len(r.s)))
}

// MarshalText lets a Redacted stand in JSON as its text. There is no UnmarshalText: reading is not redacting.
func (r Redacted) MarshalText() ([]byte, error) { return []byte(r.s), nil }

// Redact replaces the personal data of one text. Text without any comes back byte for byte.
func Redact(text string) (Redacted, *Vault) {
	v := &Vault{}
	return v.Redact(text), v
}

// Vault keeps what the placeholders of one conversation stand for, in memory only. The zero value is ready; it is
// safe for concurrent use. Printing, logging or marshalling a Vault shows counts, never contents.
type Vault struct {
	mu     sync.Mutex
	names  map[string]string // type and original text → placeholder
	texts  map[string]string // placeholder → original text
	counts map[string]int    // label → last number given
}

// Redact replaces the personal data of a further text of the same conversation: what was seen before keeps its
// placeholder, so that a model can tell that both turns speak of one person.
func (v *Vault) Redact(text string) Redacted {
	v.mu.Lock()
	defer v.mu.Unlock()
	spans := withLiterals(text, Find(text), v.texts)
	if len(spans) == 0 {
		return Redacted{text}
	}
	var b strings.Builder
	end := 0
	for _, s := range spans {
		b.WriteString(text[end:s.Start])
		b.WriteString(v.placeholder(s, text))
		end = s.End
	}
	b.WriteString(text[end:])
	return Redacted{b.String()}
}

// Restore puts the original data back where its placeholders stand. Placeholders it does not know stay.
func (v *Vault) Restore(text string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.texts) == 0 {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		b.WriteString(text[:open])
		text = text[open:]
		if end := strings.IndexByte(text, '>'); end > 0 {
			if original, ok := v.texts[text[:end+1]]; ok {
				b.WriteString(original)
				text = text[end+1:]
				continue
			}
		}
		b.WriteByte('<')
		text = text[1:]
	}
	b.WriteString(text)
	return b.String()
}

// Counts says how many different pieces of each type the vault holds.
func (v *Vault) Counts() map[string]int {
	v.mu.Lock()
	defer v.mu.Unlock()
	counts := make(map[string]int)
	for key := range v.names {
		kind, _, _ := strings.Cut(key, "\x00")
		counts[kind]++
	}
	return counts
}

// Forget drops everything: placeholders of this conversation can no longer be restored.
func (v *Vault) Forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.names, v.texts, v.counts = nil, nil, nil
}

// String shows counts, so that a Vault printed by accident tells nothing.
func (v *Vault) String() string { return fmt.Sprintf("vault%v", v.Counts()) }

// GoString is String, for %#v.
func (v *Vault) GoString() string { return v.String() }

// LogValue shows counts.
func (v *Vault) LogValue() slog.Value {
	var attrs []slog.Attr
	for kind, n := range v.Counts() {
		attrs = append(attrs, slog.Int(kind, n))
	}
	return slog.GroupValue(attrs...)
}

// placeholder finds or makes the placeholder of a span. A number whose placeholder already stands literally in the
// text is passed over, or Restore would change what the citizen typed.
func (v *Vault) placeholder(s SpanFound, text string) string {
	key := s.Type + "\x00" + s.Text
	if p, ok := v.names[key]; ok {
		return p
	}
	if v.names == nil {
		v.names, v.texts, v.counts = make(map[string]string), make(map[string]string), make(map[string]int)
	}
	label := labels[s.Type]
	for {
		v.counts[label]++
		p := "<" + label + "_" + strconv.Itoa(v.counts[label]) + ">"
		if strings.Contains(text, p) {
			continue
		}
		v.names[key], v.texts[p] = p, s.Text
		return p
	}
}

// labels are the words inside placeholders; models read PERSON more surely than name.
var labels = map[string]string{
	Name: "PERSON", IDCard: "ID_CARD", Phone: "PHONE", Landline: "PHONE", BankCard: "BANK_CARD", Plate: "PLATE", USCC: "USCC",
	Passport: "PASSPORT", Permit: "PERMIT", Email: "EMAIL", WeChat: "WECHAT", QQ: "QQ", UtilityAccount: "ACCOUNT",
	BirthCert: "BIRTH_CERT", Deed: "DEED", Licence: "LICENCE", Address: "ADDRESS", literal: "LITERAL",
}

// literal marks a placeholder that the citizen typed himself.
const literal = "literal"

// withLiterals adds, as spans of their own, strings in the text that look like placeholders already given out.
func withLiterals(text string, spans []SpanFound, given map[string]string) []SpanFound {
	if len(given) == 0 || !strings.Contains(text, "<") {
		return spans
	}
	for p := range given {
		for from := 0; ; {
			at := strings.Index(text[from:], p)
			if at < 0 {
				break
			}
			at += from
			from = at + len(p)
			spans = append(spans, SpanFound{Type: literal, Text: p, Start: at, End: from})
		}
	}
	return disjoint(spans)
}
