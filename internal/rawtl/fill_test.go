package rawtl

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// fill puts JSON into any object, as Parse does into a method.
func (s *Schema) fill(t testing.TB, raw []byte, into bin.Object) *Error {
	t.Helper()
	n, err := parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.ValueOf(into).Elem()
	shape, err := s.shape(v.Type())
	if err != nil {
		t.Fatal(err)
	}
	f := filler{ctx: t.Context(), schema: s}
	return f.object(&n, v, shape, &place{name: shape.name})
}

// TestCallsAreWrittenInManyWays: each is a call in JSON and what it stands for in
// gotd's types.
func TestCallsAreWrittenInManyWays(t *testing.T) {
	ann := &tg.InputPeerUser{UserID: 1001, AccessHash: 11}
	friend := &tg.InputPeerChannel{ChannelID: 1900000001, AccessHash: 12}
	typing := &tg.MessagesSetTypingRequest{Peer: ann, Action: &tg.SendMessageTypingAction{}}
	key := bin.Int256{31: 255}
	zero := &tg.MessagesSendMessageRequest{Peer: ann, Message: "x", RandomID: 1}
	zero.SetScheduleDate(0)
	zero.SetFlags()
	conference := &tg.PhoneCreateConferenceCallRequest{RandomID: 1}
	conference.SetPublicKey(key)
	conference.SetBlock([]byte{1})
	conference.SetParams(tg.DataJSON{Data: "{}"})
	conference.SetFlags()
	part := &tg.UploadSaveFilePartRequest{FileID: 1, Bytes: []byte{0, 255, 254}}
	for _, c := range []struct {
		method, params string
		want           bin.Object
	}{
		// Peers, and what is wrapped around them.
		{"messages.getPeerDialogs", `{"peers":["@ann",-1001900000001]}`, &tg.MessagesGetPeerDialogsRequest{
			Peers: []tg.InputDialogPeerClass{&tg.InputDialogPeer{Peer: ann}, &tg.InputDialogPeer{Peer: friend}},
		}},
		{"messages.getPeerDialogs", `{"peers":{"_":"inputDialogPeerFolder","folder_id":0}}`, &tg.MessagesGetPeerDialogsRequest{
			Peers: []tg.InputDialogPeerClass{&tg.InputDialogPeerFolder{}},
		}},
		{"account.getNotifySettings", `{"peer":"@ann"}`, &tg.AccountGetNotifySettingsRequest{Peer: &tg.InputNotifyPeer{Peer: ann}}},
		{"account.getNotifySettings", `{"peer":"inputNotifyUsers"}`, &tg.AccountGetNotifySettingsRequest{Peer: &tg.InputNotifyUsers{}}},
		{"channels.getChannels", `{"id":"-1001900000001"}`, &tg.ChannelsGetChannelsRequest{
			ID: []tg.InputChannelClass{&tg.InputChannel{ChannelID: 1900000001, AccessHash: 12}},
		}},
		{"users.getUsers", `{"id":{"_":"inputUser","user_id":1,"access_hash":"-9223372036854775808"}}`, &tg.UsersGetUsersRequest{
			ID: []tg.InputUserClass{&tg.InputUser{UserID: 1, AccessHash: -1 << 63}},
		}},
		// Constructors.
		{"messages.setTyping", `{"peer":"@ann","action":"sendMessageTypingAction"}`, typing},
		{"messages.setTyping", `{"peer":"@ann","action":{"@type":"sendMessageTypingAction"}}`, typing},
		{"messages.setTyping", `{"_":"messages.setTyping#58943ee2","peer":"@ann","action":{"_":"sendMessageTypingAction"}}`, typing},
		{"messages.setTyping", `{"peer":"@ann","action":"sendMessageTypingAction","top_msg_id":null}`, typing},
		// Numbers, bytes and flags.
		{"messages.sendMessage", `{"peer":"@ann","message":"x","random_id":"1","schedule_date":0,"silent":false}`, zero},
		{"upload.saveFilePart", `{"file_id":1,"file_part":0,"bytes":"AP/+"}`, part},
		{"upload.saveFilePart", `{"file_id":"1","file_part":0,"bytes":"AP_-"}`, part},
		{"phone.createConferenceCall", `{"random_id":1,"public_key":"00000000000000000000000000000000000000000000000000000000000000FF","block":"AQ","params":{"data":"{}"}}`, conference},
		// Lists.
		{"messages.deleteMessages", `{"id":7}`, &tg.MessagesDeleteMessagesRequest{ID: []int{7}}},
		{"messages.deleteMessages", `{"id":[]}`, &tg.MessagesDeleteMessagesRequest{}},
	} {
		req, err := New().Parse(t.Context(), Call{Method: c.method, Params: []byte(c.params)}, friends{})
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.params, err)
			continue
		}
		if got, want := encoded(t, req.Object()), encoded(t, c.want); !bytes.Equal(got, want) {
			t.Errorf("%s %s is\n%x, not\n%x", c.method, c.params, got, want)
		}
	}
}
