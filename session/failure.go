package session

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gotd/log"
	"github.com/gotd/td/tg"
)

// Failure is an update that was let go because its handler failed every time. It
// does not come again.
type Failure struct {
	// Update is what the handler was given, Chat the chat that it is about, if it is
	// about one, and Message the id of the message, or 0.
	Update  tg.UpdateClass
	Chat    ID
	Message int
	// Err is the last error; a [*PanicError] if the handler panicked.
	Err error
	// At is when it was given up, after that many attempts.
	At       time.Time
	Attempts int
}

// PanicError is the panic of a handler.
type PanicError struct {
	Value any
	Stack []byte
}

// Error tells the value, not the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("handler panicked: %v", e.Value) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// LastFailure returns the update that was let go last, and false if none was.
func (m *Memory) LastFailure() (Failure, bool) {
	f := m.failure.Load()
	if f == nil {
		return Failure{}, false
	}
	return *f, true
}

// letGo tells everybody of an update that no handler is going to see again.
func (m *Memory) letGo(ctx context.Context, t *task, err error) {
	f := Failure{
		Update: t.update, Chat: chatOf(t.update), Message: messageID(t.update),
		Err: err, At: time.Now(), Attempts: attempts,
	}
	m.stats.failed.Add(1)
	m.failure.Store(&f)
	told := []log.Attr{
		log.String("update", f.Update.TypeName()), log.Stringer("chat", f.Chat), log.Int("message", f.Message),
		log.Int("attempts", f.Attempts), log.Error(err),
	}
	if p, ok := errors.AsType[*PanicError](err); ok {
		told = append(told, log.String("stack", string(p.Stack)))
	}
	m.lanes.log.Error(ctx, "A handler gave up on an update, which is let go", told...)
	m.file.write.opts.OnFailure(f)
}

// messageID returns the id of the message that an update is about, or 0.
func messageID(u tg.UpdateClass) int {
	switch u := u.(type) {
	case interface{ GetMessage() tg.MessageClass }:
		return u.GetMessage().GetID()
	case interface{ GetMsgID() int }:
		return u.GetMsgID()
	default:
		return 0
	}
}

// recovered turns a handler's panic into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{p, debug.Stack()}
	}
}
