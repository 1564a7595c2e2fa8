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

// telling is a server with something to tell, over a bad line: pushes are lost,
// doubled and overtaken, and the calls for what was missed fail or are never
// answered.
type telling struct {
	s      *following
	random *rand.Rand

	mu    sync.Mutex
	logs  map[int64][]tg.UpdateClass // by channel; 0 is the account
	base  map[int64]int              // the pts before the first
	first map[int64]int              // the earliest pts that was pushed
}

// happen lets something happen in a log, and pushes it or not.
func (l *telling) happen(channel int64, surely bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.logs[channel]
	pts := l.base[channel] + len(log) + 1
	var u tg.UpdateClass
	// Something new, or an edit of what was new some time ago.
	edited := pts - 1 - l.random.IntN(3)
	edit := l.random.IntN(3) == 0 && edited > l.base[channel] && !isEdit(log[edited-l.base[channel]-1])
	switch {
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
	times := 1
	switch n := l.random.IntN(10); {
	case n < 2 && !surely:
		return
	case n == 9:
		times = 2
	}
	if l.first[channel] == 0 {
		l.first[channel] = pts
	}
	for range times {
		time.AfterFunc(time.Duration(l.random.IntN(60))*time.Millisecond, func() {
			l.s.m.intake.pushed(&tg.UpdateShort{Update: u})
		})
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
		if isEdit(u) {
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
	messages, others, pts, final := l.since(0, r.Pts)
	st := tg.UpdatesState{Pts: pts, Qts: r.Qts, Date: r.Date, Seq: 1}
	if final {
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
		failed := t.Failed()
		inBubble(t, func(t *testing.T, s *following) {
			l := &telling{
				s: s, random: rand.New(rand.NewPCG(seed, 0)), logs: map[int64][]tg.UpdateClass{},
				base: map[int64]int{0: 10, 7: 20, 8: 30, 9: 40}, first: map[int64]int{},
			}
			s.places = true
			s.account, s.channel = l.difference, l.channelDifference
			s.knows(7, 20)
			s.knows(8, 30)
			s.run()
			for range 400 {
				l.happen([]int64{0, 7, 8, 9}[l.random.IntN(4)], false)
				time.Sleep(time.Duration(l.random.IntN(30)) * time.Millisecond)
			}
			for _, channel := range []int64{0, 7, 8, 9} {
				l.happen(channel, true) // or nobody would know that something is missing
			}
			time.Sleep(10 * time.Minute)
			l.compare(t)
			if n := len(s.asked); n < 20 {
				t.Errorf("%d calls: this test shows nothing", n)
			}
		})
		if t.Failed() && !failed {
			t.Fatalf("seed %d", seed)
		}
	}
}

// compare holds what was handled against the logs.
func (l *telling) compare(t *testing.T) {
	t.Helper()
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	for channel, log := range l.logs {
		begin := 0
		if channel == 9 { // it was not known: what came before the first push was never missed
			begin = l.first[channel] - l.base[channel] - 1
		}
		var messages, edits []string
		for i, u := range log {
			switch {
			case i < begin:
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

func key(channel int64, u tg.UpdateClass) string { return fmt.Sprintf("%s in %d", label(u), channel) }
