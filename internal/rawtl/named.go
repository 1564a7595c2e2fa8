package rawtl

import (
	"reflect"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// Named is a peer that an object names by its id.
type Named struct {
	// Path is the fields down to it, as in "message.from_id", without the places in
	// lists.
	Path string
	Peer tg.PeerClass
}

// Named lists the peers that an object names, the outer ones first and in the order
// of the schema. Where the schema has a bare number, its field's name says what it
// is the id of; of a field that may mean several kinds nothing is said.
func (s *Schema) Named(object bin.Object) ([]Named, error) {
	var out []Named
	for level := []held{{"", reflect.ValueOf(object)}}; len(level) > 0; {
		var next []held
		for _, h := range level {
			inner, err := s.inside(h)
			if err != nil {
				return nil, err
			}
			for _, in := range inner {
				if p := in.peer(); p != nil {
					out = append(out, Named{in.path, p})
				} else {
					next = append(next, in)
				}
			}
		}
		level = next
	}
	return out, nil
}

// held is a value in an object.
type held struct {
	path string
	v    reflect.Value
}

// inside returns what a value holds itself: the fields of an object that are
// given, or the elements of a list.
func (s *Schema) inside(h held) ([]held, error) {
	v := h.v
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	var out []held
	switch {
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		for i := range v.Len() {
			out = append(out, held{h.path, v.Index(i)})
		}
	case v.Kind() == reflect.Struct:
		shape, err := s.shape(v.Type())
		if err != nil {
			return nil, err
		}
		for i := range shape.parts {
			p := &shape.parts[i]
			if !p.given(v) {
				continue
			}
			path := p.name
			if h.path != "" {
				path = h.path + "." + p.name
			}
			out = append(out, held{path, v.Field(p.slot)})
		}
	}
	return out, nil
}

// peer is who a value is the id of, or nil.
func (h held) peer() tg.PeerClass {
	if h.v.Kind() == reflect.Interface {
		p, _ := h.v.Interface().(tg.PeerClass)
		return p
	}
	if h.v.Kind() != reflect.Int64 {
		return nil
	}
	switch h.path[strings.LastIndexByte(h.path, '.')+1:] {
	case "user_id", "bot_id", "via_bot_id", "via_business_bot_id", "admin_id", "actor_id", "inviter_id",
		"new_creator_id", "receiver_id", "approved_by", "kicked_by", "promoted_by", "requested_by",
		"users", "recent_requesters", "winners":
		return &tg.PeerUser{UserID: h.v.Int()}
	case "chat_id", "migrated_from_chat_id":
		return &tg.PeerChat{ChatID: h.v.Int()}
	case "channel_id", "broadcast_id", "linked_monoforum_id":
		return &tg.PeerChannel{ChannelID: h.v.Int()}
	default:
		return nil
	}
}
