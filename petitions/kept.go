package petitions

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// modelFile holds the kept model. It is derived data: whatever is stale or damaged is made again.
const modelFile = "petitions.bin"

// obtain gives the model for the examples: the kept one when it fits, else a newly trained one, which is kept.
func (a *Analyzer) obtain(ctx context.Context) (*Model, error) {
	want, err := a.Fingerprint()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(a.config.Dir, modelFile)
	if a.config.Dir != "" {
		if m, err := a.readKept(path, want); err == nil {
			return m, nil
		}
	}
	m, err := a.features.train(ctx, a.config.Examples, a.config.Seed)
	if err != nil || a.config.Dir == "" {
		return m, err
	}
	return m, keepModel(path, want, m)
}

// Fingerprint names all that decides the model: rows, word lists, class list, duties, seed and version.
func (a *Analyzer) Fingerprint() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d\n", modelVersion, a.config.Seed)
	for _, name := range []string{"cues.json", "subjects.json"} {
		raw, err := data.ReadFile("data/" + name)
		if err != nil {
			return "", fmt.Errorf("petitions: fingerprint: %w", err)
		}
		h.Write(raw)
	}
	e := json.NewEncoder(h)
	for _, part := range []any{a.config.Examples, a.config.Duties, a.taxonomy.domains, a.taxonomy.second, a.taxonomy.third} {
		if err := e.Encode(part); err != nil {
			return "", fmt.Errorf("petitions: fingerprint: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12]), nil
}

var errStaleModel = errors.New("petitions: kept model is stale")

func (a *Analyzer) readKept(path, want string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil || string(got) != want {
		return nil, errStaleModel
	}
	return a.features.readModel(in)
}

// keepModel writes a model under another name first, so that a reader never sees half of it.
func keepModel(path, fingerprint string, m *Model) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("petitions: keep model: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("petitions: keep model: %w", err)
	}
	defer os.Remove(f.Name())
	out := bufio.NewWriterSize(f, 1<<16)
	_, err = io.WriteString(out, fingerprint)
	if err := errors.Join(err, m.Write(out), out.Flush(), f.Close()); err != nil {
		return fmt.Errorf("petitions: keep model: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("petitions: keep model: %w", err)
	}
	return nil
}

// SaveModel stores the model in use in a file, as `petitions train --out` does.
func (a *Analyzer) SaveModel(path string) error { return keepModel(path, officeModel, a.model) }

// LoadModel uses a model stored with SaveModel from now on. It must not run at the same time as other methods.
func (a *Analyzer) LoadModel(path string) error {
	m, err := a.readKept(path, officeModel)
	if err != nil {
		return fmt.Errorf("petitions: load model %s: %w", path, err)
	}
	a.use(m)
	return nil
}

// officeModel stands where a kept model has its fingerprint.
const officeModel = "ganwen-petitions-office-model"
