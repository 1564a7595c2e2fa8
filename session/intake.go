package session

import (
	"context"
	"sync"

	"github.com/gotd/td/tg"
)

// intake is the row in front of the follower. Pushes and the answers to calls of
// the bot's own stand in it, in their order of arrival. It also holds what arrives
// before the follower knows where it is.
//
// When too much waits, pushed envelopes are dropped, which is safe after the
// harvest: what a sequence counts is fetched again.
type intake struct {
	state *state
	stats *stats

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

func newIntake(st *state, stats *stats) *intake {
	return &intake{state: st, stats: stats, more: make(chan struct{}, 1), behind: make(map[int64]struct{})}
}

// answered takes an answer. It is not dropped before far more waits than pushes
// may: without a run nobody takes them.
func (in *intake) answered(it item) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.size >= mostTaken {
		in.missed = true
		return
	}
	in.append(it)
}

func (in *intake) append(it item) {
	in.items = append(in.items, it)
	in.size += max(1, len(listOf(it.updates)))
	poke(in.more)
}

// pushed takes an envelope from the server, or drops it if too much waits.
func (in *intake) pushed(u tg.UpdatesClass) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.size < pressure || !in.drop(u) {
		in.append(item{updates: u})
	}
}

// putOff drops an envelope, to be fetched later. It reports false for one that
// cannot be.
func (in *intake) putOff(u tg.UpdatesClass) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	poke(in.more)
	return in.drop(u)
}

// len returns how many updates wait.
func (in *intake) len() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.size
}

// mostTaken is how many updates wait here at most, whatever they are.
const mostTaken = 4 * pressure

// drop notes what has to be fetched again. It reports false for an envelope that
// could not be, the first one of a channel that is not followed yet, while there is
// any room.
func (in *intake) drop(u tg.UpdatesClass) bool {
	list := listOf(u)
	var channels []int64
	var lost, mine int64
	for _, u := range list {
		switch seq, ok := sequenceOf(u); {
		case !ok:
			lost++
		case seq.kind != sequenceChannel:
			mine++
		default:
			_, found, err := in.state.GetChannelPts(context.Background(), 0, seq.channel)
			switch known := err == nil && found; {
			case known:
				channels = append(channels, seq.channel)
			case in.size < mostTaken:
				return false
			default:
				lost++
			}
		}
	}
	in.stats.dropped.Add(mine + int64(len(channels)))
	in.stats.lost.Add(lost)
	for _, c := range channels {
		in.behind[c] = struct{}{}
	}
	in.missed = in.missed || mine > 0 || len(list) == 0
	return true
}

// take returns what waits, and what asks for what was dropped.
func (in *intake) take() []item {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.missed {
		in.append(item{updates: &tg.UpdatesTooLong{}})
	}
	for c := range in.behind {
		in.append(item{updates: &tg.UpdateShort{Update: &tg.UpdateChannelTooLong{ChannelID: c}}})
	}
	items := in.items
	in.items, in.size, in.missed = nil, 0, false
	clear(in.behind)
	return items
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
