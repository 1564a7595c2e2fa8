package bot

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// maxSeries bounds how many different ends of calls are counted apart: the types
// of errors are the server's to invent.
const maxSeries = 2000

// Call counts the calls of one method that came to one end.
type Call struct {
	// Method is its name in the schema.
	Method string
	// End is "ok", the type of Telegram's error, "canceled", "timeout", or "lost"
	// for a call whose answer did not come.
	End string
	// Count is how many there were, and Took how long they took in all.
	Count int64
	Took  time.Duration
	// Floods is how many of them were to wait, and Waits for how long in all.
	Floods int64
	Waits  time.Duration
}

// tally counts what is asked of the server. The zero value is ready for use.
type tally struct {
	mu  sync.Mutex
	sum map[series]*Call
}

type series struct{ method, end string }

// Handle implements telegram.Middleware.
func (c *tally) Handle(next tg.Invoker) telegram.InvokeFunc {
	return func(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
		began := time.Now()
		err := next.Invoke(ctx, input, output)
		c.note(schemaName(input), err, time.Since(began))
		return err
	}
}

func (c *tally) note(method string, err error, took time.Duration) {
	key := series{method, endOf(err)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sum == nil {
		c.sum = make(map[series]*Call)
	}
	if c.sum[key] == nil && len(c.sum) >= maxSeries {
		key = series{"other", "other"}
	}
	call := c.sum[key]
	if call == nil {
		call = &Call{Method: key.method, End: key.end}
		c.sum[key] = call
	}
	call.Count++
	call.Took += took
	if wait, ok := tgerr.AsFloodWait(err); ok {
		call.Floods++
		call.Waits += wait
	}
}

// Calls returns what was asked of the server so far, in no order.
func (b *Bot) Calls() []Call {
	b.tally.mu.Lock()
	defer b.tally.mu.Unlock()
	out := make([]Call, 0, len(b.tally.sum))
	for _, call := range b.tally.sum {
		out = append(out, *call)
	}
	return out
}

func schemaName(input bin.Encoder) string {
	if named, ok := input.(interface{ TypeName() string }); ok {
		return named.TypeName()
	}
	return "other"
}

// errorType is what the type of an error of Telegram's looks like. Whatever else
// a server says is not repeated.
var errorType = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,63}$`)

func endOf(err error) string {
	rpc, ok := tgerr.As(err)
	switch {
	case err == nil:
		return "ok"
	case ok && errorType.MatchString(rpc.Type):
		return rpc.Type
	case ok:
		return "other"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	default:
		return "lost"
	}
}
