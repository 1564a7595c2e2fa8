package rawtl

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"reflect"
	"strings"

	"github.com/gotd/td/tg"
)

// Peers knows people and chats. It is asked when a call names one by a reference.
type Peers interface {
	// Peer tells whom a reference means: a name, a link, an id or "me". An error
	// says in words for people why that is nobody.
	Peer(ctx context.Context, ref string) (tg.InputPeerClass, error)
}

// takesPeer says whether a reference may stand in the place of an object.
func takesPeer(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[tg.InputPeerClass](), reflect.TypeFor[tg.InputUserClass](),
		reflect.TypeFor[tg.InputChannelClass](), reflect.TypeFor[tg.InputDialogPeerClass](),
		reflect.TypeFor[tg.InputNotifyPeerClass]():
		return true
	}
	return false
}

// peer fills a field with somebody whom Peers knows.
func (f *filler) peer(n *node, v reflect.Value, t reflect.Type, at *place) *Error {
	if n.kind == isNumber && strings.ContainsAny(n.text, ".eE") {
		return wrong(at, "want a peer, found %s", n.found())
	}
	if f.peers == nil {
		return wrong(at, "nobody is known here")
	}
	known, err := f.peers.Peer(f.ctx, n.text)
	if err != nil {
		return &Error{Path: at.String(), Message: err.Error(), Cause: err}
	}
	var in any = known
	want := "user"
	switch t {
	case reflect.TypeFor[tg.InputUserClass]():
		in = userOf(known)
	case reflect.TypeFor[tg.InputChannelClass]():
		in, want = channelOf(known), "channel"
	case reflect.TypeFor[tg.InputDialogPeerClass]():
		in = &tg.InputDialogPeer{Peer: known}
	case reflect.TypeFor[tg.InputNotifyPeerClass]():
		in = &tg.InputNotifyPeer{Peer: known}
	}
	if in == nil {
		return wrong(at, "%s is a %s, not a %s", short(n.text), kindOfPeer(known), want)
	}
	v.Set(reflect.ValueOf(in))
	return nil
}

// userOf returns a user as the type InputUser has it, or nil.
func userOf(p tg.InputPeerClass) any {
	switch p := p.(type) {
	case *tg.InputPeerSelf:
		return &tg.InputUserSelf{}
	case *tg.InputPeerUser:
		return &tg.InputUser{UserID: p.UserID, AccessHash: p.AccessHash}
	default:
		return nil
	}
}

// channelOf returns a channel as the type InputChannel has it, or nil.
func channelOf(p tg.InputPeerClass) any {
	if p, ok := p.(*tg.InputPeerChannel); ok {
		return &tg.InputChannel{ChannelID: p.ChannelID, AccessHash: p.AccessHash}
	}
	return nil
}

func kindOfPeer(p tg.InputPeerClass) string {
	switch p.(type) {
	case *tg.InputPeerSelf, *tg.InputPeerUser:
		return "user"
	case *tg.InputPeerChat:
		return "basic group"
	default:
		return "channel"
	}
}

// draw fills a random id that was left out; a list of them with one for every
// element of the list of ids beside it. It reports false for a field that only
// has the name.
func (f *filler) draw(v reflect.Value, s *shape, p *part) bool {
	slot := v.Field(p.slot)
	switch p.form.sort {
	case aLong:
		slot.SetInt(random())
	case anInt:
		slot.SetInt(int64(int32(random())))
	case aVector:
		k, ok := s.index["id"]
		if !ok || p.form.elem.sort != aLong || s.parts[k].form.sort != aVector {
			return false
		}
		ids := make([]int64, v.Field(s.parts[k].slot).Len())
		for i := range ids {
			ids[i] = random()
		}
		slot.Set(reflect.ValueOf(ids))
	default:
		return false
	}
	return true
}

// random is a number by which the server tells messages apart. It is not 0.
func random() int64 {
	var buf [8]byte
	for {
		_, _ = rand.Read(buf[:]) // it never fails: see crypto/rand
		if n := binary.LittleEndian.Uint64(buf[:]); uint32(n) != 0 {
			return int64(n)
		}
	}
}
