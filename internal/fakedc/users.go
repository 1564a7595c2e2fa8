package fakedc

import (
	"context"
	"strings"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getUsers has userEmpty in the place of somebody whom the bot may not see, and an
// error for a hash that is wrong.
//
// See https://core.telegram.org/method/users.getUsers.
func (w *World) getUsers(ctx context.Context, ids []tg.InputUserClass) ([]tg.UserClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]tg.UserClass, 0, len(ids))
	for _, in := range ids {
		p, got := w.inputUser(a, in)
		switch got {
		case granted:
			list = append(list, w.user(a, p, false))
		case wrong:
			return nil, tgerr.New(400, "PEER_ID_INVALID")
		case fromMessage:
			return nil, errFromMessage
		default:
			empty := &tg.UserEmpty{}
			if in, ok := in.(*tg.InputUser); ok {
				empty.ID = in.UserID
			}
			list = append(list, empty)
		}
	}
	return list, nil
}

// getFullUser has no more than a profile.
//
// See https://core.telegram.org/method/users.getFullUser.
func (w *World) getFullUser(ctx context.Context, in tg.InputUserClass) (*tg.UsersUserFull, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	p, got := w.inputUser(a, in)
	if got == fromMessage {
		return nil, errFromMessage
	}
	if got != granted {
		return nil, tgerr.New(400, "USER_ID_INVALID")
	}
	common := 0
	for _, c := range w.chats {
		if c.has(a.user) && c.has(p) {
			common++
		}
	}
	return &tg.UsersUserFull{
		FullUser: tg.UserFull{ID: p.id, CommonChatsCount: common},
		Users:    []tg.UserClass{w.user(a, p, false)},
	}, nil
}

// resolveUsername gives the full object of anybody with that name. It allows to
// ask for them and to mention them, not to write to them.
//
// See https://core.telegram.org/method/contacts.resolveUsername.
func (w *World) resolveUsername(ctx context.Context, r *tg.ContactsResolveUsernameRequest) (*tg.ContactsResolvedPeer, error) {
	a := callerOf(ctx).bot
	if !validName(r.Username) {
		return nil, tgerr.New(400, "USERNAME_INVALID")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.names[strings.ToLower(r.Username)]
	if p == nil {
		return nil, tgerr.New(400, "USERNAME_NOT_OCCUPIED")
	}
	return &tg.ContactsResolvedPeer{
		Peer:  &tg.PeerUser{UserID: p.id},
		Users: []tg.UserClass{w.user(a, p, false)},
	}, nil
}
