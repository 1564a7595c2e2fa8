package session

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
)

// The manager kept what lay beyond a gap for ever.
func TestGapThatIsNeverClosedTakesNoMemory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		for n := range 20 * maxEarly {
			s.m.intake.pushed(&tg.UpdateShort{Update: private(n, 1_000_000+2*n)})
			s.m.intake.pushed(&tg.UpdateShort{Update: posted(n, 7, 1_000_000+2*n)})
			s.m.intake.pushed(&tg.UpdateShort{Update: posted(n, 8, 1_000_000+2*n)})
			if n%100 == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		for n, most := range map[int]int{
			len(s.f.account.pts.early):        accountEarly,
			len(s.f.channels[7].series.early): maxEarly,
			len(s.f.channels[8].series.early): maxEarly,
		} {
			if n > most {
				t.Errorf("%d updates are kept", n)
			}
		}
		s.cancel() // and no more differences than there is time for
		if len(s.asked) > 200 {
			t.Errorf("%d calls", len(s.asked))
		}
	})
}

// Beyond the bound pushed updates are not taken, and fetched when the handlers have
// caught up. A channel has a bound of its own, so one slow chat fills no other's.
func TestSlowHandlersPutOffTheirOwnUpdatesOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		slow := make(chan struct{})
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			if _, ok := u.(*tg.UpdateNewChannelMessage); ok {
				select {
				case <-slow:
				case <-ctx.Done():
				}
			}
			return nil
		}
		s.run()
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			var list []tg.MessageClass
			for n := pts + 1; n <= 5+2*channelPressure; n++ {
				list = append(list, post(n, 7))
			}
			return &tg.UpdatesChannelDifference{Final: true, Pts: 5 + 2*channelPressure, NewMessages: list}, nil
		}
		for n := 6; n <= 5+2*channelPressure; n++ {
			s.push(posted(n, 7, n))
		}
		s.push(private(1, 11))
		s.handles("message 1")
		if st := s.m.Stats(); st.Dropped != channelPressure || s.m.lanes.len() != channelPressure {
			t.Errorf("dropped %d, %d wait, want %d of each", st.Dropped, s.m.lanes.len(), channelPressure)
		}
		s.asks("difference 10 3", "channel 7 5")
		close(slow)
		synctest.Wait()
		s.asks(fmt.Sprintf("channel 7 %d", 5+channelPressure))
		for n := range s.handled {
			if want := fmt.Sprintf("message %d", 6+n); s.handled[n] != want {
				t.Fatalf("%s was handled in the place of %s", s.handled[n], want)
			}
		}
		if len(s.handled) != 2*channelPressure {
			t.Errorf("handled %d of %d", len(s.handled), 2*channelPressure)
		}
		s.handled = nil
		s.push(posted(6+2*channelPressure, 7, 6+2*channelPressure))
		s.handles(fmt.Sprintf("message %d", 6+2*channelPressure))
		s.asks()
	})
}

// What is put off while a difference is under way is not in that one perhaps.
func TestWhatIsPutOffDuringADifferenceIsAskedForAfterIt(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		slow, answer := make(chan struct{}), make(chan struct{})
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			select {
			case <-slow:
			case <-ctx.Done():
			}
			return nil
		}
		late := &tg.UpdatesDifference{NewMessages: []tg.MessageClass{message(1)}, State: tg.UpdatesState{Pts: 11, Qts: 3, Date: 1, Seq: 1}}
		calls := 0
		s.account = func(context.Context, *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			if calls++; calls > 1 {
				return late, nil
			}
			<-answer
			return &tg.UpdatesDifferenceEmpty{Date: 1, Seq: 1}, nil
		}
		s.run()
		for n := range pressure {
			s.m.intake.pushed(&tg.UpdateShort{Update: query(int64(n))})
			if n%1000 == 0 {
				synctest.Wait()
			}
		}
		s.push(private(1, 11))
		close(answer)
		synctest.Wait()
		s.asks("difference 10 3")
		close(slow)
		s.asks("difference 10 3")
		if n := len(s.handled); n != pressure+1 || s.pts() != 11 {
			t.Errorf("handled %d of %d, pts is %d", n, pressure+1, s.pts())
		}
	})
}

// The first updates of a channel that is met while the handlers are behind are
// fetched from where they begin.
func TestChannelThatIsMetUnderPressureIsFetched(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		slow := make(chan struct{})
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			select {
			case <-slow:
			case <-ctx.Done():
			}
			return nil
		}
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			d := &tg.UpdatesChannelDifference{Final: true, Pts: 23}
			for n := pts + 1; n <= 23; n++ {
				m := post(n, 7)
				if n <= 20 {
					m.Date = 1 // long before
				}
				d.NewMessages = append(d.NewMessages, m)
			}
			return d, nil
		}
		s.run()
		var list []tg.UpdateClass
		for n := range totalPressure {
			list = append(list, query(int64(n)))
		}
		s.m.lanes.add(list, nil, nil)
		s.push(posted(22, 7, 22), posted(21, 7, 21), posted(23, 7, 23))
		time.Sleep(gapWait)
		s.handles()
		s.asks("difference 10 3")
		close(slow)
		synctest.Wait()
		s.asks("channel 7 1")
		s.mu.Lock()
		s.handled = slices.DeleteFunc(s.handled, func(what string) bool { return what == "updateBotInlineQuery" })
		s.mu.Unlock()
		s.handles("message 21", "message 22", "message 23")
	})
}

