package fakedc

import (
	"bytes"
	"errors"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

func interpreterFor(t *testing.T) *interpreter {
	t.Helper()
	i, err := newInterpreter()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func bytesOf(t *testing.T, v bin.Encoder) []byte {
	t.Helper()
	b, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The table of the server's own layer is what gotd writes.
func TestTheNativeTableIsGotds(t *testing.T) {
	i := interpreterFor(t)
	own := i.layers[nativeLayer]
	for _, v := range samples(true) {
		want := bytesOf(t, v)
		got, err := translate(own, own, want, true)
		if err != nil {
			t.Errorf("%T: %v", v, err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%T: got\n%x, want\n%x", v, got, want)
		}
	}
}

// What goes into another layer and back has lost nothing that both have. Layer 144
// has one username.
func TestEveryLayerSaysTheSame(t *testing.T) {
	i := interpreterFor(t)
	for number, l := range i.layers {
		for _, v := range samples(number > 144) {
			want := bytesOf(t, v)
			there, err := i.body(number, want)
			if err != nil {
				t.Errorf("layer %d: %T: %v", number, v, err)
				continue
			}
			back, err := translate(l, i.layers[nativeLayer], there, false)
			if err != nil {
				t.Errorf("layer %d: %T: %v", number, v, err)
			} else if !bytes.Equal(back, want) {
				t.Errorf("layer %d: %T: got\n%x, want\n%x", number, v, back, want)
			}
		}
	}
}

func TestAUserHasFourConstructors(t *testing.T) {
	i := interpreterFor(t)
	user := bytesOf(t, &tg.User{ID: 1001, FirstName: "Ann"})
	for number, want := range map[int]uint32{144: 0x3ff6ecb0, 198: 0x4b46c37e, 220: 0x31774388, 227: 0x31774388, 229: 0xb1b8cc83} {
		b, err := i.body(number, user)
		if err != nil {
			t.Fatal(err)
		}
		if id, err := (&bin.Buffer{Buf: b}).PeekID(); err != nil || id != want {
			t.Errorf("layer %d: %#x, want %#x", number, id, want)
		}
	}
}

func TestWhatALayerLacksIsNamed(t *testing.T) {
	i := interpreterFor(t)
	_, err := i.body(198, bytesOf(t, &tg.MessageEntityDiffDelete{Length: 1}))
	var lacks *untranslatable
	if !errors.As(err, &lacks) || lacks.what != "messageEntityDiffDelete" {
		t.Errorf("got %v", err)
	}
}

func samples(usernames bool) []bin.Encoder {
	user := &tg.User{ID: 1001, Bot: true, Self: true, BotInfoVersion: 1}
	user.SetFirstName("Ann")
	user.SetAccessHash(-5)
	if usernames {
		user.SetUsernames([]tg.Username{{Username: "ann", Active: true}})
	}
	channel := &tg.Channel{ID: 5, Title: "Friends", Megagroup: true, Photo: &tg.ChatPhotoEmpty{}, Date: 1}
	channel.SetAccessHash(7)
	message := &tg.Message{
		ID: 3, PeerID: &tg.PeerChannel{ChannelID: 5}, Date: 1, Message: "hello Ann",
		Entities: []tg.MessageEntityClass{&tg.MessageEntityMentionName{Offset: 6, Length: 3, UserID: 1001}},
	}
	message.SetFromID(&tg.PeerUser{UserID: 1001})
	reply := &tg.MessageReplyHeader{}
	reply.SetReplyToMsgID(2)
	message.SetReplyTo(reply)
	service := &tg.MessageService{
		ID: 4, PeerID: &tg.PeerChat{ChatID: 9}, Date: 1, Action: &tg.MessageActionChatAddUser{Users: []int64{1001}},
	}
	full := tg.UserFull{ID: 1001, CommonChatsCount: 2}
	return []bin.Encoder{
		user, channel, message, service,
		&tg.Updates{
			Updates: []tg.UpdateClass{
				&tg.UpdateNewChannelMessage{Message: message, Pts: 2, PtsCount: 1},
				&tg.UpdateBotStopped{UserID: 1001, Date: 1, Stopped: true, Qts: 2},
			},
			Users: []tg.UserClass{user}, Chats: []tg.ChatClass{channel}, Date: 1,
		},
		&tg.UpdatesState{Pts: 1, Qts: 1, Date: 1, Seq: 1},
		&tg.UpdatesDifference{NewMessages: []tg.MessageClass{message}, Users: []tg.UserClass{user}},
		&tg.UsersUserFull{FullUser: full, Users: []tg.UserClass{user}},
		&tg.Config{ThisDC: 2, DCOptions: []tg.DCOption{{ID: 2, IPAddress: "127.0.0.1", Port: 443, Static: true}}},
		&tg.ContactsResolvedPeer{Peer: &tg.PeerUser{UserID: 1001}, Users: []tg.UserClass{user}},
		&tg.AuthAuthorization{User: user},
		&tg.MessagesSendMessageRequest{
			Peer: &tg.InputPeerUser{UserID: 1001, AccessHash: 5}, Message: "hello", RandomID: 9,
			Entities: []tg.MessageEntityClass{&tg.InputMessageEntityMentionName{Length: 3, UserID: &tg.InputUserSelf{}}},
		},
		&tg.MessagesSendMessageRequest{
			Peer: &tg.InputPeerSelf{}, Message: "press", RandomID: 9,
			ReplyMarkup: &tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
				{Text: "more", Type: &tg.InlineButtonTypeCallback{Data: []byte("more")}},
				{Text: "page", Type: &tg.InlineButtonTypeURL{URL: "https://example.org"}},
				{Text: "Ann", Type: &tg.InputInlineButtonTypeUserProfile{UserID: &tg.InputUserSelf{}}},
			}}}},
		},
		&tg.MessagesSendMessageRequest{
			Peer: &tg.InputPeerSelf{}, Message: "press", RandomID: 9,
			ReplyMarkup: &tg.ReplyKeyboardMarkup{Rows: []tg.KeyboardButtonRow{{Buttons: []tg.KeyboardButton{
				{Text: "say", Type: &tg.ButtonTypeDefault{}}, {Text: "phone", Type: &tg.ButtonTypeRequestPhone{}},
			}}}},
		},
		&tg.UpdatesGetDifferenceRequest{Pts: 1, Date: 1, Qts: 1},
		&tg.BoolBox{Bool: &tg.BoolTrue{}},
		&tg.UserClassVector{Elems: []tg.UserClass{user, &tg.UserEmpty{ID: 4}}},
	}
}

