package rawtl

import (
	"context"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// BenchmarkSendMessage is what a call costs on top of the network: JSON to TL, and
// the answer from TL to JSON.
func BenchmarkSendMessage(b *testing.B) {
	schema := New()
	call := Call{Method: "messages.sendMessage", Params: []byte(`{
		"peer": "@ann", "message": "Your order has shipped", "random_id": "7216849375120064",
		"reply_to": {"_": "inputReplyToMessage", "reply_to_msg_id": 17},
		"entities": [{"_": "messageEntityBold", "offset": 5, "length": 5}]
	}`)}
	var answer bin.Buffer
	if err := sentAnswer().Encode(&answer); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		req, err := schema.Parse(b.Context(), call, onePeer{})
		if err != nil {
			b.Fatal(err)
		}
		var sent bin.Buffer
		if err := req.Object().Encode(&sent); err != nil {
			b.Fatal(err)
		}
		result := req.NewResult()
		if err := result.Decode(&bin.Buffer{Buf: answer.Buf}); err != nil {
			b.Fatal(err)
		}
		if _, err := schema.JSON(result, View{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstCall is what the first call of a process costs more: the registry
// and the types that it needs are learnt then.
func BenchmarkFirstCall(b *testing.B) {
	call := Call{Method: "messages.sendMessage", Params: []byte(`{"peer":"@ann","message":"Hello"}`)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New().Parse(b.Context(), call, onePeer{}); err != nil {
			b.Fatal(err)
		}
	}
}

// sentAnswer is what the server says to a message that was sent.
func sentAnswer() *tg.Updates {
	m := &tg.Message{Out: true, ID: 18, PeerID: &tg.PeerUser{UserID: 1001}, Date: 1767323045, Message: "Your order has shipped"}
	m.SetFromID(&tg.PeerUser{UserID: 7000000001})
	m.SetEntities([]tg.MessageEntityClass{&tg.MessageEntityBold{Offset: 5, Length: 5}})
	ann := &tg.User{ID: 1001, FirstName: "Ann", Username: "ann"}
	ann.SetAccessHash(-8217365521945283)
	return &tg.Updates{
		Updates: []tg.UpdateClass{
			&tg.UpdateMessageID{ID: 18, RandomID: 7216849375120064},
			&tg.UpdateNewMessage{Message: m, Pts: 9, PtsCount: 1},
		},
		Users: []tg.UserClass{ann}, Date: 1767323045, Seq: 3,
	}
}

// onePeer is everybody.
type onePeer struct{}

func (onePeer) Peer(context.Context, string) (tg.InputPeerClass, error) {
	return &tg.InputPeerUser{UserID: 1001, AccessHash: -8217365521945283}, nil
}

// BenchmarkFacts is what describe costs before it tells anything.
func BenchmarkFacts(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LoadFacts()
	}
}
