package session

import (
	"context"

	"github.com/gotd/td/telegram/updates"
)

// hashes answers the update manager's questions about access hashes out of the
// book. Setting one does nothing: harvest saw the object that it came in before
// the manager did, and the rule of hashes has decided.
type hashes struct{ book *Book }

var (
	_ updates.ChannelAccessHasher = hashes{}
	_ updates.UserAccessHasher    = hashes{}
)

// SetChannelAccessHash does nothing.
func (h hashes) SetChannelAccessHash(context.Context, int64, int64, int64) error { return nil }

// SetUserAccessHash does nothing.
func (h hashes) SetUserAccessHash(context.Context, int64, int64, int64) error { return nil }

// GetChannelAccessHash returns the full hash of a channel, or 0, which is what a
// bot uses without one. It always answers "known": for an unknown channel the
// manager would fetch a difference only to look for its hash.
func (h hashes) GetChannelAccessHash(_ context.Context, _, channel int64) (int64, bool, error) {
	return h.input(ChannelID(channel)), true, nil
}

// GetUserAccessHash is the same for users. The manager fetches the difference
// when it does not know the sender of a message; if the difference holds an edit
// by somebody of whom only a min object is to be had, it does so without end.
func (h hashes) GetUserAccessHash(_ context.Context, _, user int64) (int64, bool, error) {
	return h.input(UserID(user)), true, nil
}

func (h hashes) input(id ID) int64 {
	hot := &h.book.file.hot
	hash, ok, changes := hot.get(id)
	if ok {
		return hash
	}
	p, err := h.book.Peer(id)
	if err != nil {
		return 0
	}
	hash = p.Hash.Input()
	hot.put(id, hash, changes)
	return hash
}
