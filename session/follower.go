package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotd/log"
	"github.com/gotd/td/tg"
)

// follower keeps up with the server's updates: it puts them in order, notices what
// is missing, fetches it, and hands everything to the lanes. One goroutine does
// that, and never waits for anything but news: not for handlers, and not for a
// difference, so that nobody waits for a slow channel.
//
// gotd's updates.Manager has the same task. This stands in its place because of
// v0.162's manager the following was found, by measuring or by reading:
//
//   - An edit in a difference is lost: it runs through the very sequence that the
//     difference is about to set (github.com/gotd/td/issues/1853).
//   - A channel that it does not know begins at the update that it takes first;
//     those before it that arrive later are outdated then.
//   - While one channel's difference is under way, ten more updates of that channel
//     hold up everybody's.
//   - A channel whose difference names a timeout is deaf for that long, which is up
//     to five minutes (issue 1852).
//   - It asks for slices as long as the server sends them, each from inside the last.
//   - What lies beyond a gap is kept without bound, and for ever if the gap is made up.
//   - A difference that fails is logged, and the next one asked for after a quarter
//     of an hour. One that is answered never blocks everything.
type follower struct {
	api    *tg.Client
	file   *File
	lanes  *lanes
	state  *state
	hashes hashes
	log    log.Helper
	stats  *stats

	account  account
	channels map[int64]*channel
	line     []*stream // those that want a difference, in their order
	busy     int       // channels of which one is under way
	many     int       // channels from which on some are forgotten
	crowded  atomic.Bool
	// overtaken is how much of the account's is early and is not being fetched.
	overtaken *atomic.Int64
	later     *time.Timer // until the writer may have caught up

	news   chan struct{} // something was posted, or there is room again
	mu     sync.Mutex
	posted []func() error
	work   sync.WaitGroup
}

func newFollower(api *tg.Client, m *Memory) *follower {
	f := &follower{
		api: api, file: m.file, lanes: m.lanes, state: m.file.state, hashes: hashes{m.file.Book()},
		log: m.lanes.log, stats: &m.stats, overtaken: &m.overtaken,
		channels: make(map[int64]*channel), many: manyChannels,
		news: make(chan struct{}, 1),
	}
	f.account.stream = newStream(ID{})
	f.account.sequences = []*series{&f.account.pts, &f.account.qts, &f.account.seq}
	f.account.pts.most, f.account.qts.most, f.account.seq.most = accountEarly, accountEarly, containersEarly
	f.account.fetch, f.account.jump = f.fetchAccount, f.jumpAccount
	f.account.idle = time.AfterFunc(idleWait, func() {
		f.post(func() error {
			f.want(&f.account.stream)
			return nil
		})
	})
	return f
}

// post lets the follower's goroutine call a function. An error ends the follower.
func (f *follower) post(do func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posted = append(f.posted, do)
	poke(f.news)
}

// eased is called when a handler is done.
func (f *follower) eased() {
	if f.crowded.CompareAndSwap(true, false) {
		poke(f.news)
	}
}

// run follows until ctx ends or the account is signed out. ready is called when it
// knows where it is.
func (f *follower) run(ctx context.Context, in *intake, ready func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer f.stop()
	defer cancel()
	if err := f.begin(ctx); err != nil {
		return err
	}
	ready()
	for {
		for _, it := range in.take() {
			f.item(it)
			f.note()
			f.account.idle.Reset(idleWait)
		}
		f.mu.Lock()
		posted := f.posted
		f.posted = nil
		f.mu.Unlock()
		for _, do := range posted {
			if err := do(); err != nil {
				return err
			}
		}
		f.launch(ctx)
		f.note()
		f.sweep()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-in.more:
		case <-f.news:
		}
	}
}

// stop waits for the calls under way, whose context has ended, and ends the timers.
func (f *follower) stop() {
	f.work.Wait()
	f.overtaken.Store(0)
	f.account.calm()
	f.account.idle.Stop()
	if f.later != nil {
		f.later.Stop()
	}
	for _, c := range f.channels {
		c.calm()
	}
}

// note says how much is early, to those who read on.
func (f *follower) note() {
	n := len(f.account.pts.early)
	if f.account.fetching || f.account.queued {
		n = 0
	}
	f.overtaken.Store(int64(n))
}

// begin finds out where to go on, and asks everybody what was missed since.
func (f *follower) begin(ctx context.Context) error {
	st, found, err := f.state.GetState(ctx, 0)
	if err != nil {
		return err
	}
	if !found {
		now, err := again(ctx, func() (*tg.UpdatesState, error) { return f.api.UpdatesGetState(ctx) })
		if err != nil {
			return err
		}
		st = stateOf(*now)
		if err := f.state.SetState(ctx, 0, st); err != nil {
			return err
		}
	}
	f.account.pts.at, f.account.qts.at, f.account.seq.at, f.account.date = st.Pts, st.Qts, st.Seq, st.Date
	f.want(&f.account.stream)
	return f.state.ForEachChannels(ctx, 0, func(_ context.Context, id int64, pts int) error {
		if len(f.channels) >= maxChannels {
			return nil
		}
		c := f.newChannel(id)
		c.known, c.series.at = true, pts
		f.want(&c.stream)
		return nil
	})
}

// item takes what the server has pushed or answered.
func (f *follower) item(it item) {
	switch u := it.updates.(type) {
	case nil:
		f.counted(it.channel, arrival{from: it.pts - it.ptsCount, to: it.pts})
	case *tg.Updates:
		f.container(arrival{from: u.Seq - 1, to: u.Seq, updates: u.Updates, users: u.Users, chats: u.Chats, date: u.Date})
	case *tg.UpdatesCombined:
		f.container(arrival{from: u.SeqStart - 1, to: u.Seq, updates: u.Updates, users: u.Users, chats: u.Chats, date: u.Date})
	case *tg.UpdateShort:
		f.contents(arrival{updates: []tg.UpdateClass{u.Update}, date: u.Date})
	case *tg.UpdateShortSentMessage:
		f.counted(0, arrival{from: u.Pts - u.PtsCount, to: u.Pts})
	default: // updatesTooLong, and what tells too little
		f.want(&f.account.stream)
	}
}

// counted takes an answer that has changed a sequence and brings no update.
func (f *follower) counted(channel int64, a arrival) {
	switch {
	case a.to <= 0 || a.from < 0 || a.from > a.to:
	case channel == 0:
		f.put(&f.account.stream, &f.account.pts, sequence{kind: sequencePts}, a)
	default:
		if c, ok := f.channel(channel); ok {
			f.put(&c.stream, &c.series, sequence{sequenceChannel, channel}, a)
		}
	}
}

// put hands out what an arrival makes ready, unless too much waits for the
// handlers of that stream. It is fetched when they have caught up.
func (f *follower) put(s *stream, to *series, seq sequence, a arrival) {
	if !s.behind && len(a.updates) > 0 && f.lanes.full(s.id) {
		f.fallBehind(s)
	}
	if s.behind {
		f.stats.dropped.Add(int64(len(a.updates)))
		return
	}
	before := len(to.early)
	next, ok := to.put(a, s.fetching)
	if !ok {
		f.stats.dropped.Add(int64(before) + 1)
		f.want(s)
	}
	f.hand(seq, to, next)
}

// hand gives arrivals to the handlers, and then says how far that goes.
func (f *follower) hand(seq sequence, to *series, list []arrival) {
	if len(list) == 0 {
		return
	}
	for _, a := range list {
		f.lanes.add(a.updates, a.users, a.chats)
	}
	f.state.reach(seq, int64(to.at))
}
