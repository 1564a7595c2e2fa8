package session

import (
	"context"
	"sync"
	"time"

	"github.com/gotd/log"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"golang.org/x/sync/errgroup"
)

const (
	// workers is how many handlers run at once.
	workers = 16
	// attempts is how often an update is given to a handler that fails.
	attempts = 3
	// retryAfter is the pause before the second attempt; it grows tenfold.
	retryAfter = 50 * time.Millisecond
)

// task is one update on its way to the handler.
type task struct {
	update  tg.UpdateClass
	users   []tg.UserClass
	chats   []tg.ChatClass
	counted bool // a sequence counts it
	counts  ID   // the channel that does, or the account
	seq     sequence
	ordinal uint64
	since   time.Time // when it was received
}

// lanes hands updates to the handler: in order within a chat, at once across
// chats, and never on the goroutine of the follower, which answers to the handler's
// own calls go through.
type lanes struct {
	state   *state
	log     log.Helper
	letGo   func(ctx context.Context, t *task, err error) // a task failed for the last time
	eased   func()                                        // a task is finished
	handler telegram.UpdateHandler

	mu     sync.Mutex
	queued int
	// waiting is how many updates wait or are being handled, by who counts them: a
	// channel, or the account, which is the zero ID.
	waiting map[ID]int
	byChat  map[ID][]*task
	ready   []ID // chats with tasks, none of which is being handled
	more    chan struct{}
}

func newLanes(st *state, lg log.Helper, letGo func(context.Context, *task, error)) *lanes {
	return &lanes{
		state:   st,
		log:     lg,
		letGo:   letGo,
		eased:   func() {},
		byChat:  make(map[ID][]*task),
		waiting: make(map[ID]int),
		more:    make(chan struct{}, workers),
	}
}

// add queues updates in their order. It never waits.
func (l *lanes) add(list []tg.UpdateClass, users []tg.UserClass, chats []tg.ChatClass) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for _, u := range list {
		t := &task{update: u, users: users, chats: chats, since: now}
		if t.seq, t.counted = sequenceOf(u); t.counted {
			t.ordinal = l.state.begin(t.seq)
			if t.seq.kind == sequenceChannel {
				t.counts = ChannelID(t.seq.channel)
			}
		}
		l.waiting[t.counts]++
		chat := chatOf(u)
		waiting, busy := l.byChat[chat]
		l.byChat[chat] = append(waiting, t)
		if !busy {
			l.ready = append(l.ready, chat)
		}
		l.queued++
	}
	for range min(len(l.ready), workers) {
		poke(l.more)
	}
}

// len returns how many updates wait or are being handled.
func (l *lanes) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.queued
}

// Bounds on how many updates wait: of the account, of one channel, and in all.
// Beyond them pushed ones are left to be fetched later. One slow chat may fill what
// its channel has, and holds up no other.
const (
	pressure        = 16384
	channelPressure = 512
	totalPressure   = 2 * pressure
)

// full reports whether no more pushed updates are taken that the account, or a
// channel, counts.
func (l *lanes) full(counts ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting[counts] >= boundOf(counts) || l.queued >= totalPressure
}

// room reports whether so much was handled that a difference may be fetched.
func (l *lanes) room(counts ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting[counts] <= boundOf(counts)/2 && l.queued <= totalPressure/2
}

// empty reports whether all was handled that the account, or a channel, counts.
func (l *lanes) empty(counts ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting[counts] == 0
}

func boundOf(counts ID) int {
	if counts.Kind == Channel {
		return channelPressure
	}
	return pressure
}

// run handles until ctx ends, and returns when no handler runs any more.
func (l *lanes) run(ctx context.Context) error {
	var g errgroup.Group
	for range workers {
		g.Go(func() error {
			for {
				chat, t := l.next()
				if t == nil {
					select {
					case <-ctx.Done():
						return nil
					case <-l.more:
						continue
					}
				}
				if !l.handle(ctx, t) {
					return nil // ctx ended; the update comes again in the next run
				}
				if t.counted {
					l.state.finish(t.seq, t.ordinal)
				}
				l.finish(chat, t)
				l.eased()
			}
		})
	}
	return g.Wait()
}

func (l *lanes) next() (ID, *task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) == 0 {
		return ID{}, nil
	}
	chat := l.ready[0]
	l.ready = l.ready[1:]
	return chat, l.byChat[chat][0]
}

func (l *lanes) finish(chat ID, t *task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queued--
	if l.waiting[t.counts]--; l.waiting[t.counts] == 0 {
		delete(l.waiting, t.counts)
	}
	rest := l.byChat[chat][1:]
	if len(rest) == 0 {
		delete(l.byChat, chat)
		return
	}
	l.byChat[chat] = rest
	l.ready = append(l.ready, chat)
	poke(l.more)
}

// handle gives a task to the handler, again if it fails, and lets it go after
// the last attempt. It returns false if ctx ended before that.
func (l *lanes) handle(ctx context.Context, t *task) bool {
	pause := retryAfter
	for n := 1; ; n++ {
		err := l.call(ctx, t)
		if ctx.Err() != nil {
			return err == nil
		}
		if err == nil {
			return true
		}
		if n == attempts {
			l.letGo(ctx, t, err)
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
			pause *= 10
		}
	}
}

func (l *lanes) call(ctx context.Context, t *task) (err error) {
	defer recovered(&err)
	return l.handler.Handle(ctx, &tg.Updates{
		Updates: []tg.UpdateClass{t.update}, Users: t.users, Chats: t.chats,
	})
}

// reset forgets the tasks of an earlier run.
func (l *lanes) reset(h telegram.UpdateHandler, eased func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handler, l.eased, l.queued, l.ready = h, eased, 0, nil
	l.byChat, l.waiting = make(map[ID][]*task), make(map[ID]int)
}
