package fakedc

import (
	"testing"
	"time"

	"github.com/gotd/td/crypto"
)

// A temporary key speaks for its permanent one after a restart as well, at its own
// data center, until it expires.
func TestTemporaryKeysOutliveTheServer(t *testing.T) {
	w := NewDemo(WorldOptions{})
	now := time.Now()
	key := func(n byte) crypto.AuthKey { return crypto.Key{n}.WithID() }
	perm := w.keys.add(4, key(1), 11)
	temp := w.keys.lend(4, key(2), 12, now.Add(time.Hour))
	w.keys.lend(4, key(3), 13, now.Add(time.Hour)) // not bound
	if !temp.bind(perm) {
		t.Fatal("not bound")
	}
	perm.signIn(w.bots[0])
	data, err := w.encodeSnapshot()
	if err != nil {
		t.Fatal(err)
	}
	w, err = restoreWorld(data, WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for n, signedIn := range map[byte]bool{1: true, 2: true, 3: false} {
		k, ok := w.keys.find(4, key(n).ID, now)
		if !ok || (k.account() != nil) != signedIn || k.salt != int64(n)+10 {
			t.Errorf("key %d: %v", n, k)
		}
		if _, ok := w.keys.find(2, key(n).ID, now); ok {
			t.Errorf("key %d is known at another data center", n)
		}
		if _, ok := w.keys.find(4, key(n).ID, now.Add(2*time.Hour)); ok != (n == 1) {
			t.Errorf("key %d after two hours: %t", n, ok)
		}
	}
}
