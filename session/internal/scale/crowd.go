package main

import (
	"fmt"
	"iter"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// One in this many of the crowd is a channel, one a bot, and one of those with a
// username bears several.
const (
	channelsAre = 40
	botsAre     = 50
	severalAre  = 25
)

func channelAt(n int) bool { return spread(n)%channelsAre == 0 }

// spread draws a number for each of the crowd, the same in every run.
func spread(n int) uint64 {
	x := (uint64(n) + 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93
	x = (x ^ x>>32) * 0xD6E8FEB86659FD93
	return x ^ x>>32
}

// user is number n of the crowd, one that is no channel: sessiontest's people, with
// bots among them, and people with several usernames.
func user(n int) *tg.User {
	u := sessiontest.Person(n)
	if spread(n)>>8%botsAre == 0 {
		u.SetBot(true)
	}
	if u.Username != "" && spread(n)>>16%severalAre == 0 {
		u.SetUsernames([]tg.Username{
			{Username: u.Username, Editable: true, Active: true},
			{Username: u.Username + "_shop", Active: true},
		})
	}
	u.SetFlags()
	return u
}

// channel is number n of the crowd, one that is a channel or a supergroup.
func channel(n int) *tg.Channel {
	p := sessiontest.Person(n)
	c := &tg.Channel{ID: p.ID, Title: p.FirstName + " & friends " + p.LastName, Date: start}
	c.SetAccessHash(p.AccessHash)
	if p.Username != "" {
		c.SetUsername(p.Username)
	}
	c.SetMegagroup(spread(n)>>24%3 != 0)
	c.SetBroadcast(!c.Megagroup)
	c.SetFlags()
	return c
}

func idOf(n int) session.ID {
	if channelAt(n) {
		return session.ChannelID(sessiontest.PersonID(n))
	}
	return session.UserID(sessiontest.PersonID(n))
}

// start is when the first of the crowd is seen, and perSecond how many are from
// then on: a book of ten million is a year old.
const (
	start     = 1_700_000_000
	perSecond = 3
)

// perEnvelope is how many people one pushed envelope shows.
const perEnvelope = 100

// envelopes are what the server pushes when the crowd from one number up to
// another is seen in groups.
func envelopes(from, to int) iter.Seq[*tg.Updates] {
	return func(yield func(*tg.Updates) bool) {
		for from < to {
			u := &tg.Updates{Date: start + from*10/perSecond/10}
			u.Updates = []tg.UpdateClass{&tg.UpdateNewChannelMessage{Message: &tg.Message{
				ID: from + 1, PeerID: &tg.PeerChannel{ChannelID: group(from)}, Date: u.Date, Message: "hello",
			}}}
			for ; from < to && len(u.Users)+len(u.Chats) < perEnvelope; from++ {
				if channelAt(from) {
					u.Chats = append(u.Chats, channel(from))
				} else {
					u.Users = append(u.Users, user(from))
				}
			}
			if !yield(u) {
				return
			}
		}
	}
}

// group is where the crowd is seen.
func group(n int) int64 { return 1_900_000_000 + int64(spread(n)%5000) }

// check holds what the book says against the crowd.
func check(p session.Peer, n int) error {
	if want := idOf(n); p.ID != want {
		return fmt.Errorf("number %d is %v in the book, not %v", n, p.ID, want)
	}
	if h, ok := p.Hash.Reveal(); !ok || h != sessiontest.Person(n).AccessHash {
		return fmt.Errorf("number %d has another hash in the book", n)
	}
	return nil
}
