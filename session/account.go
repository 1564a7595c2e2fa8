package session

import (
	"context"
	"slices"
	"time"

	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
)

// account is the stream of private chats, basic groups and everything else that no
// channel counts.
type account struct {
	stream
	pts, qts, seq series
	date          int
	idle          *time.Timer // asks after a long silence
}

// caughtUp reports whether no difference is to come. Until then the date stays
// where it is, whatever is pushed: by it the server tells of channels in which
// something was missed.
func (a *account) caughtUp() bool { return !a.fetching && !a.queued && !a.again && !a.failed }

// jumpAccount goes on with what has come too early.
func (f *follower) jumpAccount() {
	acc := &f.account
	first := func(s *series) int {
		if at, ok := s.first(); ok {
			return at
		}
		return s.at
	}
	f.settle(updates.State{Pts: first(&acc.pts), Qts: first(&acc.qts), Date: acc.date, Seq: first(&acc.seq)})
}

// stateOf believes no counter below zero.
func stateOf(st tg.UpdatesState) updates.State {
	return updates.State{Pts: max(0, st.Pts), Qts: max(0, st.Qts), Date: max(0, st.Date), Seq: max(0, st.Seq)}
}

// container takes updates that were sent together. Some are counted as a whole, for
// the sake of those among them that nothing else counts. The others are looked at
// in any case: each has its own place, and a channel's are in no difference of the
// account's.
func (f *follower) container(a arrival) {
	seq := &f.account.seq
	switch {
	case a.to <= 0 || a.from < 0 || a.from >= a.to:
		f.contents(a)
		return
	case a.from < seq.at: // once more, or the difference has told of it
		a.updates = slices.DeleteFunc(slices.Clone(a.updates), func(u tg.UpdateClass) bool {
			_, counted := sequenceOf(u)
			return !counted
		})
		f.contents(a)
		return
	case seq.full(): // it is no use to wait any longer
		f.want(&f.account.stream)
		f.containers(seq.all())
	}
	next, _ := seq.put(a, f.account.fetching)
	f.containers(next)
	f.heed(&f.account.stream)
}

func (f *follower) containers(list []arrival) {
	for _, a := range list {
		f.contents(a)
	}
	if len(list) > 0 {
		f.state.stamp(0, f.account.seq.at)
	}
}

// contents takes the updates of a container.
func (f *follower) contents(a arrival) {
	for _, u := range a.updates {
		f.update(u, a)
	}
	if acc := &f.account; a.date > acc.date && acc.caughtUp() {
		acc.date = a.date
		f.state.stamp(a.date, 0)
	}
	f.heed(&f.account.stream)
}

// update takes one update out of a container.
func (f *follower) update(u tg.UpdateClass, in arrival) {
	a := arrival{updates: []tg.UpdateClass{u}, users: in.users, chats: in.chats}
	switch u := u.(type) {
	case *tg.UpdatePtsChanged:
		f.want(&f.account.stream)
		return
	case *tg.UpdateChannelTooLong:
		f.tooLong(u)
		return
	}
	if qts, ok := tg.IsQtsUpdate(u); ok && qts > 0 {
		a.from, a.to = qts-1, qts
		f.put(&f.account.stream, &f.account.qts, sequence{kind: sequenceQts}, a)
		return
	}
	if pts, count, ok := tg.IsPtsUpdate(u); ok && count >= 0 && pts >= count && pts > 0 {
		a.from, a.to = pts-count, pts
		f.put(&f.account.stream, &f.account.pts, sequence{kind: sequencePts}, a)
		return
	}
	if id, pts, count, ok, err := tg.IsChannelPtsUpdate(u); ok && err == nil && count >= 0 && pts >= count && pts > 0 {
		a.from, a.to = pts-count, pts
		f.inChannel(id, a)
		return
	}
	// Nothing counts it, so nobody could ask for it again: qts 0 too is none. See
	// core.telegram.org/constructor/updateBotNewBusinessMessage.
	if f.lanes.full(ID{}) {
		f.stats.lost.Add(1)
		return
	}
	f.lanes.add(a.updates, a.users, a.chats)
}

