package kg

import (
	"crypto/sha256"
	"encoding/binary"
)

// Dev reports whether an utterance belongs to the development fifth of the bank: the rows every report is made on and
// no training ever sees. The choice depends on the text alone, so it is the same in every process and language:
// the first eight bytes of the SHA-256 of the text, big-endian, divisible by five. Conversations of several turns
// are hashed with their turns joined by a line feed.
func Dev(query string) bool {
	sum := sha256.Sum256([]byte(query))
	return binary.BigEndian.Uint64(sum[:8])%5 == 0
}
