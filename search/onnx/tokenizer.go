package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tokenizer turns text into the model's token ids: BERT's normaliser, its split at blanks, punctuation and Chinese
// characters, and WordPiece, as tokenizer.json describes them. It holds no state and is safe for concurrent use.
type tokenizer struct {
	vocab        map[string]int64
	special      []specialToken // longest first
	prefix       string         // what marks a piece that continues a word, "##"
	unknown      int64
	first, last  int64 // [CLS], [SEP]
	pad          int64
	longestWord  int // runes; a longer word is unknown as a whole
	longestPiece int // bytes, so that no search starts longer than any piece
	clean        bool
	chinese      bool
	lower        bool
	strip        bool
}

// specialToken is taken out of the text as it stands, before anything is normalised.
type specialToken struct {
	text string
	id   int64
}

// tokenizerFile is the part of tokenizer.json that is read.
type tokenizerFile struct {
	AddedTokens []struct {
		ID      int64  `json:"id"`
		Content string `json:"content"`
		Special bool   `json:"special"`
	} `json:"added_tokens"`
	Normalizer struct {
		Type               string `json:"type"`
		CleanText          bool   `json:"clean_text"`
		HandleChineseChars bool   `json:"handle_chinese_chars"`
		StripAccents       *bool  `json:"strip_accents"`
		Lowercase          bool   `json:"lowercase"`
	} `json:"normalizer"`
	PreTokenizer struct {
		Type string `json:"type"`
	} `json:"pre_tokenizer"`
	Model struct {
		Type      string           `json:"type"`
		Unknown   string           `json:"unk_token"`
		Prefix    string           `json:"continuing_subword_prefix"`
		MaxLength int              `json:"max_input_chars_per_word"`
		Vocab     map[string]int64 `json:"vocab"`
	} `json:"model"`
}

// readTokenizer reads a tokenizer.json of the BERT family and refuses any other kind: a tokenizer that is nearly right
// gives vectors that look right and are not.
func readTokenizer(r io.Reader) (*tokenizer, error) {
	var f tokenizerFile
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		return nil, fmt.Errorf("read tokenizer: %w", err)
	}
	if f.Model.Type != "WordPiece" || f.Normalizer.Type != "BertNormalizer" || f.PreTokenizer.Type != "BertPreTokenizer" {
		return nil, fmt.Errorf("read tokenizer: want BertNormalizer, BertPreTokenizer and WordPiece, got %q, %q, %q",
			f.Normalizer.Type, f.PreTokenizer.Type, f.Model.Type)
	}
	t := &tokenizer{
		vocab: f.Model.Vocab, prefix: f.Model.Prefix, longestWord: f.Model.MaxLength,
		clean: f.Normalizer.CleanText, chinese: f.Normalizer.HandleChineseChars,
		lower: f.Normalizer.Lowercase, strip: f.Normalizer.Lowercase,
	}
	if f.Normalizer.StripAccents != nil {
		t.strip = *f.Normalizer.StripAccents
	}
	for piece := range t.vocab {
		t.longestPiece = max(t.longestPiece, len(piece))
	}
	for _, a := range f.AddedTokens {
		if a.Special && a.Content != "" {
			t.special = append(t.special, specialToken{a.Content, a.ID})
		}
	}
	sort.SliceStable(t.special, func(i, j int) bool { return len(t.special[i].text) > len(t.special[j].text) })
	for name, id := range map[string]*int64{f.Model.Unknown: &t.unknown, "[CLS]": &t.first, "[SEP]": &t.last, "[PAD]": &t.pad} {
		v, ok := t.vocab[name]
		if !ok {
			return nil, errors.New("read tokenizer: no token " + name + " in the vocabulary")
		}
		*id = v
	}
	return t, nil
}

// encode gives the ids of text between [CLS] and [SEP], cut to at most limit ids in all.
func (t *tokenizer) encode(text string, limit int) []int64 {
	ids := make([]int64, 1, min(limit, utf8.RuneCountInString(text)+2))
	ids[0] = t.first
	for text != "" && len(ids) < limit {
		at, sp := t.nextSpecial(text)
		ids = t.plain(ids, text[:at], limit)
		text = text[at:]
		if sp != nil {
			ids = append(ids, sp.id)
			text = text[len(sp.text):]
		}
	}
	if len(ids) > limit-1 {
		ids = ids[:limit-1]
	}
	return append(ids, t.last)
}

