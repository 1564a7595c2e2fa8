package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

func (s *searcher) wantMay(ref, may string, asked bool) answer.CanText {
	s.t.Helper()
	got, err := s.CanText(s.t.Context(), answer.CanTextRequest{Ref: ref, Probe: true})
	if err != nil || got.May != may || got.Asked != asked || (got.Why == nil) != (may == answer.Yes) {
		s.t.Errorf("%s: got %+v, %v; want %s, asked %v", ref, got, err, may, asked)
	}
	return got
}

// A probe is seen by whom it is about: its answer is believed for five minutes, the
// server's time, and asked again after that.
func TestTheAnswerToAProbeIsRememberedForMinutes(t *testing.T) {
	s := newSearcher(t)
	typings := func(want int) {
		t.Helper()
		if n := s.world.Calls()["messages.setTyping"]; n != want {
			t.Errorf("%d times typing, want %d", n, want)
		}
	}
	pass := func(d time.Duration) {
		t.Helper()
		s.tell(fakedc.Step{Do: "wait", For: d.String()})
		api, err := s.api(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := api.HelpGetConfig(t.Context()); err != nil { // which tells the time
			t.Fatal(err)
		}
	}
	s.wantPeer("@carol", 1003, fromServer)
	s.tell(fakedc.Step{Do: "start", Who: "carol"})
	if got := s.wantMay("1003", answer.Yes, true); got.Reason != "probe" {
		t.Errorf("got %+v", got)
	}
	s.wantMay("1003", answer.Yes, false)
	typings(1)
	s.tell(fakedc.Step{Do: "block", Who: "carol"})
	s.wantMay("1003", answer.Yes, false)
	pass(6 * time.Minute)
	if got := s.wantMay("1003", answer.No, true); got.Why.Code != answer.Blocked {
		t.Errorf("got %+v", got)
	}
	s.wantMay("1003", answer.No, false)
	typings(2)
	pass(6 * time.Minute)
	s.tell(fakedc.Step{Do: "unblock", Who: "carol"})
	s.wantMay("1003", answer.Yes, true)
	typings(3)
}

// Typing towards a bot fails though a message may pass, and the other way round: so
// it is not tried. See telegram-rules.md section 4.4.
func TestABotIsNotProbed(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"})
	if got := s.wantMay("@other_bot", answer.No, false); got.Why.Code != answer.IsBot {
		t.Errorf("got %+v", got)
	}
	if got := s.wantMay("me", answer.No, false); got.Why.Code != answer.IsBot {
		t.Errorf("got %+v", got)
	}
	if n := s.world.Calls()["messages.setTyping"]; n != 0 {
		t.Errorf("%d times typing", n)
	}
}

// Behavior C42: somebody whom the bot has never met may come without an access hash.
// They are told of, and writing to them is refused in words: they have to begin.
func TestSomebodyWithoutAHashIsKnownAndNotWrittenTo(t *testing.T) {
	s := newSearcher(t)
	enter(t, wired(t, s.file), &tg.User{ID: 1004, FirstName: "Dave"})
	p, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "1004"})
	if err != nil || p.Name != "Dave" || p.Hash != "none" {
		t.Errorf("got %+v, %v", p, err)
	}
	_, err = s.Send(t.Context(), answer.SendRequest{To: "1004", Text: "Hello"})
	if e := answer.From(err); e == nil || e.Code != answer.NeverStarted || !strings.Contains(e.Hint, "https://t.me/seen_demo_bot?start=") {
		t.Errorf("got %+v", e)
	}
	if got := s.wantMay("1004", answer.No, false); got.Why.Code != answer.NeverStarted {
		t.Errorf("got %+v", got)
	}
}
