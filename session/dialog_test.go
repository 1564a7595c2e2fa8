package session_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

func standing(t *testing.T, f *session.File, user int64, m *session.Memory) session.Dialog {
	t.Helper()
	d, err := f.Dialog(user)
	if err != nil {
		t.Fatal(err)
	}
	if m != nil {
		d = d.AsOf(m.Now())
	}
	return d
}

// waitFor waits until somebody has a standing.
func waitFor(t *testing.T, f *session.File, user int64, want session.Standing, m *session.Memory) session.Dialog {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		d := standing(t, f, user, m)
		if d.Standing == want {
			return d
		}
		if time.Now().After(deadline) {
			t.Fatalf("user %d: %+v, want %v", user, d, want)
		}
	}
}

// A program with nothing but the memory learns who may be written to: from what
// was missed, from what is pushed, and from the answers to its own calls.
func TestWhoMayBeWrittenToIsLearntWithoutABot(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	connect(t, dc, f, true, func(context.Context, *telegram.Client, *session.Memory) error { return nil })
	do(t, dc, fakedc.Step{Do: "start", Who: "ann", Payload: "promo"})
	do(t, dc, fakedc.Step{Do: "start", Who: "carol"})
	do(t, dc, fakedc.Step{Do: "wait", For: "10s"})
	do(t, dc, fakedc.Step{Do: "block", Who: "carol"})
	runUntil(t, dc, f, func(_ context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		if u, ok := u.(*tg.UpdateBotStopped); ok && u.UserID == 1001 {
			done()
		}
		return nil
	}, func() {
		if d := waitFor(t, f, 1001, session.StandingOpen, nil); d.Payload != "promo" || d.Reason != session.ReasonStart {
			t.Errorf("ann: %+v", d)
		}
		if d := waitFor(t, f, 1003, session.StandingBlocked, nil); d.Reason != session.ReasonStopped {
			t.Errorf("carol: %+v", d)
		}
		do(t, dc, fakedc.Step{Do: "wait", For: "10s"})
		do(t, dc, fakedc.Step{Do: "block", Who: "ann"})
	})
	if d := standing(t, f, 1001, nil); d.Standing != session.StandingBlocked {
		t.Errorf("ann: %+v", d)
	}
	do(t, dc, fakedc.Step{Do: "wait", For: "10s"})
	do(t, dc, fakedc.Step{Do: "unblock", Who: "ann"}) // which nobody is told of yet
	connect(t, dc, f, true, func(ctx context.Context, c *telegram.Client, m *session.Memory) error {
		if _, err := c.API().HelpGetConfig(ctx); err != nil { // which tells the time
			return err
		}
		write := func(user int64) {
			p, err := f.Book().Peer(session.UserID(user))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = c.API().MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{Peer: p.Input(), Message: "hi", RandomID: user})
		}
		write(1001)
		if d := standing(t, f, 1001, m); d.Standing != session.StandingOpen || d.Reason != session.ReasonSent {
			t.Errorf("ann, after a message: %+v", d)
		}
		do(t, dc, fakedc.Step{Do: "delete", Who: "carol"})
		write(1003)
		if d := standing(t, f, 1003, m); d.Standing != session.StandingDeleted || d.Refusal != "INPUT_USER_DEACTIVATED" {
			t.Errorf("carol, after a message: %+v", d)
		}
		return nil
	})
}

// 4.1 G2: the request opens a window that closes when the request is answered, by
// the bot itself as well.
func TestAnsweringAJoinRequestClosesItsWindow(t *testing.T) {
	for _, approve := range []bool{true, false} {
		dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
		do(t, dc, fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite"}})
		connect(t, dc, f, false, func(ctx context.Context, c *telegram.Client, m *session.Memory) error {
			ctx, cancel := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() { ended <- m.Run(ctx, c, nil) }()
			<-m.Ready()
			do(t, dc, fakedc.Step{Do: "ask", Who: "carol", Chat: "friends"})
			waitFor(t, f, 1003, session.StandingOpen, m)
			carol, err := f.Book().Peer(session.UserID(1003))
			if err != nil {
				t.Fatal(err)
			}
			in, _ := carol.InputUser()
			friends, err := f.Book().Peer(session.ChannelID(1900000001))
			if err != nil {
				t.Fatal(err)
			}
			do(t, dc, fakedc.Step{Do: "wait", For: "2s"})
			if _, err := c.API().HelpGetConfig(ctx); err != nil { // which tells the time
				t.Fatal(err)
			}
			_, err = c.API().MessagesHideChatJoinRequest(ctx, &tg.MessagesHideChatJoinRequestRequest{
				Approved: approve, Peer: friends.Input(), UserID: in,
			})
			if err != nil {
				t.Fatal(err)
			}
			waitFor(t, f, 1003, session.StandingUnknown, m)
			cancel()
			<-ended //nolint:errcheck // it was told to end
			return nil
		})
	}
}
