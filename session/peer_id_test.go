package session

import (
	"testing"

	"github.com/gotd/td/tg"
)

func TestPeersOfTelegramsHaveTheirIDs(t *testing.T) {
	for _, tt := range []struct {
		peer  tg.PeerClass
		input []tg.InputPeerClass
		want  ID
	}{
		{nil, []tg.InputPeerClass{nil, &tg.InputPeerEmpty{}, &tg.InputPeerSelf{}}, ID{}},
		{
			&tg.PeerUser{UserID: 7},
			[]tg.InputPeerClass{&tg.InputPeerUser{UserID: 7}, &tg.InputPeerUserFromMessage{UserID: 7}},
			UserID(7),
		},
		{&tg.PeerChat{ChatID: 7}, []tg.InputPeerClass{&tg.InputPeerChat{ChatID: 7}}, ChatID(7)},
		{
			&tg.PeerChannel{ChannelID: 7},
			[]tg.InputPeerClass{&tg.InputPeerChannel{ChannelID: 7}, &tg.InputPeerChannelFromMessage{ChannelID: 7}},
			ChannelID(7),
		},
	} {
		if got := PeerID(tt.peer); got != tt.want {
			t.Errorf("%T: %v, want %v", tt.peer, got, tt.want)
		}
		for _, in := range tt.input {
			if got := InputPeerID(in); got != tt.want {
				t.Errorf("%T: %v, want %v", in, got, tt.want)
			}
		}
	}
}
