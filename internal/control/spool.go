package control

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// spoolSize is how much waits in a spool before its writer waits.
const spoolSize = 64 << 10

// errSpoolClosed is what a writer gets when nobody reads any more.
var errSpoolClosed = errors.New("nobody reads this any more")

// spool is a pipe that holds what was written until it is read: while its reader
// is busy, small writes become one large read.
type spool struct {
	mu     sync.Mutex
	more   sync.Cond // something was written, or the writer has ended
	room   sync.Cond // something was read, or the reader has ended
	buf    bytes.Buffer
	ended  bool // no more is written
	closed bool // no more is read
}

func newSpool() *spool {
	s := &spool{}
	s.more.L, s.room.L = &s.mu, &s.mu
	return s
}

// Write waits for room, and for nothing else.
func (s *spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.buf.Len() >= spoolSize && !s.closed {
		s.room.Wait()
	}
	if s.closed {
		return 0, errSpoolClosed
	}
	s.more.Signal()
	return s.buf.Write(p)
}

// Read waits until something was written, and returns io.EOF after the end.
func (s *spool) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.buf.Len() == 0 && !s.ended && !s.closed {
		s.more.Wait()
	}
	if s.closed || s.buf.Len() == 0 {
		return 0, io.EOF
	}
	s.room.Signal()
	return s.buf.Read(p)
}

// end tells the reader that no more comes.
func (s *spool) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.more.Broadcast()
}

// Close tells the writer that nobody reads any more.
func (s *spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.room.Broadcast()
	s.more.Broadcast()
	return nil
}
