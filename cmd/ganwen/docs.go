package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"ganwen/cmd/ganwen/document"
	"ganwen/search"
)

type docsCmd struct {
	Import docsImportCmd `cmd:"" help:"Import documents (.md .txt .html .docx .pdf .xlsx .jsonl); folders are walked."`
	List   docsListCmd   `cmd:"" help:"List imported documents."`
}

type docsImportCmd struct {
	Paths  []string `arg:"" help:"Files or folders." type:"path"`
	Region string   `help:"Division the documents hold for, by code."`
	From   string   `help:"In force from (YYYY-MM-DD)."`
	To     string   `help:"In force until (YYYY-MM-DD)."`
}

// Run imports what can be read and says what could not. Importing a file again replaces it.
func (c *docsImportCmd) Run(_ context.Context, o *Options) error {
	files, err := walk(c.Paths)
	if err != nil {
		return err
	}
	kept, refused := 0, []string{}
	for i, f := range files {
		fmt.Fprintf(os.Stderr, "\r%d/%d %s\x1b[K", i+1, len(files), filepath.Base(f))
		n, err := c.one(o, f)
		kept += n
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %v", f, err))
		}
	}
	fmt.Fprintln(os.Stderr)
	fmt.Printf("%d documents kept, %d files refused\n", kept, len(refused))
	if len(refused) > 0 {
		return &exitError{3, errors.New("refused:\n" + strings.Join(refused, "\n"))}
	}
	return nil
}

func walk(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("import: %w", err)
		}
	}
	return out, nil
}

func (c *docsImportCmd) one(o *Options, file string) (int, error) {
	if info, err := os.Stat(file); err != nil {
		return 0, err
	} else if info.Size() > document.MaxBytes {
		return 0, document.ErrLarge
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	docs, err := document.Read(file, data)
	for i := range docs {
		d := &docs[i]
		if d.ID == "" {
			d.ID = docID(filepath.Base(file), i)
		}
		d.Region, d.From, d.To = first(d.Region, c.Region), first(d.From, c.From), first(d.To, c.To)
	}
	if len(docs) == 0 {
		return 0, err
	}
	return len(docs), errors.Join(err, keepDocs(o, docID(filepath.Base(file), 0), docs))
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func docID(name string, i int) string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s#%d", name, i))
	return "doc-" + hex.EncodeToString(h[:6])
}

func docsDir(o *Options) string { return filepath.Join(o.Data, "documents") }

// keepDocs writes one file of JSON lines, replacing an older one at once.
func keepDocs(o *Options, id string, docs []document.Document) error {
	if err := os.MkdirAll(docsDir(o), 0o700); err != nil {
		return err
	}
	var b strings.Builder
	for _, d := range docs {
		line, err := json.Marshal(d)
		if err != nil {
			return err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	tmp := filepath.Join(docsDir(o), "."+id)
	if err := os.WriteFile(tmp, []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(docsDir(o), id+".jsonl"))
}

// readDocs reads every imported document, ordered by file.
func readDocs(o *Options) ([]document.Document, error) {
	files, err := filepath.Glob(filepath.Join(docsDir(o), "*.jsonl"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	var out []document.Document
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("documents: %w", err)
		}
		docs, err := document.Read(f, data)
		if err != nil {
			return nil, fmt.Errorf("documents: %s: %w", filepath.Base(f), err)
		}
		out = append(out, docs...)
	}
	return out, nil
}

// documents are the passages of what was imported.
func (s *service) documents() ([]search.Passage, error) {
	docs, err := readDocs(s.options)
	if err != nil {
		return nil, err
	}
	var out []search.Passage
	for _, d := range docs {
		out = append(out, search.Split(search.Passage{ID: d.ID, Kind: search.KindDocument, Code: d.ID, Title: d.Title, Text: d.Text,
			Region: d.Region, From: d.From, To: d.To, URL: d.URL})...)
	}
	return out, nil
}

type docsListCmd struct {
	JSON bool `name:"json" help:"One JSON value."`
}

// Run lists the imported documents.
func (c *docsListCmd) Run(_ context.Context, o *Options) error {
	docs, err := readDocs(o)
	if err != nil {
		return err
	}
	type row struct {
		ID    string `json:"id"`
		Title string `json:"title"`
		Runes int    `json:"characters"`
		From  string `json:"effective_from,omitempty"`
		To    string `json:"effective_to,omitempty"`
	}
	rows := []row{}
	for _, d := range docs {
		rows = append(rows, row{d.ID, d.Title, len([]rune(d.Text)), d.From, d.To})
	}
	if c.JSON {
		return printJSON(rows)
	}
	for _, r := range rows {
		fmt.Printf("%s  %6d 字  %s\n", r.ID, r.Runes, r.Title)
	}
	return nil
}
