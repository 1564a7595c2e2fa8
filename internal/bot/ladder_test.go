package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// Behavior C33: what was typed, the book, the server, a verdict; each rung is
// reached only if the one before it does not decide.
func TestTheLadderAsksNobodyWhoseAnswerIsKnown(t *testing.T) {
	s := newSearcher(t)
	enter(t, wired(t, s.file), &tg.User{ID: 1001, FirstName: "Ann"})
	s.tell(fakedc.Step{Who: "dave", Do: "write", Text: "Hi"})
	for _, tt := range []struct {
		ref    string
		cached bool
		id     int64
		code   answer.Code
		source string
		asks   asked
	}{
		{"me", false, fakedc.DemoBotID, "", fromBook, asked{}},
		{"1001", false, 1001, "", fromBook, asked{}},
		{"id:1001", false, 1001, "", fromBook, asked{}}, // Behavior C45
		{"1004", true, 0, answer.NeverSeen, "", asked{}},
		{"1004", false, 1004, "", fromServer, asked{users: 1}},
		{"1004", false, 1004, "", fromBook, asked{}},
		{"@carol", true, 0, answer.NeverSeen, "", asked{}},
		{"@carol", false, 1003, "", fromServer, asked{names: 1}},
		{"t.me/Carol", false, 1003, "", fromBook, asked{}},
		{"-1001900000001", false, 1900000001, "", fromServer, asked{channels: 1}},
		{"-400001", false, 400001, "", fromServer, asked{}},
		{"no name", false, 0, answer.Usage, "", asked{}},
		{"id:x", false, 0, answer.Usage, "", asked{}},
	} {
		s.first = s.counted()
		p, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: tt.ref, CachedOnly: tt.cached})
		var code answer.Code
		if err != nil {
			code = answer.From(err).Code
		}
		if p.ID != tt.id || code != tt.code || p.Source != tt.source {
			t.Errorf("%s: got %d from %q, %v; want %d from %q, %s", tt.ref, p.ID, p.Source, err, tt.id, tt.source, tt.code)
		}
		s.wantCalls(tt.asks)
	}
}

// Behavior C36: whom the server does not show was never seen, and the words name
// what was asked for.
func TestWhomTheServerDoesNotShowWasNeverSeen(t *testing.T) {
	s := newSearcher(t)
	for _, ref := range []string{"1004", "-1001234567890", "-77"} {
		_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: ref})
		e := answer.From(err)
		if e.Code != answer.NeverSeen || !strings.Contains(e.Message, ref) || e.Hint == "" {
			t.Errorf("%s: got %+v", ref, e)
		}
	}
	s.wantCalls(asked{users: 1, channels: 1})
}

// Behavior C34: a bot that knows only a min hash asks with 0, and never with that.
// The server takes no min hash.
func TestAMinHashIsNeverSent(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	min := &tg.User{ID: 1001, Min: true, FirstName: "Ann"}
	min.SetAccessHash(12345)
	enter(t, wired(t, s.file), min)
	if _, err := s.Send(t.Context(), answer.SendRequest{To: "1001", Text: "Hello"}); err != nil {
		t.Error(err)
	}
	s.wantCalls(asked{}) // and it needs no second try
	if n := s.world.Calls()["messages.sendMessage"]; n != 1 {
		t.Errorf("%d calls", n)
	}
}

// Behaviors C37 and C38: a name is trusted for a day, counted from when it was
// confirmed and not from when its bearer was seen last.
func TestANameIsTrustedForADayAfterItWasConfirmed(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.ahead = session.NameTrust - time.Minute
	s.wantPeer("@carol", 1003, fromBook)

	// She is seen, but a min object confirms no name.
	min := &tg.User{ID: 1003, Min: true, FirstName: "Carol", Username: "carol"}
	at := time.Now().Add(session.NameTrust - time.Minute)
	err := wired(t, s.file).UpdateHandler.Handle(t.Context(), &tg.Updates{Users: []tg.UserClass{min}, Date: int(at.Unix())})
	if err != nil {
		t.Fatal(err)
	}
	s.ahead = session.NameTrust + time.Minute
	s.wantCalls(asked{names: 1})
	s.wantPeer("@carol", 1003, fromServer)
	s.wantCalls(asked{names: 1, users: 1})
}

// Behavior C39: only "nobody has this name" is remembered.
func TestAnErrorThatSaysNothingOfANameIsNotRemembered(t *testing.T) {
	s := newSearcher(t)
	for i, fault := range []string{"INTERNAL_SERVER_ERROR", "BOT_METHOD_INVALID"} {
		s.tell(fakedc.Step{Do: "fault", Method: lookingUp, Error: fault})
		if _, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"}); err == nil {
			t.Errorf("%s is no error", fault)
		}
		s.wantCalls(asked{names: i + 1})
	}
	s.wantPeer("@carol", 1003, fromServer)
}

// Behavior C42: somebody of whom the server told no hash is known by id and name.
// What the bot may not do with that is told when it is tried.
func TestSomebodyWithoutAHashIsKnownAndCannotBeWrittenTo(t *testing.T) {
	s := newSearcher(t)
	enter(t, wired(t, s.file), &tg.User{ID: 1004, FirstName: "Dave", Username: "dave_the_first"})
	s.wantPeer("1004", 1004, fromBook)
	s.wantCached("@dave_the_first", 1004, "")
	_, err := s.Send(t.Context(), answer.SendRequest{To: "1004", Text: "Hello"})
	if e := answer.From(err); e.Code != answer.NeverStarted || e.Hint == "" {
		t.Errorf("got %+v", e)
	}
}

// Behavior C43: while a flood wait lasts nobody is asked, not after a restart
// either, and the book answers.
func TestTheBookAnswersDuringAFlood(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.tell(fakedc.Step{Do: "fault", Method: lookingUp, Error: "FLOOD_WAIT_66230"})
	refused := func(rest int) {
		t.Helper()
		_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann"})
		if e := answer.From(err); e.Code != answer.FloodWait || e.RetryAfter > rest || e.RetryAfter < rest-60 {
			t.Errorf("got %+v", e)
		}
		s.wantCalls(asked{names: 2})
		s.wantPeer("@carol", 1003, fromBook)
	}
	refused(66230)
	refused(66230)
	s.restart()
	s.ahead += time.Hour
	refused(66230 - 3600)
	st, err := s.Status(t.Context())
	if err != nil || len(st.Floods) != 1 || st.Floods[0].Method != lookingUp || st.Lookups.Next != st.Floods[0].Until {
		t.Errorf("status tells %+v, %+v, %v", st.Floods, st.Lookups, err)
	}
	s.ahead += 66230 * time.Second
	s.wantPeer("@ann", 1001, fromServer)
	if st, err := s.Status(t.Context()); err != nil || len(st.Floods) != 0 {
		t.Errorf("status tells %+v, %v", st.Floods, err)
	}
}
