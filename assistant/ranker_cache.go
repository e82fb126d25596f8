package assistant

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"

	"ganwen/search"
	"ganwen/search/learn"
)

// Files of a ranker's directory. They are derived data: whatever is stale or damaged is made again.
const (
	lexicalFile = "ranker-words.bin"
	fullFile    = "ranker-vectors.bin"
	vectorsFile = "bank-vectors.bin"
)

// rankerVersion changes whenever the same questions give other models.
const rankerVersion = 3

// errStale tells that nothing usable is kept.
var errStale = errors.New("assistant: kept ranker is stale")

// obtain gives the models for the vectors (nil = without): the kept ones when they fit, else newly trained and kept.
func (r *Ranker) obtain(ctx context.Context, vectors [][]float32) (*brain, error) {
	name := lexicalFile
	if vectors != nil {
		name = fullFile
	}
	if b, err := r.kept(ctx, name); err == nil {
		return b, nil
	}
	b, err := teach(ctx, lessons(r.cat), vectors, r.config.Seed, r.progress)
	if err != nil {
		return nil, err
	}
	if b.fingerprint, err = r.fingerprint(ctx, name); err != nil {
		return nil, err
	}
	// Training leaves several times the model's size behind; the machine has better use for it.
	debug.FreeOSMemory()
	if r.config.Dir != "" {
		if err := r.keep(name, b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// fingerprint covers all that decides the models: questions, configuration, and for those with vectors the embedder.
func (r *Ranker) fingerprint(ctx context.Context, name string) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %s\n", rankerVersion, r.config.Seed, name)
	e := json.NewEncoder(h)
	for _, part := range []any{r.cat.Bank, r.cat.Others, r.cat.Lexicon, r.cat.Events, r.cat.Matters} {
		if err := e.Encode(part); err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
	}
	if name != lexicalFile {
		probe, err := r.probe(ctx)
		if err != nil {
			return "", err
		}
		io.WriteString(h, probe)
	}
	return hex.EncodeToString(h.Sum(nil)[:12]), nil
}

// probe tells one embedder from another by what it makes of a fixed text; rounded, for the last digits differ
// between machines.
func (r *Ranker) probe(ctx context.Context) (string, error) {
	vecs, err := r.config.Embedder.Embed(ctx, []string{"0"}, search.QuerySide)
	if err != nil || len(vecs) != 1 {
		return "", fmt.Errorf("probe the embedder: %w", errors.Join(err, errStale))
	}
	var b bytes.Buffer
	for _, x := range vecs[0] {
		fmt.Fprintf(&b, "%d ", int(math.Round(float64(x)*20)))
	}
	return b.String(), nil
}

// kept reads models, or returns errStale.
func (r *Ranker) kept(ctx context.Context, name string) (*brain, error) {
	if r.config.Dir == "" {
		return nil, errStale
	}
	want, err := r.fingerprint(ctx, name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(r.config.Dir, name))
	if err != nil {
		return nil, errors.Join(errStale, err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil || string(got) != want {
		return nil, errStale
	}
	b := &brain{fingerprint: want}
	if err := b.load(in); err != nil {
		return nil, errors.Join(errStale, err)
	}
	return b, nil
}

// keep writes models beside the old ones and puts them in their place in one step.
func (r *Ranker) keep(name string, b *brain) error {
	return replaceFile(r.config.Dir, name, func(w io.Writer) error {
		if _, err := io.WriteString(w, b.fingerprint); err != nil {
			return err
		}
		return b.store(w)
	})
}

// store writes each model with its length before it; length 0 = there is none.
func (b *brain) store(w io.Writer) error {
	for _, m := range []*learn.Model{b.matters, b.events, b.kinds} {
		var buf bytes.Buffer
		if m != nil {
			if err := m.Write(&buf); err != nil {
				return err
			}
		}
		if err := binary.Write(w, binary.LittleEndian, uint32(buf.Len())); err != nil {
			return err
		}
		if _, err := buf.WriteTo(w); err != nil {
			return err
		}
	}
	var buf bytes.Buffer
	if b.near != nil {
		if err := b.near.Write(&buf); err != nil {
			return err
		}
	}
	if err := binary.Write(w, binary.LittleEndian, uint32(buf.Len())); err != nil {
		return err
	}
	if _, err := buf.WriteTo(w); err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(b.head)
}

func (b *brain) load(r io.Reader) error {
	part := func(read func(io.Reader) error) error {
		var size uint32
		if err := binary.Read(r, binary.LittleEndian, &size); err != nil || size == 0 {
			return err
		}
		limited := io.LimitReader(r, int64(size))
		if err := read(limited); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, limited)
		return err
	}
	for _, m := range []**learn.Model{&b.matters, &b.events, &b.kinds} {
		err := part(func(in io.Reader) (err error) {
			*m, err = learn.Read(in)
			return err
		})
		if err != nil {
			return err
		}
	}
	err := part(func(in io.Reader) (err error) {
		b.near, err = learn.ReadNeighbours(in)
		return err
	})
	if err != nil {
		return err
	}
	if err := json.NewDecoder(r).Decode(&b.head); err != nil {
		return err
	}
	if b.matters == nil || b.head.Router != nil && b.head.Router.Logit == nil {
		return errStale
	}
	return nil
}

// keptVectors reads the vectors computed earlier with the same embedder, by text.
func (r *Ranker) keptVectors(ctx context.Context) (map[string][]float32, error) {
	out := map[string][]float32{}
	probe, err := r.probe(ctx)
	if err != nil {
		return nil, err
	}
	if r.config.Dir == "" {
		return out, nil
	}
	f, err := os.Open(filepath.Join(r.config.Dir, vectorsFile))
	if err != nil {
		return out, nil // none yet
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	got := make([]byte, len(probe))
	if _, err := io.ReadFull(in, got); err != nil || string(got) != probe {
		return out, nil
	}
	for {
		var size [2]uint16 // bytes of text, numbers of vector
		if binary.Read(in, binary.LittleEndian, &size) != nil {
			return out, nil
		}
		text, vec := make([]byte, size[0]), make([]float32, size[1])
		if _, err := io.ReadFull(in, text); err != nil {
			return out, nil
		}
		if binary.Read(in, binary.LittleEndian, vec) != nil {
			return out, nil
		}
		out[string(text)] = vec
	}
}

// keepVectors writes vectors; that they could not be kept only costs time at the next start.
func (r *Ranker) keepVectors(ctx context.Context, vectors map[string][]float32) {
	probe, err := r.probe(ctx)
	if err != nil || r.config.Dir == "" {
		return
	}
	_ = replaceFile(r.config.Dir, vectorsFile, func(w io.Writer) error {
		if _, err := io.WriteString(w, probe); err != nil {
			return err
		}
		for text, vec := range vectors {
			if len(text) > math.MaxUint16 || len(vec) > math.MaxUint16 {
				continue
			}
			if err := binary.Write(w, binary.LittleEndian, [2]uint16{uint16(len(text)), uint16(len(vec))}); err != nil {
				return err
			}
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			if err := binary.Write(w, binary.LittleEndian, vec); err != nil {
				return err
			}
		}
		return nil
	})
}

// replaceFile writes a file under another name first, so that a reader never sees half of it.
func replaceFile(dir, name string, write func(io.Writer) error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	defer os.Remove(f.Name())
	out := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(write(out), out.Flush(), f.Close()); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}
