package assistant

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed data/*.json
var dataFiles embed.FS

// phrases are the sentences answers are composed from. They are data (data/phrases.json), so that a clerk can edit
// them; everything in them that is a fact is a {placeholder}.
var phrases = mustPhrases()

func mustPhrases() map[string]string {
	raw, err := dataFiles.ReadFile("data/phrases.json")
	if err != nil {
		panic(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(raw, &m); err != nil {
		panic(fmt.Sprintf("assistant: data/phrases.json: %v", err))
	}
	return m
}

// vars fill the placeholders of a phrase.
type vars map[string]string

// phrase fills a template. An unknown key is a programming error that the tests catch; it shows the key itself.
func phrase(key string, v vars) string {
	t, ok := phrases[key]
	if !ok {
		return key
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(t, '{')
		if i < 0 {
			b.WriteString(t)
			return b.String()
		}
		j := strings.IndexByte(t[i:], '}')
		if j < 0 {
			b.WriteString(t)
			return b.String()
		}
		b.WriteString(t[:i])
		b.WriteString(v[t[i+1:i+j]])
		t = t[i+j+1:]
	}
}

// join lists items as a citizen reads them.
func join(items []string) string { return strings.Join(items, "、") }

// sentence ends a copied field with a full stop unless it has an ending of its own.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	switch []rune(s)[len([]rune(s))-1] {
	case '。', '！', '？', '；', '.', '!', '?':
		return s
	}
	return s + "。"
}

// bare drops a final stop, for a field that stands inside a sentence.
func bare(s string) string {
	return strings.TrimRight(strings.TrimSpace(s), "。；;.")
}

// ordinal numbers list items with circled digits, which read as marks and not as quantities.
func ordinal(i int) string {
	if i >= 0 && i < 20 {
		return string(rune('①' + i))
	}
	return "·"
}
