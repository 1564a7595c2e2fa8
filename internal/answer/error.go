package answer

import (
	"errors"
	"fmt"
	"time"
)

// Code names what went wrong, for programs. Codes are stable.
type Code string

// The codes, in the order of their exit status.
const (
	Failed       Code = "failed"        // none of the below; Message says what
	Unreachable  Code = "unreachable"   // the server did not answer in time
	StaleHash    Code = "stale_hash"    // the server refused an access hash twice
	Undetermined Code = "undetermined"  // the server's answer decides nothing
	Damaged      Code = "damaged"       // the session file is
	Usage        Code = "usage"         // the request itself is wrong
	Partial      Code = "partial"       // some inputs failed, others did not
	Unauthorized Code = "unauthorized"  // the bot is not, or no longer, signed in
	NeverSeen    Code = "never_seen"    // a peer whom this bot has not seen
	NotFound     Code = "not_found"     // no such name or peer exists
	Contested    Code = "contested"     // two peers claimed the name at one time
	NeverStarted Code = "never_started" // seen, but never opened a chat with the bot
	Blocked      Code = "blocked"       // stopped the bot
	Deleted      Code = "deleted"       // the account is gone
	IsBot        Code = "is_bot"        // bots may not write to this bot
	Forbidden    Code = "forbidden"     // the bot may not write in that chat
	FloodWait    Code = "flood_wait"    // too fast; RetryAfter says when
	Held         Code = "held"          // another process holds the session file
	Interrupted  Code = "interrupted"   // by a signal
)

// Exit returns the exit status of a command that ends with this code.
func (c Code) Exit() int {
	switch c {
	case "":
		return 0
	case Usage:
		return 2
	case Partial:
		return 3
	case Unauthorized:
		return 4
	case NeverSeen, NotFound, Contested:
		return 5
	case NeverStarted, Blocked, Deleted, IsBot, Forbidden:
		return 6
	case FloodWait:
		return 7
	case Held:
		return 8
	case Interrupted:
		return 130
	default:
		return 1
	}
}

// Error is the one error that crosses a door: what the bot returns, what the
// socket carries and what a person reads.
type Error struct {
	// Code tells programs what went wrong.
	Code Code `json:"code"`
	// Message is one line for people: lower-case, no full stop, no secret.
	Message string `json:"message"`
	// Hint says what to do about it; empty if there is nothing to say.
	Hint string `json:"hint,omitempty"`
	// RetryAfter is the number of seconds after which the same request may
	// succeed. Zero means that waiting does not help, or that nobody knows.
	RetryAfter int `json:"retry_after,omitempty"`
	// Telegram is what the server said, where it is a call of one of its methods
	// that failed.
	Telegram *TelegramError `json:"telegram,omitempty"`

	cause error
}

// Errorf returns an Error with a formatted message. A %w verb keeps its operand
// as the cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), cause: errors.Unwrap(err)}
}

// WithHint returns a copy of e that says what to do.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithRetryAfter returns a copy of e with a wait, rounded up to whole seconds.
func (e *Error) WithRetryAfter(d time.Duration) *Error {
	c := *e
	c.RetryAfter = int((d + time.Second - 1) / time.Second)
	return &c
}

// Error returns the message without the hint.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, which does not cross a door.
func (e *Error) Unwrap() error { return e.cause }

// From returns err as an *Error: the one in its chain, or a new one with the
// code Failed. From(nil) is nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: Failed, Message: err.Error(), cause: err}
}
