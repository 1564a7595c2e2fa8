package bot

import (
	"context"
	"errors"
	"strings"

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
	if errors.Is(err, session.ErrUnwritten) {
		return b.unwritten(err, false)
	}
	return answer.Errorf(answer.Failed, "%w", err)
}

// explainPeer is explain for a call that was about one peer.
func (b *Bot) explainPeer(err error, p session.Peer) error {
	who := title(p)
	switch {
	case err == nil:
		return nil
	case tg.IsUserIsBlocked(err):
		return blocked(who, "")
	case tg.IsInputUserDeactivated(err):
		return deleted(who)
	case tgerr.Is(err, "USER_IS_BOT", "USER_BOT_TO_BOT_DISABLED"):
		return aBot(who)
	case neverStarted(err, p):
		return b.unstarted(who)
	case tgerr.Is(err, "PRIVACY_PREMIUM_REQUIRED") || paid(err):
		return answer.Errorf(answer.Forbidden, "%s lets only those write whom they know, or who pay (%s)", who, typeOf(err)).
			WithHint("they can let the bot write by writing to it first")
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

// paid reports whether somebody wants to be paid for messages: the type of that
// error ends in how much.
func paid(err error) bool {
	rpc, ok := tgerr.As(err)
	return ok && strings.HasPrefix(rpc.Type, "ALLOW_PAYMENT_REQUIRED")
}

// about is an error of sending a letter, in words that tell what of it the server does
// not take. Said is what the server said.
func (l *letter) about(said, err error) error {
	rpc, ok := tgerr.As(said)
	if !ok {
		return err
	}
	where := title(l.to)
	switch rpc.Type {
	case "REPLY_MESSAGE_ID_INVALID", "REPLY_TO_INVALID", "MSG_ID_INVALID":
		if l.manner.ReplyTo == 0 {
			return answer.Errorf(answer.Failed, "there is no topic %d in %s", l.manner.Topic, where).
				WithHint("a topic's id is that of the message that began it")
		}
		return answer.Errorf(answer.Failed, "there is no message %d in %s", l.manner.ReplyTo, where)
	case "TOPIC_DELETED":
		return answer.Errorf(answer.Failed, "topic %d of %s is deleted", l.manner.Topic, where)
	case "TOPIC_CLOSED":
		return answer.Errorf(answer.Forbidden, "topic %d of %s is closed", l.manner.Topic, where).
			WithHint("an admin of the group can open it")
	case "PHOTO_INVALID_DIMENSIONS", "PHOTO_INVALID", "PHOTO_SAVE_FILE_INVALID", "PHOTO_EXT_INVALID", "IMAGE_PROCESS_FAILED":
		return answer.Errorf(answer.Failed, "the server takes the file for no photo (%s)", rpc.Type).
			WithHint("--file sends it as it is")
	}
	return err
}
