package petitions

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrKey is returned when an original cannot be opened: by a wrong key, or because it was tampered with.
var ErrKey = errors.New("petitions: original cannot be opened with this key")

// KeySize is the length of an office's key in bytes.
const KeySize = 32

// Sealer seals originals (AES-256-GCM), each with a key of its own, which is sealed by the office's key. So one original
// can be erased by destroying its key, and all of them by destroying the office's. It is safe for concurrent use.
type Sealer struct {
	master cipher.AEAD
	pepper []byte // for digests of persons
}

// NewSealer takes the office's key.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("petitions: key has %d bytes, want %d", len(key), KeySize)
	}
	aead, err := newAEAD(derive(key, "originals"))
	if err != nil {
		return nil, err
	}
	return &Sealer{master: aead, pepper: derive(key, "persons")}, nil
}

// KeyFile reads the office's key, in hexadecimal, from a file that only its owner may read. Where there is no file it
// makes one with a new key.
func KeyFile(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("petitions: read key: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("petitions: key file %s may be read by others: chmod 600 it", filepath.Base(path))
	}
	key := make([]byte, KeySize)
	if n, err := hex.Decode(key, trimSpace(raw)); err != nil || n != KeySize {
		return nil, fmt.Errorf("petitions: key file %s does not hold %d bytes in hexadecimal", filepath.Base(path), KeySize)
	}
	return key, nil
}

func newKeyFile(path string) ([]byte, error) {
	key := random(KeySize)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("petitions: make key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("petitions: make key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("petitions: make key: %w", err)
	}
	return key, nil
}

// trimSpace is bytes.TrimSpace for the one line of a key file, also one that came from a Windows editor.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r' || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	return b
}

// Seal seals what came in. It can be opened only as the original of the same petition.
func (s *Sealer) Seal(source, id string, plain []byte) (Original, error) {
	key := random(KeySize)
	aead, err := newAEAD(key)
	if err != nil {
		return Original{}, err
	}
	name := []byte(SubjectOf(source, id))
	return Original{Source: source, ID: id, Sealed: seal(aead, plain, name), Key: seal(s.master, key, name)}, nil
}

// Open gives back what was sealed. The error is ErrErased for an original without its key, and ErrKey for one sealed with
// another office key, moved to another petition, or changed.
func (s *Sealer) Open(o Original) ([]byte, error) {
	if len(o.Key) == 0 {
		return nil, ErrErased
	}
	name := []byte(SubjectOf(o.Source, o.ID))
	key, err := unseal(s.master, o.Key, name)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	return unseal(aead, o.Sealed, name)
}

// Person is the digest by which a petitioner is known without a name: equal for equal words, and of no use without the
// office's key. No words, no digest.
func (s *Sealer) Person(words string) string {
	if words == "" {
		return ""
	}
	h := hmac.New(sha256.New, s.pepper)
	h.Write([]byte(words))
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("petitions: cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

// derive makes keys for different ends out of one, so that none tells another.
func derive(key []byte, end string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("ganwen petitions " + end))
	return h.Sum(nil)
}

// seal puts a random nonce before the ciphertext.
func seal(aead cipher.AEAD, plain, name []byte) []byte {
	nonce := random(aead.NonceSize())
	return aead.Seal(nonce, nonce, plain, name)
}

func unseal(aead cipher.AEAD, sealed, name []byte) ([]byte, error) {
	n := aead.NonceSize()
	if len(sealed) < n {
		return nil, ErrKey
	}
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], name)
	if err != nil {
		return nil, ErrKey
	}
	return plain, nil
}

// random reads n bytes of the system's randomness, which does not fail: crypto/rand ends the program where there is none.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
