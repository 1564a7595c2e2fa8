package bot

import (
	"context"
	"errors"
	"time"

	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

const (
	// remembered is how long the server can be trusted to refuse a second copy of
	// a message by its random id.
	remembered = time.Hour
	// rest is the pause after an error that says nothing.
	rest = 2 * time.Second
)

// sender drains the outbox: the only one that sends what is owed, one message
// after the other.
type sender struct {
	bot *Bot
	api *tg.Client
}

func (s sender) run(ctx context.Context) error {
	box := s.bot.file.Outbox()
	for {
		if err := s.written(ctx); err != nil {
			return stopped(ctx, err)
		}
		rows, err := box.Rows(100)
		if err != nil {
			return stopped(ctx, err)
		}
		for _, row := range rows {
			if err := s.settle(ctx, row); err != nil {
				return stopped(ctx, err)
			}
		}
		if len(rows) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-box.More():
		}
	}
}

// written waits until the file holds what is owed and what is about to be tried.
// While it cannot be written nothing is sent: whoever does not remember to have
// sent a message sends it again.
func (s sender) written(ctx context.Context) error {
	for {
		err := s.bot.file.Flush(ctx)
		if err == nil || !errors.Is(err, session.ErrUnwritten) {
			return err
		}
		select {
		case <-s.bot.file.Failed():
			return err
		case <-ctx.Done():
			return ctx.Err()
		default: // the next attempt is waited for
		}
	}
}

func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// settle sends one row until the server has decided about it.
func (s sender) settle(ctx context.Context, row session.Owed) error {
	box := s.bot.file.Outbox()
	p, err := s.bot.book.Peer(row.To)
	if err != nil && !errors.Is(err, session.ErrNeverSeen) {
		return err
	}
	if err != nil || row.Tried && time.Since(row.Since) > remembered {
		// It may have been sent, and the server may have forgotten its random id:
		// better no greeting than two.
		s.bot.opts.Logger.Info("gave up a message", zap.String("cause", row.Cause), zap.Stringer("to", row.To))
		box.Settle(row)
		return nil
	}
	for {
		if !row.Tried {
			box.Trying(row, true)
			if err := s.written(ctx); err != nil {
				return err
			}
			row.Tried = true
		}
		err := s.bot.renewing(ctx, p, func(p session.Peer) error {
			_, err := s.api.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{
				Peer: p.Input(), Message: row.Text, RandomID: row.RandomID, NoWebpage: true,
			})
			return err
		})
		if decided(err) || errors.Is(err, session.ErrUnwritten) { // which comes after an answer
			if _, refused := tgerr.As(err); refused && !tgerr.Is(err, "RANDOM_ID_DUPLICATE") {
				s.bot.opts.Logger.Info("a message was refused",
					zap.String("cause", row.Cause), zap.Stringer("to", row.To), zap.Error(s.bot.explainPeer(err, p)))
			}
			box.Settle(row)
			return nil
		}
		if auth.IsUnauthorized(err) || ctx.Err() != nil {
			return err
		}
		pause := rest
		if e := answer.From(s.bot.explain(err)); e.Code == answer.FloodWait {
			pause = time.Duration(e.RetryAfter) * time.Second
			box.Trying(row, false) // refused before anything was done
			row.Tried = false
		}
		s.bot.opts.Logger.Warn("a message has to wait",
			zap.String("cause", row.Cause), zap.Duration("for", pause), zap.Error(s.bot.explain(err)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// decided reports whether the server has taken a message or will never take it.
func decided(err error) bool {
	if err == nil || tgerr.Is(err, "RANDOM_ID_DUPLICATE") || answer.From(err).Code == answer.StaleHash {
		return true
	}
	rpc, ok := tgerr.As(err)
	return ok && rpc.Code >= 400 && rpc.Code < 500 && flood(err) == nil && !auth.IsUnauthorized(err)
}
