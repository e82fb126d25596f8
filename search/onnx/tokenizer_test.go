package onnx

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// modelDir is where `make models` puts the files; tests that need them skip where they are not.
func modelDir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("GANWEN_MODELS")
	if dir == "" {
		home, err := os.UserHomeDir()
		require.NoError(tb, err)
		dir = filepath.Join(home, ".cache", "ganwen", "models")
	}
	if _, err := os.Stat(filepath.Join(dir, ModelFile)); err != nil {
		tb.Skipf("embedding model absent from %s: run make models", dir)
	}
	return dir
}

func realTokenizer(tb testing.TB) *tokenizer {
	tb.Helper()
	f, err := os.Open(filepath.Join(modelDir(tb), TokenizerFile))
	require.NoError(tb, err)
	defer f.Close()
	tok, err := readTokenizer(f)
	require.NoError(tb, err)
	return tok
}

// The expected ids are those of the reference implementation (tokenizers 0.23 in Python).
func TestEncodeAgreesWithReference(t *testing.T) {
	tok := realTokenizer(t)
	data, err := os.ReadFile("testdata/tokens.json")
	require.NoError(t, err)
	var cases []struct {
		Text string  `json:"text"`
		IDs  []int64 `json:"ids"`
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	require.Greater(t, len(cases), 40)
	for _, c := range cases {
		require.Equal(t, c.IDs, tok.encode(c.Text, maxTokens), "%q", c.Text)
	}
}

const smallTokenizer = `{"added_tokens":[{"id":3,"content":"[SEP]","special":true}],
"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"lowercase":true},
"pre_tokenizer":{"type":"BertPreTokenizer"},
"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":6,
"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"办":4,"证":5,"un":6,"##want":7,"##ed":8,"unwant":9,",":10,"cafe":11}}}`

func TestEncodeSmallVocabulary(t *testing.T) {
	tok, err := readTokenizer(strings.NewReader(smallTokenizer))
	require.NoError(t, err)
	for _, c := range []struct {
		text  string
		limit int
		want  []int64
	}{
		{"", 8, []int64{2, 3}},
		{"办证", 8, []int64{2, 4, 5, 3}},
		{"办X证", 8, []int64{2, 4, 1, 5, 3}},
		{"unwant,ed", 8, []int64{2, 9, 10, 1, 3}},   // the longest piece wins; "ed" alone is not a word
		{"unwanted", 8, []int64{2, 1, 3}},           // eight runes: longer than a word may be
		{"CAFÉ  un\u200b", 8, []int64{2, 11, 6, 3}}, // case and accent folded, zero width dropped
		{"办[SEP]证", 8, []int64{2, 4, 3, 5, 3}},
		{"办证办证办证", 4, []int64{2, 4, 5, 3}},
		{"\xff办", 8, []int64{2, 4, 3}},
	} {
		require.Equal(t, c.want, tok.encode(c.text, c.limit), "%q", c.text)
	}
}

func TestReadTokenizerRefusesOtherKinds(t *testing.T) {
	for name, file := range map[string]string{
		"not json":    "{",
		"other model": strings.Replace(smallTokenizer, "WordPiece", "BPE", 1),
		"other split": strings.Replace(smallTokenizer, "BertPreTokenizer", "ByteLevel", 1),
		"no [CLS]":    strings.Replace(smallTokenizer, `"[CLS]":2,`, "", 1),
	} {
		_, err := readTokenizer(strings.NewReader(file))
		require.Error(t, err, name)
	}
}

func FuzzEncode(f *testing.F) {
	tok, err := readTokenizer(strings.NewReader(smallTokenizer))
	require.NoError(f, err)
	for _, s := range []string{"办证", "[SEP]un\x00", "\xff\xfe", "unwanted unwant", " \u3000,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ids := tok.encode(s, 16)
		require.LessOrEqual(t, len(ids), 16)
		require.LessOrEqual(t, len(ids), utf8.RuneCountInString(s)+2)
		require.Equal(t, tok.first, ids[0])
		require.Equal(t, tok.last, ids[len(ids)-1])
	})
}

func BenchmarkEncode(b *testing.B) {
	tok := realTokenizer(b)
	text := strings.Repeat("办理新生儿出生登记，应当提交出生医学证明、父母的居民户口簿。", 5)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		tok.encode(text, maxTokens)
	}
}
