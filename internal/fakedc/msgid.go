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

func (m *msgIDs) next(t proto.MessageType) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	// Message ids have steps of four; the two bits below are the type's.
	now := int64(proto.NewMessageID(time.Now(), proto.MessageFromClient))
	if now <= m.last {
		now = m.last + 4
	}
	m.last = now
	if t == proto.MessageServerResponse {
		return now + 1
	}
	return now + 3
}
