package fakedc

import (
	"sync/atomic"

	"github.com/gotd/td/crypto"
)

// ShareKeys makes the auth keys of from known in w, signed out: agreeing on a key
// takes a client most of a second.
func ShareKeys(w, from *World) {
	for _, key := range from.keys.keys {
		w.keys.add(key.dc, key.AuthKey, key.salt)
	}
}

// MoveKeys makes the auth keys of w those of another data center.
func MoveKeys(w *World, dc int) {
	for _, key := range w.keys.keys {
		key.dc = dc
	}
}

// AnyKey is one of the keys that w knows, with its salt.
func AnyKey(w *World) (key crypto.AuthKey, salt int64) {
	for _, k := range w.keys.keys {
		key, salt = k.AuthKey, k.salt
	}
	return key, salt
}

// AnswerWith answers a method with bodies, one after the other and from the first
// again, until the faults are ended.
func AnswerWith(w *World, method string, bodies [][]byte) {
	var next atomic.Int64
	w.faults.add(&fault{method: method, count: -1, malice: func() malice {
		return malice{body: bodies[int(next.Add(1)-1)%len(bodies)]}
	}})
}
