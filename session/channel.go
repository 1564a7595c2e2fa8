package session

import (
	"context"
	"slices"

	"github.com/gotd/log"
	"github.com/gotd/td/tg"
)

const (
	// atMost is how much of a channel's difference a bot may ask for at once; with
	// less the server says sooner that it is too much.
	// See core.telegram.org/method/updates.getChannelDifference.
	atMost = 100_000
	// lookBack is how far a channel that was not known is asked for what was missed
	// in it, in its pts.
	lookBack = 1000
)

// channel is the stream of one channel or supergroup.
type channel struct {
	stream
	series series
	// known is false while it is not known where to begin: what comes first may
	// have been overtaken by what comes next.
	known bool
	// since is when the account's state was stored that did not know the channel;
	// 0 for one that it knew. What was said before is not new.
	since int
}

func (f *follower) newChannel(id int64) *channel {
	c := &channel{stream: newStream(ChannelID(id))}
	c.fetch = func(ctx context.Context) { f.fetchChannel(ctx, c) }
	c.sequences = []*series{&c.series}
	c.jump = func() { f.jumpChannel(c) }
	f.channels[id] = c
	return c
}

// channel returns a channel that is followed, or whose pts is stored.
func (f *follower) channel(id int64) (*channel, bool) {
	if c, ok := f.channels[id]; ok {
		return c, true
	}
	pts, found, err := f.state.GetChannelPts(context.Background(), 0, id)
	if err != nil || !found {
		return nil, false
	}
	c := f.newChannel(id)
	c.known, c.series.at = true, pts
	return c, true
}

// tooMany reports whether a channel that is not followed would be one too many. The
// next of its updates shows what was missed. One whose pts is stored never is: it was
// only forgotten because nothing was going on in it.
func (f *follower) tooMany(id int64) bool {
	if _, ok := f.channels[id]; ok || len(f.channels) < maxChannels {
		return false
	}
	_, found, err := f.state.GetChannelPts(context.Background(), 0, id)
	return err != nil || !found
}

// inChannel takes an update that a channel counts.
func (f *follower) inChannel(id int64, a arrival) {
	if !ChannelID(id).Valid() {
		return
	}
	if f.tooMany(id) {
		f.stats.lost.Add(1)
		return
	}
	c, ok := f.channel(id)
	if !ok {
		c = f.newChannel(id)
		f.state.withhold(id)
	}
	switch {
	case c.known:
	case c.series.full():
		f.meet(c)
	default:
		c.series.keep(a)
		f.heed(&c.stream)
		return
	}
	f.put(&c.stream, &c.series, sequence{sequenceChannel, id}, a)
	f.heed(&c.stream)
}

// meet begins to follow a channel of which something has come. What came first may
// have been lost on its way, so it looks back once.
func (f *follower) meet(c *channel) {
	first, ok := c.series.first()
	if !ok {
		return
	}
	if first <= 1 {
		c.known = true
		f.jumpChannel(c)
		return
	}
	f.lookBack(c, first)
}

// lookBack asks for what there was in a channel that is not known, up to a pts. Only
// what is newer than the account's state is news to anybody.
func (f *follower) lookBack(c *channel, from int) {
	c.known, c.since, c.series.at = true, f.account.date, max(1, from-lookBack)
	f.want(&c.stream)
}

// jumpChannel goes on in a channel with the first of what has come.
func (f *follower) jumpChannel(c *channel) {
	first, ok := c.series.first()
	if !ok {
		return
	}
	if f.lanes.full(c.id) { // where to fetch from is enough to know
		f.stats.dropped.Add(int64(len(c.series.early)))
		c.series.early = nil
		f.settleChannel(c, first)
		f.fallBehind(&c.stream)
		return
	}
	f.settleChannel(c, first)
}

// settleChannel moves a channel to a pts that is known from elsewhere, and hands
// out what has come meanwhile and follows it.
func (f *follower) settleChannel(c *channel, pts int) {
	seq := sequence{sequenceChannel, c.id.Num}
	f.state.reach(seq, int64(pts))
	f.hand(seq, &c.series, c.series.reach(pts))
}

// tooLong is told of a channel in which something was missed. One that the bot
// does not know is asked for the latest: the bot may have been in it for no longer
// than a moment when it crashed.
func (f *follower) tooLong(u *tg.UpdateChannelTooLong) {
	if !ChannelID(u.ChannelID).Valid() || f.tooMany(u.ChannelID) {
		return
	}
	pts, said := u.GetPts()
	c, ok := f.channel(u.ChannelID)
	switch {
	case ok && c.known && said && pts <= c.series.at:
		return
	case !ok:
		c = f.newChannel(u.ChannelID)
		f.state.withhold(u.ChannelID)
	}
	if !c.known {
		f.lookBack(c, pts)
		return
	}
	f.want(&c.stream)
}

