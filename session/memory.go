package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotd/log"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/telegram/updates/hook"
	"github.com/gotd/td/tg"
	"golang.org/x/sync/errgroup"
)

// Memory is a session file at work in one client: it sees every envelope and
// every answer. [File.Wire] makes one.
type Memory struct {
	file    *File
	clock   serverClock
	log     log.Logger
	passive bool // the client receives no updates
	handler telegram.UpdateHandler
	intake  *intake
	lanes   *lanes
	running atomic.Bool
	ready   chan struct{}
	once    sync.Once // closes ready
	// overtaken is how many updates of the account wait for one before them that may
	// still come by itself.
	overtaken atomic.Int64
	// connections counts how often the client has connected.
	connections counter
	stats       stats
	failure     atomic.Pointer[Failure]
}

type stats struct{ envelopes, sightings, dropped, lost, failed, skipped counter }

// Stats counts what a Memory has seen since it was made.
type Stats struct {
	// Envelopes were pushed by the server; Sightings are the users and chats in
	// them and in answers.
	Envelopes, Sightings int64
	// Dropped updates were not handled when they came, because too much was
	// waiting. They were fetched again, or will be.
	Dropped int64
	// Lost updates were dropped like that too, but nothing counts them, so nobody
	// can ask for them again: inline queries, for example.
	Lost int64
	// Failed updates are those that a handler gave up on.
	Failed int64
	// Skipped is how often the server did not tell what was missed, because it was
	// too much, or because it has forgotten it.
	Skipped int64
}

// Wire sets up a client's options, before the client is made: where it keeps its
// session, and that everything it receives goes through the file. An
// UpdateHandler that is set already becomes the handler of [Memory.Run] if that
// is given none. With options.NoUpdates the client only asks; then Run is not
// needed, and the stored update state does not move.
//
// In a burst the client reads no faster than the file can be written, for a second
// at most: the server waits meanwhile, and so do answers to calls.
//
// The account has to be a bot's.
func (f *File) Wire(options *telegram.Options) *Memory {
	m := &Memory{
		file:    f,
		clock:   serverClock{local: f.now},
		log:     log.OrNop(options.Logger),
		passive: options.NoUpdates,
		handler: options.UpdateHandler,
		ready:   make(chan struct{}),
	}
	m.lanes = newLanes(f.state, log.For(m.log), m.letGo)
	m.intake = newIntake(f.state, &m.stats)

	options.SessionStorage = storage{f, true}
	middlewares := []telegram.Middleware{m}
	if !m.passive {
		options.UpdateHandler = telegram.UpdateHandlerFunc(m.pushed)
		told := options.OnConnectionState
		options.OnConnectionState = func(s telegram.ConnectionState) {
			m.connected(s)
			if told != nil {
				told(s)
			}
		}
		if options.Resolver == nil {
			options.Resolver = dcs.DefaultResolver()
		}
		options.Resolver = brakes{options.Resolver, m.behind}
		middlewares = append(middlewares, hook.AffectedHook(m.intake))
	}
	options.Middlewares = append(middlewares, options.Middlewares...)
	return m
}

// pushed takes an envelope from the server: it is harvested, whatever becomes of
// it, and then queued for the follower. Only if the disk cannot keep up at all it
// is left to be fetched later.
func (m *Memory) pushed(_ context.Context, u tg.UpdatesClass) error {
	m.stats.envelopes.Add(1)
	at := envelopeDate(u, m.clock.now())
	m.clock.pushed(int(at))
	if m.file.crowded() && m.intake.putOff(u) {
		return nil // not even harvested: it is fetched when there is room
	}
	h := harvest{at: at, source: Source{Via: ViaUpdate}, queue: &m.file.queue}
	h.updates(u)
	m.enter(&h)
	if m.unknownSender(u) {
		u = &tg.UpdatesTooLong{} // the difference brings the sender too
	}
	m.intake.pushed(u)
	return nil
}

