package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func (c *client) get(id, hash int64) (tg.UserClass, error) {
	users, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{&tg.InputUser{UserID: id, AccessHash: hash}})
	if err != nil {
		return nil, err
	}
	return users[0], nil
}

func TestNamesResolveWithoutRegardToCase(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	if u := c.resolve("CaRoL"); u.ID != 1003 || u.FirstName != "Carol" || u.AccessHash == 0 || u.Min {
		t.Errorf("carol is %v", u)
	}
	for name, want := range map[string]string{
		"nobody_there": "USERNAME_NOT_OCCUPIED",
		"not a name":   "USERNAME_INVALID",
		"two__":        "USERNAME_INVALID",
	} {
		_, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
		wantError(t, err, 400, want)
	}
}

func TestANameGivenUpCanBeTaken(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if _, err := s.World().Do(c.ctx, fakedc.Step{Do: "username", Who: "bob", Username: "Ann"}); err == nil {
		t.Error("a name was taken from its owner")
	}
	do(t, s,
		fakedc.Step{Do: "username", Who: "ann"},
		fakedc.Step{Do: "username", Who: "bob", Username: "ann"})
	if u := c.resolve("ann"); u.ID != 1002 {
		t.Errorf("ann is %d, want bob", u.ID)
	}
}

func TestHashZeroWorksForWhomTheBotHasMet(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	known := func(id int64) bool {
		t.Helper()
		u, err := c.get(id, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, ok := u.(*tg.User)
		return ok
	}
	// Bob shares a group; Carol does not, and being looked up does not change that.
	c.resolve("carol")
	if !known(1002) || known(1003) || known(1004) || known(999999) {
		t.Error("hash 0 must open bob only")
	}
	do(t, s, fakedc.Step{Do: "write", Who: "carol", Text: "hi"})
	if !known(1003) {
		t.Error("carol has written and is not known")
	}
}

func TestAHashIsGoodForItsPeerOnly(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	carol := c.resolve("carol")
	if u, err := c.get(1003, carol.AccessHash); err != nil || u.(*tg.User).Username != "carol" {
		t.Errorf("carol by her hash: %v, %v", u, err)
	}
	_, err := c.get(1004, carol.AccessHash)
	wantError(t, err, 400, "PEER_ID_INVALID")
	_, err = c.get(1002, 17) // met, but a wrong hash is a wrong hash
	wantError(t, err, 400, "PEER_ID_INVALID")
	_, err = c.UsersGetFullUser(c.ctx, &tg.InputUser{UserID: 1003, AccessHash: 17})
	wantError(t, err, 400, "USER_ID_INVALID")
	_, err = c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: 1900000001, AccessHash: 17}})
	wantError(t, err, 400, "CHANNEL_INVALID")
	_, err = c.UsersGetUsers(c.ctx, []tg.InputUserClass{&tg.InputUserFromMessage{
		Peer: &tg.InputPeerChat{ChatID: 400001}, MsgID: 1, UserID: 1002,
	}})
	wantError(t, err, 400, "FROM_MESSAGE_BOT_DISABLED")
}

func TestGroupsAreFoundWithHashZero(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	r, err := c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: 1900000001}})
	if err != nil {
		t.Fatal(err)
	}
	friends := r.GetChats()[0].(*tg.Channel)
	if friends.Title != "Friends" || !friends.Megagroup || friends.AccessHash == 0 {
		t.Errorf("friends is %v", friends)
	}
	r, err = c.MessagesGetChats(c.ctx, []int64{400001})
	if err != nil {
		t.Fatal(err)
	}
	if kitchen := r.GetChats()[0].(*tg.Chat); kitchen.Title != "Kitchen" || kitchen.ParticipantsCount != 3 {
		t.Errorf("kitchen is %v", kitchen)
	}
	p, err := c.ChannelsGetParticipant(c.ctx, &tg.ChannelsGetParticipantRequest{
		Channel:     &tg.InputChannel{ChannelID: friends.ID, AccessHash: friends.AccessHash},
		Participant: &tg.InputPeerUser{UserID: 1002},
	})
	if err != nil || len(p.Users) != 1 {
		t.Errorf("bob in friends: %v, %v", p, err)
	}
	carol := c.resolve("carol")
	_, err = c.ChannelsGetParticipant(c.ctx, &tg.ChannelsGetParticipantRequest{
		Channel:     &tg.InputChannel{ChannelID: friends.ID, AccessHash: friends.AccessHash},
		Participant: carol.AsInputPeer(),
	})
	wantError(t, err, 400, "USER_NOT_PARTICIPANT")
}

func TestHashesAreTheSameInEveryRun(t *testing.T) {
	a := connect(t, serve(t, nil), clientOptions{}).resolve("ann")
	b := connect(t, serve(t, nil), clientOptions{}).resolve("ann")
	if a.AccessHash != b.AccessHash {
		t.Errorf("ann has hash %d and %d", a.AccessHash, b.AccessHash)
	}
	other := fakedc.NewDemo(fakedc.WorldOptions{Secret: "another"})
	if c := connect(t, serve(t, other), clientOptions{}).resolve("ann"); c.AccessHash == a.AccessHash {
		t.Error("another secret gives the same hash")
	}
}
