package session

import (
	"reflect"
	"slices"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session/internal/record"
)

// harvest collects the sightings of one envelope or answer.
type harvest struct {
	at     int64
	source Source
	told   string // the name that was asked for, folded
	teller ID     // whom the server named for it
	found  []change
	events []*event
	origin *record.Source // made of the source of the sighting before
	of     Source
	// queue tells objects that say nothing new, which are counted and left out.
	queue   *queue
	repeats int
}

func (h *harvest) add(s *sighting) {
	if !s.id.Valid() {
		return
	}
	if h.origin == nil || h.of != h.source {
		h.origin, h.of = h.source.record(), h.source
	}
	s.at, s.origin = h.at, h.origin
	if h.told != "" && s.id == h.teller {
		s.told = h.told
	}
	h.found = append(h.found, s)
}

func (h *harvest) users(list []tg.UserClass) {
	var room []sighting // all at once
	for i, u := range list {
		u, ok := u.(*tg.User) // userEmpty is an id, and nobody
		if !ok {
			continue
		}
		var print uint64
		if h.queue != nil {
			print = h.queue.known.user(u)
		}
		if h.repeated(UserID(u.ID), u.Min, print, u.Username, u.Usernames) {
			continue
		}
		if room == nil {
			room = make([]sighting, len(list)-i)
			h.found = slices.Grow(h.found, len(room))
		}
		s := &room[0]
		room = room[1:]
		s.user(u)
		s.print = print
		h.add(s)
	}
}

func (h *harvest) chats(list []tg.ChatClass) {
	for _, c := range list {
		var print uint64
		if c, ok := c.(*tg.Channel); ok && h.queue != nil {
			print = h.queue.known.channel(c)
			if h.repeated(ChannelID(c.ID), c.Min, print, c.Username, c.Usernames) {
				continue
			}
		}
		if s := sightChat(c); s != nil {
			s.print = print
			h.add(s)
		}
	}
}

// repeated reports whether an object says nothing new, and counts it. Who was asked
// for by name is listened to: that settles whose the name is.
func (h *harvest) repeated(id ID, min bool, print uint64, name string, names []tg.Username) bool {
	if h.queue == nil || h.told != "" || !h.queue.repeats(id, min, print, h.at, name, names) {
		return false
	}
	h.repeats++
	return true
}

// updates takes everything out of an envelope. Short ones hold ids only.
func (h *harvest) updates(u tg.UpdatesClass) {
	switch u := u.(type) {
	case *tg.Updates:
		h.container(u.Updates, u.Users, u.Chats)
	case *tg.UpdatesCombined:
		h.container(u.Updates, u.Users, u.Chats)
	case *tg.UpdateShort:
		h.container([]tg.UpdateClass{u.Update}, nil, nil)
	}
}

func (h *harvest) container(list []tg.UpdateClass, users []tg.UserClass, chats []tg.ChatClass) {
	if len(list) > 0 && list[0] != nil {
		if h.source.What == "" {
			h.source.What = list[0].TypeName()
		}
		// A private chat says no more than who was seen, or would be a trace of
		// somebody in the record of somebody else.
		if chat := chatOf(list[0]); chat.Valid() && chat.Kind != User {
			h.source.Chat = chat
		}
	}
	h.users(users)
	h.chats(chats)
	for _, u := range list {
		if u, ok := u.(*tg.UpdateUserName); ok {
			h.add(sightNames(u))
		}
		h.heard(u)
	}
}

// answer takes everything out of the answer to a call: gotd decodes it into a
// type of its own, or into a box or a vector with one field.
func (h *harvest) answer(output bin.Decoder) {
	var v any = output
	if box, ok := unbox(output); ok {
		v = box
	}
	switch v := v.(type) {
	case tg.UpdatesClass:
		h.updates(v)
		return
	case *tg.ContactsResolvedPeer:
		h.teller = PeerID(v.Peer)
	case *tg.AuthAuthorization:
		h.users([]tg.UserClass{v.User})
		return
	case []tg.UserClass:
		h.users(v)
		return
	case []tg.ChatClass:
		h.chats(v)
		return
	case tg.UserClass:
		h.users([]tg.UserClass{v})
		return
	}
	if v, ok := v.(interface{ GetUsers() []tg.UserClass }); ok {
		h.users(v.GetUsers())
	}
	if v, ok := v.(interface{ GetChats() []tg.ChatClass }); ok {
		h.chats(v.GetChats())
	}
	if v, ok := v.(interface{ GetUpdates() tg.UpdatesClass }); ok {
		h.updates(v.GetUpdates())
	}
	if v, ok := v.(tg.UpdatesDifferenceClass); ok {
		h.difference(v)
	}
}

// difference takes the events out of what was missed. Its users and chats are
// taken out as those of any answer.
func (h *harvest) difference(d tg.UpdatesDifferenceClass) {
	var messages []tg.MessageClass
	var others []tg.UpdateClass
	switch d := d.(type) {
	case *tg.UpdatesDifference:
		messages, others = d.NewMessages, d.OtherUpdates
	case *tg.UpdatesDifferenceSlice:
		messages, others = d.NewMessages, d.OtherUpdates
	}
	for _, m := range messages {
		h.message(m)
	}
	for _, u := range others {
		h.heard(u)
	}
}

// unbox returns what stands in the only field of a box, such as
// tg.UpdatesDifferenceBox or tg.UserClassVector.
func unbox(output bin.Decoder) (any, bool) {
	v := reflect.ValueOf(output)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, false
	}
	v = v.Elem()
	if v.Kind() != reflect.Struct || v.NumField() != 1 {
		return nil, false
	}
	switch f := v.Field(0); f.Kind() {
	case reflect.Interface:
		if f.IsNil() {
			return nil, false
		}
		return f.Interface(), true
	case reflect.Slice:
		return f.Interface(), true
	default:
		return nil, false
	}
}

// dated returns the server's time that an answer carries, or 0: it was made then,
// or later if that is past, as the state in a difference may be.
func dated(output bin.Decoder) (date int, past bool) {
	v, ok := unbox(output)
	if !ok {
		v = output
	}
	switch v := v.(type) {
	case *tg.Updates:
		return v.Date, false
	case *tg.UpdatesCombined:
		return v.Date, false
	case *tg.UpdateShortSentMessage:
		return v.Date, false
	case *tg.UpdatesState:
		return v.Date, false
	case *tg.Config:
		return v.Date, false
	case *tg.UpdatesDifference:
		return v.State.Date, true
	case *tg.UpdatesDifferenceSlice:
		return v.IntermediateState.Date, true
	case *tg.UpdatesDifferenceEmpty:
		return v.Date, true
	case *tg.UpdatesChannelDifference:
		return newest(v.NewMessages), true
	default:
		return 0, false
	}
}

// newest returns the date of the newest message, or 0.
func newest(list []tg.MessageClass) (date int) {
	for _, m := range list {
		if m, ok := m.AsNotEmpty(); ok {
			date = max(date, m.GetDate())
		}
	}
	return date
}

// method returns the name of the call that a request makes.
func method(input bin.Encoder) string {
	if t, ok := input.(interface{ TypeName() string }); ok {
		return t.TypeName()
	}
	return ""
}

// envelopeDate returns the date of a pushed envelope, or the given time if it has
// none.
func envelopeDate(u tg.UpdatesClass, now time.Time) int64 {
	if u, ok := u.(interface{ GetDate() int }); ok && u.GetDate() > 0 {
		return int64(u.GetDate())
	}
	return now.Unix()
}
