package fakedc

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gotd/td/crypto"
)

// restoreWorld makes the world of which data is the snapshot.
func restoreWorld(data []byte, opts WorldOptions) (*World, error) {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	if s.Version != snapshotVersion {
		return nil, fmt.Errorf("version %d is not %d", s.Version, snapshotVersion)
	}
	w := NewWorld(opts)
	copy(w.secret[:], s.Secret)
	w.clock.offset.Store(s.Offset)
	w.crowd, w.nextID, w.made = s.Crowd, s.NextID, s.Made
	for name, n := range s.Calls {
		w.calls.counts[name] = n
	}
	for _, p := range s.People {
		w.restorePerson(p)
	}
	for _, a := range s.Bots {
		p := w.people[a.ID]
		if p == nil {
			return nil, fmt.Errorf("bot %d is nobody", a.ID)
		}
		p.bot = newAccount(p, a.Token)
		w.bots = append(w.bots, p.bot)
	}
	for _, f := range s.Files {
		w.files[f.ID] = f
	}
	for _, c := range s.Chats {
		w.restoreChat(c)
	}
	r := &restorer{world: w, messages: make([]*message, len(s.Messages))}
	if err := r.run(&s); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *World) restorePerson(s savedPerson) {
	p := &person{
		key: s.Key, id: s.ID, firstName: s.FirstName, lastName: s.LastName, lang: s.Lang, phone: s.Phone,
		premium: s.Premium, deleted: s.Deleted, photo: s.Photo, hidePhoto: s.HidePhoto, hideForwards: s.HideForwards,
	}
	w.people[p.id], w.keyed[p.key] = p, p
	w.setName(p, s.Username)
	for _, name := range s.Bought {
		w.addName(p, name)
	}
}

func (w *World) restoreChat(s savedChat) {
	c := &chat{
		key: s.Key, id: s.ID, title: s.Title, super: s.Super, broadcast: s.Broadcast, username: s.Username,
		date: s.Date, members: s.Members, order: s.Order, requests: s.Requests, bans: s.Bans, pts: s.Pts,
		forum: s.Forum, topics: s.Topics, slow: s.Slow, spoke: s.Spoke,
	}
	if c.requests == nil {
		c.requests = map[int64]request{}
	}
	if c.bans == nil {
		c.bans = map[int64]*ban{}
	}
	w.chats = append(w.chats, c)
	w.rooms[c.key] = c
	if c.username != "" {
		w.names[strings.ToLower(c.username)] = owner{chat: c}
	}
}

// restorer ties messages, logs and keys to people and chats, which are there.
type restorer struct {
	world    *World
	messages []*message
}

func (r *restorer) run(s *snapshot) error {
	w := r.world
	for i := range s.Messages {
		r.messages[i] = &message{}
	}
	for i, m := range s.Messages {
		if err := r.message(r.messages[i], m); err != nil {
			return fmt.Errorf("message %d: %w", i, err)
		}
	}
	for i, c := range s.Chats {
		w.chats[i].messages, w.chats[i].log = r.all(c.Messages), r.events(c.Log)
	}
	for i, a := range s.Bots {
		r.bot(w.bots[i], a)
	}
	for _, k := range s.Keys {
		var value crypto.Key
		if copy(value[:], k.Key) != len(value) {
			return fmt.Errorf("a key of %d bytes", len(k.Key))
		}
		key := w.keys.add(k.DC, value.WithID(), k.Salt)
		if k.Expires != 0 {
			key.expires = time.Unix(k.Expires, 0)
		}
		if p := w.people[k.Bot]; p != nil {
			key.signIn(p.bot)
		}
		for channel, pts := range k.Told {
			key.tell(channel, pts)
		}
	}
	return w.keys.rebind(s.Keys)
}

func (r *restorer) bot(a *account, s savedBot) {
	a.revoked = s.Revoked
	a.botToBot, a.privacy, a.signIns = s.BotToBot, s.Privacy, s.SignIns
	a.pts, a.qts, a.seq, a.lastID = s.Pts, s.Qts, s.Seq, s.LastID
	a.common, a.bots = r.events(s.Common), r.events(s.Bots)
	a.day, a.resolved, a.whispers = s.Day, s.Resolved, s.Whispers
	for id, d := range s.Dialogs {
		a.dialogs[id] = &dialog{
			started: d.Started, asked: d.Asked, pressed: d.Pressed, blocked: d.Blocked, messages: r.all(d.Messages),
		}
	}
	for _, saved := range s.Business {
		b := saved.Connection
		if b.messages = r.all(saved.Messages); b.Heard == nil {
			b.Heard = map[int64]int{}
		}
		a.business[b.ID] = b
	}
	for id, date := range s.Sent {
		a.sent[id] = date
	}
	for id, q := range s.Queries {
		a.queries[id] = q
	}
	for menu, list := range s.Commands {
		a.commands[menu] = list
	}
}

func (r *restorer) message(m *message, s savedMessage) error {
	w := r.world
	*m = message{
		id: s.ID, date: s.Date, edited: s.Edited, from: w.people[s.From], with: w.people[s.With],
		chat: w.chat(s.Chat), action: s.Action, text: s.Text, entities: s.Entities, media: s.Media,
		markup: s.Markup, forward: s.Forward, via: w.people[s.Via], topic: s.Topic, silent: s.Silent, noPreview: s.NoPreview, business: s.Business, reactions: s.Reactions, look: s.Look, gone: s.Gone,
	}
	if m.from == nil || m.chat == nil && m.with == nil {
		return fmt.Errorf("from %d to %q or %d, who are not there", s.From, s.Chat, s.With)
	}
	for _, b := range s.Boxed {
		p := w.people[b.Bot]
		if p == nil || p.bot == nil {
			return fmt.Errorf("in the box of %d, who is no bot", b.Bot)
		}
		m.boxed = append(m.boxed, boxed{account: p.bot, id: b.ID})
		p.bot.box[b.ID] = m
	}
	if s.Reply != nil {
		m.reply = r.messages[*s.Reply]
	}
	return nil
}

func (r *restorer) all(list []int) []*message {
	out := make([]*message, len(list))
	for i, at := range list {
		out[i] = r.messages[at]
	}
	return out
}

func (r *restorer) events(log []savedEvent) []event {
	w := r.world
	list := make([]event, len(log))
	for i, s := range log {
		ev := event{seq: s.Seq, count: s.Count, date: s.Date, what: s.What}
		if s.Message != nil {
			ev.message = r.messages[*s.Message]
		}
		if d := s.More; d != nil {
			ev.more = &detail{
				user: w.people[d.User], actor: w.people[d.Actor], chat: w.chat(d.Chat), stopped: d.Stopped,
				ids: d.IDs, about: d.About, was: d.Was, is: d.Is, old: d.Old, new: d.New, options: d.Options,
				business: d.Business, reply: d.Reply, until: d.Until, query: d.Query,
			}
		}
		list[i] = ev
	}
	return list
}
