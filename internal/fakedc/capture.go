package fakedc

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
)

// encodeSnapshot encodes the world as it is now. Nothing happens in it meanwhile.
func (w *World) encodeSnapshot() ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return json.Marshal(w.capture())
}

// capturer gives messages their indexes. Every message is in a chat or a dialog.
type capturer struct {
	index map[*message]int
	list  []*message
}

func (c *capturer) of(m *message) int {
	i, ok := c.index[m]
	if !ok {
		i = len(c.list)
		c.index[m] = i
		c.list = append(c.list, m)
	}
	return i
}

func (c *capturer) all(list []*message) []int {
	out := make([]int, len(list))
	for i, m := range list {
		out[i] = c.of(m)
	}
	return out
}

func (w *World) capture() *snapshot {
	s := &snapshot{
		Version: snapshotVersion, Secret: w.secret[:], Offset: w.clock.offset.Load(),
		Crowd: w.crowd, NextID: w.nextID, Made: w.made, Calls: w.Calls(),
	}
	c := &capturer{index: map[*message]int{}}
	for _, id := range slices.Sorted(maps.Keys(w.people)) {
		p := w.people[id]
		s.People = append(s.People, savedPerson{
			Key: p.key, ID: p.id, FirstName: p.firstName, LastName: p.lastName, Username: p.username,
			Bought: p.bought, Lang: p.lang, Phone: p.phone, Premium: p.premium, Deleted: p.deleted,
			Photo: p.photo, HidePhoto: p.hidePhoto, HideForwards: p.hideForwards,
		})
	}
	for _, x := range w.chats {
		s.Chats = append(s.Chats, savedChat{
			Key: x.key, ID: x.id, Title: x.title, Super: x.super, Broadcast: x.broadcast,
			Username: x.username, Date: x.date, Members: x.members, Order: x.order, Requests: x.requests, Bans: x.bans,
			Forum: x.forum, Topics: x.topics, Slow: x.slow, Spoke: x.spoke,
			Pts: x.pts, Log: c.events(x.log), Messages: c.all(x.messages),
		})
	}
	for _, a := range w.bots {
		s.Bots = append(s.Bots, c.bot(a))
	}
	// Replies are to messages that are in the list, or are put there now.
	for i := 0; i < len(c.list); i++ {
		s.Messages = append(s.Messages, c.message(c.list[i]))
	}
	for _, id := range slices.Sorted(maps.Keys(w.files)) {
		s.Files = append(s.Files, w.files[id])
	}
	w.keys.each(func(k *authKey) { s.Keys = append(s.Keys, k.saved()) })
	sort.Slice(s.Keys, func(i, j int) bool { return slices.Compare(s.Keys[i].Key, s.Keys[j].Key) < 0 })
	return s
}

func (k *authKey) saved() savedKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := savedKey{Key: k.Value[:], DC: k.dc, Salt: k.salt, Told: maps.Clone(k.told)}
	if k.temporary() {
		s.Expires = k.expires.Unix()
	}
	if k.perm != nil {
		s.Perm = k.perm.ID[:]
	}
	if k.bot != nil {
		s.Bot = k.bot.user.id
	}
	return s
}

func (c *capturer) bot(a *account) savedBot {
	s := savedBot{
		ID: a.user.id, Token: a.token, Revoked: a.revoked, BotToBot: a.botToBot, Privacy: a.privacy, SignIns: a.signIns,
		Pts: a.pts, Qts: a.qts, Seq: a.seq, Common: c.events(a.common), Bots: c.events(a.bots), LastID: a.lastID,
		Dialogs: map[int64]savedDialog{}, Sent: a.sent, Day: a.day, Resolved: a.resolved,
		Queries: a.queries, Commands: a.commands, Whispers: a.whispers,
	}
	for _, id := range slices.Sorted(maps.Keys(a.dialogs)) {
		d := a.dialogs[id]
		s.Dialogs[id] = savedDialog{
			Started: d.started, Asked: d.asked, Pressed: d.pressed, Blocked: d.blocked, Messages: c.all(d.messages),
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.business)) {
		b := a.business[id]
		s.Business = append(s.Business, savedBusiness{Connection: b, Messages: c.all(b.messages)})
	}
	return s
}

func (c *capturer) message(m *message) savedMessage {
	s := savedMessage{
		ID: m.id, Date: m.date, Edited: m.edited, From: m.from.id, With: idOf(m.with), Chat: keyOf(m.chat),
		Action: m.action, Text: m.text, Entities: m.entities, Media: m.media, Markup: m.markup,
		Forward: m.forward, Via: idOf(m.via), Topic: m.topic, Silent: m.silent, NoPreview: m.noPreview, Business: m.business, Reactions: m.reactions, Look: m.look, Gone: m.gone,
	}
	for _, b := range m.boxed {
		s.Boxed = append(s.Boxed, savedBoxed{Bot: b.account.user.id, ID: b.id})
	}
	if m.reply != nil {
		i := c.of(m.reply)
		s.Reply = &i
	}
	return s
}

func (c *capturer) events(log []event) []savedEvent {
	list := make([]savedEvent, len(log))
	for i, ev := range log {
		s := savedEvent{Seq: ev.seq, Count: ev.count, Date: ev.date, What: ev.what}
		if ev.message != nil {
			at := c.of(ev.message)
			s.Message = &at
		}
		if d := ev.more; d != nil {
			s.More = &savedDetail{
				User: idOf(d.user), Actor: idOf(d.actor), Chat: keyOf(d.chat), Stopped: d.stopped, IDs: d.ids,
				About: d.about, Was: d.was, Is: d.is, Old: d.old, New: d.new, Options: d.options,
				Business: d.business, Reply: d.reply, Until: d.until, Query: d.query,
			}
		}
		list[i] = s
	}
	return list
}

func idOf(p *person) int64 {
	if p == nil {
		return 0
	}
	return p.id
}

func keyOf(c *chat) string {
	if c == nil {
		return ""
	}
	return c.key
}
