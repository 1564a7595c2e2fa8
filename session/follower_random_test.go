package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// telling is a server with something to tell, over a bad line: envelopes are lost,
// doubled and overtaken, and the calls for what was missed fail or are never
// answered.
type telling struct {
	s       *following
	random  *rand.Rand
	ordered bool // containers are counted

	mu   sync.Mutex
	logs map[int64][]tg.UpdateClass // by channel, or ofAccount, or ofBots
	base map[int64]int              // the pts before the first
	open []tg.UpdateClass           // what the next container is to hold
	seq  int
}

// The logs that are no channel's: what pts counts, and what qts does.
const ofAccount, ofBots = 0, -1

// logOf is the log that an update belongs to.
func logOf(u tg.UpdateClass) int64 {
	switch seq, _ := sequenceOf(u); seq.kind {
	case sequenceQts:
		return ofBots
	case sequenceChannel:
		return seq.channel
	default:
		return ofAccount
	}
}

// happen lets something happen in a log, and puts it into the next container.
func (l *telling) happen(channel int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.logs[channel]
	pts := l.base[channel] + len(log) + 1
	var u tg.UpdateClass
	// Something new, or an edit of what was new some time ago.
	edited := pts - 1 - l.random.IntN(3)
	edit := l.random.IntN(3) == 0 && edited > l.base[channel] && !isEdit(log[edited-l.base[channel]-1])
	switch {
	case channel == ofBots:
		u = &tg.UpdateBotStopped{UserID: 1, Date: pts, Qts: pts}
	case channel == 0 && edit:
		u = &tg.UpdateEditMessage{Message: message(edited), Pts: pts, PtsCount: 1}
	case channel == 0:
		u = private(pts, pts)
	case edit:
		u = &tg.UpdateEditChannelMessage{Message: post(edited, channel), Pts: pts, PtsCount: 1}
	default:
		u = posted(pts, channel, pts)
	}
	l.logs[channel] = append(log, u)
	l.open = append(l.open, u)
}

// push sends what has happened in one container, or loses that.
func (l *telling) push(surely bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &tg.Updates{Updates: l.open}
	l.open = nil
	if l.ordered && len(c.Updates) > 0 {
		l.seq++
		c.Seq = l.seq
	}
	l.random.Shuffle(len(c.Updates), func(i, j int) { c.Updates[i], c.Updates[j] = c.Updates[j], c.Updates[i] })
	times := 1
	switch n := l.random.IntN(10); {
	case n < 2 && !surely:
		return
	case n == 9:
		times = 2
	}
	for range times {
		time.AfterFunc(time.Duration(l.random.IntN(60))*time.Millisecond, func() { l.s.m.intake.pushed(c) })
	}
}

func isEdit(u tg.UpdateClass) bool {
	switch u.(type) {
	case *tg.UpdateEditMessage, *tg.UpdateEditChannelMessage:
		return true
	}
	return false
}

// trouble is what becomes of a call.
func (l *telling) trouble(ctx context.Context) error {
	l.mu.Lock()
	n := l.random.IntN(20)
	l.mu.Unlock()
	switch {
	case n < 3:
		return tgerr.New(500, "INTERNAL")
	case n < 4:
		return tgerr.New(420, "FLOOD_WAIT_3")
	case n < 5:
		<-ctx.Done()
		return ctx.Err()
	case n < 6:
		return errors.New("connection reset")
	}
	time.Sleep(20 * time.Millisecond)
	return nil
}

// since is a part of a log: new messages, and everything else as it was.
func (l *telling) since(channel int64, pts int) (messages []tg.MessageClass, others []tg.UpdateClass, to int, final bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.logs[channel][max(0, pts-l.base[channel]):]
	log = log[:min(len(log), 1+l.random.IntN(20))]
	for _, u := range log {
		if isEdit(u) || channel == ofBots {
			others = append(others, u)
		} else {
			messages = append(messages, u.(interface{ GetMessage() tg.MessageClass }).GetMessage())
		}
	}
	to = max(pts, l.base[channel]) + len(log)
	return messages, others, to, to == l.base[channel]+len(l.logs[channel])
}

