package session

import (
	"context"
	"runtime"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/transport"
)

// brake holds back the reading of a connection in a burst, so that the server
// waits for us, and not everything for us in memory.
//
// gotd reads as fast as it can and hands every message to a goroutine of its own. A
// message may have a thousand envelopes in it. In a burst they all run at once and
// overtake each other by more than is put in order again, and the file gets its
// turn last: of 100,000 updates most were dropped, and fetched once more in a
// difference, whose answer stands behind the rest of the burst.
//
// Answers to calls come over the same connection, so a wait is short, and one that
// was of no use is not repeated before we have caught up.
type brake struct {
	transport.Conn
	// behind reports whether more waits than should, and running is how many
	// goroutines there are.
	behind  func() bool
	running func() int

	last  int       // bytes of the message that was read last
	burst time.Time // when a heavy one was read last
	rest  int       // goroutines there are when none handles a message, as far as is known
	spent bool      // a wait was of no use
}

const (
	// heavy is from how many bytes on a message is waited for, and perByte how long
	// for each of them at most.
	heavy   = 16 << 10
	perByte = 300 * time.Nanosecond
	// calm is how long after the last of them a burst is over.
	calm = time.Second
	// inTheWorks is how many messages are handled at once besides the next one.
	inTheWorks = 1
	// behindWait is how long reading waits at most until less is waiting.
	behindWait = time.Second
	// brakeStep is how often it looks.
	brakeStep = 100 * time.Microsecond
)

// Recv implements transport.Conn. Calls follow each other.
func (b *brake) Recv(ctx context.Context, to *bin.Buffer) error {
	now := time.Now()
	switch {
	case b.last >= heavy:
		b.burst = now
		if !wait(ctx, time.Duration(b.last)*perByte, b.crowded) {
			b.rest = b.running() // others may have come to stay
		}
	case now.Sub(b.burst) > calm:
		b.rest = b.running()
	}
	switch {
	case !b.behind():
		b.spent = false
	case !b.spent:
		b.spent = !wait(ctx, behindWait, b.behind)
	}
	err := b.Conn.Recv(ctx, to)
	b.last = to.Len()
	return err
}

// crowded reports whether the messages before are still being handled. gotd does
// not tell, so it is guessed from the number of goroutines.
func (b *brake) crowded() bool {
	n := b.running()
	b.rest = min(b.rest, n)
	return n > b.rest+inTheWorks
}

// wait waits until something is over. It is false if that takes too long.
func wait(ctx context.Context, most time.Duration, on func() bool) bool {
	for until := time.Now().Add(most); on(); {
		if ctx.Err() != nil || time.Now().After(until) {
			return false
		}
		time.Sleep(brakeStep)
	}
	return true
}

// Most that waits before reading does: updates that wait for the follower, updates
// that wait for one that they have overtaken, and this part of what may wait to be
// written.
const (
	mostUnread    = 2048
	mostOvertaken = 2048
	partUnwritten = 5
)

// behind reports whether reading should wait. What is fetched already is not
// waited for: that comes last.
func (m *Memory) behind() bool {
	return m.intake.len() > mostUnread || m.overtaken.Load() > mostOvertaken ||
		m.file.queue.unwritten() > m.file.write.opts.MaxWaiting/partUnwritten
}

// brakes makes connections with a brake.
type brakes struct {
	dcs.Resolver
	behind func() bool
}

// Primary implements dcs.Resolver. Updates come over no other connection.
func (r brakes) Primary(ctx context.Context, dc int, list dcs.List) (transport.Conn, error) {
	c, err := r.Resolver.Primary(ctx, dc, list)
	if err != nil {
		return nil, err
	}
	return &brake{Conn: c, behind: r.behind, running: runtime.NumGoroutine}, nil
}
