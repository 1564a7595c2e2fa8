package fakedc

import (
	"fmt"

	"github.com/gotd/td/tg"
)

// chat is a basic group or a supergroup.
type chat struct {
	key   string
	id    int64
	title string
	super bool
	date  int
	// members have the date when they joined.
	members map[int64]int
	order   []int64

	// What follows is a supergroup's: in a basic group every account has ids and
	// pts of its own for the same message. There the first bot's view is kept as
	// the chat's.
	pts      int
	log      []event
	messages []*message
}

// Chat describes a group that is to be added to a world.
type Chat struct {
	// Key is what steps call it.
	Key   string
	ID    int64
	Title string
	// Super makes it a supergroup.
	Super bool
	// Members are keys of people. The first one has made the group.
	Members []string
}

// AddChat adds a group. Its members are there from the beginning; nobody is told.
func (w *World) AddChat(c Chat) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.Key == "" || w.chat(c.Key) != nil || w.keyed[c.Key] != nil {
		return fmt.Errorf("chat %q: key is taken or missing", c.Key)
	}
	if c.ID == 0 {
		c.ID = 1_900_000_001 + int64(len(w.chats))
	}
	for _, other := range w.chats {
		if other.id == c.ID && other.super == c.Super {
			return fmt.Errorf("chat %q: id %d is taken", c.Key, c.ID)
		}
	}
	added := &chat{
		key: c.Key, id: c.ID, title: c.Title, super: c.Super,
		date: w.date(), members: map[int64]int{}, pts: 1,
	}
	for _, key := range c.Members {
		p := w.keyed[key]
		if p == nil {
			return fmt.Errorf("chat %q: nobody is called %q", c.Key, key)
		}
		added.add(p, added.date)
	}
	w.chats = append(w.chats, added)
	return nil
}

func (w *World) chat(key string) *chat {
	for _, c := range w.chats {
		if c.key == key {
			return c
		}
	}
	return nil
}

func (c *chat) add(p *person, date int) {
	if !c.has(p) {
		c.members[p.id] = date
		c.order = append(c.order, p.id)
	}
}

func (c *chat) remove(p *person) { delete(c.members, p.id) }

func (c *chat) has(p *person) bool {
	_, ok := c.members[p.id]
	return ok
}

// creator is the first member that is still there, or 0.
func (c *chat) creator() int64 {
	for _, id := range c.order {
		if _, ok := c.members[id]; ok {
			return id
		}
	}
	return 0
}

func (c *chat) peer() tg.PeerClass {
	if c.super {
		return &tg.PeerChannel{ChannelID: c.id}
	}
	return &tg.PeerChat{ChatID: c.id}
}

// group builds the object of c that viewer gets to see.
//
// See https://core.telegram.org/constructor/channel and
// https://core.telegram.org/constructor/chat.
func (w *World) group(viewer *account, c *chat) tg.ChatClass {
	rights := tg.ChatBannedRights{}
	if !c.super {
		x := &tg.Chat{
			ID: c.id, Title: c.title, Photo: &tg.ChatPhotoEmpty{},
			ParticipantsCount: len(c.members), Date: c.date, Version: 1,
			Left: !c.has(viewer.user),
		}
		x.SetDefaultBannedRights(rights)
		return x
	}
	x := &tg.Channel{
		ID: c.id, Title: c.title, Photo: &tg.ChatPhotoEmpty{}, Megagroup: true,
		AccessHash: w.hash(viewer.user.id, kindChannel, c.id),
		Date:       c.members[viewer.user.id], Left: !c.has(viewer.user),
	}
	x.SetParticipantsCount(len(c.members))
	x.SetDefaultBannedRights(rights)
	return x
}
