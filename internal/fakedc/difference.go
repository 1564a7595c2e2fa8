package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// sliceLimit is how many events one answer holds.
const sliceLimit = 1000

// getState is where the bot's sequences are now.
//
// See https://core.telegram.org/method/updates.getState.
func (w *World) getState(ctx context.Context) (*tg.UpdatesState, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	return &tg.UpdatesState{Pts: a.pts, Qts: a.qts, Date: w.date(), Seq: seq}, nil
}

// seq stays where it is: containers are sent with seq 0, which means unordered.
const seq = 1

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
	var (
		refs     = newRefs()
		messages []tg.MessageClass
		others   []tg.UpdateClass
		state    = tg.UpdatesState{Pts: r.Pts, Qts: max(r.Qts, 1), Date: w.date(), Seq: seq}
		left     = sliceLimit
	)
	common, stops := after(a.common, r.Pts), after(a.bots, r.Qts)
	for _, ev := range common[:min(left, len(common))] {
		messages = append(messages, ev.message.tg(a))
		refs.event(w, ev, false)
		state.Pts, left = ev.seq, left-1
	}
	for _, ev := range stops[:min(left, len(stops))] {
		others = append(others, ev.update(a))
		refs.event(w, ev, false)
		state.Qts, left = ev.seq, left-1
	}
	final := state.Pts == a.pts && state.Qts == a.qts
	if final {
		others = append(others, w.behind(who, r.Date, refs)...)
	}
	switch {
	case final && len(messages) == 0 && len(others) == 0:
		return &tg.UpdatesDifferenceEmpty{Date: state.Date, Seq: seq}, nil
	case final:
		return &tg.UpdatesDifference{
			NewMessages: messages, OtherUpdates: others, State: state,
			Users: refs.users(w, a), Chats: refs.groups(w, a),
		}, nil
	}
	return &tg.UpdatesDifferenceSlice{
		NewMessages: messages, OtherUpdates: others, IntermediateState: state,
		Users: refs.users(w, a), Chats: refs.groups(w, a),
	}, nil
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

// getChannelDifference gives everything after the client's pts in one supergroup.
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
	case r.Pts <= 0:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_EMPTY")
	case r.Pts > c.pts:
		return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_INVALID")
	}
	missed := after(c.log, r.Pts)
	if len(missed) == 0 {
		who.ses.key.tell(c.id, c.pts)
		return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: c.pts}, nil
	}
	limit := sliceLimit
	if r.Limit > 0 {
		limit = min(limit, r.Limit)
	}
	missed = missed[:min(limit, len(missed))]
	refs := newRefs()
	refs.chat(c)
	messages := make([]tg.MessageClass, 0, len(missed))
	for _, ev := range missed {
		messages = append(messages, ev.message.tg(a))
		refs.event(w, ev, false)
	}
	pts := missed[len(missed)-1].seq
	who.ses.key.tell(c.id, pts)
	return &tg.UpdatesChannelDifference{
		Final: pts == c.pts, Pts: pts, NewMessages: messages,
		Users: refs.users(w, a), Chats: refs.groups(w, a),
	}, nil
}