func (l *telling) difference(ctx context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
	if err := l.trouble(ctx); err != nil {
		return nil, err
	}
	messages, others, pts, final := l.since(ofAccount, r.Pts)
	_, stops, qts, all := l.since(ofBots, r.Qts)
	others = append(others, stops...)
	l.mu.Lock()
	defer l.mu.Unlock()
	st := tg.UpdatesState{Pts: pts, Qts: qts, Date: r.Date, Seq: l.seq}
	if final && all {
		return &tg.UpdatesDifference{NewMessages: messages, OtherUpdates: others, State: st}, nil
	}
	return &tg.UpdatesDifferenceSlice{NewMessages: messages, OtherUpdates: others, IntermediateState: st}, nil
}

func (l *telling) channelDifference(ctx context.Context, id int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
	if err := l.trouble(ctx); err != nil {
		return nil, err
	}
	messages, others, to, final := l.since(id, pts)
	return &tg.UpdatesChannelDifference{NewMessages: messages, OtherUpdates: others, Pts: to, Final: final}, nil
}

// Whatever the line does, every update is handled once: messages in their order,
// and an edit after what it changes.
func TestEveryUpdateIsHandledOnceOverABadLine(t *testing.T) {
	for range 40 {
		seed := rand.Uint64()
		inBubble(t, func(t *testing.T, s *following) {
			l := &telling{
				s: s, random: rand.New(rand.NewPCG(seed, 0)), ordered: seed%2 == 0, logs: map[int64][]tg.UpdateClass{},
				base: map[int64]int{ofAccount: 10, ofBots: 3, 7: 20, 8: 30, 9: 40}, seq: 1,
			}
			happens := rand.New(rand.NewPCG(seed, 1)) // the calls use the other one meanwhile
			logs := []int64{ofAccount, ofBots, 7, 8, 9}
			s.places = true
			s.account, s.channel = l.difference, l.channelDifference
			s.knows(7, 20)
			s.knows(8, 30)
			s.run()
			for range 400 {
				l.happen(logs[happens.IntN(len(logs))])
				if happens.IntN(3) > 0 {
					l.push(false)
				}
				time.Sleep(time.Duration(happens.IntN(30)) * time.Millisecond)
			}
			for _, log := range logs {
				l.happen(log) // or nobody would know that something is missing
			}
			l.push(true)
			time.Sleep(10 * time.Minute)
			l.compare(t)
			if t.Failed() {
				t.Logf("seed %d", seed)
			}
			if n := len(s.asked); n < 20 {
				t.Errorf("%d calls: this test shows nothing", n)
			}
		})
	}
}

// compare holds what was handled against the logs.
func (l *telling) compare(t *testing.T) {
	t.Helper()
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	for channel, log := range l.logs {
		var messages, edits []string
		for _, u := range log {
			switch {
			case isEdit(u):
				edits = append(edits, key(channel, u))
			default:
				messages = append(messages, key(channel, u))
			}
		}
		var gotMessages, gotEdits []string
		seen := map[string]bool{}
		for _, h := range l.s.handled {
			var what string
			var from int64
			var id int
			if _, err := fmt.Sscanf(h, "%s %d in %d", &what, &id, &from); err != nil || from != channel {
				continue
			}
			if what == "edit" {
				gotEdits = append(gotEdits, h)
				if original := fmt.Sprintf("message %d in %d", id, from); slices.Contains(messages, original) && !seen[original] {
					t.Errorf("%s came before the message", h)
				}
				continue
			}
			seen[h] = true
			gotMessages = append(gotMessages, h)
		}
		if !slices.Equal(gotMessages, messages) {
			t.Errorf("channel %d: handled\n%q\nof\n%q", channel, gotMessages, messages)
		}
		if !slices.Equal(gotEdits, edits) {
			t.Errorf("channel %d: handled\n%q\nof\n%q", channel, gotEdits, edits)
		}
	}
}

func key(log int64, u tg.UpdateClass) string { return fmt.Sprintf("%s in %d", label(u), log) }
