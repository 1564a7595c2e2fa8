package fakedc

import (
	"fmt"
	"strings"

	"github.com/gotd/td/tg"
)

// chat is a basic group, a supergroup or a broadcast channel.
type chat struct {
	key   string
	id    int64
	title string
	// super says that it has an access hash and a pts of its own; a broadcast
	// channel is a super in which only admins write.
	super     bool
	broadcast bool
	username  string
	date      int
	members   map[int64]*member
	order     []int64
	// requests are of people who asked to join and were not answered.
	requests map[int64]request
	// bans are of people who may not be there, or not write there.
	bans map[int64]*ban

	// What follows is a supergroup's: in a basic group every account has ids and
	// pts of its own for the same message.
	pts int
	log []event
	// forum says that it has topics, by the message that began each.
	forum  bool
	topics map[int]*topic
	// slow is in how many seconds a member may write once, and spoke when each has.
	slow  int
	spoke map[int64]int
	// messages has them all, in the order in which they were sent.
	messages []*message
}

// Chat describes a group that is to be added to a world.
type Chat struct {
	// Key is what steps call it.
	Key   string
	ID    int64
	Title string
	// Super makes it a supergroup, Channel a broadcast channel.
	Super   bool
	Channel bool
	// Forum gives a supergroup topics.
	Forum bool
	// Username makes a supergroup or a channel public.
	Username string
	// Members are keys of people. The first one has made the group. Bots are
	// admins of the channels that they are in: they are added in no other way.
	Members []string
}

// AddChat adds a group. Its members are there from the beginning; nobody is told.
func (w *World) AddChat(c Chat) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.addChat(c)
	return err
}

func (w *World) addChat(c Chat) (*chat, error) {
	if c.Key == "" || w.chat(c.Key) != nil || w.keyed[c.Key] != nil {
		return nil, fmt.Errorf("chat %q: key is taken or missing", c.Key)
	}
	super := c.Super || c.Channel || c.Forum
	if c.ID == 0 {
		c.ID = 1_900_000_001 + int64(len(w.chats))
	}
	for _, other := range w.chats {
		if other.id == c.ID && other.super == super {
			return nil, fmt.Errorf("chat %q: id %d is taken", c.Key, c.ID)
		}
	}
	if c.Username != "" && !super {
		return nil, fmt.Errorf("chat %q: basic groups have no username", c.Key)
	}
	if err := w.checkName(c.Username, owner{}); err != nil {
		return nil, fmt.Errorf("chat %q: %w", c.Key, err)
	}
	added := &chat{
		key: c.Key, id: c.ID, title: c.Title, super: super, broadcast: c.Channel, forum: c.Forum, username: c.Username,
		date: w.date(), members: map[int64]*member{}, requests: map[int64]request{}, bans: map[int64]*ban{}, pts: 1,
	}
	if added.title == "" {
		added.title = c.Key
	}
	for i, key := range c.Members {
		p := w.keyed[key]
		if p == nil {
			return nil, fmt.Errorf("chat %q: nobody is called %q", c.Key, key)
		}
		m := added.add(p, added.date)
		m.Creator = i == 0
	}
	if c.Forum {
		if len(added.order) == 0 {
			return nil, fmt.Errorf("forum %q: nobody has made it", c.Key)
		}
		// The first message of a forum is that it was made; General is named after it.
		added.messages = append(added.messages, &message{
			id: generalTopic, date: added.date, from: w.people[added.order[0]], chat: added,
			action: &action{Name: "create", Title: added.title},
		})
	}
	w.chats = append(w.chats, added)
	w.rooms[added.key] = added
	if c.Username != "" {
		w.names[strings.ToLower(c.Username)] = owner{chat: added}
	}
	return added, nil
}

func (w *World) chat(key string) *chat { return w.rooms[key] }

func (c *chat) peer() tg.PeerClass {
	if c.super {
		return &tg.PeerChannel{ChannelID: c.id}
	}
	return &tg.PeerChat{ChatID: c.id}
}

// group builds the object of c that viewer gets to see. A private supergroup that
// the viewer is not in, which a forwarded message may come from, is a min one.
//
// See https://core.telegram.org/constructor/channel and
// https://core.telegram.org/constructor/chat.
func (w *World) group(viewer *account, c *chat) tg.ChatClass {
	me := c.member(viewer.user)
	bar := w.banned(c, viewer.user)
	if bar != nil && bar.Kicked {
		x := &tg.ChannelForbidden{
			Broadcast: c.broadcast, Megagroup: !c.broadcast, ID: c.id, Title: c.title,
			AccessHash: w.hashFor(viewer, kindChannel, c.id),
		}
		if bar.Until != 0 {
			x.SetUntilDate(bar.Until)
		}
		return x
	}
	if !c.super {
		x := &tg.Chat{
			ID: c.id, Title: c.title, Photo: &tg.ChatPhotoEmpty{},
			ParticipantsCount: len(c.members), Date: c.date, Version: 1,
			Left: me == nil,
		}
		x.SetDefaultBannedRights(tg.ChatBannedRights{})
		if me != nil {
			x.Creator = me.Creator
			if me.Rights != 0 {
				x.SetAdminRights(me.Rights.tg())
			}
		}
		return x
	}
	x := &tg.Channel{
		ID: c.id, Title: c.title, Photo: &tg.ChatPhotoEmpty{},
		Megagroup: !c.broadcast, Broadcast: c.broadcast, Username: c.username,
		Forum: c.forum, SlowmodeEnabled: c.slow > 0,
		Left: me == nil, Min: me == nil && c.username == "",
	}
	if x.Min {
		x.SetAccessHash(w.hashFor(viewer, kindMinChannel, c.id))
		return x
	}
	x.SetAccessHash(w.hashFor(viewer, kindChannel, c.id))
	x.SetParticipantsCount(len(c.members))
	x.SetDefaultBannedRights(tg.ChatBannedRights{})
	if me != nil {
		x.Date, x.Creator = me.Date, me.Creator
		if me.Rights != 0 {
			x.SetAdminRights(me.Rights.tg())
		}
	}
	if bar != nil {
		x.SetBannedRights(bar.tg())
	}
	return x
}
