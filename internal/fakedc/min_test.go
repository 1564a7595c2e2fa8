package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Sections 2 and 2.1 of telegram-rules.md: what a min object of the sender has.
func TestMinSenders(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "person", Who: "eve", FirstName: "Eve", Username: "eve", Lang: "de", Phone: "888"},
		fakedc.Step{Do: "buy", Who: "eve", Username: "eve_two"},
		fakedc.Step{Do: "premium", Who: "eve"},
		fakedc.Step{Do: "photo", Who: "eve"})
	sender := func(step fakedc.Step) *tg.User {
		t.Helper()
		u := c.oneByOne(s, step)
		return u[len(u)-1].Users[0].(*tg.User)
	}
	write := fakedc.Step{Do: "write", Who: "eve", Chat: "friends", Text: "hi"}
	full := sender(fakedc.Step{Do: "join", Who: "eve", Chat: "friends"})
	if _, ok := full.GetPhone(); full.Min || !full.ApplyMinPhoto || full.LangCode != "de" || !full.Premium || ok {
		t.Errorf("full: %v", full)
	}
	if len(full.Usernames) != 2 || full.Username != "" {
		t.Errorf("full has names %q and %v", full.Username, full.Usernames)
	}
	photo := full.Photo.(*tg.UserProfilePhoto).PhotoID

	write.Min = true
	min := sender(write)
	_, phone := min.GetPhone()
	if !min.Min || phone || min.ApplyMinPhoto || min.LangCode != "" || min.FirstName != "Eve" || !min.Premium || len(min.Usernames) != 2 {
		t.Errorf("min: %v", min)
	}
	if p, ok := min.Photo.(*tg.UserProfilePhoto); !ok || p.PhotoID != photo {
		t.Errorf("min has photo %v", min.Photo)
	}
	_, err := c.get(min.ID, min.AccessHash)
	wantError(t, err, 400, "PEER_ID_INVALID")

	// A photo that strangers may not see is not in min objects; apply_min_photo of
	// the full one says that theirs is not to be taken.
	do(t, s, fakedc.Step{Do: "photo", Who: "eve", Hidden: true})
	if u := sender(write); u.Photo.TypeID() != tg.UserProfilePhotoEmptyTypeID {
		t.Errorf("min has photo %v", u.Photo)
	}
	write.Min = false
	if u := sender(write); u.ApplyMinPhoto || u.Photo.TypeID() != tg.UserProfilePhotoTypeID {
		t.Errorf("full has apply_min_photo %v and %v", u.ApplyMinPhoto, u.Photo)
	}

	// A phone that is present and empty makes the hash of a min object a full one.
	write.FullHash = true
	virtual := sender(write)
	number, ok := virtual.GetPhone()
	if !virtual.Min || !ok || number != "" || virtual.AccessHash != full.AccessHash {
		t.Errorf("with an empty phone: %v", virtual)
	}
	if _, err := c.get(virtual.ID, virtual.AccessHash); err != nil {
		t.Error(err)
	}
}

// 2.3: in supergroups a bot may see nobody but min users; 8: differences have full
// ones.
func TestAWorldOfMinSenders(t *testing.T) {
	s := serve(t, fakedc.NewDemo(fakedc.WorldOptions{MinSenders: true}))
	c := connect(t, s, clientOptions{})
	got := c.oneByOne(s,
		fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "hi"})
	if !got[0].Users[0].(*tg.User).Min || got[1].Users[0].(*tg.User).Min {
		t.Errorf("senders are %v and %v", got[0].Users, got[1].Users)
	}
	d, err := c.UpdatesGetChannelDifference(c.ctx, &tg.UpdatesGetChannelDifferenceRequest{
		Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Filter: &tg.ChannelMessagesFilterEmpty{}, Pts: 1, Limit: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	if u := d.(*tg.UpdatesChannelDifference).Users[0].(*tg.User); u.Min {
		t.Errorf("in the difference, bob is %v", u)
	}
}

// 2.2: a private channel that the bot is not in, and that a forwarded post comes from,
// is a min one, whose hash opens nothing.
func TestAForeignChannelIsMin(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "chat", Chat: "news", Kind: "channel", Text: "News", Members: []string{"bob"}},
		fakedc.Step{Do: "write", Who: "bob", Chat: "news", Text: "first"})
	u := c.oneByOne(s, fakedc.Step{Do: "forward", Who: "bob", From: "news", Message: 1, Chat: "friends"})[0]
	var news *tg.Channel
	for _, x := range u.Chats {
		if x, ok := x.(*tg.Channel); ok && x.Title == "News" {
			news = x
		}
	}
	if news == nil || !news.Min || !news.Left || !news.Broadcast || news.AccessHash == 0 {
		t.Fatalf("the channel is %v", news)
	}
	_, err := c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{news.AsInput()})
	wantError(t, err, 400, "CHANNEL_INVALID")
}

// 3.5: the language is in full objects of people who have one, and nowhere else.
func TestWhoseLanguageIsTold(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	write := func(who string, min bool) *tg.User {
		t.Helper()
		got := c.oneByOne(s, fakedc.Step{Do: "write", Who: who, Chat: "friends", Text: "hi", Min: min})
		for _, u := range got[len(got)-1].Users {
			if u := u.(*tg.User); !u.Self {
				return u
			}
		}
		t.Fatalf("%s did not come along", who)
		return nil
	}
	c.oneByOne(s, fakedc.Step{Do: "join", Who: "dave", Chat: "friends"})
	for _, row := range []struct {
		what, who string
		step      fakedc.Step
		min       bool
		want      string
	}{
		{what: "a full object", who: "bob", want: "en"},
		{what: "a min object", who: "bob", min: true},
		{what: "somebody without one", who: "dave"},
		{what: "after a change", who: "bob", step: fakedc.Step{Do: "language", Who: "bob", Lang: "pt-br"}, want: "pt-br"},
		{what: "after it was unset", who: "bob", step: fakedc.Step{Do: "language", Who: "bob"}},
	} {
		if row.step.Do != "" {
			do(t, s, row.step)
		}
		u := write(row.who, row.min)
		if lang, ok := u.GetLangCode(); lang != row.want || ok != (row.want != "") {
			t.Errorf("%s: %q, %t", row.what, lang, ok)
		}
	}
	if self, err := c.get(fakedc.DemoBotID, 0); err != nil || self.(*tg.User).LangCode != "" {
		t.Errorf("a bot has a language: %v, %v", self, err)
	}
}
