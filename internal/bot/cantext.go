package bot

import (
	"context"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// probeTrust is how long the answer to a probe is believed: the user sees each.
const probeTrust = 5 * time.Minute

// CanText tells whether the bot may write to somebody: from the book, or, with a
// probe, by what the server says to the bot's typing. What the server was not asked
// or did not say is unknown.
func (b *Bot) CanText(ctx context.Context, req answer.CanTextRequest) (answer.CanText, error) {
	p, source, err := b.find(ctx, req.Ref, !req.Probe)
	if err != nil {
		return answer.CanText{}, err
	}
	out := answer.CanText{Peer: described(p, false)}
	out.Peer.Input, out.Peer.Source = req.Ref, source
	d, err := b.standing(p)
	if err != nil {
		return out, err
	}
	b.judge(&out, p, d)
	if !req.Probe || !b.worthAsking(p, d) {
		return out, nil
	}
	err = b.probe(ctx, p)
	out.Asked = true
	switch e := answer.From(err); {
	case err == nil:
		out.May, out.Why, out.Reason, out.Detail = answer.Yes, nil, string(session.ReasonProbe), ""
		out.Since, out.Confirmed, out.Until = b.now().UTC().Truncate(time.Second), time.Time{}, time.Time{}
		// Who was known to let it write still does for that reason.
		if d, err = b.standing(p); err == nil && d.Standing == session.StandingOpen {
			tell(&out, d)
		}
	case e.Code.Exit() == answer.Blocked.Exit():
		out.May, out.Why = answer.No, e
		if d, err = b.standing(p); err == nil {
			tell(&out, d)
		}
	default:
		return out, e
	}
	return out, nil
}

// standing is the dialog with a user as of now; an empty one for a chat.
func (b *Bot) standing(p session.Peer) (session.Dialog, error) {
	if p.ID.Kind != session.User {
		return session.Dialog{}, nil
	}
	d, err := b.file.Dialog(p.ID.Num)
	if err != nil {
		return d, answer.Errorf(answer.Failed, "read the dialog: %w", err)
	}
	return d.AsOf(b.now()), nil
}

// judge answers from the book.
func (b *Bot) judge(out *answer.CanText, p session.Peer, d session.Dialog) {
	tell(out, d)
	out.May = answer.No
	switch {
	case b.mayWrite(p, true) != nil:
		out.Why = answer.From(b.mayWrite(p, true))
	case p.Has(session.FlagForbidden) || p.Has(session.FlagLeft):
		out.Why = answer.Errorf(answer.Forbidden, "the bot is not in %s", title(p)).WithHint("add the bot to the chat")
	case d.Standing == session.StandingOpen:
		out.May = answer.Yes
	case b.refusal(p, d) != nil:
		out.Why = b.refusal(p, d)
	default:
		out.May = answer.Unknown
		out.Why = answer.Errorf(answer.Undetermined, "nothing is known of whether %s lets the bot write", title(p)).
			WithHint("--probe asks the server; they see the bot typing for about five seconds")
	}
}

func tell(out *answer.CanText, d session.Dialog) {
	out.Reason, out.Detail, out.Since, out.Confirmed = string(d.Reason), d.Detail, d.Since, d.Confirmed
	out.Until = time.Time{}
	if d.Reason == session.ReasonJoinRequest {
		out.Until = d.Until
	}
}

// worthAsking reports whether a probe can tell more than the book. Of bots it
// cannot: typing is shown to a bot that no message reaches, and the other way
// round. See core.telegram.org/method/messages.setTyping.
func (b *Bot) worthAsking(p session.Peer, d session.Dialog) bool {
	switch {
	case b.mayWrite(p, true) != nil, d.Standing == session.StandingBot:
		return false
	case d.Standing == session.StandingUnknown && d.Reason != session.ReasonNeverStarted:
		return true
	}
	return b.now().Sub(d.Confirmed) > probeTrust
}

// probe lets the bot seem to type, which the server refuses as it would a message.
func (b *Bot) probe(ctx context.Context, p session.Peer) error {
	api, err := b.api(ctx)
	if err != nil {
		return err
	}
	return b.deliver(ctx, p, nil, func(p session.Peer, _ []session.Peer) error {
		_, err := api.MessagesSetTyping(ctx, &tg.MessagesSetTypingRequest{
			Peer: p.Input(), Action: &tg.SendMessageTypingAction{},
		})
		return err
	})
}
