package bot

import (
	"context"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// hashed is a user with an access hash.
func hashed(u tg.User, hash int64) *tg.User {
	u.SetAccessHash(hash)
	return &u
}

func (s *searcher) send(to string, want answer.Code, sends int) {
	s.t.Helper()
	before := s.world.Calls()["messages.sendMessage"]
	_, err := s.Send(s.t.Context(), answer.SendRequest{To: to, Text: "Hello"})
	var code answer.Code
	if err != nil {
		code = answer.From(err).Code
	}
	if n := s.world.Calls()["messages.sendMessage"] - before; code != want || n != sends {
		s.t.Errorf("to %s: %v after %d calls, want %q after %d", to, err, n, want, sends)
	}
}

// Behavior C35: a stored hash that the server refuses is tried once more with 0,
// and the record is renewed. A second refusal is final.
func TestAStaleHashIsRenewed(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	opts := wired(t, s.file)
	enter(t, opts, hashed(tg.User{ID: 1001, FirstName: "Ann"}, 1), hashed(tg.User{ID: 1003, FirstName: "Carol"}, 1))
	group := &tg.Channel{ID: 1900000001, Title: "Friends", Megagroup: true, Photo: &tg.ChatPhotoEmpty{}}
	group.SetAccessHash(1)
	if err := opts.UpdateHandler.Handle(t.Context(), &tg.Updates{Chats: []tg.ChatClass{group}, Date: 1000}); err != nil {
		t.Fatal(err)
	}

	s.send("1001", "", 2)
	s.wantCalls(asked{users: 1})
	s.send("1001", "", 1) // the record is good now
	s.send("-1001900000001", "", 2)
	s.send("-1001900000001", "", 1)
	s.wantCalls(asked{users: 1, channels: 1})

	// The bot has never met Carol, so hash 0 shows her as little as the wrong one.
	s.send("1003", answer.StaleHash, 1)
	s.wantCalls(asked{users: 3, channels: 1})
}

// telegram-rules.md section 4.4: the same error says that somebody has never
// started the bot. Their hash is good, and nobody is told that it is not.
func TestWhoHasNeverStartedIsNotCalledStale(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer) // looked up, not met
	s.send("1003", answer.NeverStarted, 1)
	s.wantCalls(asked{names: 1, users: 2})

	s.tell(fakedc.Step{Who: "bob", Do: "write", Chat: "friends", Text: "Hi"})
	s.wantPeer("1002", 1002, fromServer) // met in a group
	s.send("1002", answer.NeverStarted, 1)
	s.wantCalls(asked{names: 1, users: 4})
}

// telegram-rules.md section 1.1: the hashes of an earlier sign-in are probably
// good. Where they are not, every one is renewed when it is needed, those of
// mentioned people too.
func TestHashesOfAnEarlierSignInAreRenewed(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Do: "set", Set: []byte(`{"sign_in_hashes":true}`)})
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	s.tell(fakedc.Step{Who: "bob", Do: "write", Chat: "friends", Text: "Hi"})
	s.tell(fakedc.Step{Who: "ann", Do: "join", Chat: "friends"})
	for ref, id := range map[string]int64{"1001": 1001, "1002": 1002, "-1001900000001": 1900000001} {
		s.wantPeer(ref, id, fromServer)
	}
	s.send("1001", "", 1)
	s.tell(fakedc.Step{Do: "forget_keys"})
	s.send("1001", "", 3) // refused for the sign-in, for the hash, and sent
	s.first = s.counted()

	got, err := s.Mention(t.Context(), answer.MentionRequest{Chat: "-1001900000001", Text: "Thanks, {1002|Bob} and {1001|Ann}"})
	if err != nil || len(got.Mentions) != 2 || !got.Mentions[0].Linked || !got.Mentions[1].Linked {
		t.Errorf("got %+v, %v", got.Mentions, err)
	}
	now := s.counted() // the people in one call, or in two if one of them was asked about at once
	if users := now.users - s.first.users; users < 1 || users > 2 || now.channels-s.first.channels != 1 {
		t.Errorf("asked %+v after %+v", now, s.first)
	}
}

// What the bot owes is sent with a hash that is good, too.
func TestAGreetingSurvivesANewSignInWithOtherHashes(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Do: "set", Set: []byte(`{"sign_in_hashes":true}`)})
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func(answer.Peer) { close(ready) }) }()
	<-ready
	s.tell(fakedc.Step{Do: "fault", Method: "messages.sendMessage", Error: "INTERNAL_SERVER_ERROR", Count: -1})
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	for s.world.Calls()["messages.sendMessage"] == 0 {
		time.Sleep(time.Millisecond)
	}
	s.tell(fakedc.Step{Do: "forget_keys"})
	s.tell(fakedc.Step{Do: "fault"})
	greeted := func() bool {
		log := s.world.Messages("ann")
		return len(log) > 0 && log[len(log)-1].From == "bot"
	}
	for !greeted() && t.Context().Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	s.wantSignIns(2)
}

// What keeps the bot from finding out is told as what it is.
func TestAFloodWhileAHashIsRenewedIsAFlood(t *testing.T) {
	s := newSearcher(t)
	s.tell(fakedc.Step{Who: "ann", Do: "start"})
	enter(t, wired(t, s.file), hashed(tg.User{ID: 1001, FirstName: "Ann"}, 1))
	s.tell(fakedc.Step{Do: "fault", Method: "users.getUsers", Error: "FLOOD_WAIT_600"})
	s.send("1001", answer.FloodWait, 1)
	if p, err := s.book.Peer(session.UserID(1001)); err != nil || p.Hash.Input() != 1 {
		t.Errorf("the record was changed: %v, %v", p.Hash, err)
	}
}