// nextSpecial finds the first special token in text, the longest where two begin together.
func (t *tokenizer) nextSpecial(text string) (int, *specialToken) {
	at, found := len(text), (*specialToken)(nil)
	for i := range t.special {
		if j := strings.Index(text, t.special[i].text); j >= 0 && j < at {
			at, found = j, &t.special[i]
		}
	}
	return at, found
}

// plain appends the ids of a text without special tokens, stopping once limit is reached.
func (t *tokenizer) plain(ids []int64, text string, limit int) []int64 {
	start := -1
	text = t.normalize(text)
	for i, r := range text {
		blank, alone := unicode.IsSpace(r), isPunct(r)
		if !blank && !alone {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			ids = t.pieces(ids, text[start:i])
			start = -1
		}
		if alone {
			ids = t.pieces(ids, text[i:i+utf8.RuneLen(r)])
		}
		if len(ids) >= limit {
			return ids
		}
	}
	if start >= 0 {
		ids = t.pieces(ids, text[start:])
	}
	return ids
}

// normalize drops control characters, turns every blank into a space, sets Chinese characters apart, and folds accents
// and case where the model was trained so.
func (t *tokenizer) normalize(text string) string {
	text = strings.ToValidUTF8(text, "")
	var b strings.Builder
	b.Grow(len(text) * 5 / 3)
	for _, r := range text {
		switch {
		case t.clean && isDropped(r):
		case t.clean && unicode.IsSpace(r):
			b.WriteByte(' ')
		case t.chinese && isChinese(r):
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	text = b.String()
	if t.strip {
		text = stripAccents(text)
	}
	if t.lower {
		text = strings.ToLower(text)
	}
	return text
}

// pieces appends the ids of one word: the longest piece that fits, again and again; a word with a rest that no piece
// fits is unknown as a whole.
func (t *tokenizer) pieces(ids []int64, word string) []int64 {
	if utf8.RuneCountInString(word) > t.longestWord {
		return append(ids, t.unknown)
	}
	known := len(ids)
	for start := 0; start < len(word); {
		id, n := t.longest(word[start:], start > 0)
		if n == 0 {
			return append(ids[:known], t.unknown)
		}
		ids = append(ids, id)
		start += n
	}
	return ids
}

// longest finds the longest piece that begins rest, and its length in bytes (0 = none).
func (t *tokenizer) longest(rest string, inside bool) (int64, int) {
	for end := min(len(rest), t.longestPiece); end > 0; end-- {
		if end < len(rest) && !utf8.RuneStart(rest[end]) {
			continue
		}
		piece := rest[:end]
		if inside {
			piece = t.prefix + piece
		}
		if id, ok := t.vocab[piece]; ok {
			return id, end
		}
	}
	return 0, 0
}

// isDropped reports characters that the normaliser removes: NUL, the replacement character, and everything of the
// Unicode class "other" but the blanks among them.
func isDropped(r rune) bool {
	switch r {
	case '\t', '\n', '\r':
		return false
	case 0, unicode.ReplacementChar:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

func isPunct(r rune) bool {
	if r < utf8.RuneSelf {
		return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
	}
	return unicode.IsPunct(r)
}

// isChinese follows BERT's own list of blocks: Han ideographs, but neither kana nor hangul nor Chinese punctuation. The
// gap between 2B820 and 2B920 is in the original too, and the model was fed accordingly.
func isChinese(r rune) bool {
	switch {
	case 0x4E00 <= r && r <= 0x9FFF, 0x3400 <= r && r <= 0x4DBF, 0xF900 <= r && r <= 0xFAFF:
		return true
	case r < 0x20000:
		return false
	}
	return r <= 0x2A6DF || 0x2A700 <= r && r <= 0x2B73F || 0x2B740 <= r && r <= 0x2B81F ||
		0x2B920 <= r && r <= 0x2CEAF || 0x2F800 <= r && r <= 0x2FA1F
}

func stripAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
