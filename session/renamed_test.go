package session

import (
	"errors"
	"slices"
	"testing"

	"github.com/gotd/td/tg"
	"pgregory.net/rapid"
)

func renamedTo(id, at int64, names ...string) *sighting {
	u := &tg.UpdateUserName{UserID: id, FirstName: "Somebody"}
	for _, n := range names {
		u.Usernames = append(u.Usernames, tg.Username{Username: n, Active: true})
	}
	s := sightNames(u)
	s.at = at
	return s
}

// Law 3: an update about names that overtakes the envelope which shows its user is
// not forgotten, nor does it outlive its user.
func TestNameThatWasLostBeforeItsBearerWasSeenIsNotTheirs(t *testing.T) {
	f := mustOpen(t)
	put(t, f, renamedTo(1, 1010))
	put(t, f, bearer(1, 1009, "x"))
	wantName(t, f, "x", 0, ErrNeverSeen)
	if p, err := f.Book().Peer(UserID(1)); err != nil || len(p.Usernames) != 0 {
		t.Errorf("user 1 is %v, %v", p, err)
	}
	put(t, f, bearer(1, 1011, "x"))
	wantName(t, f, "x", 1, nil)

	put(t, f, renamedTo(2, 1020))
	f.add(bearer(2, 1030))
	if err := f.Book().Forget(t.Context(), UserID(2)); err != nil {
		t.Fatal(err)
	}
	put(t, f, bearer(2, 1015, "y"))
	wantName(t, f, "y", 2, nil)
}

// A reader that began before a commit takes what waited in its order: names that are
// said in the commit to be nobody's from now on were not so before.
func TestReaderOfBeforeKnowsNoNamesOfAfter(t *testing.T) {
	f := mustOpen(t)
	shown := func(id, at int64, names ...string) *sighting {
		s := bearer(id, at, names...)
		s.min, s.minHash = true, true
		return s
	}
	put(t, f, shown(1, 1000))
	list := []*sighting{shown(1, 1010, "x"), bearer(2, 1030, "x"), renamedTo(1, 1050)}
	err := f.view(func(b *batch) error {
		put(t, f, list...)
		if err := b.applyAll(list); err != nil {
			return err
		}
		if e := b.peer(UserID(2)); !bears(e.rec, "x") {
			t.Errorf("user 2 is %v, and took the name over", e.rec)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantName(t, f, "x", 2, nil)
}

// However what is said of somebody's names is ordered and grouped into commits, in
// the end they bear those that were said of them last.
func TestNamesAreThoseThatWereSaidLast(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, err := Open(t.TempDir()+"/bot.session", nil)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		all := []string{"x", "y", "z"}
		list, last := []*sighting{bearer(1, 1000)}, []string(nil)
		for n := range rapid.IntRange(1, 6).Draw(rt, "said") {
			at := int64(1010 + 10*n)
			var names []string
			for _, name := range all {
				if rapid.Bool().Draw(rt, name) {
					names = append(names, name)
				}
			}
			switch rapid.IntRange(0, 2).Draw(rt, "how") {
			case 0:
				list, last = append(list, bearer(1, at, names...)), names
			case 1:
				list, last = append(list, renamedTo(1, at, names...)), names
			default: // confirms no name, and denies none
				s := sightUser(&tg.User{ID: 1, FirstName: "Somebody", Min: true})
				s.at = at
				list = append(list, s)
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
		for _, name := range all { // what waits may be found later, not wrongly
			if p, err := f.Book().ByName(name); err == nil && !slices.Contains(last, name) {
				rt.Errorf("before the commit %s is %v's, and their names were said to be %v", name, p.ID, last)
			}
		}
		if err := f.Flush(t.Context()); err != nil {
			rt.Fatal(err)
		}
		p, err := f.Book().Peer(UserID(1))
		if err != nil {
			rt.Fatal(err)
		}
		var names []string
		for _, u := range p.Usernames {
			names = append(names, u.Name)
		}
		if !slices.Equal(names, last) {
			rt.Errorf("the names are %v, and were said to be %v", names, last)
		}
		for _, name := range all {
			_, err := f.Book().ByName(name)
			if theirs := slices.Contains(last, name); theirs && err != nil || !theirs && !errors.Is(err, ErrNeverSeen) {
				rt.Errorf("%s: %v, and the names were said to be %v", name, err, last)
			}
		}
	})
}
