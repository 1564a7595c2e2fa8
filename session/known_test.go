package session

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/gotd/td/tg"
	"pgregory.net/rapid"
)

// twins are two files that are told the same. One of them takes nothing for known.
type twins struct {
	quick, slow *File
	told        *Memory
	plain       *Memory
}

func newTwins(t testing.TB) *twins {
	t.Helper()
	w := &twins{quick: mustOpen(t), slow: mustOpen(t)}
	w.slow.queue.known.off = true
	w.told, w.plain = &Memory{file: w.quick}, &Memory{file: w.slow}
	return w
}

func (w *twins) each(do func(m *Memory)) {
	do(w.told)
	do(w.plain)
}

func (w *twins) flush(t testing.TB) {
	t.Helper()
	w.each(func(m *Memory) {
		if err := m.file.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// tell shows objects to both, at a time.
func (w *twins) tell(at int64, users []tg.UserClass, chats []tg.ChatClass, updates ...tg.UpdateClass) {
	w.each(func(m *Memory) {
		h := harvest{at: at, source: Source{Via: ViaUpdate}, queue: &m.file.queue}
		h.container(updates, users, chats)
		m.enter(&h)
	})
}

// likeness is somebody as a story may show them: few names, so that they are fought
// for, and few of everything else, so that much is repeated.
func likeness(r *rapid.T, people int) *tg.User {
	u := &tg.User{ID: int64(rapid.IntRange(1, people).Draw(r, "id")), FirstName: rapid.SampledFrom([]string{"Ann", "Anna"}).Draw(r, "first")}
	u.Min = rapid.IntRange(0, 3).Draw(r, "min") == 0
	u.Premium = rapid.IntRange(0, 5).Draw(r, "premium") == 0
	if rapid.IntRange(0, 5).Draw(r, "language") == 0 {
		u.SetLangCode("de")
	}
	if rapid.IntRange(0, 5).Draw(r, "no hash") > 0 {
		u.SetAccessHash(int64(rapid.IntRange(1, 2).Draw(r, "hash")))
	}
	switch rapid.IntRange(0, 5).Draw(r, "names") {
	case 0:
	case 1:
		u.SetUsernames([]tg.Username{{Username: "Carol", Active: true, Editable: true}, {Username: "dave", Active: true}})
	case 2, 3:
		u.SetUsername(fmt.Sprintf("user_%d", u.ID))
	default:
		u.SetUsername("Carol")
	}
	return u
}

func room(r *rapid.T) *tg.Channel {
	c := &tg.Channel{ID: 1, Title: rapid.SampledFrom([]string{"Room", "Hall"}).Draw(r, "title"), Megagroup: true}
	c.Min = rapid.Bool().Draw(r, "min room")
	c.SetAccessHash(7)
	if rapid.Bool().Draw(r, "public") {
		c.SetUsername("carol")
	}
	return c
}

// What is known is left out, and nothing but that: a file whose writer has committed
// whatever came before says the same to the byte, whether it was left out or not. One
// that takes many things at once says the same of everybody, except that of two who
// claim a name within two seconds it may take either for the one to be doubted.
func TestRepeatsChangeNothing(t *testing.T) {
	left := 0
	rapid.Check(t, func(r *rapid.T) {
		w := newTwins(t)
		defer w.each(func(m *Memory) { _ = m.file.Close() }) // hundreds of them take up all addresses
		always := rapid.Bool().Draw(r, "commit always")
		const people = 3
		var shown []*tg.User
		at := int64(1_700_000_000)
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			at += rapid.SampledFrom([]int64{0, 0, 1, 3, 60, 60, -1, -30, confirmAfter, confirmAfter + 1}).Draw(r, "pause")
			switch rapid.IntRange(0, 12).Draw(r, "what") {
			case 0:
				named := &tg.UpdateUserName{UserID: int64(rapid.IntRange(1, people).Draw(r, "who")), FirstName: "Ann"}
				if name := rapid.SampledFrom([]string{"", "Carol", "dave"}).Draw(r, "name"); name != "" {
					named.Usernames = []tg.Username{{Username: name, Active: true, Editable: true}}
				}
				w.tell(at, nil, nil, named)
			case 1:
				name := rapid.SampledFrom([]string{"carol", "dave", "user_1"}).Draw(r, "vacant")
				w.each(func(m *Memory) { m.file.add(vacate{name: name, at: at}) })
				w.flush(t) // as whoever has asked does
			case 2:
				id := UserID(int64(rapid.IntRange(1, people).Draw(r, "who")))
				w.each(func(m *Memory) { _ = m.file.Book().Forget(t.Context(), id) })
				w.flush(t)
			case 3:
				w.tell(at, nil, []tg.ChatClass{room(r)})
			case 4, 5, 6, 7:
				if len(shown) > 0 {
					w.tell(at, []tg.UserClass{rapid.SampledFrom(shown).Draw(r, "again")}, nil)
				}
			default:
				shown = append(shown, likeness(r, people))
				w.tell(at, []tg.UserClass{shown[len(shown)-1]}, nil)
			}
			if always || rapid.Bool().Draw(r, "commit") {
				w.flush(t)
			}
			w.compare(r, people, always)
		}
		w.flush(t)
		w.compare(r, people, always)
		if a, b := contents(t, w.quick), contents(t, w.slow); always && a != b {
			r.Fatalf("with what is known:\n%s\nwithout:\n%s", a, b)
		}
		left += w.repeats()
		_ = w.quick.Close()
		_ = w.slow.Close()
	})
	if left == 0 {
		t.Error("nothing was left out: this test shows nothing")
	}
}

// repeats is how many entries were borne out since they were made.
func (w *twins) repeats() (n int) {
	for _, set := range w.quick.queue.known.sets {
		for _, e := range set {
			if e.key != 0 && e.base != closedBase && e.at > e.base {
				n++
			}
		}
	}
	return n
}

func (w *twins) compare(r *rapid.T, people int, exact bool) {
	for _, name := range []string{"carol", "dave", "user_1", "user_2", "user_3"} {
		p, at, err := w.quick.Book().Named(name)
		q, want, wantErr := w.slow.Book().Named(name)
		if !exact && (err == ErrContested || wantErr == ErrContested) { //nolint:errorlint // returned bare
			continue
		}
		if err != wantErr || p.ID != q.ID || exact && !at.Equal(want) { //nolint:errorlint // returned bare
			r.Fatalf("%s is %v, %v, confirmed %v; want %v, %v, %v", name, p.ID, err, at, q.ID, wantErr, want)
		}
	}
	for n := range people {
		p, err := w.quick.Book().Peer(UserID(int64(n + 1)))
		q, wantErr := w.slow.Book().Peer(UserID(int64(n + 1)))
		if !exact { // whose the names are was compared
			p.Usernames, q.Usernames = nil, nil
		}
		if err != wantErr || !reflect.DeepEqual(p, q) { //nolint:errorlint // returned bare
			r.Fatalf("user %d is %+v, %v; want %+v, %v", n+1, p, err, q, wantErr)
		}
	}
}

// A sighting that says nothing new is not even queued, and does nothing to the file.
func TestWhatIsKnownIsLeftOut(t *testing.T) {
	w := newTwins(t)
	u := personCalled(1001, "ann")
	show := func(at int64) int {
		h := harvest{at: at, source: Source{Via: ViaUpdate}, queue: &w.quick.queue}
		h.users([]tg.UserClass{u})
		w.told.enter(&h)
		if err := w.quick.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(h.found)
	}
	const day = 1_700_000_000
	for i, step := range []struct {
		at   int64
		want int
	}{{day, 1}, {day, 0}, {day + 60, 0}, {day - 1, 1}, {day + 61, 1}, {day + 62, 0}, {day + confirmAfter - 1, 0}, {day + confirmAfter, 1}, {day + confirmAfter + 1, 0}} {
		if got := show(step.at); got != step.want {
			t.Errorf("step %d: %d sightings, want %d", i, got, step.want)
		}
	}
	if _, at, err := w.quick.Book().Named("ann"); err != nil || !at.Equal(time.Unix(day+confirmAfter+1, 0)) {
		t.Errorf("the name was confirmed %v, %v", at, err)
	}
}

// An object that is known is news where somebody else claims a name of its peer.
func TestWhatIsKnownStandsAgainstAClaim(t *testing.T) {
	w := newTwins(t)
	const day = 1_700_000_000
	w.tell(day, []tg.UserClass{personCalled(1001, "ann")}, nil)
	w.flush(t)
	w.tell(day+60, []tg.UserClass{personCalled(1002, "ann")}, nil)
	for name, want := range map[string]int{"Ann": 1, "bob": 0} {
		u := personCalled(1001, "ann")
		if want == 0 {
			u = personCalled(1003, name)
			w.tell(day, []tg.UserClass{u}, nil)
			w.flush(t)
		}
		h := harvest{at: day + 60, source: Source{Via: ViaUpdate}, queue: &w.quick.queue}
		h.users([]tg.UserClass{u})
		if len(h.found) != want {
			t.Errorf("%s was taken for %d sightings, want %d", name, len(h.found), want)
		}
	}
}

// Since when a name is nobody's is remembered, though its row says so too: an object
// of before does not bring it back.
func TestANameThatWasSharedStaysNobodys(t *testing.T) {
	w := newTwins(t)
	const day = 1_700_000_000
	for _, who := range []int64{1001, 1002} {
		w.tell(day, []tg.UserClass{personCalled(who, "ann")}, nil)
		w.flush(t)
	}
	w.each(func(m *Memory) { m.file.add(vacate{name: "ann", at: day}) })
	w.flush(t)
	w.tell(day-1, []tg.UserClass{personCalled(1003, "ann")}, nil)
	w.flush(t)
	w.each(func(m *Memory) {
		if p, _, err := m.file.Book().Named("ann"); err != ErrNeverSeen { //nolint:errorlint // returned bare
			t.Errorf("ann is %v, %v", p.ID, err)
		}
	})
}

// People who write again and again push out nobody who was there before them.
func TestWhoComesAgainPushesOutNobody(t *testing.T) {
	var r recent
	r.users.most = 4
	const users = 2 * 4
	for user := range int64(users) {
		r.users.put(user, packed{at: 10, stored: 10, first: 1, calm: true})
	}
	for at := range int64(3) {
		for user := range int64(users) {
			if e := (&event{user: user, what: acted, message: 2, at: 11 + at}); !r.calm(e) {
				t.Errorf("user %d was forgotten", user)
			}
		}
	}
}

// Every field of an object from which a sighting is made is in its fingerprint.
func TestAFingerprintKnowsEveryField(t *testing.T) {
	k := &mustOpen(t).queue.known
	user := func(u tg.User) (any, uint64) { return *sightUser(&u), k.user(&u) }
	channel := func(c tg.Channel) (any, uint64) { return *sightChannel(&c), k.channel(&c) }
	var differ []string
	eachField(tg.User{ID: 1}, user, func(field string) { differ = append(differ, field) }, t)
	eachField(tg.Channel{ID: 1, Photo: &tg.ChatPhotoEmpty{}}, channel, func(field string) { differ = append(differ, field) }, t)
	for _, field := range []string{"FirstName", "LastName", "Phone", "LangCode", "Username", "Usernames", "AccessHash", "Min", "Title", "Left"} {
		if !slices.Contains(differ, field) {
			t.Errorf("%s makes no difference to a sighting: this test shows nothing", field)
		}
	}
}

// eachField changes one field after the other, and wants another fingerprint
// wherever the sighting is another one.
func eachField[T any](plain T, of func(T) (any, uint64), differs func(string), t *testing.T) {
	t.Helper()
	saw, print := of(plain)
	for i := range reflect.TypeFor[T]().NumField() {
		field := reflect.TypeFor[T]().Field(i)
		other := plain
		v := reflect.ValueOf(&other).Elem().Field(i)
		switch v.Interface().(type) {
		case bool:
			v.SetBool(true)
		case string:
			v.SetString("other")
		case int64:
			v.SetInt(77)
		case []tg.Username:
			v.Set(reflect.ValueOf([]tg.Username{{Username: "other", Active: true}}))
		default:
			continue
		}
		if f, ok := any(&other).(interface{ SetFlags() }); ok {
			f.SetFlags()
		}
		sees, now := of(other)
		if reflect.DeepEqual(sees, saw) || field.Name == "ID" {
			continue
		}
		differs(field.Name)
		if now == print {
			t.Errorf("%T.%s is not in the fingerprint", plain, field.Name)
		}
	}
}

// The table holds what it can, and puts out what was seen longest ago.
func TestWhatIsKnownIsBounded(t *testing.T) {
	var k known
	const many = 300_000
	for n := range many {
		k.learn([]knownEntry{{key: knownKey(UserID(int64(n+1)), false), print: 1, at: uint32(n), due: 1 << 31}})
	}
	held := map[uint64]bool{}
	for _, set := range k.sets {
		for _, e := range set {
			if e.key != 0 {
				held[e.key] = true
			}
		}
	}
	if len(held) != k.count || k.count < many*9/10 || 8*k.count < len(k.sets) {
		t.Errorf("%d are held of %d, %d counted, in %d sets", len(held), many, k.count, len(k.sets))
	}
	for key := range maps.Keys(held) {
		if id := (knownEntry{key: key}).peer(); id.Kind != User || id.Num < 1 || id.Num > many {
			t.Fatalf("key %x is of %v", key, id)
		}
	}
	if size := mostSets * int(reflect.TypeFor[knownSet]().Size()); size != 32<<20 {
		t.Errorf("it takes %d bytes at most", size)
	}
}

// Somebody who is to be forgotten is not learnt, though what was taken came back.
func TestAForgettingOutlastsAPlanThatFails(t *testing.T) {
	var q queue
	q.add([]change{crowdSighting(1)})
	q.take()
	q.add([]change{forgetting{UserID(1)}})
	q.giveBack()
	q.done([]knownEntry{{key: knownKey(UserID(2), false), print: 1, due: 1}})
	if !q.waiting.forgets || q.known.count != 0 {
		t.Errorf("it waits: %v; %d are known", q.waiting.forgets, q.known.count)
	}
}
