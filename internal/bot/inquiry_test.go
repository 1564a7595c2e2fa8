package bot

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// oracle shows users with even ids, and takes a second for each call.
type oracle struct {
	mu    sync.Mutex
	calls [][]inquiry
	fail  func(list []inquiry) error
}

func (o *oracle) ask(ctx context.Context, list []inquiry) (map[session.ID]bool, error) {
	o.mu.Lock()
	o.calls = append(o.calls, list)
	o.mu.Unlock()
	if err := pause(ctx, time.Second); err != nil {
		return nil, err
	}
	if o.fail != nil {
		if err := o.fail(list); err != nil {
			return nil, err
		}
	}
	shown := make(map[session.ID]bool)
	for _, i := range list {
		shown[i.id] = i.id.Num%2 == 0
	}
	return shown, nil
}

func user(n int) inquiry { return inquiry{id: session.UserID(int64(n))} }

// Everything that waits is asked in one call, up to a hundred at a time. Behavior
// C40: whoever wants to know the same waits for the same answer.
func TestWhatWaitsIsAskedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{}
		q := &inquiries{ask: o.ask}
		var all sync.WaitGroup
		ask := func(n int) {
			all.Go(func() {
				if shown, err := q.about(t.Context(), user(n)); err != nil || shown != (n%2 == 0) {
					t.Errorf("%d: %v, %v", n, shown, err)
				}
			})
		}
		ask(1)
		synctest.Wait() // it is being asked about
		for n := 2; n <= 251; n++ {
			ask(n)
		}
		ask(1) // again: it waits for the answer that is on its way
		ask(7)
		all.Wait()
		q.close()
		var sizes []int
		seen := make(map[inquiry]int)
		for _, list := range o.calls {
			sizes = append(sizes, len(list))
			for _, i := range list {
				seen[i]++
			}
		}
		if len(sizes) != 4 || sizes[0] != 1 || sizes[1] != 100 || sizes[2] != 100 || sizes[3] != 50 {
			t.Errorf("the calls are about %v", sizes)
		}
		for i, n := range seen {
			if n != 1 {
				t.Errorf("%v is asked about %d times", i.id, n)
			}
		}
		if len(q.open) != 0 {
			t.Errorf("it remembers %v", q.open)
		}
	})
}

// Behavior C41: a failure reaches all who wait for the call, and is not remembered.
func TestAFailureReachesAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oracle{fail: func([]inquiry) error { return tgerr.New(420, "FLOOD_WAIT_30") }}
		q := &inquiries{ask: o.ask}
		var all sync.WaitGroup
		for n := range 50 {
			all.Go(func() {
				if _, err := q.about(t.Context(), user(n%5+1)); !tgerr.Is(err, "FLOOD_WAIT") {
					t.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		o.mu.Lock()
		o.fail = nil
		o.mu.Unlock()
		if shown, err := q.about(t.Context(), user(2)); err != nil || !shown {
			t.Errorf("later: %v, %v", shown, err)
		}
		q.close()
	})
}

// One peer that the server would not show spoils the call for nobody else; an
// error that says nothing of peers ends it.
func TestARefusedCallIsMadeForEachAlone(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fail  func(list []inquiry) error
		calls int
		want  map[int]string // shown, hidden or an error's type
	}{
		{
			"one is refused", func(list []inquiry) error {
				for _, i := range list {
					if i.id.Num == 3 {
						return tgerr.New(400, "PEER_ID_INVALID")
					}
				}
				return nil
			},
			5,
			map[int]string{2: "shown", 3: "hidden", 4: "shown"},
		},
		{
			"all are refused", func(list []inquiry) error { return tgerr.New(400, "CHANNEL_INVALID") },
			5,
			map[int]string{2: "hidden", 3: "hidden", 4: "hidden"},
		},
		{
			"it says nothing of peers", func(list []inquiry) error {
				if len(list) == 1 {
					return nil
				}
				return errors.New("broken pipe")
			},
			2,
			map[int]string{2: "broken pipe", 3: "broken pipe", 4: "broken pipe"},
		},
		{
			"a flood in the middle", func(list []inquiry) error {
				if len(list) == 1 && list[0].id.Num != 3 {
					return nil
				}
				if len(list) == 1 {
					return tgerr.New(420, "FLOOD_WAIT_30")
				}
				return tgerr.New(406, "CHANNEL_PRIVATE")
			},
			4,
			map[int]string{2: "shown", 3: "FLOOD_WAIT", 4: "FLOOD_WAIT"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &oracle{fail: tt.fail}
				q := &inquiries{ask: o.ask}
				var mu sync.Mutex
				var all sync.WaitGroup
				got := make(map[int]string)
				ask := func(n int) {
					all.Go(func() {
						shown, err := q.about(t.Context(), user(n))
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err != nil:
							got[n] = typeOf(err)
						case shown:
							got[n] = "shown"
						default:
							got[n] = "hidden"
						}
					})
					synctest.Wait() // in this order
				}
				ask(1)
				for n := 2; n <= 4; n++ {
					ask(n)
				}
				all.Wait()
				q.close()
				delete(got, 1)
				if !maps.Equal(got, tt.want) || len(o.calls) != tt.calls {
					t.Errorf("%v after %d calls, want %v after %d", got, len(o.calls), tt.want, tt.calls)
				}
			})
		})
	}
}

// A call ends with the last one who waits for it, and not before.
func TestACallEndsWithTheLastWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		q := &inquiries{ask: func(ctx context.Context, _ []inquiry) (map[session.ID]bool, error) {
			err := pause(ctx, time.Hour)
			ended <- err
			return nil, err
		}}
		first, leaveFirst := context.WithCancel(t.Context())
		second, leaveSecond := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, ctx := range []context.Context{first, second} {
			all.Go(func() {
				if _, err := q.about(ctx, user(1)); answer.From(err).Code != answer.Interrupted {
					t.Errorf("got %v", err)
				}
			})
			synctest.Wait()
		}
		leaveFirst()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Errorf("the call has ended with %v", err)
		default:
		}
		leaveSecond()
		all.Wait()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the call has ended with %v", err)
		}
		q.close()
		if _, err := q.about(t.Context(), user(1)); err == nil {
			t.Error("a closed bot asks")
		}
	})
}

// Servers differ on whom they do not show: an empty user in the place, or a
// shorter list.
func TestWhoIsNotShownIsUnderstoodEitherWay(t *testing.T) {
	ann, dave := &tg.User{ID: 1001}, &tg.User{ID: 1004}
	want := map[session.ID]bool{session.UserID(1001): true, session.UserID(1004): true}
	for name, users := range map[string][]tg.UserClass{
		"in the place": {ann, &tg.UserEmpty{ID: 1002}, &tg.User{ID: 1003, Min: true}, dave},
		"left out":     {ann, dave},
	} {
		if got := usersIn(users); !maps.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