// A server may tell of more channels than there are. They take a bounded memory,
// and those that the bot knows go on.
func TestChannelsWithoutNumberTakeNoMemory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		for n := range 2 * maxChannels {
			u := posted(1, int64(1000+n), 1)
			if n%2 == 0 {
				u = &tg.UpdateChannelTooLong{ChannelID: int64(1000 + n)}
			}
			s.m.intake.pushed(&tg.UpdateShort{Update: u})
			if n%1000 != 0 {
				continue
			}
			synctest.Wait()
			if n := len(s.f.channels); n > maxChannels {
				t.Fatalf("%d channels are followed", n)
			}
		}
		s.push(posted(6, 7, 6))
		if s.channelPts(7) != 6 || s.m.Stats().Lost == 0 {
			t.Errorf("the channel that is known has come to %d; %d updates are lost", s.channelPts(7), s.m.Stats().Lost)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		s.f.post(func() error { // it sweeps when it has something to do
			return nil
		})
		synctest.Wait()
		if n := len(s.f.channels); n > maxChannels {
			t.Errorf("%d channels are followed in the end", n)
		}
	})
}

// Nothing went on in it, so it was forgotten; and then the server told of as many
// others as can be followed.
func TestAChannelThatIsKnownGoesOnBesideAllOthers(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		s.push(posted(6, 7, 6))
		for n := range maxChannels + 10 {
			s.m.intake.pushed(&tg.UpdateShort{Update: posted(1, int64(1000+n), 1)})
			if n%1000 == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		if _, ok := s.f.channels[7]; ok || len(s.f.channels) != maxChannels {
			t.Fatalf("%d channels are followed, the known one: %v", len(s.f.channels), ok)
		}
		s.push(posted(7, 7, 7))
		if got := s.channelPts(7); got != 7 {
			t.Errorf("the channel that is known has come to %d, want 7", got)
		}
	})
}

// A storm of updates of every kind, with handlers that never return and a server
// that answers no difference: what waits anywhere stays below its bound, and so do
// the goroutines.
func TestStormTakesABoundedMemory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s.account = func(ctx context.Context, _ *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s.channel = func(ctx context.Context, _ int64, _ int) (tg.UpdatesChannelDifferenceClass, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s.run()
		before := runtime.NumGoroutine()
		const envelopes = 40_000
		for n := range envelopes {
			u := &tg.Updates{
				Updates: []tg.UpdateClass{
					private(n, 11+n), posted(n, 7, 6+n), posted(n, int64(100+n%50), 1+n), query(int64(n)),
					&tg.UpdateBotStopped{UserID: int64(1 + n%100), Qts: 4 + n},
				},
				Users: []tg.UserClass{personCalled(int64(1+n%100), fmt.Sprintf("Person %d", n))},
				Date:  1000 + n,
			}
			if err := s.m.pushed(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			if n%10 == 0 {
				s.m.intake.pushed(&tg.UpdatesTooLong{})
			}
			if n%4000 != 0 {
				continue
			}
			// As a burst, before anybody has taken one of them, and then after that.
			if got := s.m.intake.waiting(); got > mostTaken {
				t.Fatalf("%d updates wait in front of the follower", got)
			}
			synctest.Wait()
			early := len(s.f.account.pts.early) + len(s.f.account.qts.early)
			for _, c := range s.f.channels {
				early += len(c.series.early)
			}
			if got, most := s.m.lanes.len(), totalPressure+channelPressure; got > most {
				t.Fatalf("%d updates wait for handlers, the bound is %d", got, most)
			}
			if most := 2*accountEarly + len(s.f.channels)*maxEarly; early > most || len(s.f.channels) > 51 || len(s.f.line) > 52 {
				t.Fatalf("%d updates are early in %d channels, and %d wait for a difference", early, len(s.f.channels), len(s.f.line))
			}
			if got := runtime.NumGoroutine(); got > before+8 {
				t.Fatalf("%d goroutines, and %d at first", got, before)
			}
		}
		if st := s.m.Stats(); st.Dropped == 0 || st.Lost == 0 || st.Sightings != envelopes {
			t.Errorf("no storm, or not harvested: %+v", st)
		}
	})
}

// What nothing counts cannot be put off, so it is lost, and counted.
func TestUncountedUpdatesBeyondTheBoundAreCountedAsLost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s.run()
		for n := range pressure + 5 {
			s.push(&tg.UpdateBotInlineQuery{QueryID: int64(n), UserID: int64(n)})
		}
		if st := s.m.Stats(); st.Lost != 5 || st.Dropped != 0 {
			t.Errorf("lost %d, dropped %d; want 5 and 0", st.Lost, st.Dropped)
		}
	})
}
