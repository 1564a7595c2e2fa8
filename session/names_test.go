package session

import (
	"errors"
	"slices"
	"testing"

	"github.com/gotd/td/tg"
	"pgregory.net/rapid"
)

func bearer(id int64, at int64, names ...string) *sighting {
	u := &tg.User{ID: id, FirstName: "Somebody"}
	u.SetAccessHash(id * 10)
	for _, n := range names {
		u.Usernames = append(u.Usernames, tg.Username{Username: n, Active: true})
	}
	s := sightUser(u)
	s.at = at
	return s
}

func mustOpen(t testing.TB) *File {
	t.Helper()
	f, err := Open(t.TempDir()+"/bot.session", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func put(t testing.TB, f *File, list ...*sighting) {
	t.Helper()
	for _, s := range list {
		f.add(s)
	}
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// names are looked up before and after the commit, with the same answer.
func wantName(t *testing.T, f *File, name string, id int64, want error) {
	t.Helper()
	p, err := f.Book().ByName(name)
	if !errors.Is(err, want) || want == nil && p.ID != UserID(id) {
		t.Errorf("ByName(%q) = %v, %v; want user %d, %v", name, p.ID, err, id, want)
	}
}

func TestNamesAreFoundInAnyCaseAndAllActiveOnes(t *testing.T) {
	f := mustOpen(t)
	s := bearer(1, 1000, "Ann", "Ann_Sells")
	s.usernames = usernames("", []tg.Username{
		{Username: "Ann", Active: true, Editable: true}, {Username: "Ann_Sells", Active: true}, {Username: "gone"},
	})
	put(t, f, s)
	wantName(t, f, "ANN", 1, nil)
	wantName(t, f, "ann_sells", 1, nil)
	wantName(t, f, "gone", 0, ErrNeverSeen)
}

func TestRenameDropsTheOldName(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "ann"))
	put(t, f, bearer(1, 1100, "anna"))
	wantName(t, f, "ann", 0, ErrNeverSeen)
	wantName(t, f, "anna", 1, nil)
	names := sightNames(&tg.UpdateUserName{UserID: 1, FirstName: "Ann"})
	names.at = 1200
	put(t, f, names)
	wantName(t, f, "anna", 0, ErrNeverSeen)
}

// Law 3: a name goes to the newer claim, whatever the order of arrival and of
// ids, and stays there when the former owner is seen again.
func TestNameMovesToTheNewerClaim(t *testing.T) {
	for _, ids := range [][2]int64{{1, 2}, {2, 1}} {
		from, to := ids[0], ids[1]
		t.Run("in order", func(t *testing.T) {
			f := mustOpen(t)
			put(t, f, bearer(from, 1000, "x"))
			put(t, f, bearer(to, 1100, "x"))
			wantName(t, f, "x", to, nil)
			p, err := f.Book().Peer(UserID(from))
			if err != nil || len(p.Usernames) != 0 {
				t.Errorf("the former owner still bears it: %v, %v", p.Usernames, err)
			}
			put(t, f, bearer(from, 1200))
			wantName(t, f, "x", to, nil)
		})
		t.Run("out of order", func(t *testing.T) {
			f := mustOpen(t)
			put(t, f, bearer(to, 1100, "x"))
			put(t, f, bearer(from, 1000, "x"))
			wantName(t, f, "x", to, nil)
		})
		t.Run("before the commit", func(t *testing.T) {
			f := mustOpen(t)
			put(t, f, bearer(from, 1000, "x"))
			f.queue.add([]change{bearer(to, 1100, "x")})
			wantName(t, f, "x", to, nil)
			if p, _ := f.Book().Peer(UserID(from)); len(p.Usernames) != 0 {
				t.Errorf("the former owner still bears it before the commit: %v", p.Usernames)
			}
		})
	}
}

// A sighting that says nothing new is not written, and orders later ones all the
// same.
func TestOlderClaimLosesToAConfirmationThatWasNotWritten(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "x"))
	put(t, f, bearer(1, 1020, "x"))
	put(t, f, bearer(2, 1010, "x"))
	wantName(t, f, "x", 1, nil)
	put(t, f, bearer(1, 1040))
	put(t, f, bearer(2, 1015, "x"))
	wantName(t, f, "x", 0, ErrNeverSeen)
}

// Who bore a name after its former owner did is its owner, whichever of them was
// seen last: that the former one is seen without it says nothing of when they gave
// it up. An update about the name itself does.
func TestNextOwnerIsKnownByASightingFromBeforeTheFormerOwnersLoss(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "x"))
	put(t, f, bearer(1, 1040))
	put(t, f, bearer(2, 1030, "x"))
	wantName(t, f, "x", 2, nil)

	put(t, f, bearer(1, 1000, "y"))
	names := sightNames(&tg.UpdateUserName{UserID: 1, FirstName: "Ann"})
	names.at = 1060
	put(t, f, bearer(1, 1050, "y"), names)
	put(t, f, bearer(2, 1055, "y"))
	wantName(t, f, "y", 0, ErrNeverSeen)
}

func TestClaimsWithinTwoSecondsAreContested(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "x"))
	put(t, f, bearer(2, 1002, "x"))
	wantName(t, f, "x", 0, ErrContested)
	told := bearer(1, 1003, "x")
	told.told = "x"
	put(t, f, told)
	wantName(t, f, "x", 1, nil)
	put(t, f, bearer(2, 1004, "x"))
	wantName(t, f, "x", 0, ErrContested)
	put(t, f, bearer(2, 1007, "x"))
	wantName(t, f, "x", 2, nil)
}

func TestNameThatTheServerCallsUnoccupiedIsNobodys(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "x"))
	f.add(vacate{name: "x", at: 1100})
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantName(t, f, "x", 0, ErrNeverSeen)
	if p, _ := f.Book().Peer(UserID(1)); len(p.Usernames) != 0 {
		t.Error("the record still bears the name")
	}
}

// However sightings are ordered and grouped into commits, a name is never
// answered with anybody but its newest claimant, and in the end with them.
func TestNameIsNeverAnsweredWithAFormerOwner(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, err := Open(t.TempDir()+"/bot.session", nil)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		// A story: the name wanders, one owner at a time, ten seconds apart; each
		// owner is seen bearing it, and later without it.
		var list []*sighting
		owners := rapid.SliceOfN(rapid.Int64Range(1, 4), 1, 6).Draw(rt, "owners")
		for i, id := range owners {
			at := int64(1000 + 10*i)
			list = append(list, bearer(id, at, "x"))
			if i > 0 && owners[i-1] != id && !slices.Contains(owners[i:], owners[i-1]) {
				list = append(list, bearer(owners[i-1], at+rapid.Int64Range(0, 25).Draw(rt, "later")))
			}
		}
		for _, s := range rapid.Permutation(list).Draw(rt, "order") {
			f.add(s)
			if rapid.Bool().Draw(rt, "commit") {
				if err := f.Flush(t.Context()); err != nil {
					rt.Fatal(err)
				}
			}
		}
		last := owners[len(owners)-1]
		check := func() {
			p, err := f.Book().ByName("x")
			if err == nil && p.ID != UserID(last) {
				rt.Fatalf("x is answered with %v, and belongs to user %d", p.ID, last)
			}
		}
		check()
		if err := f.Flush(t.Context()); err != nil {
			rt.Fatal(err)
		}
		check()
		if _, err := f.Book().ByName("x"); err != nil {
			rt.Fatalf("x belongs to user %d: %v", last, err)
		}
	})
}
