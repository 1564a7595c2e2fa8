package bot

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/session"
)

var (
	ann     = session.UserID(1001)
	bob     = session.UserID(1002)
	friends = session.ChannelID(7)
	family  = session.ChatID(5)
)

// telegram-rules.md section 7: 30 a second in all, one a second to a chat with a
// burst, 20 a minute to a group.
func TestMessagesKeepToThePace(t *testing.T) {
	every := func(n int, d time.Duration) []time.Duration { return slices.Repeat([]time.Duration{d}, n) }
	for _, tt := range []struct {
		name  string
		pace  Pace
		to    func(i int) session.ID
		gaps  []time.Duration // between one message and the next
		total time.Duration   // of the first 100; 0: not looked at
	}{
		{"to many people", Pace{}, func(i int) session.ID { return session.UserID(int64(i + 1)) }, every(40, time.Second/30), 99 * time.Second / 30},
		{"to one person", Pace{}, func(int) session.ID { return ann }, append(every(2, time.Second/30), time.Second-2*time.Second/30, time.Second, time.Second), 0},
		{"to a group", Pace{Chat: -1, Total: -1}, func(int) session.ID { return friends }, append(every(19, 0), time.Minute, 0, 0), 4 * time.Minute},
		{"to a basic group", Pace{Chat: -1, Total: -1, Group: 2}, func(int) session.ID { return family }, []time.Duration{0, time.Minute, 0, time.Minute}, 49 * time.Minute},
		{"as told", Pace{Total: 2, Chat: 10, Burst: 1}, func(int) session.ID { return ann }, every(9, time.Second/2), 0},
		{"without limits", Pace{Total: -1, Chat: -1, Group: -1}, func(int) session.ID { return friends }, every(99, 0), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(tt.pace, time.Now)
				var sent []time.Time
				for i := range 100 {
					if err := p.wait(t.Context(), tt.to(i), 1); err != nil {
						t.Fatal(err)
					}
					sent = append(sent, time.Now())
				}
				for i, want := range tt.gaps {
					if got := sent[i+1].Sub(sent[i]); !near(got, want) {
						t.Errorf("message %d comes %v after the one before it, want %v", i+2, got, want)
					}
				}
				if got := sent[99].Sub(sent[0]); tt.total != 0 && !near(got, tt.total) {
					t.Errorf("100 take %v, want %v", got, tt.total)
				}
			})
		})
	}
}

// near allows for what rate.Limiter rounds.
func near(got, want time.Duration) bool { return (got - want).Abs() < time.Microsecond*200 }

// Whoever sends what to whom, and however many at once: no second sees more than
// 30, no chat more than its burst and one a second, no group more than 20 in any
// minute.
func TestThePaceHoldsForEverySequence(t *testing.T) {
	chats := []session.ID{ann, bob, friends, family, {}}
	rapid.Check(t, func(r *rapid.T) {
		type step struct {
			pause time.Duration
			chat  session.ID
		}
		steps := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
			return step{
				time.Duration(rapid.IntRange(0, 3000).Draw(r, "pause")) * time.Millisecond,
				rapid.SampledFrom(chats).Draw(r, "chat"),
			}
		}), 1, 150).Draw(r, "steps")
		hurry := rapid.IntRange(1, 40).Draw(r, "hurry") // divides all pauses
		sent := make(map[session.ID][]time.Time)
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(Pace{}, time.Now)
			var mu sync.Mutex
			var all sync.WaitGroup
			for _, s := range steps {
				time.Sleep(s.pause / time.Duration(hurry))
				all.Go(func() {
					if err := p.wait(t.Context(), s.chat, 1); err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					sent[s.chat] = append(sent[s.chat], time.Now())
				})
			}
			all.Wait()
		})
		var all []time.Time
		for chat, at := range sent {
			all = append(all, at...)
			slices.SortFunc(at, time.Time.Compare)
			if chat == (session.ID{}) {
				continue
			}
			// What waits for the others' turn may come that much closer together.
			if n := most(at, 10*time.Second); n > 10+3+1 {
				r.Fatalf("%v got %d in ten seconds", chat, n)
			}
			if n := most(at, time.Minute-2*time.Second); chat.Kind != session.User && n > 20 {
				r.Fatalf("%v got %d in a minute", chat, n)
			}
		}
		slices.SortFunc(all, time.Time.Compare)
		if n := most(all, time.Second-time.Millisecond); n > 30 {
			r.Fatalf("%d in a second", n)
		}
	})
}

// most is how many of the moments lie in one interval of that length.
func most(at []time.Time, d time.Duration) int {
	n, first := 0, 0
	for i := range at {
		for at[i].Sub(at[first]) > d {
			first++
		}
		n = max(n, i-first+1)
	}
	return n
}

// A call with several messages goes when one may, and those who come next pay.
func TestACallWithManyMessagesIsChargedForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{Total: 10, Chat: 1, Burst: 3, Group: 20}, time.Now)
		begin := time.Now()
		for i, want := range []time.Duration{0, 8 * time.Second, 9 * time.Second} {
			n := 1
			if i == 0 {
				n = 10
			}
			if err := p.wait(t.Context(), ann, n); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(begin); !near(got, want) {
				t.Errorf("call %d goes after %v, want %v", i+1, got, want)
			}
		}
		p = newPacer(Pace{Total: -1}, time.Now)
		begin = time.Now()
		if err := p.wait(t.Context(), friends, 30); err != nil {
			t.Fatal(err)
		}
		if err := p.wait(t.Context(), friends, 1); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(begin); !near(got, time.Minute) {
			t.Errorf("after 30 messages in one call a group rests for %v", got)
		}
	})
}

func TestWhoLeavesTheRowLeavesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{Burst: 1}, time.Now)
		if err := p.wait(t.Context(), ann, 1); err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		begin := time.Now()
		if err := p.wait(ctx, ann, 1); err == nil || time.Since(begin) != 100*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}

// The memory is that of the chats that were written to lately, and not of all.
func TestQuietChatsAreForgotten(t *testing.T) {
	c := &clock{noon}
	p := newPacer(Pace{}, c.now)
	for i := range int64(50_000) {
		// 30 a second, as the pace has it, to ever new people and groups.
		chat := session.UserID(i + 1)
		if i%3 == 0 {
			chat = session.ChannelID(i + 1)
		}
		p.inChat(chat, 1)
		c.advance(time.Second / 30)
		if len(p.chats) > 2*sweepLeast {
			t.Fatalf("%d chats are in memory after %d", len(p.chats), i)
		}
	}
	// One that is not quiet is kept, and its pace with it.
	for range 10 {
		p.inChat(ann, 1)
	}
	p.sweepAt = 0
	p.sweep(c.now())
	if d := p.inChat(ann, 1); d < 7*time.Second {
		t.Errorf("its pace is forgotten: %v", d)
	}
	c.advance(2 * time.Minute)
	p.sweepAt = 0
	p.sweep(c.now())
	if len(p.chats) != 0 {
		t.Errorf("%d quiet chats are kept: %v", len(p.chats), p.chats)
	}
}