func TestALayerThatNobodyKnowsIsRefused(t *testing.T) {
	i := interpreterFor(t)
	for number, want := range map[int]bool{144: true, 198: true, 220: true, 227: true, 229: true, 100: false, 230: false} {
		if i.knows(number) != want {
			t.Errorf("layer %d: %t", number, !want)
		}
	}
}

// The error that a client gets has the constructor's name in it.
func TestARefusalReachesTheClientByName(t *testing.T) {
	i := interpreterFor(t)
	_, err := i.answer(198, &tg.MessageEntityDiffDelete{Length: 1})
	var refused *tgerr.Error
	if !errors.As(err, &refused) || refused.Message != "LAYER_198_HAS_NO: messageEntityDiffDelete" {
		t.Errorf("got %v", err)
	}
}

// What a client says and the server has no place for is refused, and not left out.
func TestNothingIsLostFromARequest(t *testing.T) {
	i := interpreterFor(t)
	old := tlWriter{layer: i.layers[198], b: &bin.Buffer{}}
	if err := old.value(tlType{name: "Object"}, object{name: "botBusinessConnection", fields: map[string]any{
		"can_reply": struct{}{}, "connection_id": []byte("biz"), "user_id": int64(1), "dc_id": int32(2), "date": int32(7),
	}}); err != nil {
		t.Fatal(err)
	}
	_, err := i.request(198, old.b.Buf)
	var lacks *untranslatable
	if !errors.As(err, &lacks) || lacks.what != "botBusinessConnection with can_reply" {
		t.Errorf("got %v", err)
	}
}

// In layer 144 an answer names the message that it answers by its number.
func TestAnOldAnswerFindsItsMessage(t *testing.T) {
	i := interpreterFor(t)
	old := tlWriter{layer: i.layers[144], b: &bin.Buffer{}}
	if err := old.value(tlType{name: "Object"}, object{name: "messages.sendMessage", fields: map[string]any{
		"peer": object{name: "inputPeerSelf"}, "message": []byte("hi"), "random_id": int64(9), "reply_to_msg_id": int32(3),
	}}); err != nil {
		t.Fatal(err)
	}
	body, err := i.request(144, old.b.Buf)
	if err != nil {
		t.Fatal(err)
	}
	var r tg.MessagesSendMessageRequest
	if err := r.Decode(&bin.Buffer{Buf: body}); err != nil {
		t.Fatal(err)
	}
	if reply, ok := r.ReplyTo.(*tg.InputReplyToMessage); !ok || reply.ReplyToMsgID != 3 {
		t.Errorf("answers %v", r.ReplyTo)
	}
}
