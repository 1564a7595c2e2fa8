package fakedc_test

import (
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func (c *client) look(name string) (*tg.ContactsResolvedPeer, error) {
	return c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
}

// Section 6 of telegram-rules.md: usernames.
func TestNamesAndWhoHasThem(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	has := func(name string, want int64) {
		t.Helper()
		r, err := c.look(name)
		if want == 0 {
			wantError(t, err, 400, "USERNAME_NOT_OCCUPIED")
		} else if err != nil || r.Users[0].GetID() != want {
			t.Errorf("%s is %v, %v", name, r, err)
		}
	}
	do(t, s, fakedc.Step{Do: "buy", Who: "ann", Username: "Gold"})
	has("gOLD", 1001)
	has("ann", 1001)
	u := c.resolve("gold")
	if u.Username != "" || len(u.Usernames) != 2 || !u.Usernames[0].Editable || u.Usernames[1].Editable || !u.Usernames[1].Active {
		t.Errorf("names are %q and %v", u.Username, u.Usernames)
	}
	do(t, s, fakedc.Step{Do: "give_up", Who: "ann", Username: "gold"})
	has("gold", 0)
	if u := c.resolve("ann"); u.Username != "ann" || len(u.Usernames) != 0 {
		t.Errorf("names are %q and %v", u.Username, u.Usernames)
	}
	do(t, s, fakedc.Step{Do: "buy", Who: "bob", Username: "gold"})
	has("gold", 1002)
	do(t, s, fakedc.Step{Do: "delete", Who: "bob"})
	has("gold", 0)
	do(t, s, fakedc.Step{Do: "give_up", Who: "ann", Username: "ANN"}, fakedc.Step{Do: "username", Who: "carol", Username: "ann"})
	has("ann", 1003)
	has("carol", 0)
	if _, err := s.World().Do(t.Context(), fakedc.Step{Do: "buy", Who: "dave", Username: "Ann"}); err == nil {
		t.Error("somebody's name was bought")
	}
}

// 6, 1.4: supergroups and channels have names, too. A public one can be read by its
// hash.
func TestPublicChatsHaveNames(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "chat", Chat: "news", Kind: "channel", Text: "News", Username: "news", Members: []string{"ann"}},
		fakedc.Step{Do: "write", Who: "ann", Chat: "news", Text: "first"})
	r, err := c.look("NEWS")
	if err != nil {
		t.Fatal(err)
	}
	news := r.Chats[0].(*tg.Channel)
	if !news.Broadcast || news.Megagroup || news.Username != "news" || !news.Left || news.Min {
		t.Errorf("news is %v", news)
	}
	m, err := c.ChannelsGetMessages(c.ctx, &tg.ChannelsGetMessagesRequest{
		Channel: news.AsInput(), ID: []tg.InputMessageClass{&tg.InputMessageID{ID: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := m.(*tg.MessagesChannelMessages)
	if post := got.Messages[0].(*tg.Message); !post.Post || post.FromID != nil || post.Out || len(got.Users) != 0 {
		t.Errorf("post is %v with %v", post, got.Users)
	}
	_, err = c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: news.ID}})
	wantError(t, err, 400, "CHANNEL_INVALID")
	_, err = c.ChannelsGetParticipants(c.ctx, &tg.ChannelsGetParticipantsRequest{
		Channel: news.AsInput(), Filter: &tg.ChannelParticipantsRecent{}, Limit: 10,
	})
	wantError(t, err, 403, "CHAT_ADMIN_REQUIRED")
}

// 7: there is no official number of look-ups a day, so it is an option.
func TestADayHasSoManyNames(t *testing.T) {
	at := time.Date(2026, 1, 2, 23, 0, 0, 0, time.UTC)
	s := serve(t, fakedc.NewDemo(fakedc.WorldOptions{ResolveLimit: 3, Clock: func() time.Time { return at }}))
	c := connect(t, s, clientOptions{})
	for range 2 {
		c.resolve("ann")
	}
	_, err := c.look("nobody_there")
	wantError(t, err, 400, "USERNAME_NOT_OCCUPIED")
	// What is no name at all costs nothing.
	_, err = c.look("not a name")
	wantError(t, err, 400, "USERNAME_INVALID")
	_, err = c.look("ann")
	wantError(t, err, 420, "FLOOD_WAIT_3600")
	do(t, s, fakedc.Step{Do: "wait", For: "59m"})
	_, err = c.look("ann")
	wantError(t, err, 420, "FLOOD_WAIT_60")
	do(t, s, fakedc.Step{Do: "wait", For: "1m"})
	c.resolve("ann")
}