// fetchChannel asks for what was missed in a channel.
func (f *follower) fetchChannel(ctx context.Context, c *channel) {
	id, pts := c.id, c.series.at
	f.work.Go(func() {
		call, cancel := context.WithTimeout(ctx, fetchWait)
		defer cancel()
		d, err := f.api.UpdatesGetChannelDifference(call, &tg.UpdatesGetChannelDifferenceRequest{
			Channel: &tg.InputChannel{ChannelID: id.Num, AccessHash: f.hashes.input(id)},
			Filter:  &tg.ChannelMessagesFilterEmpty{},
			Pts:     pts,
			Limit:   atMost,
		})
		f.post(func() error { return f.channelFetched(ctx, c, pts, d, err) })
	})
}

// channelFetched takes a channel's difference, or why there is none. The time that
// it may name is for those who look at the channel: see
// core.telegram.org/constructor/updates.channelDifference.
func (f *follower) channelFetched(ctx context.Context, c *channel, asked int, d tg.UpdatesChannelDifferenceClass, err error) error {
	if err != nil {
		return f.refused(ctx, &c.stream, err, func(context.Context) { f.lose(c) })
	}
	pts, final := asked, true
	switch d := d.(type) {
	case *tg.UpdatesChannelDifferenceEmpty:
		pts = d.Pts
	case *tg.UpdatesChannelDifference:
		pts, final = d.Pts, d.Final
		var list []tg.UpdateClass
		for _, m := range d.NewMessages {
			list = append(list, &tg.UpdateNewChannelMessage{Message: m})
		}
		list = append(list, d.OtherUpdates...)
		var rest []arrival
		if c.since != 0 {
			list, rest = c.news(list, pts)
		}
		f.lanes.add(list, d.Users, d.Chats)
		for _, a := range rest {
			f.lanes.add(a.updates, a.users, a.chats)
		}
	case *tg.UpdatesChannelDifferenceTooLong:
		final = d.Final
		if dialog, ok := d.Dialog.(*tg.Dialog); ok {
			pts, _ = dialog.GetPts() // of which one that does not tell it is refused below
		}
		f.stats.skipped.Add(1)
		f.log.Warn(ctx, "Too much was missed in a channel to be fetched: some updates were handled by nobody",
			log.Int64("channel", c.id.Num))
	}
	if pts <= 0 {
		pts = asked
	}
	c.again = c.again || !final && pts > asked
	if c.since != 0 && !c.again { // whatever else came before is not to be had
		c.since = 0
		if first, ok := c.series.first(); ok {
			pts = max(pts, first)
		}
	}
	f.settleChannel(c, pts)
	f.fetched(&c.stream, c.series.at > asked)
	return nil
}

// news is what is new in a difference that looks back, up to a pts: what was pushed
// meanwhile, and what the bot can have missed. The rest was pushed as well, and the
// difference does not tell of it.
func (c *channel) news(list []tg.UpdateClass, pts int) (out []tg.UpdateClass, rest []arrival) {
	pushed := make(map[told]bool)
	for _, a := range c.series.early {
		for _, u := range a.updates {
			pushed[toldBy(u)] = true
		}
	}
	for _, u := range list {
		m, by := messageIn(u), toldBy(u)
		if pushed[by] || m != nil && m.GetDate() >= c.since {
			out = append(out, u)
		}
		delete(pushed, by)
	}
	for _, a := range c.series.until(pts) {
		if slices.ContainsFunc(a.updates, func(u tg.UpdateClass) bool { return pushed[toldBy(u)] }) {
			rest = append(rest, a)
		}
	}
	return out, rest
}

// told is what an update in a channel tells. A difference does not say what a new
// message counts for.
type told struct{ message, pts int }

func toldBy(u tg.UpdateClass) told {
	if u, ok := u.(*tg.UpdateNewChannelMessage); ok && messageIn(u) != nil {
		return told{message: u.Message.GetID()}
	}
	_, pts, _, _, _ := tg.IsChannelPtsUpdate(u)
	return told{pts: pts}
}

// messageIn returns the message that an update is about; nil if it is about none.
func messageIn(u tg.UpdateClass) tg.NotEmptyMessage {
	with, ok := u.(interface{ GetMessage() tg.MessageClass })
	if !ok {
		return nil
	}
	m, _ := with.GetMessage().(tg.NotEmptyMessage)
	return m
}

// lose is called when the server does not tell what was missed in a channel, as of
// one that the bot was thrown out of. What is pushed still counts, if anything is.
func (f *follower) lose(c *channel) {
	if first, ok := c.series.first(); ok {
		f.stats.skipped.Add(1)
		f.settleChannel(c, first)
	} else {
		f.state.let(c.id.Num)
	}
	f.fetched(&c.stream, true)
}

// sweep forgets channels in which nothing is going on, once there are many: what
// is stored of them is enough.
func (f *follower) sweep() {
	if len(f.channels) <= f.many {
		return
	}
	for id, c := range f.channels {
		if c.known && c.idle() && len(c.series.early) == 0 && f.lanes.empty(c.id) {
			delete(f.channels, id)
		}
	}
	f.many = max(manyChannels, min(2*len(f.channels), maxChannels-1))
	f.state.sweep()
}

const (
	// manyChannels is how many are kept in memory whatever they do.
	manyChannels = 4096
	// maxChannels is how many can be followed at once: in which something is missing,
	// or waits. No bot is in as many; a server may still tell of them.
	maxChannels = 1 << 16
)