// fetchAccount asks for what the account has missed.
func (f *follower) fetchAccount(ctx context.Context) {
	req := &tg.UpdatesGetDifferenceRequest{Pts: f.account.pts.at, Qts: f.account.qts.at, Date: f.account.date}
	f.work.Go(func() {
		call, cancel := context.WithTimeout(ctx, fetchWait)
		defer cancel()
		d, err := f.api.UpdatesGetDifference(call, req)
		f.post(func() error { return f.accountFetched(ctx, req, d, err) })
	})
}

// accountFetched takes a difference, or why there is none.
//
// A slice, or a difference that is too long, is followed by another one: as long
// as that leads on. A server that says the same again and again is left alone.
func (f *follower) accountFetched(ctx context.Context, req *tg.UpdatesGetDifferenceRequest, d tg.UpdatesDifferenceClass, err error) error {
	acc := &f.account
	if err != nil {
		return f.refused(ctx, &acc.stream, err, f.fetchState)
	}
	switch d := d.(type) {
	case *tg.UpdatesDifferenceEmpty:
		f.settle(updates.State{Pts: acc.pts.at, Qts: acc.qts.at, Date: max(acc.date, d.Date), Seq: d.Seq})
	case *tg.UpdatesDifference:
		f.deliver(d.NewMessages, d.OtherUpdates, d.Users, d.Chats)
		f.settle(stateOf(d.State))
	case *tg.UpdatesDifferenceSlice:
		f.deliver(d.NewMessages, d.OtherUpdates, d.Users, d.Chats)
		st := stateOf(d.IntermediateState)
		acc.again = acc.again || st.Pts >= req.Pts && st.Qts >= req.Qts && (st.Pts > req.Pts || st.Qts > req.Qts)
		st.Date = acc.date // the last slice tells what was missed since
		f.settle(st)
	case *tg.UpdatesDifferenceTooLong:
		f.stats.skipped.Add(1)
		f.log.Warn(ctx, "Too much was missed to be fetched: some updates were handled by nobody")
		acc.again = acc.again || d.Pts > req.Pts
		f.settle(updates.State{Pts: max(0, d.Pts), Qts: acc.qts.at, Date: acc.date, Seq: acc.seq.at})
	}
	f.fetched(&acc.stream, acc.pts.at > req.Pts || acc.qts.at > req.Qts)
	return nil
}

// deliver hands out the updates of a difference: messages first, since an edit
// among the others may be of one of them. All that the account counts is covered
// by the state that comes with it, whatever number it bears.
func (f *follower) deliver(messages []tg.MessageClass, others []tg.UpdateClass, users []tg.UserClass, chats []tg.ChatClass) {
	var mine []tg.UpdateClass
	for _, m := range messages {
		mine = append(mine, &tg.UpdateNewMessage{Message: m})
	}
	var channels []tg.UpdateClass
	for _, u := range others {
		switch u.(type) {
		case *tg.UpdatePtsChanged:
			continue
		case *tg.UpdateChannelTooLong:
			channels = append(channels, u)
			continue
		}
		if seq, ok := sequenceOf(u); ok && seq.kind == sequenceChannel {
			channels = append(channels, u)
			continue
		}
		mine = append(mine, u)
	}
	f.lanes.add(mine, users, chats)
	for _, u := range channels {
		f.update(u, arrival{users: users, chats: chats})
	}
}

// settle moves the account to a state that is known from the server, and hands out
// what has come meanwhile and follows it.
func (f *follower) settle(st updates.State) {
	acc := &f.account
	acc.date = st.Date
	acc.fetching = false // what follows may be handed out
	f.state.reachAll(st)
	f.hand(sequence{kind: sequencePts}, &acc.pts, acc.pts.reach(st.Pts))
	f.hand(sequence{kind: sequenceQts}, &acc.qts, acc.qts.reach(st.Qts))
	f.containers(acc.seq.through(st.Seq))
	acc.idle.Reset(idleWait)
}

// fetchState begins anew where the server is now, since it does not accept where
// the bot is: that may come from a copy of the server, or of the file.
func (f *follower) fetchState(ctx context.Context) {
	f.work.Go(func() {
		call, cancel := context.WithTimeout(ctx, fetchWait)
		defer cancel()
		st, err := f.api.UpdatesGetState(call)
		f.post(func() error {
			if err != nil {
				return f.refused(ctx, &f.account.stream, err, nil)
			}
			f.stats.skipped.Add(1)
			f.settle(stateOf(*st))
			f.fetched(&f.account.stream, true)
			return nil
		})
	})
}
