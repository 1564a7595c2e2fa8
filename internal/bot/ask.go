package bot

import (
	"context"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// hidden reports whether the server refused to show a peer, or a hash of it that
// is not good any more.
func hidden(err error) bool {
	return tg.IsUserIDInvalid(err) || tg.IsPeerIDInvalid(err) || tg.IsChatIDInvalid(err) ||
		tg.IsChannelInvalid(err) || tg.IsChannelPrivate(err)
}

func (b *Bot) getUsers(ctx context.Context, list []inquiry) (map[session.ID]bool, error) {
	api, err := b.api(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]tg.InputUserClass, len(list))
	for i, a := range list {
		ids[i] = &tg.InputUser{UserID: a.id.Num, AccessHash: a.hash}
	}
	users, err := api.UsersGetUsers(ctx, ids)
	if err != nil {
		return nil, err
	}
	return usersIn(users), nil
}

// usersIn are those that were shown whole. Servers differ on the others: some put
// an empty user in the place, some leave it out.
func usersIn(users []tg.UserClass) map[session.ID]bool {
	shown := make(map[session.ID]bool)
	for _, u := range users {
		if u, ok := u.(*tg.User); ok && !u.Min {
			shown[session.UserID(u.ID)] = true
		}
	}
	return shown
}

func (b *Bot) getChats(ctx context.Context, list []inquiry) (map[session.ID]bool, error) {
	api, err := b.api(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.id.Num
	}
	answered, err := api.MessagesGetChats(ctx, ids)
	return chatsIn(answered, err)
}

func (b *Bot) getChannels(ctx context.Context, list []inquiry) (map[session.ID]bool, error) {
	api, err := b.api(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]tg.InputChannelClass, len(list))
	for i, a := range list {
		ids[i] = &tg.InputChannel{ChannelID: a.id.Num, AccessHash: a.hash}
	}
	answered, err := api.ChannelsGetChannels(ctx, ids)
	return chatsIn(answered, err)
}

// chatsIn are those that were shown whole.
func chatsIn(answered tg.MessagesChatsClass, err error) (map[session.ID]bool, error) {
	if err != nil {
		return nil, err
	}
	shown := make(map[session.ID]bool)
	for _, c := range answered.GetChats() {
		switch c := c.(type) {
		case *tg.Chat:
			shown[session.ChatID(c.ID)] = true
		case *tg.Channel:
			if !c.Min {
				shown[session.ChannelID(c.ID)] = true
			}
		}
	}
	return shown, nil
}
