package session

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Key is what the secrets of a session file are sealed with: 32 random bytes. It
// does not print itself.
type Key struct{ secret [keyBytes]byte }

const keyBytes = 32

// ErrNoKey says that a text is no key. Passphrases are none: whoever has the file could try
// words until one fits.
var ErrNoKey = errors.New("not a key: want 32 random bytes, as 64 hexadecimal digits or in base64")

// NewKey draws a key.
func NewKey() *Key {
	k := &Key{}
	_, _ = rand.Read(k.secret[:]) // it never fails
	return k
}

// ParseKey reads a key that is written as 64 hexadecimal digits or in base64, with
// or without space around it. The error is ErrNoKey and holds nothing of the text.
func ParseKey(text string) (*Key, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if b, err := decode(text); err == nil && len(b) == keyBytes {
			if !random(b) {
				return nil, fmt.Errorf("%w: these are not random", ErrNoKey)
			}
			return &Key{[keyBytes]byte(b)}, nil
		}
	}
	return nil, ErrNoKey
}

// random tells random bytes from an example or a word that is repeated: fewer than
// eight different ones among 32 come up once in 10^20.
func random(b []byte) bool {
	different := make(map[byte]struct{})
	for _, c := range b {
		different[c] = struct{}{}
	}
	return len(different) >= 8
}

// Reveal returns the key itself, as ParseKey reads it.
func (k *Key) Reveal() string { return hex.EncodeToString(k.secret[:]) }

// String returns "key:set", or "key:none" for nil.
func (k *Key) String() string {
	if k == nil {
		return "key:none"
	}
	return "key:set"
}

// Format prints String for every verb, so that %x does not print the key.
func (k *Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// MarshalText prints String, so that no encoder prints the key by accident.
func (k *Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
