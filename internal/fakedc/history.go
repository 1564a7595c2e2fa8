package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getMessages looks into private chats and basic groups. What is not there comes
// as messageEmpty.
//
// See https://core.telegram.org/method/messages.getMessages.
func (w *World) getMessages(ctx context.Context, ids []tg.InputMessageClass) (tg.MessagesMessagesClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list, refs := w.pick(a, ids, func(id int) *message { return a.box[id] })
	return &tg.MessagesMessages{Messages: list, Users: refs.users(w, a), Chats: refs.groups(w, a)}, nil
}

// getChannelMessages looks into one supergroup.
//
// See https://core.telegram.org/method/channels.getMessages.
func (w *World) getChannelMessages(ctx context.Context, r *tg.ChannelsGetMessagesRequest) (tg.MessagesMessagesClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	if len(r.ID) == 0 {
		return nil, tgerr.New(400, "MESSAGE_IDS_EMPTY")
	}
	list, refs := w.pick(a, r.ID, c.message)
	refs.chat(c)
	return &tg.MessagesChannelMessages{
		Pts: c.pts, Count: len(list), Messages: list,
		Users: refs.users(w, a), Chats: refs.groups(w, a),
	}, nil
}

func (w *World) pick(a *account, ids []tg.InputMessageClass, get func(int) *message) ([]tg.MessageClass, *refs) {
	r := newRefs()
	list := make([]tg.MessageClass, 0, len(ids))
	for _, in := range ids {
		id, ok := in.(*tg.InputMessageID)
		if !ok {
			list = append(list, &tg.MessageEmpty{})
			continue
		}
		m := get(id.ID)
		if m == nil || m.gone {
			list = append(list, &tg.MessageEmpty{ID: id.ID})
			continue
		}
		list = append(list, m.tg(w, a))
		r.message(w, m, false)
	}
	return list, r
}
