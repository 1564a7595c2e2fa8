package bot

import (
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// refusal says why the bot may not write to somebody, and what helps. It is nil
// where the dialog does not say that.
func (b *Bot) refusal(p session.Peer, d session.Dialog) *answer.Error {
	who := title(p)
	switch {
	case d.Standing == session.StandingBlocked:
		return blocked(who, since(d.Since))
	case d.Standing == session.StandingDeleted:
		return deleted(who)
	case d.Standing == session.StandingBot:
		return aBot(who)
	case d.Standing == session.StandingUnknown && d.Reason == session.ReasonNeverStarted:
		return b.unstarted(who)
	default:
		return nil
	}
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " (known since " + t.UTC().Format(time.RFC3339) + ")"
}

func blocked(who, since string) *answer.Error {
	return answer.Errorf(answer.Blocked, "%s has stopped the bot%s", who, since).
		WithHint("only they can start it again")
}

func deleted(who string) *answer.Error {
	return answer.Errorf(answer.Deleted, "the account of %s is deleted", who).
		WithHint("nothing helps: seen peers forget takes it out of the book")
}

// aBot: see core.telegram.org/api/bots/bot-to-bot.
func aBot(who string) *answer.Error {
	return answer.Errorf(answer.IsBot, "%s is a bot, and bots may not write to it", who).
		WithHint("bots write to each other only if the owners of both allow it at @BotFather")
}

func (b *Bot) unstarted(who string) *answer.Error {
	return answer.Errorf(answer.NeverStarted, "%s has never started the bot", who).
		WithHint("send them %s", b.deepLink("hello"))
}
