package sessiontest

import (
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// gathering are the behaviors of harvest.
func gathering() []behavior {
	return []behavior{
		{"C19 a listing has each peer once", func(s *scene) {
			for n := range int64(2500) {
				s.sees(user(2000+n, n, "Somebody"))
				if n%700 == 0 {
					s.reopen()
				}
			}
			s.sees(user(2000, 1, "Again"))
			seen := map[session.ID]bool{}
			for _, id := range s.listed() {
				if seen[id] {
					s.Errorf("%v is listed twice", id)
				}
				seen[id] = true
			}
			if len(seen) != 2500 {
				s.Errorf("%d peers are listed", len(seen))
			}
		}},
		{"C20 the second write and the later ones are written too", func(s *scene) {
			for n := range int64(5) {
				s.sees(user(2000+n, n, "Somebody"))
				s.reopen()
				s.sees(user(2000+n, n, "Somebody else"))
				s.reopen()
				if p := s.peer(session.UserID(2000 + n)); p.FirstName != "Somebody else" {
					s.Errorf("write %d left %q", n, p.FirstName)
				}
			}
		}},
		{"C26 users and chats in every kind of answer are stored", func(s *scene) {
			one := func(id int64) []tg.UserClass { return []tg.UserClass{user(id, id, "Somebody")} }
			chat := func(id int64) []tg.ChatClass { return []tg.ChatClass{channel(id, id, "Somewhere")} }
			answers := []struct {
				request bin.Encoder
				answer  bin.Decoder
			}{
				{&tg.UsersGetUsersRequest{}, &tg.UserClassVector{Elems: one(1)}},
				{&tg.UsersGetFullUserRequest{}, &tg.UsersUserFull{Users: one(2), Chats: chat(2)}},
				{&tg.ContactsResolveUsernameRequest{}, &tg.ContactsResolvedPeer{Peer: &tg.PeerUser{UserID: 3}, Users: one(3), Chats: chat(3)}},
				{&tg.MessagesGetMessagesRequest{}, &tg.MessagesMessagesBox{Messages: &tg.MessagesMessages{Users: one(4), Chats: chat(4)}}},
				{&tg.ChannelsGetMessagesRequest{}, &tg.MessagesMessagesBox{Messages: &tg.MessagesChannelMessages{Users: one(5), Chats: chat(5)}}},
				{&tg.ChannelsGetParticipantRequest{}, &tg.ChannelsChannelParticipant{Users: one(6), Chats: chat(6)}},
				{&tg.ChannelsGetParticipantsRequest{}, &tg.ChannelsChannelParticipantsBox{ChannelParticipants: &tg.ChannelsChannelParticipants{Users: one(7), Chats: chat(7)}}},
				{&tg.MessagesGetChatsRequest{}, &tg.MessagesChatsBox{Chats: &tg.MessagesChats{Chats: chat(8)}}},
				{&tg.ChannelsGetChannelsRequest{}, &tg.MessagesChatsBox{Chats: &tg.MessagesChatsSlice{Chats: chat(9)}}},
				{&tg.MessagesGetFullChatRequest{}, &tg.MessagesChatFull{Users: one(10), Chats: chat(10)}},
				{&tg.MessagesSendMessageRequest{}, &tg.UpdatesBox{Updates: &tg.Updates{Users: one(11), Chats: chat(11)}}},
				{&tg.MessagesSendMessageRequest{}, &tg.UpdatesBox{Updates: &tg.UpdatesCombined{Users: one(12), Chats: chat(12)}}},
				{&tg.UpdatesGetDifferenceRequest{}, &tg.UpdatesDifferenceBox{Difference: &tg.UpdatesDifference{Users: one(13), Chats: chat(13)}}},
				{&tg.UpdatesGetDifferenceRequest{}, &tg.UpdatesDifferenceBox{Difference: &tg.UpdatesDifferenceSlice{Users: one(14), Chats: chat(14)}}},
				{&tg.UpdatesGetChannelDifferenceRequest{}, &tg.UpdatesChannelDifferenceBox{ChannelDifference: &tg.UpdatesChannelDifference{Users: one(15), Chats: chat(15)}}},
				{&tg.UpdatesGetChannelDifferenceRequest{}, &tg.UpdatesChannelDifferenceBox{ChannelDifference: &tg.UpdatesChannelDifferenceTooLong{Users: one(16), Chats: chat(16)}}},
				{&tg.MessagesCreateChatRequest{}, &tg.MessagesInvitedUsers{Updates: &tg.Updates{Users: one(17), Chats: chat(17)}}},
				{&tg.AccountUpdateProfileRequest{}, &tg.UserBox{User: one(18)[0]}},
			}
			for _, a := range answers {
				if err := s.Answer(s.Context(), a.request, a.answer); err != nil {
					s.Fatal(err)
				}
			}
			s.reopen()
			for n := range int64(18) {
				if n+1 != 8 && n+1 != 9 {
					s.wantHash(session.UserID(n+1), session.HashFull, n+1)
				}
				if n != 0 && n+1 != 18 {
					s.wantHash(session.ChannelID(n+1), session.HashFull, n+1)
				}
			}
		}},
		{"C30 objects without their optional fields harm nothing", func(s *scene) {
			s.sees(&tg.User{ID: 1}, &tg.Channel{ID: 1}, &tg.Chat{ID: 1}, &tg.ChatForbidden{ID: 2}, &tg.ChatEmpty{ID: 3})
			s.Push(&tg.Updates{Updates: []tg.UpdateClass{&tg.UpdateNewMessage{}, nil, &tg.UpdateUserName{}}})
			s.Push(&tg.UpdateShort{})
			s.Push(&tg.UpdatesTooLong{})
			if err := s.Answer(s.Context(), &tg.UsersGetUsersRequest{}, &tg.UserClassVector{Elems: []tg.UserClass{nil}}); err != nil {
				s.Fatal(err)
			}
			if err := s.Answer(s.Context(), &tg.MessagesSendMessageRequest{}, &tg.UpdatesBox{}); err != nil {
				s.Fatal(err)
			}
			s.reopen()
			s.peer(session.UserID(1))
		}},
		{"invalid UTF-8 and endless names are made storable", func(s *scene) {
			long := make([]byte, 1<<20)
			for i := range long {
				long[i] = 'x'
			}
			s.sees(user(1, 1, "\xff\xfeAnn"), user(2, 2, string(long), string(long)), user(3, 3, "Carol", "peer\x00"))
			s.reopen()
			for id := range int64(3) {
				if p := s.peer(session.UserID(id + 1)); len(p.FirstName) > 4096 || len(p.Usernames) != 0 {
					s.Errorf("%v has a name of %d bytes and bears %d names", p.ID, len(p.FirstName), len(p.Usernames))
				}
			}
		}},
	}
}
