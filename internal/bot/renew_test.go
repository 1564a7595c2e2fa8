package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

func (s *searcher) wantSignIns(want int) {
	s.t.Helper()
	if n := s.world.Calls()[signingIn]; n != want {
		s.t.Errorf("it signed in %d times, want %d", n, want)
	}
}

// notices are what the bot has to say to whoever runs it.
type notices struct {
	mu   sync.Mutex
	list []string
}

func (n *notices) take(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, s)
}

func (n *notices) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.list, "; ")
}

// telegram-rules.md section 8: after an error that says that the session is gone
// the bot signs in anew, once, with a new key. The call is made again and nobody
// notices. If that session ends as well, it is over.
func TestASessionThatTheServerHasEndedIsRenewedOnce(t *testing.T) {
	for _, kind := range []string{"AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "SESSION_EXPIRED", "AUTH_KEY_DUPLICATED"} {
		t.Run(kind, func(t *testing.T) {
			told := &notices{}
			s := newSearcher(t, func(o *Options) { o.Notice = told.take })
			s.wantSignIns(1)
			fault := fakedc.Step{Do: "fault", Method: "contacts.resolveUsername", Error: kind}
			s.tell(fault)
			s.wantPeer("@carol", 1003, fromServer)
			s.wantSignIns(2)
			if !strings.Contains(told.String(), kind) || strings.Contains(told.String(), "two places") != (kind == duplicated) {
				t.Errorf("told: %s", told)
			}

			// Again, within the hour: the bot stops, and says until when.
			s.tell(fault)
			wantStop := func() {
				t.Helper()
				_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann"})
				e := answer.From(err)
				if e.Code != answer.Unauthorized || e.Code.Exit() != 4 || e.RetryAfter <= 0 || e.RetryAfter > 3600 || e.Hint == "" {
					t.Errorf("got %+v", e)
				}
				s.wantSignIns(2)
			}
			wantStop()
			if kind != duplicated {
				return // the rest is the same for all
			}
			s.restart() // a new process knows that, too
			wantStop()
			s.restart()
			s.ahead += renewEvery
			s.wantPeer("@ann", 1001, fromServer)
			s.wantSignIns(3)
		})
	}
}

// The errors of telegram-rules.md section 8, told by their type.
func TestWhichErrorsEndASession(t *testing.T) {
	for kind, want := range map[string][2]bool{ // ended, deactivated
		"AUTH_KEY_UNREGISTERED": {true, false},
		"AUTH_KEY_INVALID":      {true, false},
		"AUTH_KEY_PERM_EMPTY":   {true, false},
		"SESSION_REVOKED":       {true, false},
		"SESSION_EXPIRED":       {true, false},
		"AUTH_KEY_DUPLICATED":   {true, false},
		"USER_DEACTIVATED":      {false, true},
		"USER_DEACTIVATED_BAN":  {false, true},
		// Another's account, not the bot's.
		"INPUT_USER_DEACTIVATED": {false, false},
		"SESSION_TOO_FRESH_60":   {false, false},
		"ACCESS_TOKEN_EXPIRED":   {false, false},
		"FLOOD_WAIT_60":          {false, false},
	} {
		for _, code := range []int{401, 400, 406} {
			err := fmt.Errorf("callback: %w", tgerr.New(code, kind))
			if got := [2]bool{sessionEnded(err), deactivated(err)}; got != want {
				t.Errorf("%s with code %d: %v, want %v", kind, code, got, want)
			}
		}
	}
}

// A new sign-in does not help a bot whose own account is gone.
func TestADeactivatedBotDoesNotSignInAgain(t *testing.T) {
	for _, kind := range []string{"USER_DEACTIVATED", "USER_DEACTIVATED_BAN"} {
		t.Run(kind, func(t *testing.T) {
			s := newSearcher(t)
			stops := func() {
				t.Helper()
				_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
				if e := answer.From(err); e.Code != answer.Unauthorized || !strings.Contains(e.Message, kind) {
					t.Errorf("got %+v", e)
				}
				s.wantSignIns(1)
			}
			// The server would let it sign in, but that is not asked.
			s.tell(fakedc.Step{Do: "fault", Method: lookingUp, Error: kind, Code: 401})
			stops()
			s.tell(fakedc.Step{Do: "fault", Method: "users.getUsers", Error: kind, Code: 401})
			s.restart()
			stops()
		})
	}
}

// A stored session that was ended while nobody was connected is renewed at the
// start, by the same rule.
func TestASessionThatEndedMeanwhileIsRenewed(t *testing.T) {
	s := newSearcher(t)
	for _, drop := range []bool{false, true} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s.tell(fakedc.Step{Do: "forget_keys", Drop: drop})
		s.ahead += renewEvery
		before := s.world.Calls()[signingIn]
		s.Bot = openBot(t, s.opts)
		for range 2 {
			if _, err := s.Send(t.Context(), answer.SendRequest{To: "1004", Text: "Hello"}); answer.From(err).Code != answer.NeverSeen {
				t.Errorf("got %v", err)
			}
		}
		s.wantSignIns(before + 1)
	}
}

func TestWithoutATokenASessionIsNotRenewed(t *testing.T) {
	s := newSearcher(t)
	s.opts.Token = ""
	s.restart()
	s.tell(fakedc.Step{Do: "forget_keys"})
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	if e := answer.From(err); e.Code != answer.Unauthorized || e.Hint == "" {
		t.Errorf("got %+v", e)
	}
	s.wantSignIns(1)
}

