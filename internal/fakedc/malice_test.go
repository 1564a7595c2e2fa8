package fakedc_test

import (
	"crypto/rand"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// strange are the pushes, and what a client that reads them finds: an Updates that
// holds true, or bytes that begin with an id and that gotd refuses to decode.
var strange = []struct {
	kind   string
	holds  func(*tg.Updates) bool
	begins uint32
}{
	{kind: "zero_id", holds: func(u *tg.Updates) bool { return u.Users[0].GetID() == 0 && u.Chats[0].GetID() == 0 }},
	{kind: "id_range", holds: func(u *tg.Updates) bool { return u.Users[0].GetID() == -1 && u.Users[4].GetID() == math.MaxInt64 }},
	{kind: "invalid_utf8", holds: func(u *tg.Updates) bool { return strings.Contains(u.Users[0].(*tg.User).Username, "\xff") }},
	{kind: "names", holds: func(u *tg.Updates) bool { return u.Users[0].(*tg.User).Username == "peer0_1001" }},
	{kind: "same_name", holds: func(u *tg.Updates) bool {
		return u.Users[0].(*tg.User).Username == u.Users[1].(*tg.User).Username && u.Users[0].GetID() != u.Users[1].GetID()
	}},
	{kind: "zero_hash", holds: func(u *tg.Updates) bool {
		hash, ok := u.Users[0].(*tg.User).GetAccessHash()
		_, other := u.Users[1].(*tg.User).GetAccessHash()
		return ok && hash == 0 && !other
	}},
	{kind: "twice", holds: func(u *tg.Updates) bool { return u.Users[0].GetID() == u.Users[1].GetID() }},
	{kind: "second_self", holds: func(u *tg.Updates) bool { return u.Users[0].(*tg.User).Self }},
	{kind: "vector", holds: func(u *tg.Updates) bool { return len(u.Users) == 10_000 }},
	{kind: "pts", holds: func(u *tg.Updates) bool { return u.Updates[0].(*tg.UpdateNewMessage).Pts == -1 }},
	{kind: "qts", holds: func(u *tg.Updates) bool { return u.Updates[3].(*tg.UpdateBotStopped).Qts == math.MaxInt32 }},
	{kind: "channel_pts", holds: func(u *tg.Updates) bool { return u.Updates[0].(*tg.UpdateNewChannelMessage).Pts == -1 }},
	{kind: "messages", holds: func(u *tg.Updates) bool {
		return u.Updates[0].(*tg.UpdateNewMessage).Message.GetID() == -1 && u.Updates[0].(*tg.UpdateNewMessage).PtsCount == 0
	}},
	{kind: "storm", holds: func(u *tg.Updates) bool { return u.Updates[0].(*tg.UpdateBotInlineQuery).UserID == u.Users[0].GetID() }},
	{kind: "nested", holds: func(u *tg.Updates) bool {
		page, _ := u.Updates[0].(*tg.UpdateWebPage).Webpage.(*tg.WebPage).GetCachedPage()
		text, deep := page.Blocks[0].(*tg.PageBlockParagraph).Text, 0
		for bold, ok := text.(*tg.TextBold); ok; bold, ok = bold.Text.(*tg.TextBold) {
			deep++
		}
		return deep == 1000
	}},
	{kind: "unknown", begins: 0xdeadbeef},
	{kind: "wrong_types", begins: tg.UpdatesTypeID},
	{kind: "announced", begins: tg.UpdatesTypeID},
	{kind: "negative", begins: tg.UpdatesTypeID},
	{kind: "long_string", begins: tg.UpdateShortMessageTypeID},
	{kind: "truncated", begins: tg.UpdatesTypeID},
	{kind: "gzip", begins: proto.GZIPTypeID},
	{kind: "gzip_nested", begins: proto.GZIPTypeID},
	{kind: "container", begins: proto.MessageContainerTypeID},
	{kind: "container_nested", begins: proto.MessageContainerTypeID},
	{kind: "result", begins: proto.ResultTypeID},
	{kind: "bad_msg", begins: mt.BadMsgNotificationTypeID},
	{kind: "session", begins: mt.NewSessionCreatedTypeID},
	{kind: "empty"},
	{kind: "random"},
}

// What was promised arrives, byte for byte, and the connection goes on.
func TestEveryMaliceArrives(t *testing.T) {
	explained, err := os.ReadFile("step.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range strange {
		t.Run(x.kind, func(t *testing.T) {
			if !strings.Contains(string(explained), x.kind) {
				t.Error("not explained")
			}
			s := serve(t, nil)
			r := dialRaw(t, s, transport.Intermediate)
			r.signIn()
			do(t, s, fakedc.Step{Do: "malice", Kind: x.kind})
			got := r.outer()
			var u tg.Updates
			err := u.Decode(&bin.Buffer{Buf: append([]byte(nil), got.Buf...)})
			if x.holds != nil {
				if err != nil || !x.holds(&u) {
					t.Errorf("got %v, %v", &u, err)
				}
				return
			}
			id, _ := got.PeekID()
			if err == nil || x.begins != 0 && id != x.begins {
				t.Errorf("begins with %#x, error %v", id, err)
			}
			if x.kind == "empty" && got.Len() != 0 || x.kind == "random" && got.Len() != 1024 {
				t.Errorf("%d bytes", got.Len())
			}
		})
	}
}

// signIn makes the session one that hears of updates.
func (r *raw) signIn() {
	r.t.Helper()
	r.send(r.nextID(), 1, &tg.AuthImportBotAuthorizationRequest{APIID: 1, APIHash: "hash", BotAuthToken: fakedc.DemoToken})
	r.until(proto.ResultTypeID)
}

// outer is the next message as it came, container or not. An acknowledgment may
// come before it.
func (r *raw) outer() bin.Buffer {
	r.t.Helper()
	for {
		h := r.receiveOuter()
		if !h.is(mt.MsgsAckTypeID) {
			return h.buf
		}
	}
}

// After each of them the next honest update and the next call come through. gotd
// may have to connect again for that.
func TestAClientOutlivesEveryMalice(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	for _, x := range strange {
		do(t, s, fakedc.Step{Do: "malice", Kind: x.kind})
		if _, err := c.UpdatesGetState(c.ctx); err != nil {
			t.Errorf("%s: %v", x.kind, err)
		}
	}
	do(t, s, fakedc.Step{Do: "start", Who: "ann", Payload: "honest"})
	for {
		for _, u := range c.received(1) {
			for _, one := range u.Updates {
				if m, ok := one.(*tg.UpdateNewMessage); ok {
					if m, ok := m.Message.(*tg.Message); ok && m.Message == "/start honest" {
						return
					}
				}
			}
		}
		select {
		case <-c.arrived:
		case <-time.After(patience):
			t.Fatal("the honest message did not arrive")
		}
	}
}

func TestMaliceComesWithAnAnswer(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	const getUsers, resolve, difference = "users.getUsers", "contacts.resolveUsername", "updates.getDifference"
	self := []tg.InputUserClass{&tg.InputUserSelf{}}

	do(t, s, fakedc.Step{Do: "malice", Kind: "zero_id", Method: getUsers, Count: 2})
	for i, want := range []int{3, 3, 1} {
		if list, err := c.UsersGetUsers(c.ctx, self); err != nil || len(list) != want {
			t.Errorf("call %d: %d users, %v", i, len(list), err)
		}
	}
	do(t, s, fakedc.Step{Do: "malice", Kind: "other_person", Method: resolve})
	found, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: "ann"})
	if err != nil || found.Peer.(*tg.PeerUser).UserID == 1001 || found.Users[0].GetID() != 1001 {
		t.Errorf("got %v, %v", found, err)
	}
	do(t, s, fakedc.Step{Do: "malice", Kind: "unknown", Method: resolve})
	var refused *tgerr.Error
	if _, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: "ann"}); err == nil || errors.As(err, &refused) {
		t.Errorf("got %v, want an answer that does not decode", err)
	}
	do(t, s, fakedc.Step{Do: "malice", Kind: "endless", Method: difference, Count: -1})
	for range 3 {
		d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: 1, Qts: 1, Date: 1})
		if slice, ok := d.(*tg.UpdatesDifferenceSlice); err != nil || !ok || slice.IntermediateState.Pts != 1 {
			t.Errorf("got %v, %v", d, err)
		}
	}
	do(t, s, fakedc.Step{Do: "fault"})
	if d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: 1, Qts: 1, Date: 1}); err != nil {
		t.Error(err)
	} else if _, ok := d.(*tg.UpdatesDifferenceEmpty); !ok {
		t.Errorf("got %v", d)
	}
	do(t, s, fakedc.Step{Do: "malice", Kind: "far_state", Method: "updates.getState"})
	if state, err := c.UpdatesGetState(c.ctx); err != nil || state.Pts != math.MaxInt32 {
		t.Errorf("got %v, %v", state, err)
	}
}

