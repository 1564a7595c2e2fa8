package session

import (
	"context"
	"fmt"
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
	seq     sequence
	ordinal uint64
	since   time.Time // when it was received
}

// lanes hands updates to the handler: in order within a chat, at once across
// chats, and never on the goroutine of the manager, whose short queue answers to
// the handler's own calls go through.
type lanes struct {
	state   *state
	log     log.Helper
	failed  *counter
	eased   func() // a task is finished
	handler telegram.UpdateHandler

	mu     sync.Mutex
	queued int
	byChat map[ID][]*task
	ready  []ID // chats with tasks, none of which is being handled
	more   chan struct{}
}

func newLanes(st *state, lg log.Helper, failed *counter, eased func()) *lanes {
	return &lanes{
		state:  st,
		log:    lg,
		failed: failed,
		eased:  eased,
		byChat: make(map[ID][]*task),
		more:   make(chan struct{}, workers),
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
		}
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
				l.finish(chat)
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

func (l *lanes) finish(chat ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queued--
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
			l.failed.Add(1)
			l.log.Error(ctx, "Handler gave up on an update",
				log.String("update", t.update.TypeName()), log.Error(err))
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
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler panicked: %v", p)
		}
	}()
	return l.handler.Handle(ctx, &tg.Updates{
		Updates: []tg.UpdateClass{t.update}, Users: t.users, Chats: t.chats,
	})
}

// reset forgets the tasks of an earlier run.
func (l *lanes) reset(h telegram.UpdateHandler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handler, l.queued, l.ready = h, 0, nil
	l.byChat = make(map[ID][]*task)
}
