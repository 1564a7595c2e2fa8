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
	text := s.styled(row)
	for {
		if !row.Tried {
			box.Trying(row, true)
			if err := s.written(ctx); err != nil {
				return err
			}
			row.Tried = true
		}
		err := s.bot.renewing(ctx, p, func(p session.Peer) error {
			req := &tg.MessagesSendMessageRequest{
				Peer: p.Input(), Message: text.text, RandomID: row.RandomID, NoWebpage: true,
			}
			if len(text.entities) > 0 {
				req.SetEntities(text.entities)
			}
			_, err := s.api.MessagesSendMessage(ctx, req)
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

// styled is the text of a row, as it is sent. Whom it mentions the book has to know,
// or their name stays plain: nobody is asked for the sake of a greeting.
func (s sender) styled(row session.Owed) styled {
	if !row.HTML {
		return styled{text: row.Text}
	}
	out, err := fromHTML(row.Text)
	if err != nil { // it was read when it was owed; a later version may read less
		return styled{text: row.Text}
	}
	var known []tg.MessageEntityClass
	for _, e := range out.entities {
		m, ok := e.(*tg.InputMessageEntityMentionName)
		if !ok {
			known = append(known, e)
			continue
		}
		id := m.UserID.(*tg.InputUser).UserID
		if p, err := s.bot.book.Peer(session.UserID(id)); err == nil {
			m.UserID, _ = p.InputUser()
			known = append(known, m)
		}
	}
	out.entities = known
	return out
}

// decided reports whether the server has taken a message or will never take it.
func decided(err error) bool {
	if err == nil || tgerr.Is(err, "RANDOM_ID_DUPLICATE") || answer.From(err).Code == answer.StaleHash {
		return true
	}
	rpc, ok := tgerr.As(err)
	return ok && rpc.Code >= 400 && rpc.Code < 500 && flood(err) == nil && !auth.IsUnauthorized(err)
}
