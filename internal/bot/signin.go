package bot

import (
	"context"

	"github.com/f48b34c0/seen/internal/answer"
)

// signIn makes sure that the server knows the bot: by the stored session, or
// once by the token. Telegram answers repeated sign-ins with waits of half an
// hour, so there is no second try.
func (l *link) signIn(ctx context.Context) error {
	status, err := l.client.Auth().Status(ctx)
	if err != nil {
		return err
	}
	if !status.Authorized {
		if l.bot.parting.Load() {
			return answer.Errorf(answer.Unauthorized, "the server has ended the session")
		}
		if l.bot.opts.Token == "" {
			return answer.Errorf(answer.Unauthorized, "the bot is not signed in, and BOT_TOKEN is not set").
				WithHint("export BOT_TOKEN, which @BotFather gives")
		}
		if _, err := l.client.Auth().Bot(ctx, l.bot.opts.Token); err != nil {
			return err
		}
		l.bot.file.SetServer(l.bot.opts.Server.name())
		l.mu.Lock()
		l.unknown = l.epoch
		l.mu.Unlock()
	} else if !status.User.Bot {
		return answer.Errorf(answer.Unauthorized, "the session is a person's, not a bot's")
	}
	l.mu.Lock()
	l.signedIn = true
	l.mu.Unlock()
	return nil
}
