package kg

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ErrSource is returned for a name that cannot be the name of a source.
var ErrSource = errors.New("kg: bad source name")

// Dir is a folder of imported catalogues that Load reads: one file per source and kind of record, replaced as a whole.
// Importing the same source again therefore changes nothing, and a reader never sees half a file. Writers must not run
// at the same time.
type Dir string

// Load reads everything in the folder; a folder that does not exist is an empty catalogue. Refused rows come as with Load.
func (d Dir) Load() (*Catalogue, error) {
	if _, err := os.Stat(string(d)); errors.Is(err, fs.ErrNotExist) {
		return &Catalogue{}, nil
	}
	return Load(os.DirFS(string(d)))
}

// Sources lists the names of what was imported, sorted.
func (d Dir) Sources() ([]string, error) {
	var names []string
	files, err := filepath.Glob(filepath.Join(string(d), "*", "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("kg: list %s: %w", d, err)
	}
	for _, f := range files {
		names = appendNew(names, strings.TrimSuffix(filepath.Base(f), ".jsonl"))
	}
	slices.Sort(names)
	return names, nil
}

// sourceName keeps names from leaving the folder.
var sourceName = regexp.MustCompile(`^[\p{Han}A-Za-z0-9][\p{Han}A-Za-z0-9_.()（）-]{0,80}$`)

// SourceName makes a name for a source from the name of a file.
func SourceName(file string) string {
	name := filepath.Base(file)
	for _, ext := range []string{".gz", ".jsonl", ".json", ".csv", ".xlsx"} {
		name = strings.TrimSuffix(name, ext)
	}
	name = strings.Map(func(r rune) rune {
		if sourceName.MatchString(string(r)) || strings.ContainsRune("_.()（）-", r) {
			return r
		}
		return '_'
	}, name)
	if name = strings.TrimLeft(clip(name, 60), "_.-()（）…"); name == "" {
		return "import"
	}
	return strings.TrimSuffix(name, "…")
}

// Put replaces what a source had by a catalogue. Records whose code another source already holds are not written: they
// come back as rejects, so that one office cannot overwrite another by mistake.
func (d Dir) Put(source string, c *Catalogue) (Rejects, error) {
	if !sourceName.MatchString(source) {
		return nil, fmt.Errorf("%w: %q", ErrSource, source)
	}
	taken, err := d.taken(source)
	if err != nil {
		return nil, err
	}
	var refused Rejects
	parts := []struct {
		kind string
		data []byte
	}{
		{"matters", encodeFree(c.Matters, taken, &refused)},
		{"events", encodeFree(c.Events, taken, &refused)},
		{"policies", encodeFree(c.Policies, taken, &refused)},
		{"duties", encodeFree(c.Duties, taken, &refused)},
		{"lexicon", encodeFree(pointers(c.Lexicon), taken, &refused)},
		{"bank", encodeFree(pointers(c.Bank), taken, &refused)},
		{"others", encodeFree(pointers(c.Others), taken, &refused)},
	}
	for _, p := range parts {
		if err := d.write(p.kind, source, p.data); err != nil {
			return nil, err
		}
	}
	return refused, d.header(c)
}

// taken maps the keys that other sources hold to where they stand.
func (d Dir) taken(source string) (map[string]string, error) {
	held, err := d.Load()
	var rejects Rejects
	if err != nil && !errors.As(err, &rejects) {
		return nil, err
	}
	keys := map[string]string{}
	note := func(v keyed, at string) {
		if kind, key := v.key(); key != "" && !strings.Contains(at, "/"+source+".jsonl:") {
			keys[kind+":"+key] = at
		}
	}
	for _, m := range held.Matters {
		note(m, m.At)
	}
	for _, e := range held.Events {
		note(e, e.At)
	}
	for _, p := range held.Policies {
		note(p, p.At)
	}
	return keys, nil
}

// encodeFree writes the records whose key nobody else holds as JSON lines.
func encodeFree[P keyed](list []P, taken map[string]string, refused *Rejects) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, v := range list {
		kind, key := v.key()
		if at, dup := taken[kind+":"+key]; dup {
			bad := refuse("duplicate", "code", key, at)
			bad.Row, bad.Key = i+1, key
			*refused = append(*refused, *bad)
			continue
		}
		if err := enc.Encode(v); err != nil { // plain data always encodes
			panic(fmt.Sprintf("kg: write catalogue: %v", err))
		}
	}
	return b.Bytes()
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// write replaces one file; no data removes it.
func (d Dir) write(kind, source string, data []byte) error {
	name := filepath.Join(string(d), kind, source+".jsonl")
	if len(data) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("kg: remove %s: %w", name, err)
		}
		return nil
	}
	return replaceFile(name, data)
}

// header names the folder's catalogue after the first source put into it.
func (d Dir) header(c *Catalogue) error {
	name := filepath.Join(string(d), "catalogue.json")
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	raw, err := json.Marshal(header{Name: c.Name, Sample: c.Sample})
	if err != nil {
		return fmt.Errorf("kg: write %s: %w", name, err)
	}
	return replaceFile(name, raw)
}

// replaceFile writes beside the file and renames, so that the old or the new content is there, never a part.
func replaceFile(name string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("kg: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return fmt.Errorf("kg: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the write has failed already; that is what is reported
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("kg: write %s: %w", name, err)
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("kg: replace %s: %w", name, err)
	}
	return nil
}
