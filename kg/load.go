package kg

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// header is catalogue.json: what holds for every record of the folder.
type header struct {
	Name    string `json:"name"`
	Sample  bool   `json:"sample,omitempty"`
	Version string `json:"version,omitempty"`
}

// Load reads a catalogue folder: catalogue.json, matters/*.jsonl (or matters.jsonl), events.jsonl, policies.jsonl,
// duties.jsonl, lexicon.jsonl, bank/*.jsonl and others.jsonl, each of which may be absent. Decoding is strict. Rows that
// are refused come back as a Rejects error beside the catalogue of the good rows; any other error means that nothing
// was loaded. Records without source or version take them from catalogue.json.
func Load(fsys fs.FS) (*Catalogue, error) {
	l := &loader{fsys: fsys, seen: map[string]string{}}
	c := &Catalogue{}
	head, err := l.header()
	if err != nil {
		return nil, err
	}
	c.Name, c.Sample = head.Name, head.Sample
	err = errors.Join(
		rows(l, "matters", func(m *Matter, at string) { m.fill(head, at); c.Matters = append(c.Matters, m) }),
		rows(l, "events", func(e *LifeEvent, at string) { e.fill(head, at); c.Events = append(c.Events, e) }),
		rows(l, "policies", func(p *Policy, at string) { p.fill(head, at); c.Policies = append(c.Policies, p) }),
		rows(l, "duties", func(d *Duty, _ string) { c.Duties = append(c.Duties, d) }),
		rows(l, "lexicon", func(t *Term, _ string) { c.Lexicon = append(c.Lexicon, *t) }),
		rows(l, "bank", func(q *Question, _ string) { c.Bank = append(c.Bank, *q) }),
		rows(l, "others", func(u *Utterance, _ string) { c.Others = append(c.Others, *u) }),
	)
	if err != nil {
		return nil, err
	}
	return c, l.rejects.err()
}

// Fingerprint is a short hash of everything in the catalogue: what is derived from it is stale when it changes.
func (c *Catalogue) Fingerprint() string {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(c); err != nil { // plain data always encodes
		panic(fmt.Sprintf("kg: fingerprint: %v", err))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Merge adds another catalogue's records after its own. A record whose key is already there is left out and named.
func (c *Catalogue) Merge(o *Catalogue) (skipped []string) {
	seen := map[string]bool{}
	for _, m := range c.Matters {
		seen[m.Code] = true
	}
	for _, e := range c.Events {
		seen[e.Code] = true
	}
	for _, p := range c.Policies {
		seen[p.Code] = true
	}
	fresh := func(code string) bool {
		if seen[code] {
			skipped = append(skipped, code)
			return false
		}
		seen[code] = true
		return true
	}
	for _, m := range o.Matters {
		if fresh(m.Code) {
			c.Matters = append(c.Matters, m)
		}
	}
	for _, e := range o.Events {
		if fresh(e.Code) {
			c.Events = append(c.Events, e)
		}
	}
	for _, p := range o.Policies {
		if fresh(p.Code) {
			c.Policies = append(c.Policies, p)
		}
	}
	c.Duties = append(c.Duties, o.Duties...)
	c.Lexicon = append(c.Lexicon, o.Lexicon...)
	c.Bank = append(c.Bank, o.Bank...)
	c.Others = append(c.Others, o.Others...)
	return skipped
}

func (p *Provenance) fill(h header, at string) {
	p.At = at
	if p.Source == "" {
		p.Source = h.Name
	}
	if p.Version == "" {
		p.Version = h.Version
	}
}

type loader struct {
	fsys    fs.FS
	seen    map[string]string // kind + key → where it was first
	rejects Rejects
}

func (l *loader) header() (header, error) {
	raw, err := fs.ReadFile(l.fsys, "catalogue.json")
	if errors.Is(err, fs.ErrNotExist) {
		return header{}, nil
	}
	if err != nil {
		return header{}, fmt.Errorf("kg: read catalogue.json: %w", err)
	}
	h, bad := decodeStrict[header](raw)
	if bad != nil {
		bad.File, bad.Row = "catalogue.json", 1
		return header{}, fmt.Errorf("kg: %w", *bad)
	}
	return *h, nil
}

// keyed is a record that has a key and knows what it cannot do without.
type keyed interface {
	key() (kind, key string)         // key "" = not unique
	lacks() (field string, bad bool) // first required field that is empty
}

// rows reads NAME.jsonl and NAME/*.jsonl in order of name.
func rows[T any, P interface {
	*T
	keyed
}](l *loader, name string, add func(P, string)) error {
	files, err := fs.Glob(l.fsys, path.Join(name, "*.jsonl"))
	if err != nil {
		return fmt.Errorf("kg: list %s: %w", name, err)
	}
	for _, file := range append([]string{name + ".jsonl"}, files...) {
		f, err := l.fsys.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("kg: open %s: %w", file, err)
		}
		err = readRows(f, file, l.seen, &l.rejects, add)
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("kg: read %s: %w", file, err)
		}
	}
	return nil
}

