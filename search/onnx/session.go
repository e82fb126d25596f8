package onnx

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// The runtime is one per process and stays loaded: unloading a C++ library with threads of its own is asking for trouble.
var (
	runtimeOnce sync.Once
	runtimeErr  error
)

func startRuntime(library string) error {
	runtimeOnce.Do(func() {
		limitHeap()
		ort.SetSharedLibraryPath(library)
		if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
			runtimeErr = fmt.Errorf("%w: load runtime: %v", ErrAbsent, err)
		}
	})
	return runtimeErr
}

// newSession loads the model. Each run keeps to the calling thread: two questions at a time on two cores beat one
// question on both, and no pool of spinning threads eats what the rest of the program needs.
func newSession(library, model string) (*ort.DynamicAdvancedSession, error) {
	if err := startRuntime(library); err != nil {
		return nil, err
	}
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("onnx: session options: %w", err)
	}
	defer options.Destroy()
	// An arena keeps the largest batch ever seen; plain allocation gives it back.
	for _, set := range []func() error{
		func() error { return options.SetIntraOpNumThreads(1) },
		func() error { return options.SetInterOpNumThreads(1) },
		func() error { return options.SetCpuMemArena(false) },
		func() error { return options.SetMemPattern(false) },
		func() error { return options.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll) },
	} {
		if err := set(); err != nil {
			return nil, fmt.Errorf("onnx: session options: %w", err)
		}
	}
	session, err := ort.NewDynamicAdvancedSession(model,
		[]string{"input_ids", "attention_mask", "token_type_ids"}, []string{"last_hidden_state"}, options)
	if err != nil {
		return nil, fmt.Errorf("onnx: load model: %w", err)
	}
	releaseHeap()
	return session, nil
}

// split groups texts of similar length into batches of at most limit padded tokens (a longer text is a batch of its
// own). It returns indexes; the order of batches and texts follows from the lengths alone.
func split(ids [][]int64, limit int) [][]int {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(ids[a]), len(ids[b])) })
	var batches [][]int
	start := 0
	for i := range order {
		if i > start && (i-start+1)*len(ids[order[i]]) > limit {
			batches = append(batches, order[start:i])
			start = i
		}
	}
	return append(batches, order[start:])
}

// run computes the vectors of one batch into out.
func run(session *ort.DynamicAdvancedSession, ids [][]int64, batch []int, pad int64, out [][]float32) error {
	width := 0
	for _, i := range batch {
		width = max(width, len(ids[i]))
	}
	n := len(batch) * width
	tokens, mask, types := make([]int64, n), make([]int64, n), make([]int64, n)
	for row, i := range batch {
		at := row * width
		copy(tokens[at:], ids[i])
		for k := range width {
			if k < len(ids[i]) {
				mask[at+k] = 1
			} else {
				tokens[at+k] = pad
			}
		}
	}
	shape := ort.NewShape(int64(len(batch)), int64(width))
	var in []ort.Value
	defer func() {
		for _, v := range in {
			_ = v.Destroy()
		}
	}()
	for _, data := range [][]int64{tokens, mask, types} {
		v, err := ort.NewTensor(shape, data)
		if err != nil {
			return err
		}
		in = append(in, v)
	}
	result, err := ort.NewEmptyTensor[float32](ort.NewShape(int64(len(batch)), int64(width), Dim))
	if err != nil {
		return err
	}
	defer func() { _ = result.Destroy() }()
	if err := session.Run(in, []ort.Value{result}); err != nil {
		return err
	}
	states := result.GetData()
	for row, i := range batch {
		// The vector of a text is the state of its first token, [CLS].
		out[i] = unit(states[row*width*Dim : row*width*Dim+Dim])
	}
	return nil
}

// unit copies v, scaled to length one.
func unit(v []float32) []float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	out := make([]float32, len(v))
	if sum == 0 {
		return out
	}
	scale := 1 / math.Sqrt(sum)
	for i, x := range v {
		out[i] = float32(float64(x) * scale)
	}
	return out
}

// fingerprint reads the ends of the model, not the whole of it: the file was verified when it was fetched, and this
// runs at every start.
func fingerprint(model string, tokenizer []byte) (string, error) {
	f, err := os.Open(model)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	const end = 256 << 10
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, end)); err != nil {
		return "", err
	}
	if _, err := io.Copy(h, io.NewSectionReader(f, max(0, info.Size()-end), end)); err != nil {
		return "", err
	}
	fmt.Fprintf(h, "%d %s", info.Size(), queryPrefix)
	h.Write(tokenizer)
	return fmt.Sprintf("bge-small-zh-v1.5/%x", h.Sum(nil)[:8]), nil
}
