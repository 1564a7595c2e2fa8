package session

import (
	"fmt"
	"io"

	"github.com/f48b34c0/seen/session/internal/record"
)

// HashClass ranks access hashes. A lower class never replaces a higher one.
// See core.telegram.org/api/peers#access-hash.
type HashClass uint8

// The classes, lowest first.
const (
	// HashNone: no hash was received. A bot addresses such a peer with hash 0.
	HashNone HashClass = iota
	// HashMin: the hash came in a min object and is good for profile photos
	// only. A bot addresses such a peer with hash 0.
	HashMin
	// HashFull: the hash addresses the peer.
	HashFull
)

// String returns "none", "min" or "full".
func (c HashClass) String() string {
	switch c {
	case HashMin:
		return "min"
	case HashFull:
		return "full"
	default:
		return "none"
	}
}

// AccessHash is the right to address a peer. It belongs to the bot's account
// and does not print itself: every fmt verb gives "hash:" and the class.
type AccessHash struct {
	class HashClass
	value int64
}

// Class tells what the hash is good for.
func (h AccessHash) Class() HashClass { return h.class }

// Reveal returns the hash itself, and whether there is one. Every value may be a
// hash, 0 and negative ones too.
func (h AccessHash) Reveal() (int64, bool) { return h.value, h.class != HashNone }

// Input returns the number that a bot puts into a request: the hash if it is
// full, else 0, which is what Telegram asks of bots that know only a min hash or
// none.
func (h AccessHash) Input() int64 {
	if h.class == HashFull {
		return h.value
	}
	return 0
}

// String returns "hash:" and the class.
func (h AccessHash) String() string { return "hash:" + h.class.String() }

// Format prints String for every verb, so that %d and %x do not print the hash.
func (h AccessHash) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, h.String()) }

// MarshalText prints String, so that no encoder prints the hash by accident.
func (h AccessHash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

func hashOf(r *record.Peer) AccessHash {
	if r.AccessHash == nil {
		return AccessHash{}
	}
	switch r.HashClass {
	case record.HashClass_HASH_CLASS_FULL:
		return AccessHash{HashFull, *r.AccessHash}
	default:
		return AccessHash{HashMin, *r.AccessHash}
	}
}
