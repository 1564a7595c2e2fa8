package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// beside asks the daemon if there is one, and works on the file itself if there is
// none, without opening it as a bot: it may be one that cannot be opened.
func (d *door) beside(ctx context.Context, ask func(control.Bot) error, work func() error) error {
	return retry(ctx, func() error {
		err := ask(d.client)
		if !errors.Is(err, control.ErrNobody) {
			return err
		}
		return work()
	})
}

// alone works on a file that nobody may have open. One who is just giving it back
// is waited for; a daemon that answers is not.
func (d *door) alone(ctx context.Context, work func() error) error {
	return retry(ctx, func() error {
		_, err := d.client.Status(ctx)
		switch {
		case err == nil:
			return inTheWay{answer.Errorf(answer.Held, "a running bot has the session file open").
				WithHint("stop it first, and start it again afterwards")}
		case !errors.Is(err, control.ErrNobody):
			return err
		}
		return work()
	})
}

// inTheWay is a held file that no waiting will free.
type inTheWay struct{ error }

// retry does what needs a file that somebody may be about to give back: see
// door.through. A held file is told before anything is done.
func retry(ctx context.Context, do func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := do()
		if stays, ok := errors.AsType[inTheWay](err); ok {
			return stays.error
		}
		if !held(err) || time.Now().After(deadline) {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// existing lets the door open no file that it would have to make.
func (d *door) existing(s *settings) {
	open := d.open
	d.open = func(ctx context.Context) (ownBot, error) {
		if s.isNew() {
			return nil, noFile(s)
		}
		return open(ctx)
	}
}

func noFile(s *settings) error {
	return answer.Errorf(answer.Failed, "there is no session file: %s", s.session).
		WithHint("name it with --session; 'seen run' makes one")
}

func (d *door) Backup(ctx context.Context, req answer.BackupRequest, w io.Writer) error {
	return d.through(ctx, func(b control.Bot) error { return b.Backup(ctx, req, w) })
}
