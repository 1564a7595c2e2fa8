package bot

import (
	"context"
	"errors"
	"time"

	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// explain turns what a call came to into an *answer.Error. What an error says
// about one peer is known only to who made the call: see explainPeer.
func (b *Bot) explain(err error) error {
	var own *answer.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	if e := flood(err); e != nil {
		return e
	}
	switch {
	case errors.Is(err, session.ErrOtherBot), errors.Is(err, session.ErrDamaged):
		return opening(b.opts.SessionFile, err)
	case errors.Is(err, context.Canceled):
		return answer.Errorf(answer.Interrupted, "interrupted: %w", err)
	case errors.Is(err, context.DeadlineExceeded):
		return answer.Errorf(answer.Unreachable, "no answer in time: %w", err)
	case tgerr.Is(err, "ACCESS_TOKEN_INVALID", "ACCESS_TOKEN_EXPIRED"):
		return answer.Errorf(answer.Unauthorized, "the server refused the bot's token").
			WithHint("copy the token again from @BotFather; it may have been revoked")
	case tgerr.Is(err, "API_ID_INVALID", "API_ID_PUBLISHED_FLOOD"):
		return answer.Errorf(answer.Unauthorized, "the server refused APP_ID and APP_HASH").
			WithHint("use your own from https://my.telegram.org")
	case tgerr.Is(err, "AUTH_KEY_DUPLICATED"):
		return answer.Errorf(answer.Unauthorized, "the session was used twice at once, and the server has ended it").
			WithHint("never copy a session file to a second place; start again to sign in anew")
	case auth.IsUnauthorized(err):
		return answer.Errorf(answer.Unauthorized, "the server has ended the session (%s)", typeOf(err)).
			WithHint("start again to sign in anew with BOT_TOKEN")
	}
	if rpc, ok := tgerr.As(err); ok {
		if rpc.Code >= 500 || rpc.Code < 0 {
			return answer.Errorf(answer.Undetermined, "the server had a fault of its own (%s)", rpc.Type)
		}
		return answer.Errorf(answer.Failed, "the server refused: %s", rpc.Type)
	}
	return answer.Errorf(answer.Failed, "%w", err)
}

// flood returns the error for a call that came too soon, or nil.
func flood(err error) error {
	d, ok := tgerr.AsFloodWait(err)
	if rpc, is := tgerr.As(err); !ok && is && rpc.Type == "SLOWMODE_WAIT" {
		d, ok = time.Duration(rpc.Argument)*time.Second, true
	}
	if !ok {
		return nil
	}
	return answer.Errorf(answer.FloodWait, "too many requests: the server wants a wait of %s", d).WithRetryAfter(d)
}

// explainPeer is explain for a call that was about one peer.
func (b *Bot) explainPeer(err error, p session.Peer) error {
	who := title(p)
	switch {
	case err == nil:
		return nil
	case tg.IsUserIsBlocked(err):
		return answer.Errorf(answer.Blocked, "%s has stopped the bot", who).
			WithHint("only they can start it again")
	case tg.IsInputUserDeactivated(err):
		return answer.Errorf(answer.Deleted, "the account of %s is deleted", who)
	case tgerr.Is(err, "USER_IS_BOT", "USER_BOT_TO_BOT_DISABLED"):
		return answer.Errorf(answer.IsBot, "%s is a bot, and bots may not write to it", who)
	case tgerr.Is(err, "PEER_ID_INVALID", "USER_ID_INVALID") && p.ID.Kind == session.User:
		return answer.Errorf(answer.NeverStarted, "%s has never started the bot", who).
			WithHint("they have to open it first: %s", b.deepLink())
	case tgerr.Is(err, "CHAT_WRITE_FORBIDDEN", "USER_BANNED_IN_CHANNEL", "CHANNEL_PRIVATE", "CHAT_ADMIN_REQUIRED",
		"CHAT_RESTRICTED", "CHAT_SEND_PLAIN_FORBIDDEN", "PEER_ID_INVALID", "CHAT_ID_INVALID", "CHANNEL_INVALID"):
		return answer.Errorf(answer.Forbidden, "the bot may not write in %s (%s)", who, typeOf(err)).
			WithHint("add the bot to the chat and let it write there")
	}
	return b.explain(err)
}

func typeOf(err error) string {
	if rpc, ok := tgerr.As(err); ok {
		return rpc.Type
	}
	return err.Error()
}

// deepLink returns the link that opens the bot.
func (b *Bot) deepLink() string {
	if p, err := b.self(); err == nil && len(p.Usernames) > 0 {
		return "https://t.me/" + p.Usernames[0].Name + "?start=hello"
	}
	return "https://t.me/BOT?start=hello"
}