func TestMaliceHasABound(t *testing.T) {
	w := fakedc.NewDemo(fakedc.WorldOptions{})
	for _, step := range []fakedc.Step{
		{Do: "malice", Kind: "kindness"},
		{Do: "malice", Kind: "zero_id", Count: -1},
		{Do: "malice", Kind: "endless"},
		{Do: "malice", Kind: "vector", Size: -1},
	} {
		if _, err := w.Do(t.Context(), step); err == nil {
			t.Errorf("%+v was possible", step)
		}
	}
}

// Nobody whom only malice has is in the world, however many come.
func TestAStormLeavesTheWorldAsItWas(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	before := do(t, s, fakedc.Step{Do: "stats"}).Stats
	do(t, s, fakedc.Step{Do: "malice", Kind: "storm", Count: 50, Size: 20})
	users := map[int64]bool{}
	for _, u := range c.received(50) {
		for _, one := range u.Users {
			users[one.GetID()] = true
		}
	}
	if len(users) != 1000 {
		t.Errorf("%d people came, want 1000", len(users))
	}
	after := do(t, s, fakedc.Step{Do: "stats"}).Stats
	if after.People != before.People || after.Pts != before.Pts || after.Qts != before.Qts {
		t.Errorf("the world went from %+v to %+v", before, after)
	}
}

