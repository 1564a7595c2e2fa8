package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// deleteMessages takes messages of private chats and basic groups. What is not
// there is passed over. A bot may take away what others have said in a private
// chat, and in a group where it may delete.
//
// See https://core.telegram.org/method/messages.deleteMessages.
func (w *World) deleteMessages(ctx context.Context, r *tg.MessagesDeleteMessagesRequest) (*tg.MessagesAffectedMessages, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*message
	for _, id := range r.ID {
		m := a.box[id]
		if m == nil || m.gone {
			continue
		}
		if m.chat != nil && m.from != a.user && !m.chat.may(a.user, rightDelete) {
			return nil, tgerr.New(403, "MESSAGE_DELETE_FORBIDDEN")
		}
		list = append(list, m)
	}
	if len(list) == 0 {
		return &tg.MessagesAffectedMessages{Pts: a.pts}, nil
	}
	own, err := w.removeOwn(a, list, who.ses)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		for _, b := range m.boxed {
			if b.account == a {
				continue
			}
			if _, err := w.removeOwn(b.account, []*message{m}, nil); err != nil {
				return nil, err
			}
		}
	}
	return &tg.MessagesAffectedMessages{Pts: own.seq, PtsCount: own.count}, nil
}

// removeOwn takes messages out of one account's box.
func (w *World) removeOwn(a *account, list []*message, except *session) (event, error) {
	ids := make([]int, len(list))
	for i, m := range list {
		m.gone = true
		ids[i] = m.idFor(a)
	}
	ev := a.append(event{what: whatRemoval, count: len(ids), date: w.date(), more: &detail{ids: ids}})
	return ev, w.push(a, ev, nil, except)
}

// deleteChannelMessages takes messages of one supergroup or channel.
//
// See https://core.telegram.org/method/channels.deleteMessages.
func (w *World) deleteChannelMessages(ctx context.Context, r *tg.ChannelsDeleteMessagesRequest) (*tg.MessagesAffectedMessages, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, id := range r.ID {
		m := c.message(id)
		if m == nil {
			continue
		}
		if m.from != a.user && !c.may(a.user, rightDelete) {
			return nil, tgerr.New(403, "MESSAGE_DELETE_FORBIDDEN")
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return &tg.MessagesAffectedMessages{Pts: c.pts}, nil
	}
	ev, err := w.removeFrom(c, ids, who.ses)
	if err != nil {
		return nil, err
	}
	who.ses.key.tell(c.id, ev.seq)
	return &tg.MessagesAffectedMessages{Pts: ev.seq, PtsCount: ev.count}, nil
}

// removeFrom takes messages out of a supergroup.
func (w *World) removeFrom(c *chat, ids []int, except *session) (event, error) {
	for _, id := range ids {
		c.messages[id-1].gone = true
	}
	ev := event{what: whatRemoval, count: len(ids), date: w.date(), more: &detail{ids: ids, chat: c}}
	return w.log(c, ev, except)
}