// readRows decodes one file of JSON lines strictly, refuses what lacks its key or repeats one, and hands on the rest.
func readRows[T any, P interface {
	*T
	keyed
}](r io.Reader, file string, seen map[string]string, rejects *Rejects, add func(P, string)) error {
	return eachLine(r, func(row int, line []byte) {
		at := fmt.Sprintf("%s:%d", file, row)
		v, bad := decodeStrict[T](line)
		key := ""
		if bad == nil {
			var kind string
			kind, key = P(v).key()
			bad = admit(P(v), kind, key, at, seen)
		}
		if bad != nil {
			bad.File, bad.Row = file, row
			if bad.Key == "" {
				bad.Key = key
			}
			*rejects = append(*rejects, *bad)
			return
		}
		add(v, at)
	})
}

func admit(v keyed, kind, key, at string, seen map[string]string) *Reject {
	if field, bad := v.lacks(); bad {
		return refuse("required", field, "", "")
	}
	if key == "" {
		return nil
	}
	if first, dup := seen[kind+":"+key]; dup {
		return refuse("duplicate", "code", key, first)
	}
	seen[kind+":"+key] = at
	return nil
}

// firstEmpty names the first empty one of pairs of field and value.
func firstEmpty(pairs ...string) (string, bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.TrimSpace(pairs[i+1]) == "" {
			return pairs[i], true
		}
	}
	return "", false
}

func (m *Matter) key() (string, string)    { return "matter", m.Code }
func (m *Matter) lacks() (string, bool)    { return firstEmpty("code", m.Code, "name", m.Name) }
func (e *LifeEvent) key() (string, string) { return "event", e.Code }
func (e *LifeEvent) lacks() (string, bool) { return firstEmpty("code", e.Code, "name", e.Name) }
func (p *Policy) key() (string, string)    { return "policy", p.Code }
func (p *Policy) lacks() (string, bool)    { return firstEmpty("code", p.Code, "name", p.Name) }
func (d *Duty) key() (string, string)      { return "duty", d.ID }
func (d *Duty) lacks() (string, bool)      { return firstEmpty("id", d.ID, "body", d.Body, "duty", d.Duty) }
func (t *Term) key() (string, string)      { return "term", "" }
func (t *Term) lacks() (string, bool)      { return firstEmpty("term", t.Term, "kind", t.Kind) }
func (q *Question) key() (string, string)  { return "question", "" }
func (q *Question) lacks() (string, bool)  { return firstEmpty("query", q.Query, "code", q.Code) }
func (u *Utterance) key() (string, string) { return "utterance", "" }
func (u *Utterance) lacks() (string, bool) {
	return firstEmpty("query", u.Query+strings.Join(u.Turns, ""), "kind", u.Kind)
}