// enter queues what was harvested. An event that says what is known, and is not
// due to be written, is let go.
func (m *Memory) enter(h *harvest) {
	m.stats.sightings.Add(int64(len(h.found) + h.repeats))
	changes := h.found
	for _, e := range h.events {
		if !m.file.recent.calm(e) {
			changes = append(changes, e)
		}
	}
	if len(changes) > 0 {
		m.file.add(changes...)
	}
}

// Now returns the time on the server's clock, as far as its answers have shown it.
func (m *Memory) Now() time.Time { return m.clock.now() }

// unknownSender reports whether an envelope without users is a message by
// somebody whom the book does not have. gotd turns the two short forms of a
// message into such an envelope before it hands them on.
func (m *Memory) unknownSender(u tg.UpdatesClass) bool {
	short, ok := u.(*tg.UpdateShort)
	if !ok {
		return false
	}
	update, ok := short.Update.(*tg.UpdateNewMessage)
	if !ok {
		return false
	}
	msg, ok := update.Message.(*tg.Message)
	if !ok {
		return false
	}
	sender := PeerID(msg.PeerID)
	if from, ok := msg.GetFromID(); ok {
		sender = PeerID(from)
	}
	_, err := m.file.Book().Peer(sender)
	return errors.Is(err, ErrNeverSeen)
}

// connected takes note of the state of the connection. What was pushed while
// there was none is nowhere else: after every connection but the first the
// difference is fetched.
// See core.telegram.org/api/updates#recovering-gaps.
func (m *Memory) connected(s telegram.ConnectionState) {
	if s == telegram.ConnectionStateReady && m.connections.Add(1) > 1 {
		m.intake.answered(item{updates: &tg.UpdatesTooLong{}})
	}
}

// Run keeps up with the server's updates until ctx ends or something is wrong
// for good. Call it inside the client's own Run, after signing in. It fetches
// what was missed since the last run, and hands every update to the handler: one
// at a time within a chat, in order; several at once across chats.
//
// A handler that returns an error, or panics, is called again twice, after 50 and
// after 500 ms, before the update is let go: see [Options.OnFailure]. An update
// whose handler had not returned when the process ended comes again in the next
// run, so handlers see it at least once. Updates that no sequence counts, such as
// inline queries, may be lost in a crash.
//
// handler may be nil. Run returns ErrNotBot for a person's account, and the
// file's error if it cannot be written any more.
func (m *Memory) Run(ctx context.Context, client *telegram.Client, handler telegram.UpdateHandler) error {
	if m.passive {
		return errors.New("run memory: the client was made with NoUpdates")
	}
	if !m.running.CompareAndSwap(false, true) {
		return errors.New("run memory: it runs already")
	}
	defer m.running.Store(false)
	if handler == nil {
		handler = m.handler
	}
	if handler == nil {
		handler = telegram.UpdateHandlerFunc(func(context.Context, tg.UpdatesClass) error { return nil })
	}
	self, err := client.Self(ctx)
	if err != nil {
		return fmt.Errorf("run memory: %w", err)
	}
	if !self.Bot {
		return ErrNotBot
	}
	if have := m.file.BotID(); have != 0 && have != self.ID {
		return &OtherBotError{Owner: have, Bot: self.ID}
	}

	m.file.state.rewind()
	f := newFollower(client.API(), m)
	m.lanes.reset(handler, f.eased)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return m.lanes.run(ctx) })
	g.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-m.file.Failed():
			return m.file.Err()
		}
	})
	g.Go(func() error {
		return f.run(ctx, m.intake, func() { m.once.Do(func() { close(m.ready) }) })
	})
	return g.Wait()
}

// Ready is closed when Run has its update state and updates flow.
func (m *Memory) Ready() <-chan struct{} { return m.ready }

// Stats returns the counts so far.
func (m *Memory) Stats() Stats {
	return Stats{
		Envelopes: m.stats.envelopes.Load(),
		Sightings: m.stats.sightings.Load(),
		Dropped:   m.stats.dropped.Load(),
		Lost:      m.stats.lost.Load(),
		Failed:    m.stats.failed.Load(),
		Skipped:   m.stats.skipped.Load(),
	}
}
