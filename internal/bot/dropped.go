package bot

import (
	"context"
	"strings"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Reasons for which the server drops a mention: see
// core.telegram.org/bots/api#formatting-options. It keeps those of the members of a
// chat; and of others, if they have written to the bot and do not hide their account
// from forwarded messages.
const (
	droppedName    = "username"
	droppedWrote   = "never_wrote"
	droppedHidden  = "forwards_hidden"
	droppedAbsent  = "not_member"
	droppedUnknown = "unknown"
)

// whyDropped tells the likely reason why the server has dropped a mention. It asks the
// server what the book does not know; where it does not say, nobody knows.
func (b *Bot) whyDropped(ctx context.Context, chat session.Peer, m answer.Mention) string {
	if strings.HasPrefix(m.Text, "@") && !bearsName(m.Peer, m.Text) {
		return droppedName
	}
	who, err := b.book.Peer(session.UserID(m.Peer.ID))
	if err != nil || b.member(ctx, chat, who) {
		return droppedUnknown
	}
	if d, err := b.standing(who); err == nil && d.Standing == session.StandingUnknown && d.Began == 0 {
		return droppedWrote
	}
	if b.hidesForwards(ctx, who) {
		return droppedHidden
	}
	return droppedAbsent
}

// member reports whether somebody is in a chat, as far as the server says so.
func (b *Bot) member(ctx context.Context, chat, who session.Peer) bool {
	if chat.ID == who.ID {
		return true // it is their chat with the bot
	}
	in, ok := chat.InputChannel()
	if !ok {
		return b.inGroup(ctx, chat, who)
	}
	api, err := b.api(ctx)
	if err != nil {
		return false
	}
	got, err := api.ChannelsGetParticipant(ctx, &tg.ChannelsGetParticipantRequest{Channel: in, Participant: who.Input()})
	if err != nil {
		return !tgerr.Is(err, "USER_NOT_PARTICIPANT", "PARTICIPANT_ID_INVALID")
	}
	switch got.Participant.(type) {
	case *tg.ChannelParticipantLeft, *tg.ChannelParticipantBanned:
		return false
	}
	return true
}

// inGroup is member for a basic group.
func (b *Bot) inGroup(ctx context.Context, chat, who session.Peer) bool {
	if chat.ID.Kind != session.Chat {
		return false // a private chat with somebody else
	}
	api, err := b.api(ctx)
	if err != nil {
		return false
	}
	got, err := api.MessagesGetFullChat(ctx, chat.ID.Num)
	if err != nil {
		return false
	}
	full, ok := got.FullChat.(*tg.ChatFull)
	if !ok {
		return false
	}
	list, ok := full.Participants.(*tg.ChatParticipants)
	if !ok {
		return false
	}
	for _, p := range list.Participants {
		if p.GetUserID() == who.ID.Num {
			return true
		}
	}
	return false
}

// hidesForwards reports whether somebody hides their account from those to whom their
// messages are forwarded.
func (b *Bot) hidesForwards(ctx context.Context, who session.Peer) bool {
	in, ok := who.InputUser()
	if !ok {
		return false
	}
	api, err := b.api(ctx)
	if err != nil {
		return false
	}
	got, err := api.UsersGetFullUser(ctx, in)
	if err != nil {
		return false
	}
	_, hides := got.FullUser.GetPrivateForwardName()
	return hides
}
