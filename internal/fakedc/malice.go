package fakedc

import (
	"context"
	"errors"
	"fmt"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
)

// malice is what no server should send. It comes as a push, or with the answer
// to a call. The world knows nothing of it: whoever a client finds in its book
// afterwards came from here.
type malice struct {
	// users and chats come along with what would be said anyway.
	users []tg.UserClass
	chats []tg.ChatClass
	// updates are a push's; an answer that is a container has them as well.
	updates []tg.UpdateClass
	// body is sent in place of everything.
	body []byte
	// twist changes an answer.
	twist func(request *bin.Buffer, answer bin.Encoder) bin.Encoder
}

// maliceOf builds what a step names. size is how large or how many, 0 for the
// kind's own choice, and nth tells one of many from the others.
func (w *World) maliceOf(a *account, kind string, size, nth int) (malice, error) {
	if size < 0 {
		return malice{}, errors.New("a size below zero")
	}
	for _, build := range []func(*World, *account, string, int, int) (malice, bool){
		(*World).strangeObjects, (*World).strangeUpdates, (*World).strangeBytes, (*World).strangeAnswer,
	} {
		if m, ok := build(w, a, kind, size, nth); ok {
			return m, nil
		}
	}
	return malice{}, fmt.Errorf("no malice is called %q", kind)
}

// offend is the step: what it names is pushed at once, or kept for the next
// answers to a method.
func (w *World) offend(ctx context.Context, s Step) (Result, error) {
	count := s.Count
	if count == 0 {
		count = 1
	}
	a, first, err := w.maliceFor(s)
	switch {
	case err != nil:
		return Result{}, err
	case s.Method != "":
		w.faults.add(&fault{method: s.Method, count: count, malice: func() malice {
			// Encoding writes to objects, so every answer has its own.
			_, m, _ := w.maliceFor(s)
			return m
		}})
		return Result{Count: count}, nil
	case first.twist != nil:
		return Result{}, fmt.Errorf("%q is for the answer to a method", s.Kind)
	case count < 0:
		return Result{}, errors.New("a push that never ends")
	}
	for i := range count {
		// Waiting happens between pushes, with the world unlocked.
		if err := w.board.settle(ctx); err != nil {
			return Result{}, err
		}
		if err := w.offendOnce(a, s, i); err != nil {
			return Result{}, err
		}
	}
	return Result{Count: count}, nil
}

func (w *World) maliceFor(s Step) (*account, malice, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.botOf(s)
	if err != nil {
		return nil, malice{}, err
	}
	m, err := w.maliceOf(a, s.Kind, s.Size, 0)
	return a, m, err
}

func (w *World) offendOnce(a *account, s Step, nth int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.maliceOf(a, s.Kind, s.Size, nth)
	if err != nil {
		return err
	}
	if m.body == nil {
		if m.body, err = encode(&tg.Updates{Updates: m.updates, Users: m.users, Chats: m.chats, Date: w.date()}); err != nil {
			return err
		}
	}
	w.board.offend(a, m.body)
	return nil
}

// offend sends body to every session of a bot that wants updates. What has no
// translation is sent as it is.
func (b *switchboard) offend(a *account, body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.sessions {
		if !l.hears(a) {
			continue
		}
		said, ok := l.conn.inLayer(l.ses, body)
		if !ok {
			said = body
		}
		l.conn.out.put(parcel{ses: l.ses, typ: proto.MessageFromServer, content: true, push: true, body: said})
	}
}

// spoil changes the answer to request.
func (m *malice) spoil(request []byte, answer bin.Encoder) bin.Encoder {
	if m.twist != nil {
		return m.twist(&bin.Buffer{Buf: request}, answer)
	}
	m.join(answer)
	return answer
}

// join puts users, chats and updates in front of those that an answer has. An
// answer without a place for them stays as it is.
func (m *malice) join(answer bin.Encoder) {
	users := func(list *[]tg.UserClass) { *list = append(append([]tg.UserClass(nil), m.users...), *list...) }
	chats := func(list *[]tg.ChatClass) { *list = append(append([]tg.ChatClass(nil), m.chats...), *list...) }
	switch x := answer.(type) {
	case *tg.UserClassVector:
		users(&x.Elems)
	case *tg.UpdatesBox:
		if u, ok := x.Updates.(*tg.Updates); ok {
			users(&u.Users)
			chats(&u.Chats)
			u.Updates = append(append([]tg.UpdateClass(nil), m.updates...), u.Updates...)
		}
	case *tg.UpdatesDifferenceBox:
		m.joinDifference(x.Difference, users, chats)
	case *tg.UpdatesChannelDifferenceBox:
		m.joinChannelDifference(x.ChannelDifference, users, chats)
	case *tg.ContactsResolvedPeer:
		users(&x.Users)
		chats(&x.Chats)
	case *tg.UsersUserFull:
		users(&x.Users)
		chats(&x.Chats)
	case *tg.MessagesChatFull:
		users(&x.Users)
		chats(&x.Chats)
	case *tg.MessagesChatsBox:
		if c, ok := x.Chats.(*tg.MessagesChats); ok {
			chats(&c.Chats)
		}
	case *tg.ChannelsChannelParticipant:
		users(&x.Users)
		chats(&x.Chats)
	case *tg.ChannelsChannelParticipantsBox:
		if p, ok := x.ChannelParticipants.(*tg.ChannelsChannelParticipants); ok {
			users(&p.Users)
			chats(&p.Chats)
		}
	}
}

func (m *malice) joinDifference(d tg.UpdatesDifferenceClass, users func(*[]tg.UserClass), chats func(*[]tg.ChatClass)) {
	switch d := d.(type) {
	case *tg.UpdatesDifference:
		users(&d.Users)
		chats(&d.Chats)
		d.OtherUpdates = append(d.OtherUpdates, m.updates...)
	case *tg.UpdatesDifferenceSlice:
		users(&d.Users)
		chats(&d.Chats)
		d.OtherUpdates = append(d.OtherUpdates, m.updates...)
	}
}

func (m *malice) joinChannelDifference(d tg.UpdatesChannelDifferenceClass, users func(*[]tg.UserClass), chats func(*[]tg.ChatClass)) {
	switch d := d.(type) {
	case *tg.UpdatesChannelDifference:
		users(&d.Users)
		chats(&d.Chats)
		d.OtherUpdates = append(d.OtherUpdates, m.updates...)
	case *tg.UpdatesChannelDifferenceTooLong:
		users(&d.Users)
		chats(&d.Chats)
	}
}
