package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// sealer encrypts the secrets of one file: the auth key, and the access hashes. A
// nil one is that of a file that keeps them in the clear, and costs nothing.
//
// A box is AES-256-GCM with a random nonce in front, both of the standard library.
// The bucket and the key of its record are authenticated with it, so a box opens
// in its own place only: a hash cannot be given to somebody else. What is not
// prevented is that an older box, or the whole older file, is put back.
//
// Random nonces of 96 bits are good for 2^32 boxes under one key. The key of the
// boxes belongs to the file alone: it is derived from the user's key by HKDF with
// a salt that is drawn with every change of keys. A box is made when a hash is new
// or another one, and stays as it is when the rest of its record is written again.
// So a file may meet everybody who has an account at Telegram, and sign in again
// four times, before the bound is near.
type sealer struct{ aead cipher.AEAD }

const (
	saltSize   = 32
	sealedWhat = "seen session file: AES-256-GCM"
	checkText  = "seen"
)

// newSealing draws what a file needs to be sealed with a key.
func newSealing(key *Key) (*record.Sealing, *sealer, error) {
	s := &record.Sealing{Method: record.Sealing_METHOD_AES256_GCM, Salt: make([]byte, saltSize)}
	_, _ = rand.Read(s.Salt) // it never fails
	seal, err := derive(key, s.Salt)
	if err != nil {
		return nil, nil, err
	}
	s.Check = seal.box([]byte(checkText), bucketMeta, []byte(keyMeta))
	return s, seal, nil
}

// unseal returns the sealer of a file, or why the key is not the right one.
func unseal(s *record.Sealing, key *Key) (*sealer, error) {
	switch {
	case s == nil && key == nil:
		return nil, nil
	case s == nil:
		return nil, ErrNotSealed
	case s.Method != record.Sealing_METHOD_AES256_GCM || len(s.Salt) != saltSize:
		return nil, fmt.Errorf("%w: it is encrypted in a way that this program does not know", ErrVersion)
	case key == nil:
		return nil, ErrKeyMissing
	}
	seal, err := derive(key, s.Salt)
	if err != nil {
		return nil, err
	}
	if text, ok := seal.open(s.Check, bucketMeta, []byte(keyMeta)); !ok || string(text) != checkText {
		return nil, ErrWrongKey
	}
	return seal, nil
}

func derive(key *Key, salt []byte) (*sealer, error) {
	secret, err := hkdf.Key(sha256.New, key.secret[:], salt, sealedWhat, keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{aead}, err
}

// box seals a value that stands under a key of a bucket.
func (s *sealer) box(plain []byte, bucket string, key []byte) []byte {
	return s.aead.Seal(nil, nil, plain, place(bucket, key))
}

// open returns what is in a box, and false if it is damaged or was made with
// another key or for another place.
func (s *sealer) open(box []byte, bucket string, key []byte) ([]byte, bool) {
	plain, err := s.aead.Open(nil, nil, box, place(bucket, key))
	return plain, err == nil
}

func place(bucket string, key []byte) []byte {
	out := make([]byte, 0, len(bucket)+1+len(key))
	out = append(out, bucket...)
	out = append(out, 0)
	return append(out, key...)
}

// reveal opens the hash of a record that was read. The box stays with it, for when
// it is written again. Without its hash a record is that of somebody whose hash
// was never received, and the next sighting brings it.
func (s *sealer) reveal(key []byte, rec *record.Peer) bool {
	if s == nil && rec.SealedHash == nil {
		return true
	}
	if s != nil && rec.SealedHash == nil && rec.AccessHash == nil {
		return true
	}
	if s != nil && rec.SealedHash != nil {
		if plain, ok := s.open(rec.SealedHash, bucketPeers, key); ok && len(plain) == 8 {
			rec.AccessHash = proto.Int64(int64(binary.LittleEndian.Uint64(plain)))
			return true
		}
	}
	// A box without a key, one that does not open, or a hash in the clear where
	// none should be: who has put it there is not known.
	rec.SealedHash, rec.AccessHash = nil, nil
	rec.HashClass, rec.HashGeneration = record.HashClass_HASH_CLASS_NONE, 0
	return false
}

// append appends what of a record is written.
func (s *sealer) append(b, key []byte, rec *record.Peer) []byte {
	if s == nil || rec.AccessHash == nil {
		return rec.Append(b)
	}
	if rec.SealedHash == nil {
		rec.SealedHash = s.box(binary.LittleEndian.AppendUint64(nil, uint64(*rec.AccessHash)), bucketPeers, key)
	}
	hash := rec.AccessHash
	rec.AccessHash = nil
	b = rec.Append(b)
	rec.AccessHash = hash
	return b
}

// boxed and unboxed are for a value as a whole: the auth key's.
func (s *sealer) boxed(v []byte, bucket string, key []byte) []byte {
	if s == nil || v == nil {
		return v
	}
	return s.box(v, bucket, key)
}

func (s *sealer) unboxed(v []byte, bucket string, key []byte) ([]byte, error) {
	if s == nil || v == nil {
		return v, nil
	}
	plain, ok := s.open(v, bucket, key)
	if !ok {
		return nil, damaged("what is sealed in bucket %s does not open", bucket)
	}
	return plain, nil
}
