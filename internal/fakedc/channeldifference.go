package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getChannelDifference gives everything after the client's pts in one supergroup.
//
// What the bot does not hear has a pts as well: whoever comes after that tells of a
// gap, and this of nothing in it.
//
// It sends no timeout: gotd drops updates of the channel until it has passed
// (github.com/gotd/td issue 1852).
//
// See https://core.telegram.org/method/updates.getChannelDifference.
func (w *World) getChannelDifference(ctx context.Context, r *tg.UpdatesGetChannelDifferenceRequest) (tg.UpdatesChannelDifferenceClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	switch {
	case !c.has(a.user):
		return nil, tgerr.New(403, "CHANNEL_PUBLIC_GROUP_NA")
	case r.Pts <= 0:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_EMPTY")
	case r.Pts > c.pts:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_INVALID")
	}
	log := after(c.log, r.Pts)
	if len(log) == 0 {
		who.ses.key.tell(c.id, c.pts)
		return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: c.pts}, nil
	}
	if n := w.opts.ChannelTooLong; n > 0 && len(log) > n {
		who.ses.key.tell(c.id, c.pts)
		return w.channelTooLong(a, c), nil
	}
	limit := w.opts.Slice
	if r.Limit > 0 {
		limit = min(limit, r.Limit)
	}
	log = log[:min(limit, len(log))]
	x := newMissed()
	x.refs.chat(c)
	for _, ev := range log {
		if ev.message == nil || w.hears(a, ev.message) {
			x.add(w, a, ev)
		}
	}
	pts := log[len(log)-1].seq
	who.ses.key.tell(c.id, pts)
	if pts == c.pts && len(x.messages)+len(x.others) == 0 {
		return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: c.pts}, nil
	}
	return &tg.UpdatesChannelDifference{
		Final: pts == c.pts, Pts: pts, NewMessages: x.messages, OtherUpdates: x.others,
		Users: x.refs.users(w, a), Chats: x.refs.groups(w, a),
	}, nil
}

// channelTooLong is where the channel is now, with its last messages. What was
// between them and the client's pts is not told.
//
// See https://core.telegram.org/constructor/updates.channelDifferenceTooLong.
func (w *World) channelTooLong(a *account, c *chat) *tg.UpdatesChannelDifferenceTooLong {
	const shown = 10
	refs := newRefs()
	refs.chat(c)
	var list []tg.MessageClass
	for i := len(c.messages) - 1; i >= 0 && len(list) < shown; i-- {
		if m := c.messages[i]; !m.gone && w.hears(a, m) {
			list = append(list, m.tg(w, a))
			refs.message(w, m, false)
		}
	}
	dialog := &tg.Dialog{Peer: c.peer(), TopMessage: len(c.messages)}
	dialog.SetPts(c.pts)
	return &tg.UpdatesChannelDifferenceTooLong{
		Final: true, Dialog: dialog, Messages: list, Users: refs.users(w, a), Chats: refs.groups(w, a),
	}
}