// A frame with a bit turned over does not decrypt; the next one does.
func TestAFrameIsBent(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	r.until(mt.PongTypeID)
	do(t, s, fakedc.Step{Do: "fault", Method: "network", Error: "bend"})
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 2})
	var b bin.Buffer
	if err := r.wire.Recv(r.ctx, &b); err != nil {
		t.Fatal(err)
	}
	if _, err := crypto.NewClientCipher(rand.Reader).DecryptFromBuffer(r.key, &b); err == nil {
		t.Error("the bent frame decrypts")
	}
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 3})
	r.until(mt.PongTypeID)
}

// The story's clock goes back, and dates with it. MTProto's own stays unless it is
// asked for as well: then message ids are off, and the client's are refused.
func TestTheClockJumps(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	got := c.oneByOne(s, fakedc.Step{Do: "start", Who: "ann"})
	do(t, s, fakedc.Step{Do: "clock", For: "-2h"})
	got = append(got, c.oneByOne(s, fakedc.Step{Do: "write", Who: "ann", Text: "back"})[1:]...)
	if went := got[0].Date - got[1].Date; went < 7190 || went > 7200 {
		t.Errorf("the date went back by %d seconds", went)
	}
	r := dialRaw(t, s, transport.Intermediate)
	do(t, s, fakedc.Step{Do: "clock", For: "1h", Real: true})
	r.send(r.nextID(), 1, &tg.HelpGetConfigRequest{})
	var bad mt.BadMsgNotification
	list := r.until(mt.BadMsgNotificationTypeID)
	last(t, list, mt.BadMsgNotificationTypeID, &bad)
	if ahead := time.Until(proto.MessageID(list[0].id).Time()); bad.ErrorCode != 16 || ahead < 59*time.Minute {
		t.Errorf("bad_msg %d, by a clock that is %v ahead", bad.ErrorCode, ahead)
	}
	do(t, s, fakedc.Step{Do: "clock", For: "-1h", Real: true})
	r.send(r.nextID(), 1, &tg.HelpGetConfigRequest{})
	if list := r.until(proto.ResultTypeID); time.Until(proto.MessageID(list[0].id).Time()) > time.Minute {
		t.Error("message ids did not come back")
	}
}
