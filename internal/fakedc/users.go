package fakedc

import (
	"context"

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
			list = append(list, w.user(a, p, lookFull))
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
