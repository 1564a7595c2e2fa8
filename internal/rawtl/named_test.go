package rawtl

import (
	"slices"
	"strings"
	"testing"

	"github.com/gotd/td/tg"
)

// TestEveryUpdateNamesItsPeers goes through all updates of the layer, with every
// optional field and with none: the peers in the fields of each are found, by the
// types of the schema or by the names of the numbers.
func TestEveryUpdateNamesItsPeers(t *testing.T) {
	schema := New()
	samples := newSampler(t, schema)
	count := 0
	for _, e := range schema.classes["Update"] {
		for _, optional := range []bool{true, false} {
			object := samples.object(e, uint64(e.id), optional)
			named, err := schema.Named(object)
			if err != nil {
				t.Errorf("%s: %v", e.name, err)
				continue
			}
			var paths []string
			for _, n := range named {
				paths = append(paths, n.Path)
			}
			for f := range fieldsOf(e.line) {
				number := f.Type == "long" && (f.Name == "user_id" || f.Name == "chat_id" || f.Name == "channel_id" || f.Name == "bot_id")
				if (f.Type == "Peer" || number) && (optional || f.Flag == "") && !slices.Contains(paths, f.Name) {
					t.Errorf("%s: %s is not among %q", e.name, f.Name, paths)
				}
			}
			count++
		}
	}
	if count < 200 {
		t.Errorf("only %d updates", count)
	}
}

// TestPeersAreNamedDeepDown, where the schema has numbers and where it has lists.
func TestPeersAreNamedDeepDown(t *testing.T) {
	forward := tg.MessageFwdHeader{}
	forward.SetFromID(&tg.PeerUser{UserID: 3})
	m := &tg.Message{PeerID: &tg.PeerChannel{ChannelID: 1}, Entities: []tg.MessageEntityClass{&tg.MessageEntityMentionName{UserID: 4}}}
	m.SetFwdFrom(forward)
	m.SetFromID(&tg.PeerUser{UserID: 2})
	m.SetEntities(m.Entities)
	named, err := New().Named(&tg.UpdateNewChannelMessage{Message: m})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range named {
		got = append(got, n.Path)
	}
	want := "message.from_id message.peer_id message.fwd_from.from_id message.entities.user_id"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}
