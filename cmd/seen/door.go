package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/control"
)

const (
	// patience is how long a daemon may take between the session file's lock
	// and its socket.
	patience = 3 * time.Second
	// pause is how long to wait before trying the socket again. Trying to lock
	// the file takes some time of its own.
	pause = 20 * time.Millisecond
)

// door is the bot as a verb meets it: behind the daemon's socket if somebody
// serves it, else in the session file that it opens itself. It is for one verb,
// which may ask several things at once.
type door struct {
	client *control.Client
	open   func(context.Context) (ownBot, error)

	mu  sync.Mutex // held while the file is opened: one bot is enough
	own ownBot
}

// ownBot is a bot in this process.
type ownBot interface {
	control.Bot
	Close() error
}

func newDoor(s *settings, env func(string) string) (*door, error) {
	if s.remote.door != "" {
		return s.remote.newDoor()
	}
	return &door{
		client: control.NewClient(s.socket),
		open: func(ctx context.Context) (ownBot, error) {
			b, err := openBot(ctx, s, env)
			if err != nil {
				return nil, err // and no *bot.Bot in the interface
			}
			return b, nil
		},
	}, nil
}

// through asks the bot, whichever way it can be reached.
//
// A daemon takes the file's lock before it opens its socket and gives the lock
// back after it has closed it. So if nobody serves and the file is held,
// somebody is just starting or stopping: try both again. Nothing was asked of
// anyone by then, which is why asking again is safe.
func (d *door) through(ctx context.Context, ask func(control.Bot) error) error {
	deadline := time.Now().Add(patience)
	for {
		if own := d.opened(); own != nil {
			return ask(own)
		}
		err := ask(d.client)
		if !held(err) {
			return err
		}
		if errors.Is(err, control.ErrNobody) {
			if err = d.openOnce(ctx); err == nil {
				continue
			}
			if !held(err) {
				return err
			}
		}
		if time.Now().After(deadline) {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (d *door) opened() ownBot {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.own
}

// openOnce opens the session file unless somebody has done so meanwhile.
func (d *door) openOnce(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.own != nil {
		return nil
	}
	own, err := d.open(ctx)
	if err != nil {
		return err
	}
	d.own = own
	return nil
}

// Close gives the session file back if the door has opened it.
func (d *door) Close() error {
	if own := d.opened(); own != nil {
		return own.Close()
	}
	return nil
}

// openBot opens the session file. Without credentials it opens only one that
// exists, so that a command that cannot succeed leaves nothing behind.
func openBot(ctx context.Context, s *settings, env func(string) string) (*bot.Bot, error) {
	opts, err := s.options(env)
	if err != nil {
		return nil, err
	}
	if s.isNew() {
		if err := require(opts); err != nil {
			return nil, err
		}
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return bot.Open(ctx, opts)
}

func held(err error) bool {
	e, ok := errors.AsType[*answer.Error](err)
	return ok && e.Code == answer.Held
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return answer.Errorf(answer.Interrupted, "%w", ctx.Err())
	case <-time.After(d):
		return nil
	}
}
