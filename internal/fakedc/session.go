package fakedc

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotd/td/proto"
)

// session is an MTProto session. It lives as long as a connection carries it; a
// client that comes back hears new_session_created, as Telegram may do at any
// time.
//
// See https://core.telegram.org/mtproto/description#session.
type session struct {
	id  int64
	key *authKey
	// updates says that the client wants updates: it made a call that was not
	// wrapped into invokeWithoutUpdates.
	updates atomic.Bool

	mu      sync.Mutex
	content int
	seen    map[int64]struct{}
	order   []int64
	running map[int64]context.CancelFunc
}

func newSession(key *authKey, id int64) *session {
	return &session{id: id, key: key, seen: map[int64]struct{}{}, running: map[int64]context.CancelFunc{}}
}

// seqNo must be called with mu held.
//
// See https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno.
func (s *session) seqNo(content bool) int {
	n := s.content * 2
	if content {
		s.content++
		n++
	}
	return n
}

// first reports whether a message id is new, and remembers the last thousand. A
// client repeats a request under its old id when no acknowledgment arrived.
func (s *session) first(id int64) bool {
	const remembered = 1024
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.seen[id]; ok {
		return false
	}
	s.seen[id] = struct{}{}
	s.order = append(s.order, id)
	if len(s.order) > 2*remembered {
		for _, old := range s.order[:remembered] {
			delete(s.seen, old)
		}
		s.order = append([]int64(nil), s.order[remembered:]...)
	}
	return true
}

// begin notes a running request, so that rpc_drop_answer can end it.
func (s *session) begin(ctx context.Context, id int64) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.running[id] = cancel
	s.mu.Unlock()
	return ctx, func() {
		s.mu.Lock()
		delete(s.running, id)
		s.mu.Unlock()
		cancel()
	}
}

// abandon ends a running request, whose answer is then not sent.
func (s *session) abandon(id int64) bool {
	s.mu.Lock()
	cancel, ok := s.running[id]
	s.mu.Unlock()
	if ok {
		cancel()
	}
	return ok
}

// checkMsgID returns the error code of bad_msg_notification, or 0.
//
// See https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message.
func checkMsgID(id int64, now time.Time) int {
	const (
		tooLow, tooHigh, wrongBits = 16, 17, 18
		past, future               = 300 * time.Second, 30 * time.Second
	)
	if proto.MessageID(id).Type() != proto.MessageFromClient {
		return wrongBits
	}
	switch sent := time.Unix(id>>32, 0); {
	case now.Sub(sent) > past+time.Second:
		return tooLow
	case sent.Sub(now) > future:
		return tooHigh
	}
	return 0
}
