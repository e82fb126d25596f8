package assistant

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// label makes the mark of generated content: words for people, and metadata keyed as GB 45438-2025 has them. ProduceID
// is the answer's id; ReservedCode1 is a check value over the text, so that a changed copy can be told.
func (a *Assistant) label(ans *Answer) AIGC {
	return AIGC{
		Label: phrases["aigc.label"],
		Metadata: map[string]string{
			"Label":           "1",
			"ContentProducer": a.Producer,
			"ProduceID":       ans.AnswerID,
			"ReservedCode1":   check(a.LabelKey, ans.Text),
		},
	}
}

func check(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// newID makes an opaque random id.
func newID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on supported systems
	return hex.EncodeToString(b[:])
}
