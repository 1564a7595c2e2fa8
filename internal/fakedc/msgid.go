package fakedc

import (
	"sync"
	"time"

	"github.com/gotd/td/proto"
)

// msgIDs makes the server's message ids: unique, increasing, and by their last
// two bits an answer (1) or not (3).
//
// See https://core.telegram.org/mtproto/description#message-identifier-msg-id.
type msgIDs struct {
	mu   sync.Mutex
	last int64
}

// A clock that is set back takes them along.
func (m *msgIDs) next(t proto.MessageType, now time.Time) int64 {
	const setBack = int64(time.Minute/time.Second) << 32
	m.mu.Lock()
	defer m.mu.Unlock()
	// Message ids have steps of four; the two bits below are the type's.
	id := int64(proto.NewMessageID(now, proto.MessageFromClient))
	if id <= m.last && id > m.last-setBack {
		id = m.last + 4
	}
	m.last = id
	if t == proto.MessageServerResponse {
		return id + 1
	}
	return id + 3
}
