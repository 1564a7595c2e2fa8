package fakedc

import (
	"sync"

	"github.com/gotd/td/crypto"
)

// keyring is all auth keys that were ever agreed on with this world.
type keyring struct {
	mu   sync.Mutex
	keys map[[8]byte]*authKey
}

// authKey is one client's key and whom it is signed in as.
type authKey struct {
	crypto.AuthKey
	// salt is the only one that the key has; it does not expire.
	salt int64

	mu  sync.Mutex
	bot *account
	// told is the highest pts of each channel that the key's owner was given, by
	// push or by difference. getDifference points out channels that have more.
	told map[int64]int
}

func (k *keyring) add(key crypto.AuthKey, salt int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = map[[8]byte]*authKey{}
	}
	k.keys[key.ID] = &authKey{AuthKey: key, salt: salt, told: map[int64]int{}}
}

func (k *keyring) find(id [8]byte) (*authKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key, ok
}

// forget signs every key out. The keys themselves stay valid, so clients hear
// AUTH_KEY_UNREGISTERED and not the transport's -404.
func (k *keyring) forget() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, key := range k.keys {
		if key.account() != nil {
			key.signIn(nil)
			n++
		}
	}
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

func (a *authKey) account() *account {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bot
}

func (a *authKey) signIn(bot *account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bot = bot
	a.told = map[int64]int{}
}

func (a *authKey) tell(channel int64, pts int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told[channel] = max(a.told[channel], pts)
}

func (a *authKey) toldOf(channel int64) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.told[channel]
}
