package eval

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoSuite means that a name is neither a suite shipped with the program nor a file.
var ErrNoSuite = errors.New("eval: no such suite")

//go:embed suites
var shipped embed.FS

// kinds makes the empty case of each kind of suite.
var kinds = map[string]func() Body{
	"guide":     func() Body { return new(GuideCase) },
	"retrieval": func() Body { return new(RetrievalCase) },
	"facts":     func() Body { return new(FactsCase) },
	"redaction": func() Body { return new(RedactionCase) },
	"safety":    func() Body { return new(SafetyCase) },
	"dialogue":  func() Body { return new(DialogueCase) },
	"petition":  func() Body { return new(PetitionCase) },
	"prereview": func() Body { return new(PrereviewCase) },
	"join":      func() Body { return new(JoinCase) },
	"clock":     func() Body { return new(ClockCase) },
	"desk":      func() Body { return new(DeskCase) },
}

// Header is the first line of a suite.
type Header struct {
	Name        string             `json:"suite"`
	Kind        string             `json:"kind"`
	Version     string             `json:"version"`
	Floors      map[string]float64 `json:"floors,omitempty"` // metric → the least it may be (the most, for rates of errors and for times)
	CorpusFile  string             `json:"corpus,omitempty"` // retrieval: file of documents, relative to the suite
	Description string             `json:"description,omitempty"`
}

// Suite is a set of cases of one kind.
type Suite struct {
	Header
	Cases []Case

	fingerprint string
	corpus      func() ([]Document, error)
}

// FieldError says which field of a line is wrong, and how.
type FieldError struct{ Field, Problem string }

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Problem
	}
	return "field " + e.Field + ": " + e.Problem
}

// Load finds a suite by the name of a shipped one, or by a path.
func Load(nameOrPath string) (*Suite, error) {
	if !strings.ContainsAny(nameOrPath, "/.") {
		return loadFS(shipped, "suites/"+nameOrPath+".jsonl", nameOrPath)
	}
	dir, file := filepath.Split(nameOrPath)
	return loadFS(os.DirFS(filepath.Clean(dir+".")), file, nameOrPath)
}

// Shipped loads every suite that is part of the program, by name.
func Shipped() ([]*Suite, error) {
	names, err := fs.Glob(shipped, "suites/*.jsonl")
	if err != nil {
		return nil, err
	}
	var out []*Suite
	for _, n := range names {
		s, err := loadFS(shipped, n, path.Base(n))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func loadFS(fsys fs.FS, file, shown string) (*Suite, error) {
	data, err := readFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoSuite, shown)
	}
	if err != nil {
		return nil, fmt.Errorf("eval: read %s: %w", shown, err)
	}
	s, err := Read(shown, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if s.CorpusFile != "" {
		name := path.Join(path.Dir(file), s.CorpusFile)
		s.corpus = func() ([]Document, error) { return readCorpus(fsys, name) }
	}
	return s, nil
}

// readFile reads a whole file, unpacked when its name ends in .gz.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		return io.ReadAll(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// maxErrors is how many wrong lines are told at once: enough to see a pattern.
const maxErrors = 20

// Read reads a suite and refuses what it does not fully understand. name stands in errors, which say file, line and
// field. A suite that names a corpus must be read with Load.
func Read(name string, r io.Reader) (*Suite, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("eval: read %s: %w", name, err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 4<<20)
	s := &Suite{}
	seen := map[string]int{}
	var errs []error
	wrong := func(line int, err error) { errs = append(errs, fmt.Errorf("eval: %s:%d: %w", name, line, err)) }
	for line := 1; lines.Scan() && len(errs) < maxErrors; line++ {
		raw := bytes.TrimSpace(lines.Bytes())
		switch {
		case len(raw) == 0:
		case s.Kind == "":
			if err := s.readHeader(raw); err != nil {
				wrong(line, err)
				return nil, errors.Join(errs...) // without the kind no line can be read
			}
		default:
			c, err := readCase(s.Kind, raw, line)
			if err != nil {
				wrong(line, err)
				continue
			}
			if first := seen[c.ID]; first > 0 {
				wrong(line, &FieldError{"id", fmt.Sprintf("%q is taken by line %d", c.ID, first)})
			}
			seen[c.ID] = line
			s.Cases = append(s.Cases, c)
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("eval: read %s: %w", name, err))
	}
	if len(errs) == 0 && len(s.Cases) == 0 {
		errs = append(errs, fmt.Errorf("eval: %s: no cases", name))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for _, c := range s.Cases {
		if b, ok := c.Body.(interface{ bind([]Case) }); ok {
			b.bind(s.Cases)
		}
	}
	s.fingerprint = hash(data)
	return s, nil
}

// hash names a content, briefly.
func hash(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data))[:16] }

func (s *Suite) readHeader(raw []byte) error {
	if err := strict(raw, &s.Header); err != nil {
		s.Kind = ""
		return fmt.Errorf("header: %w", err)
	}
	if s.Name == "" {
		return &FieldError{"suite", "the first line is a header and must name the suite"}
	}
	if kinds[s.Kind] == nil {
		var known []string
		for k := range kinds {
			known = append(known, k)
		}
		slices.Sort(known)
		return &FieldError{"kind", fmt.Sprintf("%q is none of %s", s.Kind, strings.Join(known, ", "))}
	}
	if s.Kind == "retrieval" && s.CorpusFile == "" {
		return &FieldError{"corpus", "a retrieval suite names the file of its documents"}
	}
	return nil
}

func readCase(kind string, raw []byte, line int) (Case, error) {
	body := kinds[kind]()
	if err := strict(raw, body); err != nil {
		return Case{}, err
	}
	id := body.common().ID
	if id == "" {
		return Case{}, &FieldError{"id", "missing"}
	}
	if err := body.Check(); err != nil {
		return Case{}, err
	}
	return Case{ID: id, Line: line, Body: body}, nil
}

// strict decodes one JSON object, with nothing unknown in it and nothing after it.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return &FieldError{wrongType.Field, fmt.Sprintf("got %s, want %s", wrongType.Value, wrongType.Type)}
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return &FieldError{strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`), "not known here"}
	case err != nil:
		return &FieldError{"", "not a JSON object: " + err.Error()}
	}
	if _, err := d.Token(); err != io.EOF {
		return &FieldError{"", "more than one JSON value on the line"}
	}
	return nil
}
