package bot

import (
	"context"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
)

// signingIn is the call that Telegram answers with waits of half an hour if it is
// made too often.
const signingIn = "auth.importBotAuthorization"

// renewEvery is how long has to pass before a session that replaced another one
// may be replaced itself: longer than the waits that repeated sign-ins have met.
const renewEvery = time.Hour

// signIn makes sure that the server knows the bot: by the stored session, or
// once by the token. A stored session that the server has ended is an error here:
// the link that comes after this one signs in, with a new key.
func (l *link) signIn(ctx context.Context) error {
	self, err := l.client.Self(ctx)
	switch {
	case err == nil && !self.Bot:
		return answer.Errorf(answer.Unauthorized, "the session is a person's, not a bot's")
	case err != nil && !l.stored && sessionEnded(err) && !tgerr.Is(err, duplicated):
		err = l.withToken(ctx)
	}
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.signedIn = true
	l.mu.Unlock()
	return nil
}

func (l *link) withToken(ctx context.Context) error {
	b := l.bot
	if b.parting.Load() {
		return answer.Errorf(answer.Unauthorized, "the server has ended the session")
	}
	if b.opts.Token == "" {
		return noToken()
	}
	if _, err := l.client.Auth().Bot(ctx, b.opts.Token); err != nil {
		return err
	}
	b.file.SetServer(b.opts.Server.name())
	return nil
}

func noToken() error {
	return answer.Errorf(answer.Unauthorized, "the bot is not signed in, and BOT_TOKEN is not set").
		WithHint("export BOT_TOKEN, which @BotFather gives")
}

// sessionEnded reports whether an error says that the server has ended the
// session, so that the bot has to sign in anew; see telegram-rules.md section 8.
func sessionEnded(err error) bool {
	return tgerr.Is(err, "AUTH_KEY_UNREGISTERED", "AUTH_KEY_INVALID", "AUTH_KEY_PERM_EMPTY",
		"SESSION_REVOKED", "SESSION_EXPIRED", duplicated)
}

// duplicated is the error after which the key is worth nothing: two connections
// have used it at once.
const duplicated = "AUTH_KEY_DUPLICATED"

// deactivated reports whether an error says that the bot's own account is gone.
func deactivated(err error) bool {
	return tgerr.Is(err, "USER_DEACTIVATED", "USER_DEACTIVATED_BAN")
}

// lostError ends a link whose session the server has ended.
type lostError struct{ err error }

func (e *lostError) Error() string { return "the server has ended the session: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// lost returns why the server does not know the bot any more, if that is what the
// link has ended with.
func (l *link) lost(err error) error {
	if lost, ok := context.Cause(l.ctx).(*lostError); ok { //nolint:errorlint // it is ours, and not wrapped
		return lost.err
	}
	if l.ctx.Err() == nil && (sessionEnded(err) || deactivated(err)) {
		return err
	}
	return nil
}

// renew makes the link that goes on after one whose session the server has ended,
// with a new key and a new sign-in. It returns an error if there may be none, and
// no link if the bot is being closed or logs out.
func (b *Bot) renew(l *link, why error) (*link, error) {
	if b.parting.Load() {
		return nil, nil // the bot has ended it
	}
	if deactivated(why) {
		return nil, answer.Errorf(answer.Unauthorized, "the bot's own account is deactivated (%s)", typeOf(why)).
			WithHint("only @BotFather and Telegram's support can help")
	}
	if b.opts.Token == "" {
		return nil, noToken()
	}
	if err := b.mayRenew(why); err != nil {
		return nil, err
	}
	// Noted first, and before anybody signs in: a process that dies in between must
	// not find the hour as it was.
	ctx := context.Background()
	if err := b.file.Limits().Renew(ctx, b.opts.Now()); err != nil {
		return nil, answer.Errorf(answer.Failed, "write the session file: %w", err)
	}
	if err := b.file.SignOut(ctx); err != nil {
		return nil, answer.Errorf(answer.Failed, "forget the session: %w", err)
	}
	b.notice("the server has ended the session (" + typeOf(why) + "); signing in anew")
	if tgerr.Is(why, duplicated) {
		b.notice("the session was used in two places at once: never copy a session file to a second place")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.link != l {
		return nil, nil
	}
	next, err := b.newLink(l.passive)
	if err != nil {
		return nil, err
	}
	next.anew = true
	b.link = next
	return next, nil
}

// mayRenew refuses to replace a session that has itself replaced another one
// lately. Why is what the server has said.
func (b *Bot) mayRenew(why error) error {
	last, err := b.file.Limits().Renewed()
	if err != nil {
		return answer.Errorf(answer.Failed, "read the session file: %w", err)
	}
	now := b.opts.Now()
	ago := now.Sub(last)
	if ago < 0 || ago >= renewEvery { // or the clock was put back
		return nil
	}
	hint := "somebody ends the bot's sessions, or the server does not want it; start it again later"
	if tgerr.Is(why, duplicated) {
		hint = "another process uses a copy of this session file: find it and end it"
	}
	return answer.Errorf(answer.Unauthorized,
		"the server has ended the session again (%s), %s after the bot signed in anew", typeOf(why), ago.Round(time.Second)).
		WithRetryAfter(renewEvery-ago).WithHint("%s", hint)
}

// notice tells whoever runs the bot what they should know.
func (b *Bot) notice(what string) {
	b.opts.Logger.Warn(what)
	if b.opts.Notice != nil {
		b.opts.Notice(what)
	}
}
