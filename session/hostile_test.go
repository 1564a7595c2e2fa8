package session

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// impossible are ids that no user, group or channel can have. See
// core.telegram.org/api/bots/ids.
func impossible() []int64 {
	return []int64{0, -1, -1001, math.MinInt64, 1 << 40, 1 << 62, math.MaxInt64}
}

// strange are texts that look like something else, or are none.
func strange() []string {
	return []string{
		"", " ", "peer0_1001", "\x01\x00\x00\x00\x00\x00\x00\x03\xe9", keySpending, prefixFlood + "x", "a\x00b", "a\nb", "\x1b[2J",
		"\xff\xfe\xc3\x28", strings.Repeat("a\xff", 5000), strings.Repeat("a", 10_000), strings.Repeat("\u00e4", 5000),
		strings.Repeat("\xe2\x82", 5000), "@ann", "ann ", "../../etc/passwd", "ANN\u0130", "\uff41\uff4e\uff4e", "%s%n",
	}
}

func personCalled(id int64, name string) *tg.User {
	u := &tg.User{ID: id, FirstName: name, LastName: name, Phone: name, LangCode: name, Username: name}
	u.Usernames = []tg.Username{{Active: true, Username: name}, {Active: true}, {Username: name}}
	u.SetAccessHash(id)
	return u
}

func groupsCalled(id int64, name string) []tg.ChatClass {
	c := &tg.Channel{ID: id, Title: name, Username: name}
	c.SetAccessHash(id)
	moved := &tg.Chat{ID: id, Title: name}
	moved.SetMigratedTo(&tg.InputChannel{ChannelID: id})
	return []tg.ChatClass{
		c, moved, &tg.ChatEmpty{ID: id}, &tg.ChatForbidden{ID: id, Title: name}, &tg.ChannelForbidden{ID: id, AccessHash: 1, Title: name},
	}
}

// about is updates of everything that is heard, about one id.
func about(id int64, text string, date int) []tg.UpdateClass {
	user, channel := &tg.PeerUser{UserID: id}, &tg.PeerChannel{ChannelID: id}
	return []tg.UpdateClass{
		&tg.UpdateNewMessage{Message: &tg.Message{ID: date, PeerID: user, Date: date, Message: text}},
		&tg.UpdateNewMessage{Message: &tg.Message{ID: -1, PeerID: user, Date: date, Message: "/start " + text}},
		&tg.UpdateNewMessage{Message: &tg.MessageService{ID: 2, PeerID: user, Date: date, Action: &tg.MessageActionBotAllowed{Domain: text}}},
		&tg.UpdateNewMessage{Message: &tg.MessageService{ID: 3, PeerID: user, Date: date, Action: &tg.MessageActionBotAllowed{App: &tg.BotApp{ShortName: text}}}},
		&tg.UpdateNewMessage{Message: &tg.MessageEmpty{ID: 4}},
		&tg.UpdateNewChannelMessage{Message: &tg.Message{ID: 5, PeerID: channel, Message: text}, Pts: date, PtsCount: date},
		&tg.UpdateUserName{UserID: id, FirstName: text, LastName: text, Usernames: []tg.Username{{Active: true, Username: text}}},
		&tg.UpdateBotStopped{UserID: id, Date: date, Stopped: true, Qts: date},
		&tg.UpdateBotStopped{UserID: id, Date: date, Qts: -1},
		&tg.UpdateBotChatInviteRequester{UserID: id, Date: date, Peer: channel, About: text},
		&tg.UpdateChannelParticipant{UserID: id, Date: date, ChannelID: id, NewParticipant: &tg.ChannelParticipant{}},
		&tg.UpdateChatParticipant{UserID: id, Date: date, ChatID: id, NewParticipant: &tg.ChatParticipant{}},
		&tg.UpdateChannelTooLong{ChannelID: id, Pts: date},
		&tg.UpdateBotInlineQuery{UserID: id, Query: text},
	}
}

