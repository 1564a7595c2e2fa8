package bot

import (
	"context"
	"errors"

	"github.com/gotd/td/telegram/auth"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
)

// errLoggedOut is why a link ends whose session was ended on request.
var errLoggedOut = errors.New("logged out")

// Logout ends the session at Telegram and forgets it; the book stays. A running
// Run ends without an error. A session that the server has ended already is
// forgotten all the same.
//
// See https://core.telegram.org/method/auth.logOut.
func (b *Bot) Logout(ctx context.Context, _ answer.LogoutRequest) (answer.LoggedOut, error) {
	self, err := b.self()
	if err != nil {
		return answer.LoggedOut{}, err
	}
	signedIn, err := b.file.SignedIn()
	switch {
	case err != nil:
		return answer.LoggedOut{}, answer.Errorf(answer.Failed, "read the session file: %w", err)
	case !signedIn:
		return answer.LoggedOut{}, answer.Errorf(answer.Unauthorized, "the bot is not signed in")
	}
	if err := b.leave(ctx); err != nil {
		return answer.LoggedOut{}, err
	}
	if err := b.file.SignOut(ctx); err != nil {
		return answer.LoggedOut{}, answer.Errorf(answer.Failed, "forget the session: %w", err)
	}
	b.opts.Logger.Info("logged out", zap.Int64("bot", self.ID.Num))
	return answer.LoggedOut{LoggedOut: described(self, false)}, nil
}

// leave says goodbye to the server, and ends the connection: gotd would store
// what it agrees on with the server next.
func (b *Bot) leave(ctx context.Context) error {
	b.parting.Store(true)
	defer b.parting.Store(false)
	l, err := b.linked()
	if err != nil {
		return err
	}
	select {
	case <-l.ready:
		_, err = l.client.API().AuthLogOut(ctx)
		if err != nil && !auth.IsUnauthorized(err) {
			return b.explain(err)
		}
	case <-l.done:
		if l.err != nil && answer.From(l.err).Code != answer.Unauthorized {
			return l.err
		}
	case <-ctx.Done():
		return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
	l.cancel(errLoggedOut)
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
}
