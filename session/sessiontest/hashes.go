package sessiontest

import (
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// ann is whom most tests are about.
const ann = 1001

// hashes are the behaviors of records and access hashes.
func hashes() []behavior {
	return []behavior{
		{"C1 an empty store has never seen anybody", func(s *scene) {
			s.wantNeverSeen(session.UserID(ann))
			s.wantNobody("ann")
			if list := s.listed(); len(list) != 0 {
				s.Errorf("it lists %v", list)
			}
		}},
		{"C2 a peer is found by id and by name, and after reopening", func(s *scene) {
			s.sees(user(ann, 777, "Ann", "ann"))
			for range 2 {
				s.wantHash(session.UserID(ann), session.HashFull, 777)
				s.wantName("ann", session.UserID(ann))
				s.reopen()
			}
		}},
		{"C3 one number is three peers", func(s *scene) {
			s.sees(user(7, 1, "Ann"), group(7, "Kitchen"), channel(7, 3, "Friends"))
			s.reopen()
			for id, want := range map[session.ID]string{
				session.UserID(7): "Ann", session.ChatID(7): "Kitchen", session.ChannelID(7): "Friends",
			} {
				if got := s.peer(id).Name(); got != want {
					s.Errorf("%v is called %q, want %q", id, got, want)
				}
			}
		}},
		{"C4 ids outside the documented ranges enter nothing", func(s *scene) {
			s.sees(user(0, 1, "X"), user(-5, 1, "X"), user(1<<40, 1, "X"), group(1e12, "X"), channel(997852516353, 1, "X"))
			s.sees(user(1<<40-1, 1, "Last"), group(999999999999, "Last"), channel(997852516352, 1, "Last"), channel(1002147483649, 1, "Monoforum"))
			if n := len(s.listed()); n != 4 {
				s.Errorf("%d peers were entered, want 4", n)
			}
		}},
		{"C9 a hash without names erases no names", func(s *scene) {
			u := user(ann, 777, "Ann", "ann")
			u.SetLangCode("de")
			s.sees(u)
			bare := &tg.User{ID: ann, Min: true}
			bare.SetAccessHash(5)
			s.sees(bare)
			s.reopen()
			if p := s.peer(session.UserID(ann)); p.FirstName != "Ann" || p.Language != "de" {
				s.Errorf("left is %+v", p)
			}
			s.wantName("ann", session.UserID(ann))
		}},
		{"C10 another full hash replaces the first", func(s *scene) {
			s.sees(user(ann, 777, "Ann"))
			s.sees(user(ann, 888, "Ann"))
			s.reopen()
			s.wantHash(session.UserID(ann), session.HashFull, 888)
		}},
		{"C11 min after full changes neither hash nor names", func(s *scene) {
			s.sees(user(ann, 777, "Ann", "ann"))
			u := low(ann, -5, "A.")
			u.SetLangCode("fr")
			s.sees(u)
			s.reopen()
			s.wantHash(session.UserID(ann), session.HashFull, 777)
			if p := s.peer(session.UserID(ann)); p.Min || p.FirstName != "Ann" || p.Language != "fr" {
				s.Errorf("left is %+v", p)
			}
		}},
		{"C12 full after min replaces it entirely", func(s *scene) {
			s.sees(low(ann, -5, "A."))
			s.sees(user(ann, 777, "Ann"))
			s.reopen()
			s.wantHash(session.UserID(ann), session.HashFull, 777)
			if p := s.peer(session.UserID(ann)); p.Min || p.FirstName != "Ann" {
				s.Errorf("left is %+v", p)
			}
		}},
		{"C13 a min user whose phone is there and empty brings a full hash", func(s *scene) {
			u := low(ann, 777, "A.")
			u.SetPhone("")
			s.sees(u)
			s.reopen()
			s.wantHash(session.UserID(ann), session.HashFull, 777)
		}},
		{"C14 nothing without a hash replaces one, and a bare id enters nobody", func(s *scene) {
			s.sees(user(ann, 777, "Ann"))
			s.sees(&tg.UserEmpty{ID: ann}, &tg.UserEmpty{ID: 5})
			bare := &tg.User{ID: ann}
			bare.SetFirstName("Ann")
			s.sees(bare)
			s.reopen()
			s.wantHash(session.UserID(ann), session.HashFull, 777)
			s.wantNeverSeen(session.UserID(5))
		}},
		{"C15 a min peer is found by name, marked, and addressed with hash 0", func(s *scene) {
			u := low(ann, -5, "A.")
			u.SetUsername("ann")
			s.sees(u)
			s.reopen()
			s.wantName("ann", session.UserID(ann))
			p := s.peer(session.UserID(ann))
			if in, ok := p.Input().(*tg.InputPeerUser); !ok || in.AccessHash != 0 || !p.Min {
				s.Errorf("it is %+v, addressed as %v", p, p.Input())
			}
		}},
		{"C16 a forbidden channel is kept with its hash, and with what was known", func(s *scene) {
			c := channel(7, 1, "Friends")
			c.SetUsername("friends")
			s.sees(c)
			s.sees(&tg.ChannelForbidden{ID: 7, AccessHash: 2, Title: "Friends"})
			s.reopen()
			s.wantHash(session.ChannelID(7), session.HashFull, 2)
			s.wantName("friends", session.ChannelID(7))
			if !s.peer(session.ChannelID(7)).Has(session.FlagForbidden) {
				s.Error("it is not marked")
			}
		}},
		{"C32 a deleted account is marked", func(s *scene) {
			s.sees(user(ann, 777, "Ann", "ann"))
			gone := user(ann, 777, "")
			gone.SetDeleted(true)
			s.sees(gone)
			s.reopen()
			if !s.peer(session.UserID(ann)).Has(session.FlagDeleted) {
				s.Error("it is not marked")
			}
			s.wantNobody("ann")
		}},
	}
}
