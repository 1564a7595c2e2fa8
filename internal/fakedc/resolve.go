package fakedc

import (
	"context"
	"strings"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// resolveUsername gives the full object of anybody with that name, taken or
// bought. It allows to ask for them and to mention them, not to write to them.
//
// See https://core.telegram.org/method/contacts.resolveUsername.
func (w *World) resolveUsername(ctx context.Context, r *tg.ContactsResolveUsernameRequest) (*tg.ContactsResolvedPeer, error) {
	a := callerOf(ctx).bot
	if !validName(r.Username) {
		return nil, tgerr.New(400, "USERNAME_INVALID")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.charge(a); err != nil {
		return nil, err
	}
	o, ok := w.names[strings.ToLower(r.Username)]
	switch {
	case !ok:
		return nil, tgerr.New(400, "USERNAME_NOT_OCCUPIED")
	case o.chat != nil:
		return &tg.ContactsResolvedPeer{Peer: o.chat.peer(), Chats: []tg.ChatClass{w.group(a, o.chat)}}, nil
	}
	return &tg.ContactsResolvedPeer{
		Peer:  &tg.PeerUser{UserID: o.person.id},
		Users: []tg.UserClass{w.user(a, o.person, lookFull)},
	}, nil
}

// charge takes one look-up from the day's budget. There is no official number, and
// that a day ends at midnight UTC is this world's choice.
func (w *World) charge(a *account) error {
	const day = 24 * 60 * 60
	now := w.date()
	if today := now / day; a.day != today {
		a.day, a.resolved = today, 0
	}
	if w.opts.ResolveLimit > 0 && a.resolved >= w.opts.ResolveLimit {
		return floodWait((a.day+1)*day - now)
	}
	a.resolved++
	return nil
}