// telegram-rules.md section 7: sign-ins are answered with waits of half an hour.
// Until then nobody asks, and nobody connects, however often the bot is started.
func TestAFloodOfSignInsIsWaitedOutAcrossRestarts(t *testing.T) {
	dc := serve(t)
	c := &clock{time.Now()}
	opts := optionsFor(t, dc)
	opts.Now = c.now
	do := func(s fakedc.Step) {
		t.Helper()
		if _, err := dc.World().Do(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	do(fakedc.Step{Do: "fault", Method: signingIn, Error: "FLOOD_WAIT_1800"})
	for i := range 3 {
		b, err := Open(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		err = b.Run(t.Context(), nil)
		e := answer.From(err)
		if want := 1800 - 60*i; e.Code != answer.FloodWait || e.RetryAfter != want {
			t.Errorf("start %d: got %+v, want a wait of %d s", i+1, e, want)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		c.advance(time.Minute)
		calls := dc.World().Calls()
		if calls[signingIn] != 1 || calls["help.getConfig"] != 1 {
			t.Errorf("start %d: %v", i+1, calls)
		}
	}
	c.advance(30 * time.Minute)
	if _, err := openBot(t, opts).Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"}); err != nil {
		t.Error(err)
	}
}

// A flood wait may meet the new sign-in: it is waited out by whoever is started
// then, and the session that comes after it is not renewed again within the hour.
func TestAFloodMeetsTheNewSignIn(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Do: "fault", Method: signingIn, Error: "FLOOD_WAIT_1800"})
	s.tell(fakedc.Step{Do: "forget_keys"})
	for range 2 {
		_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
		wantCode(t, err, answer.FloodWait)
		s.wantSignIns(2)
		s.restart()
	}
	s.ahead += 30 * time.Minute
	s.wantPeer("@carol", 1003, fromServer)
	s.wantSignIns(3)
	s.tell(fakedc.Step{Do: "forget_keys"})
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann"})
	wantCode(t, err, answer.Unauthorized)
	s.wantSignIns(3)
}

// A daemon goes on after a new sign-in: with its requests, its updates and what it
// owes. The second time it stops.
func TestADaemonGoesOnAfterANewSignIn(t *testing.T) {
	s := newSearcher(t)
	ready := make(chan answer.Peer, 2)
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { ended <- s.Run(ctx, func(self answer.Peer) { ready <- self }) }()
	<-ready
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	greeted := func(who string) {
		t.Helper()
		for n := 0; n == 0; time.Sleep(10 * time.Millisecond) {
			for _, m := range s.world.Messages(who) {
				if m.From == "bot" {
					n++
				}
			}
			select {
			case err := <-ended: // or this would wait for ever
				t.Fatalf("%s is not greeted, and the daemon has ended: %v", who, err)
			default:
			}
		}
	}
	greeted("ann")

	s.tell(fakedc.Step{Do: "forget_keys"})
	if _, err := s.Send(t.Context(), answer.SendRequest{To: "1001", Text: "Hello"}); err != nil {
		t.Error(err)
	}
	s.tell(fakedc.Step{Who: "dave", Do: "start"})
	greeted("dave")
	s.wantSignIns(2)
	st, err := s.Status(t.Context())
	if err != nil || !st.Connected || st.Updates.Envelopes < 2 {
		t.Errorf("status tells %+v, %+v, %v", st, st.Updates, err)
	}

	s.tell(fakedc.Step{Do: "forget_keys"})
	_, err = s.Send(t.Context(), answer.SendRequest{To: "1001", Text: "Hello"})
	wantCode(t, err, answer.Unauthorized)
	wantCode(t, <-ended, answer.Unauthorized)
	s.wantSignIns(2)
	if len(ready) != 0 {
		t.Error("it was ready twice")
	}
}

// A daemon whose session has ended waits for a server that takes its time, or cannot
// be reached: it has been signed in, so nothing is wrong with what it was given.
func TestADaemonWaitsToSignInAnew(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.StartTimeout = 3 * time.Second })
	ready := make(chan struct{})
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { ended <- s.Run(ctx, func(answer.Peer) { close(ready) }) }()
	<-ready
	s.tell(fakedc.Step{Do: "fault", Method: signingIn, For: "4s"})
	s.tell(fakedc.Step{Do: "forget_keys"})
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	for len(s.world.Messages("ann")) < 2 { // the greeting comes after hers
		select {
		case err := <-ended:
			t.Fatalf("the daemon has ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	s.wantSignIns(2)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Many calls that are under way when the session ends all come to something.
func TestCallsUnderWaySurviveANewSignIn(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.Pace = Pace{Total: -1, Chat: -1} })
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	s.wantPeer("1001", 1001, fromServer)
	var all sync.WaitGroup
	for i := range 30 {
		if i == 15 {
			s.tell(fakedc.Step{Do: "forget_keys"})
		}
		all.Go(func() {
			if _, err := s.Send(t.Context(), answer.SendRequest{To: "1001", Text: "Hello"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(s.world.Messages("ann")); n != 31 {
		t.Errorf("%d messages", n)
	}
	s.wantSignIns(2)
}
