package zh

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/yanyiwu/gojieba"
)

// ErrNoDictionary says that the segmenter's dictionary is neither in the binary nor in the module cache.
var ErrNoDictionary = errors.New("zh: no segmenter dictionary")

// The dictionaries are copied from the module before a release build and are not kept in the repository; see
// dict/README.md. The directory always holds that file, so it can be embedded with or without them.
//
//go:embed dict
var dictFiles embed.FS

//go:embed words.txt
var wordsFile string

const (
	mainDict = "jieba.dict.utf8"
	hmmModel = "hmm_model.utf8"
)

// openJieba loads the segmenter from the embedded dictionaries, or from the module cache where there are none (plain go
// test). gojieba reads files, so the embedded ones stand in a temporary directory while it loads.
func openJieba() (*gojieba.Jieba, error) {
	dir, err := os.MkdirTemp("", "ganwen-dict-")
	if err != nil {
		return nil, fmt.Errorf("zh: place for the dictionaries (TMPDIR): %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	main, dict, err := dictionary(dir, mainDict, gojieba.DICT_PATH)
	if err != nil {
		return nil, err
	}
	hmm, _, err := dictionary(dir, hmmModel, gojieba.HMM_PATH)
	if err != nil {
		return nil, err
	}
	// Weights and stop words serve keyword extraction, which is not used: one line each saves 16 MB.
	paths := []string{main, hmm}
	for _, f := range []struct{ name, text string }{
		{"user.dict.utf8", userDict(dict)}, {"idf.utf8", "一 1.0\n"}, {"stop_words.utf8", "的\n"},
	} {
		p := filepath.Join(dir, f.name)
		if err := os.WriteFile(p, []byte(f.text), 0o600); err != nil {
			return nil, fmt.Errorf("zh: write dictionary %s: %w", f.name, err)
		}
		paths = append(paths, p)
	}
	return gojieba.NewJieba(paths...), nil
}

// dictionary gives the path of a dictionary file and its text: the embedded one written into dir, else the module's own.
func dictionary(dir, name, fallback string) (path string, text []byte, err error) {
	text, err = dictFiles.ReadFile("dict/" + name)
	if err != nil {
		if text, err = os.ReadFile(fallback); err != nil {
			return "", nil, fmt.Errorf("%w: %s is not embedded, and %w", ErrNoDictionary, name, err)
		}
		return fallback, text, nil
	}
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return "", nil, fmt.Errorf("zh: write dictionary %s: %w", name, err)
	}
	return path, text, nil
}

// userDict is words.txt, and the dictionary's words with capitals in lower case (t恤, pos机), since texts are folded
// before they are cut.
func userDict(dict []byte) string {
	var b strings.Builder
	for _, f := range data(wordsFile) {
		fmt.Fprintln(&b, Fold(strings.Join(f, " ")))
	}
	for line := range bytes.Lines(dict) {
		if bytes.ContainsAny(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			b.WriteString(strings.ToLower(string(line)))
		}
	}
	return b.String()
}