// hostiles are envelopes that no server should send.
func hostiles() map[string]tg.UpdatesClass {
	list := map[string]tg.UpdatesClass{
		"nothing":      &tg.Updates{},
		"nil":          tg.UpdatesClass(nil),
		"nil in short": &tg.UpdateShort{},
		"nil in lists": &tg.Updates{
			Updates: []tg.UpdateClass{nil, &tg.UpdateNewMessage{}, &tg.UpdateNewMessage{Message: &tg.Message{}}, &tg.UpdateNewMessage{Message: &tg.MessageService{PeerID: &tg.PeerUser{UserID: 1}}}},
			Users:   []tg.UserClass{nil}, Chats: []tg.ChatClass{nil},
		},
		"empty users": &tg.Updates{Users: []tg.UserClass{&tg.UserEmpty{ID: 1001}}, Chats: []tg.ChatClass{&tg.ChatEmpty{ID: 5}}},
	}
	for _, id := range impossible() {
		list[fmt.Sprint("id ", id)] = &tg.Updates{
			Updates: about(id, "hello", 1), Users: []tg.UserClass{personCalled(id, "ann")}, Chats: groupsCalled(id, "friends"),
		}
	}
	moved := &tg.Chat{ID: 5, Title: "Moved"}
	moved.SetMigratedTo(&tg.InputChannel{ChannelID: math.MinInt64})
	nowhere := &tg.Chat{ID: 6, Title: "Moved"}
	nowhere.SetMigratedTo(&tg.InputChannelFromMessage{})
	list["moved to nowhere"] = &tg.Updates{Chats: []tg.ChatClass{moved, nowhere}}
	for n, text := range strange() {
		id := int64(2000 + n)
		list[fmt.Sprintf("text %d", n)] = &tg.UpdatesCombined{
			Updates: about(id, text, 1), Users: []tg.UserClass{personCalled(id, text)}, Chats: groupsCalled(id, text),
		}
	}
	for _, date := range []int{0, -1, math.MinInt32, math.MaxInt32} {
		list[fmt.Sprint("date ", date)] = &tg.Updates{
			Updates: about(3000, "hello", date), Users: []tg.UserClass{personCalled(3000, "carol")}, Date: date, Seq: date,
		}
	}
	min := personCalled(3001, "dave")
	min.Min = true
	crowded := personCalled(3002, "bob")
	for n := range 10_000 {
		crowded.Usernames = append(crowded.Usernames, tg.Username{Active: true, Username: fmt.Sprintf("name_%d", n)})
	}
	list["min with a hash, and one of many names"] = &tg.Updates{Users: []tg.UserClass{min, crowded, min}}
	many := &tg.Updates{}
	for n := range 50_000 {
		many.Users = append(many.Users, personCalled(int64(10_000+n), "same_name"))
	}
	list["fifty thousand of one name"] = many
	return list
}

// wrongRow tells what check would find in a row.
func wrongRow(r row) (wrong string) {
	switch r.bucket {
	case bucketPeers:
		_, _, wrong = readPeer(r.key, r.value)
	case bucketNames:
		if r.value != nil {
			_, wrong = readName(r.key, r.value)
		}
	case bucketHistory:
		_, wrong = readChange(r.key, r.value)
	case bucketDialogs:
		wrong = readDialog(r.key, r.value)
	default:
		wrong = "is of no sighting"
	}
	return wrong
}

// Whatever a server sends, nothing ends in a panic, and nothing wrong in the book.
func TestHostileEnvelopesLeaveNothingWrong(t *testing.T) {
	for name, u := range hostiles() {
		t.Run(name, func(t *testing.T) {
			f := mustOpen(t)
			put(t, f, bearer(1001, 1, "ann"))
			m := &Memory{file: f, clock: serverClock{local: f.now}}
			in := newIntake(f.state, &m.stats)
			m.intake = in
			if err := m.pushed(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			if err := f.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := f.Check(t.Context(), func(e Finding) { t.Error(e) }); err != nil {
				t.Fatal(err)
			}
			for p, err := range f.Book().All() {
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{p.FirstName, p.LastName, p.Title, p.Phone, p.Language} {
					if len(text) > maxText || !utf8.ValidString(text) {
						t.Errorf("%v has a text of %d bytes", p.ID, len(text))
					}
				}
				if len(p.Usernames) > maxNames || p.MigratedTo != (ID{}) && !p.MigratedTo.Valid() {
					t.Errorf("%v has %d names and moved to %v", p.ID, len(p.Usernames), p.MigratedTo)
				}
			}
			if p, err := f.Book().Peer(UserID(3001)); err == nil && p.Hash.Class() != HashMin {
				t.Errorf("a min hash is %v", p.Hash.Class())
			}
		})
	}
}

// What is cut is cut between letters, and what stands in for bytes that are none
// does not make it longer.
func TestTextsAreStorable(t *testing.T) {
	for _, s := range strange() {
		got := clip(s)
		if len(got) > maxText || !utf8.ValidString(got) {
			t.Errorf("%.20q becomes %d bytes", s, len(got))
		}
		if utf8.ValidString(s) && (!strings.HasPrefix(s, got) || len(s) <= maxText && got != s || len(s) > maxText && len(got) <= maxText-utf8.UTFMax) {
			t.Errorf("%.20q of %d bytes becomes %.20q of %d", s, len(s), got, len(got))
		}
	}
}

func FuzzHarvest(f *testing.F) {
	for name, u := range hostiles() {
		var b bin.Buffer
		if strings.HasPrefix(name, "nil") || name == "fifty thousand of one name" || u.Encode(&b) != nil {
			continue
		}
		f.Add(b.Buf)
	}
	file := mustOpen(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		u, err := tg.DecodeUpdates(&bin.Buffer{Buf: data})
		if err != nil {
			return
		}
		h := harvest{at: envelopeDate(u, file.now()), source: Source{Via: ViaUpdate}}
		h.updates(u)
		err = file.view(func(b *batch) error {
			for _, c := range h.found {
				if err := c.apply(b); err != nil {
					return err
				}
			}
			for _, e := range h.events {
				if err := e.apply(b); err != nil {
					return err
				}
			}
			for _, r := range b.rows() {
				if wrong := wrongRow(r); wrong != "" {
					t.Errorf("%s %x %s", r.bucket, r.key, wrong)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
