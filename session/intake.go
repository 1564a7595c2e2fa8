package session

import (
	"context"
	"sync"

	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
)

// pressure is how many updates may wait before pushed ones are dropped.
const pressure = 4096

// intake is the row in front of gotd's update manager. Pushes and the answers to
// calls of our own stand in it, in their order of arrival, and one goroutine
// feeds them to the manager: fed from inside a call, they would wait for the
// manager, which may wait for a handler, which waits for that call.
//
// It holds what arrives before the manager has its state: without one, the
// manager would hand an update out raw and never count it.
//
// When too many updates wait, pushed envelopes are dropped, which is safe after
// the harvest: what a sequence counts is fetched again when the row is short.
type intake struct {
	lanes   *lanes
	state   *state
	dropped *counter

	mu     sync.Mutex
	items  []item
	size   int // updates in items
	more   chan struct{}
	missed bool               // envelopes with account updates were dropped
	behind map[int64]struct{} // channels whose updates were dropped
}

type item struct {
	updates tg.UpdatesClass
	// What a messages.affectedMessages says; set if updates is nil.
	channel       int64
	pts, ptsCount int
}

func newIntake(l *lanes, st *state, dropped *counter) *intake {
	return &intake{
		lanes: l, state: st, dropped: dropped,
		more: make(chan struct{}, 1), behind: make(map[int64]struct{}),
	}
}

// answered takes an answer. It is not dropped under pressure, since the manager
// is what relieves that; only where nobody feeds one does the row end.
func (in *intake) answered(it item) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.size >= 16*pressure {
		in.missed = true
		return
	}
	in.append(it)
}

func (in *intake) append(it item) {
	in.items = append(in.items, it)
	in.size += sizeOf(it.updates)
	poke(in.more)
}

// pushed takes an envelope from the server, or drops it under pressure.
func (in *intake) pushed(u tg.UpdatesClass) {
	waiting := in.lanes.len()
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.size+waiting < pressure || !in.drop(u) {
		in.append(item{updates: u})
	}
}

// drop notes what has to be fetched again. It reports false for an envelope that
// could not be: the first one of a channel that the manager does not follow yet.
func (in *intake) drop(u tg.UpdatesClass) bool {
	list := listOf(u)
	var channels []int64
	for _, u := range list {
		if seq, ok := sequenceOf(u); ok && seq.kind == sequenceChannel {
			if _, found, err := in.state.GetChannelPts(context.Background(), 0, seq.channel); err != nil || !found {
				return false
			}
			channels = append(channels, seq.channel)
		}
	}
	in.dropped.Add(1)
	for _, c := range channels {
		in.behind[c] = struct{}{}
	}
	in.missed = in.missed || len(channels) < len(list) || len(list) == 0
	return true
}

// eased asks for what was dropped, once the row is short again.
func (in *intake) eased() {
	waiting := in.lanes.len()
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.missed && len(in.behind) == 0 || in.size+waiting > pressure/2 {
		return
	}
	if in.missed {
		in.append(item{updates: &tg.UpdatesTooLong{}})
	}
	for c := range in.behind {
		in.append(item{updates: &tg.UpdateShort{Update: &tg.UpdateChannelTooLong{ChannelID: c}}})
	}
	in.missed = false
	clear(in.behind)
}

// feed gives everything to the manager until ctx ends.
func (in *intake) feed(ctx context.Context, m *updates.Manager) error {
	for {
		in.mu.Lock()
		items := in.items
		in.items, in.size = nil, 0
		in.mu.Unlock()
		for _, it := range items {
			var err error
			if it.updates != nil {
				err = m.Handle(ctx, it.updates)
			} else {
				err = m.HandleAffected(ctx, it.channel, it.pts, it.ptsCount)
			}
			if err != nil {
				return err
			}
		}
		in.eased()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-in.more:
		}
	}
}

// HandleAffected implements gotd's hook.AffectedHandler.
func (in *intake) HandleAffected(_ context.Context, channel int64, pts, ptsCount int) error {
	in.answered(item{channel: channel, pts: pts, ptsCount: ptsCount})
	return nil
}

func listOf(u tg.UpdatesClass) []tg.UpdateClass {
	switch u := u.(type) {
	case *tg.Updates:
		return u.Updates
	case *tg.UpdatesCombined:
		return u.Updates
	case *tg.UpdateShort:
		return []tg.UpdateClass{u.Update}
	default:
		return nil
	}
}

func sizeOf(u tg.UpdatesClass) int { return max(1, len(listOf(u))) }
