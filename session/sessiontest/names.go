package sessiontest

import (
	"errors"
	"fmt"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// names are the behaviors of usernames.
func names() []behavior {
	a, b := session.UserID(ann), session.UserID(1002)
	return []behavior{
		{"C5 after a rename the old name is nobody's", func(s *scene) {
			s.sees(user(a.Num, 1, "Ann", "ann"))
			s.sees(user(a.Num, 1, "Ann", "anna"))
			s.reopen()
			s.wantNobody("ann")
			s.wantName("anna", a)
		}},
		{"C6 a name that moves is the new owner's, whatever the order of ids", func(s *scene) {
			for i, pair := range [][2]session.ID{{a, b}, {b, a}} {
				name := fmt.Sprint("shared", i)
				from, to := pair[0], pair[1]
				s.sees(user(from.Num, 1, "First", name))
				s.sees(user(to.Num, 2, "Second", name))
				s.wantName(name, to)
				s.reopen()
				s.wantName(name, to)
				s.sees(user(from.Num, 1, "First", "else"+name))
				s.reopen()
				s.wantName(name, to)
				s.wantName("else"+name, from)
			}
		}},
		{"C6b the former owner does not bear the name any more", func(s *scene) {
			s.sees(user(a.Num, 1, "First", "shared"))
			s.sees(user(b.Num, 2, "Second", "shared"))
			s.reopen()
			if p := s.peer(a); len(p.Usernames) != 0 {
				s.Errorf("it bears %v", p.Usernames)
			}
		}},
		{"C7 a name is found in any case", func(s *scene) {
			s.sees(user(a.Num, 1, "Ann", "AnnTheFirst"))
			s.reopen()
			s.wantName("annthefirst", a)
			s.wantName("ANNTHEFIRST", a)
			if p := s.peer(a); p.Usernames[0].Name != "AnnTheFirst" {
				s.Errorf("it is written %q", p.Usernames[0].Name)
			}
		}},
		{"C8 every active name of a list is found, an inactive one is not", func(s *scene) {
			u := user(a.Num, 1, "Ann")
			u.SetUsernames([]tg.Username{
				{Username: "ann", Active: true, Editable: true}, {Username: "ann_sells", Active: true}, {Username: "ann_idle"},
			})
			s.sees(u)
			s.reopen()
			s.wantName("ann", a)
			s.wantName("ann_sells", a)
			s.wantNobody("ann_idle")
		}},
		{"C21 people with a username reach the disk", func(s *scene) {
			for n := range int64(50) {
				s.sees(user(2000+n, n, "Somebody", fmt.Sprint("somebody", n)))
			}
			s.reopen()
			for n := range int64(50) {
				s.wantName(fmt.Sprint("somebody", n), session.UserID(2000+n))
			}
		}},
		{"C31 an updateUserName replaces the names, an empty list too", func(s *scene) {
			s.sees(user(a.Num, 1, "Ann", "ann"))
			s.sees(&tg.UpdateUserName{UserID: a.Num, FirstName: "Anna", Usernames: []tg.Username{{Username: "anna", Active: true}}})
			s.wantNobody("ann")
			s.wantName("anna", a)
			s.reopen()
			if p := s.peer(a); p.FirstName != "Anna" {
				s.Errorf("it is called %q", p.FirstName)
			}
			s.sees(&tg.UpdateUserName{UserID: a.Num, FirstName: "Anna"})
			s.reopen()
			s.wantNobody("anna")
			s.sees(&tg.UpdateUserName{UserID: 5, FirstName: "Nobody"})
			s.wantNeverSeen(session.UserID(5))
		}},
		{"two claims within two seconds are contested, and the next one settles it", func(s *scene) {
			s.sees(user(a.Num, 1, "First", "shared"))
			s.Push(envelope(s.clock+1, user(b.Num, 2, "Second", "shared")))
			for range 2 {
				if p, err := s.ByName("shared"); !errors.Is(err, session.ErrContested) {
					s.Errorf("it is %v, %v", p.ID, err)
				}
				s.reopen()
			}
			s.sees(user(b.Num, 2, "Second", "shared"))
			s.wantName("shared", b)
		}},
		{"an older claim that arrives later does not win", func(s *scene) {
			s.sees(user(b.Num, 2, "Second", "shared"))
			s.Push(envelope(s.clock-30, user(a.Num, 1, "First", "shared")))
			s.wantName("shared", b)
			s.reopen()
			s.wantName("shared", b)
		}},
		{"who is forgotten is found neither by id nor by name", func(s *scene) {
			s.sees(user(a.Num, 1, "Ann", "ann"), user(b.Num, 2, "Bob", "bob"))
			if err := s.Forget(s.Context(), a); err != nil {
				s.Fatal(err)
			}
			for range 2 {
				s.wantNeverSeen(a)
				s.wantNobody("ann")
				s.wantName("bob", b)
				s.reopen()
			}
			s.sees(user(a.Num, 1, "Ann", "ann"))
			s.wantName("ann", a)
		}},
	}
}
