package zh

import (
	"strings"
	"sync"
	"unicode"

	"github.com/yanyiwu/gojieba"
)

// The segmenter is process-wide: 110 MB, and loading takes half a second.
var segmenter struct {
	once  sync.Once
	mu    sync.RWMutex // held for writing while words are added; cutting itself is safe for concurrent use
	jieba *gojieba.Jieba
	added map[string]bool
	err   error
}

// Open loads the segmenter unless it is loaded already. Words and Cut call it themselves; a server calls it at start to
// fail there. Its error wraps ErrNoDictionary where the binary carries none and the module cache is not there.
func Open() error {
	segmenter.once.Do(func() {
		segmenter.added = map[string]bool{}
		segmenter.jieba, segmenter.err = openJieba()
	})
	return segmenter.err
}

// Words cuts a text into words for an index: long words and the words within them, overlapping (居住证 and 居住). It
// is cut as folded, so that traditional and full-width text is cut alike; punctuation and blanks give no token. Without
// a dictionary (see Open) it degrades to single characters and runs of letters or digits.
func Words(s string) []Token { return cut(s, gojieba.SearchMode) }

// Cut cuts a text into words that do not overlap. Like Words otherwise.
func Cut(s string) []Token { return cut(s, gojieba.DefaultMode) }

// AddWords adds words to the segmenter's dictionary: names of matters, papers and departments. It is idempotent and waits
// for cuts under way. It changes how every later text is cut, so it is called before an index is built.
func AddWords(words []string) {
	if Open() != nil {
		return
	}
	segmenter.mu.Lock()
	defer segmenter.mu.Unlock()
	for _, w := range words {
		w = clearNUL(Fold(strings.TrimSpace(w)))
		if n := len([]rune(w)); n < 2 || n > maxWord || segmenter.added[w] || strings.ContainsFunc(w, unicode.IsSpace) {
			continue
		}
		segmenter.added[w] = true
		segmenter.jieba.AddWord(w)
	}
}

// maxWord is the longest word, in runes, worth adding: longer names are sentences, and would hide the words in them.
const maxWord = 12

func cut(s string, mode gojieba.TokenizeMode) []Token {
	if s == "" {
		return nil
	}
	folded := Fold(s)
	u := newRuler(s, folded)
	if Open() != nil {
		return cutRuns(u, folded)
	}
	segmenter.mu.RLock()
	words := segmenter.jieba.Tokenize(clearNUL(folded), mode, true)
	segmenter.mu.RUnlock()
	out := make([]Token, 0, len(words))
	for _, w := range words {
		if w.Start < 0 || w.End > len(folded) || !strings.ContainsFunc(folded[w.Start:w.End], isWordRune) {
			continue
		}
		out = append(out, u.token(w.Start, w.End))
	}
	return out
}

// cutRuns is the cut without a dictionary.
func cutRuns(u *ruler, folded string) []Token {
	var out []Token
	start := -1
	for i, r := range folded + " " {
		inRun := isWordRune(r) && !IsHan(r)
		if start >= 0 && !inRun {
			out = append(out, u.token(start, i))
			start = -1
		}
		if inRun && start < 0 {
			start = i
		}
		if IsHan(r) {
			out = append(out, u.token(i, i+len(string(r))))
		}
	}
	return out
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// clearNUL keeps byte offsets and spares the C side a string that ends early.
func clearNUL(s string) string { return strings.ReplaceAll(s, "\x00", " ") }
