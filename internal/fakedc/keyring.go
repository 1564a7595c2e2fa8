package fakedc

import (
	"sync"
	"time"

	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
)

// keyring is all auth keys that were ever agreed on with this world. Every data
// center has its own: a key of one means nothing to another.
//
// See https://core.telegram.org/api/datacenter.
type keyring struct {
	// now is the server's clock.
	now  func() time.Time
	mu   sync.Mutex
	keys map[[8]byte]*authKey
}

// authKey is one client's key and whom it is signed in as.
type authKey struct {
	crypto.AuthKey
	// dc is where it was agreed on.
	dc int
	// salt is the one that was agreed on with the key.
	salt int64
	// expires is set for a temporary key. It has no account of its own: whoever
	// the permanent key is signed in as, it is too.
	expires time.Time

	mu    sync.Mutex
	salts salts
	perm  *authKey
	bot   *account
	// told is the highest pts of each channel that the key's owner was given, by
	// push or by difference. getDifference points out channels that have more.
	told map[int64]int
	// layer is what a client of this key has said last.
	layer int
}

func (k *keyring) add(dc int, key crypto.AuthKey, salt int64) *authKey {
	return k.put(&authKey{AuthKey: key, dc: dc, salt: salt, told: map[int64]int{}})
}

// lend adds a temporary key.
func (k *keyring) lend(dc int, key crypto.AuthKey, salt int64, expires time.Time) *authKey {
	return k.put(&authKey{AuthKey: key, dc: dc, salt: salt, told: map[int64]int{}, expires: expires})
}

func (k *keyring) put(key *authKey) *authKey {
	now := k.now()
	key.salts = newSalts(key.salt, key.Value[:], now)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = map[[8]byte]*authKey{}
	}
	for id, old := range k.keys {
		if old.expired(now) {
			delete(k.keys, id)
		}
	}
	k.keys[key.ID] = key
	return key
}

// find does not know keys of another data center, and temporary keys that have
// expired.
func (k *keyring) find(dc int, id [8]byte, now time.Time) (*authKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key, ok && key.dc == dc && !key.expired(now)
}

func (k *keyring) each(f func(*authKey)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.keys {
		f(key)
	}
}

// forget signs every key out. The keys themselves stay valid, so clients hear
// AUTH_KEY_UNREGISTERED and not the transport's -404.
func (k *keyring) forget() (n int) {
	k.each(func(key *authKey) {
		if !key.temporary() && key.account() != nil {
			key.signIn(nil)
			n++
		}
	})
	return n
}

// drop loses the keys themselves: clients hear the transport's -404.
func (k *keyring) drop() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(k.keys)
	k.keys = nil
	return n
}

// expireSalts makes every client's next message bear a salt that is too old.
func (k *keyring) expireSalts(now time.Time) (n int) {
	k.each(func(key *authKey) {
		key.mu.Lock()
		key.salts.expire(now)
		key.mu.Unlock()
		n++
	})
	return n
}

func (a *authKey) account() *account {
	a = a.owner()
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bot
}

func (a *authKey) signIn(bot *account) {
	if a = a.owner(); a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bot = bot
	a.told = map[int64]int{}
}

func (a *authKey) tell(channel int64, pts int) {
	if a = a.owner(); a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told[channel] = max(a.told[channel], pts)
}

func (a *authKey) toldOf(channel int64) int {
	if a = a.owner(); a == nil {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.told[channel]
}

func (a *authKey) lastLayer() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.layer
}

func (a *authKey) speak(layer int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.layer = layer
}

func (a *authKey) goodSalt(salt int64, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.salts.good(salt, now)
}

func (a *authKey) currentSalt(now time.Time) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.salts.current(now)
}

func (a *authKey) futureSalts(count int, now time.Time) []mt.FutureSalt {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.salts.future(count, now)
}
