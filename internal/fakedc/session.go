package fakedc

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
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
	// layer is what the client has said last; 0 while it has said none.
	layer atomic.Int32

	mu       sync.Mutex
	content  int
	received ledger
	running  map[int64]context.CancelFunc
	// finished is closed when the next call is done; nil while nobody waits.
	finished chan struct{}
}

func newSession(key *authKey, id int64) *session {
	s := &session{id: id, key: key, running: map[int64]context.CancelFunc{}}
	s.layer.Store(int32(key.lastLayer()))
	return s
}

// speak notes the layer of the client. It stays with the key for the sessions
// that follow.
func (s *session) speak(layer int) {
	s.layer.Store(int32(layer))
	s.key.speak(layer)
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

// receive notes a message, or says what is wrong with it.
func (s *session) receive(r receipt) (twice bool, bad badness) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.received.enter(r)
}

// states says what became of messages, a byte for each.
func (s *session) states(ids []int64, now time.Time) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]byte, len(ids))
	for i, id := range ids {
		list[i] = s.received.state(id, now)
	}
	return list
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

// finish notes how a request ended, for those that wait for it. There is nothing
// left to abandon then: the answer is about to leave.
func (s *session) finish(id int64, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
	if at, ok := s.received.find(id); ok {
		s.received.list[at].done, s.received.list[at].failed = true, failed
	}
	if s.finished != nil {
		close(s.finished)
		s.finished = nil
	}
}

// outcome says whether a request is done and how it ended. The channel is closed
// when that may have changed.
func (s *session) outcome(id int64) (done, failed bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.received.find(id); ok && s.received.list[at].done {
		return true, s.received.list[at].failed, nil
	}
	if s.finished == nil {
		s.finished = make(chan struct{})
	}
	return false, false, s.finished
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
