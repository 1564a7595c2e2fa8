package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getState is where the bot's sequences are now.
//
// See https://core.telegram.org/method/updates.getState.
func (w *World) getState(ctx context.Context) (*tg.UpdatesState, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	return &tg.UpdatesState{Pts: a.pts, Qts: a.qts, Date: w.date(), Seq: a.seq}, nil
}

// getDifference gives everything after the client's pts and qts, a slice at a
// time, with full users. Supergroups have their own difference; what the answer
// does is to point at those that have something new.
//
// See https://core.telegram.org/api/updates#recovering-gaps.
func (w *World) getDifference(ctx context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case r.Pts <= 0:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_EMPTY")
	case r.Date <= 0:
		return nil, tgerr.New(400, "DATE_EMPTY")
	case r.Pts > a.pts, r.Qts > a.qts:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_INVALID")
	}
	common, bots := after(a.common, r.Pts), after(a.bots, r.Qts)
	if n := w.opts.TooLong; n > 0 && len(common)+len(bots) > n {
		return &tg.UpdatesDifferenceTooLong{Pts: a.pts}, nil
	}
	var (
		state = tg.UpdatesState{Pts: r.Pts, Qts: max(r.Qts, 1), Date: w.date(), Seq: a.seq}
		x     = newMissed()
		left  = w.opts.Slice
	)
	if n, ok := r.GetPtsLimit(); ok && n > 0 {
		left = min(left, n)
	}
	for _, ev := range common[:min(left, len(common))] {
		x.add(w, a, ev)
		state.Pts, left = ev.seq, left-1
	}
	for _, ev := range bots[:min(left, len(bots))] {
		x.add(w, a, ev)
		state.Qts, left = ev.seq, left-1
	}
	final := state.Pts == a.pts && state.Qts == a.qts
	if final {
		x.others = append(x.others, w.behind(who, r.Date, x.refs)...)
	}
	switch {
	case final && len(x.messages) == 0 && len(x.others) == 0 && state.Pts == r.Pts && state.Qts == max(r.Qts, 1):
		return &tg.UpdatesDifferenceEmpty{Date: state.Date, Seq: a.seq}, nil
	case final:
		return &tg.UpdatesDifference{
			NewMessages: x.messages, OtherUpdates: x.others, State: state,
			Users: x.refs.users(w, a), Chats: x.refs.groups(w, a),
		}, nil
	}
	return &tg.UpdatesDifferenceSlice{
		NewMessages: x.messages, OtherUpdates: x.others, IntermediateState: state,
		Users: x.refs.users(w, a), Chats: x.refs.groups(w, a),
	}, nil
}

// missed is what a difference is made of: new messages as they are now, and
// everything else as updates.
type missed struct {
	messages []tg.MessageClass
	others   []tg.UpdateClass
	refs     *refs
}

func newMissed() *missed { return &missed{refs: newRefs()} }

// add leaves out what is gone; its removal follows.
func (x *missed) add(w *World, a *account, ev event) {
	switch {
	case ev.message != nil && ev.message.gone:
		return
	case ev.what == whatMessage:
		x.messages = append(x.messages, ev.message.tg(w, a))
	case ev.what == whatBusinessMessage || ev.what == whatBusinessEdit || ev.what == whatBusinessRemoval:
		// In a difference these have no place of their own, as gotd has found out:
		// telegram/updates/state.go, handleQts.
		ev.seq = 0
		x.others = append(x.others, ev.update(w, a))
	default:
		x.others = append(x.others, ev.update(w, a))
	}
	x.refs.event(w, ev, false)
}

// behind points at the supergroups with messages that the key's owner was not
// given, or that are newer than the state that it comes with. A client may be in a
// group that it has never heard of.
func (w *World) behind(who caller, since int, refs *refs) []tg.UpdateClass {
	var list []tg.UpdateClass
	for _, c := range w.chats {
		if !c.super || !c.has(who.bot.user) || len(c.log) == 0 {
			continue
		}
		last := c.log[len(c.log)-1]
		if last.seq <= who.ses.key.toldOf(c.id) && last.date <= since {
			continue
		}
		u := &tg.UpdateChannelTooLong{ChannelID: c.id}
		u.SetPts(c.pts)
		list = append(list, u)
		refs.chat(c)
	}
	return list
}
