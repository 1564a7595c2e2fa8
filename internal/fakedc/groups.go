package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getChats knows the basic groups that the bot is in.
//
// See https://core.telegram.org/method/messages.getChats.
func (w *World) getChats(ctx context.Context, ids []int64) (tg.MessagesChatsClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]tg.ChatClass, 0, len(ids))
	for _, id := range ids {
		c := w.basic(a, id)
		if c == nil {
			return nil, tgerr.New(400, "CHAT_ID_INVALID")
		}
		list = append(list, w.group(a, c))
	}
	return &tg.MessagesChats{Chats: list}, nil
}

// getChannels knows the supergroups and channels that the bot is in, and public
// ones by their access hash.
//
// See https://core.telegram.org/method/channels.getChannels.
func (w *World) getChannels(ctx context.Context, ids []tg.InputChannelClass) (tg.MessagesChatsClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]tg.ChatClass, 0, len(ids))
	for _, in := range ids {
		c, err := w.inputChannel(a, in)
		if err != nil {
			return nil, err
		}
		list = append(list, w.group(a, c))
	}
	return &tg.MessagesChats{Chats: list}, nil
}
