package session

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/tg"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/f48b34c0/seen/session/internal/record"
)

// sees runs objects through the rule one after the other, a minute apart.
func sees(t *testing.T, list ...*sighting) *record.Peer {
	t.Helper()
	var rec *record.Peer
	for i, s := range list {
		if s.at == 0 {
			s.at = int64(1000 + 60*i)
		}
		var before *record.Peer
		if rec != nil {
			before = proto.CloneOf(rec)
		}
		next := merge(rec, s, 1)
		if rec != nil && !proto.Equal(rec, before) {
			t.Fatalf("merge changed the record that it was given")
		}
		if next != nil {
			if again := merge(next, s, 1); !proto.Equal(again, next) {
				t.Errorf("merging sighting %d twice differs:\n%s", i, cmp.Diff(next, again, protocmp.Transform()))
			}
		}
		rec = next
	}
	return rec
}

func fullUser(hash int64, first, username string) *tg.User {
	u := &tg.User{ID: 1001, FirstName: first}
	u.SetAccessHash(hash)
	if username != "" {
		u.SetUsername(username)
	}
	return u
}

func minUser(hash int64, first string) *tg.User {
	u := fullUser(hash, first, "")
	u.Min = true
	return u
}

// The rule of hashes: telegram's api/peers#access-hash, and constructor user.
func TestLowerHashNeverReplacesHigher(t *testing.T) {
	bare := &tg.User{ID: 1001, FirstName: "Ann"}
	emptyPhone := minUser(333, "A.")
	emptyPhone.SetPhone("")
	withPhone := minUser(444, "A.")
	withPhone.SetPhone("15550100")
	for _, tt := range []struct {
		name  string
		seen  []*tg.User
		class HashClass
		hash  int64
	}{
		{"full", []*tg.User{fullUser(111, "Ann", "")}, HashFull, 111},
		{"min after full", []*tg.User{fullUser(111, "Ann", ""), minUser(999, "A.")}, HashFull, 111},
		{"absent after full", []*tg.User{fullUser(111, "Ann", ""), bare}, HashFull, 111},
		{"another full after full", []*tg.User{fullUser(111, "Ann", ""), fullUser(222, "Ann", "")}, HashFull, 222},
		{"full after min", []*tg.User{minUser(999, "A."), fullUser(111, "Ann", "")}, HashFull, 111},
		{"min only", []*tg.User{minUser(999, "A.")}, HashMin, 999},
		{"none", []*tg.User{bare}, HashNone, 0},
		{"min with an empty phone carries a full hash", []*tg.User{fullUser(111, "Ann", ""), emptyPhone}, HashFull, 333},
		{"min with a phone does not", []*tg.User{fullUser(111, "Ann", ""), withPhone}, HashFull, 111},
		{"zero is a hash", []*tg.User{fullUser(111, "Ann", ""), fullUser(0, "Ann", "")}, HashFull, 0},
		{"negative is a hash", []*tg.User{fullUser(-5, "Ann", "")}, HashFull, -5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var list []*sighting
			for _, u := range tt.seen {
				list = append(list, sightUser(u))
			}
			h := hashOf(sees(t, list...))
			if v, _ := h.Reveal(); h.Class() != tt.class || v != tt.hash {
				t.Errorf("hash is %d of class %v, want %d of class %v", v, h.Class(), tt.hash, tt.class)
			}
		})
	}
}

// What else a sighting may change: constructor user, and api/min.
func TestUserFieldsByTheMinRule(t *testing.T) {
	lang := func(u *tg.User, code string) *tg.User { u.SetLangCode(code); return u }
	premium := minUser(1, "A.")
	premium.Premium = true
	for _, tt := range []struct {
		name string
		seen []*tg.User
		want *record.Peer
	}{
		{
			"names of a min object do not replace",
			[]*tg.User{fullUser(1, "Ann", "ann"), minUser(2, "A.")},
			&record.Peer{FirstName: "Ann", Usernames: []*record.Username{{Name: "ann", Editable: true}}},
		},
		{
			"names of a min object are taken where nothing better is known",
			[]*tg.User{minUser(2, "A."), minUser(2, "An.")},
			&record.Peer{FirstName: "An.", Min: true},
		},
		{
			"a full object replaces entirely",
			[]*tg.User{minUser(2, "A."), fullUser(1, "Ann", "")},
			&record.Peer{FirstName: "Ann"},
		},
		{
			"absence in a full object removes",
			[]*tg.User{fullUser(1, "Ann", "ann"), fullUser(1, "Ann", "")},
			&record.Peer{FirstName: "Ann"},
		},
		{
			"a language is never erased by absence",
			[]*tg.User{lang(fullUser(1, "Ann", ""), "de"), fullUser(1, "Ann", "")},
			&record.Peer{FirstName: "Ann", Language: "de"},
		},
		{
			"a language is taken from a min object",
			[]*tg.User{lang(fullUser(1, "Ann", ""), "de"), lang(minUser(1, "A."), "fr")},
			&record.Peer{FirstName: "Ann", Language: "fr"},
		},
		{
			"premium is always taken",
			[]*tg.User{fullUser(1, "Ann", ""), premium},
			&record.Peer{FirstName: "Ann", Flags: uint32(FlagPremium)},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var list []*sighting
			for _, u := range tt.seen {
				list = append(list, sightUser(u))
			}
			got := sees(t, list...)
			diff := cmp.Diff(tt.want, got, protocmp.Transform(), protocmp.IgnoreFields(&record.Peer{},
				"access_hash", "hash_class", "hash_generation", "first_seen", "last_seen", "facts_at",
				"first_source", "last_source"))
			if diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOlderSightingFillsGapsAndReplacesNothing(t *testing.T) {
	newer, older := sightUser(fullUser(2, "Anna", "anna")), sightUser(fullUser(1, "Ann", "ann"))
	newer.at, older.at = 2000, 1000
	rec := sees(t, newer, older)
	if rec.FirstName != "Anna" || *rec.AccessHash != 2 || nameList(rec.Usernames) != "anna" {
		t.Errorf("the older sighting replaced something: %v", rec)
	}
	if rec.FirstSeen != 1000 || rec.LastSeen != 2000 {
		t.Errorf("seen from %d to %d, want 1000 to 2000", rec.FirstSeen, rec.LastSeen)
	}
	late := sightUser(fullUser(3, "Ann", ""))
	early := sightUser(minUser(9, "A."))
	early.at, late.at = 2000, 1000
	if rec := sees(t, early, late); rec.Min || *rec.AccessHash != 3 || rec.FirstName != "Ann" {
		t.Errorf("an older full object did not complete a min record: %v", rec)
	}
}

func TestNothingNewIsNotWrittenBeforeHalfTheTrust(t *testing.T) {
	rec := sees(t, sightUser(fullUser(1, "Ann", "ann")))
	same := sightUser(fullUser(1, "Ann", "ann"))
	same.at = rec.LastSeen + confirmAfter - 1
	if merge(rec, same, 1) != rec {
		t.Error("a sighting that says nothing new made a new record")
	}
	same.at = rec.LastSeen + confirmAfter
	if next := merge(rec, same, 1); next == rec || next.LastSeen != same.at {
		t.Error("last-seen was not renewed after half the trust")
	}
}

func TestUnknownFieldsAndFlagsSurviveARewrite(t *testing.T) {
	rec := sees(t, sightUser(fullUser(1, "Ann", "")))
	rec.Flags |= 1 << 30
	raw, err := proto.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, 0xfa, 0x07, 3, 'n', 'e', 'w') // field 127, as a newer version may write it
	old := &record.Peer{}
	if err := proto.Unmarshal(raw, old); err != nil {
		t.Fatal(err)
	}
	s := sightUser(fullUser(2, "Anna", ""))
	s.at = old.FactsAt + 1
	next := merge(old, s, 1)
	if next.Flags&(1<<30) == 0 || len(next.ProtoReflect().GetUnknown()) == 0 {
		t.Error("a rewrite lost what this version does not know")
	}
}

// Channels: constructor channel says which fields a min object may change.
func TestChannelFieldsByTheMinRule(t *testing.T) {
	full := &tg.Channel{ID: 7, Title: "Friends", Broadcast: true, Photo: &tg.ChatPhotoEmpty{}}
	full.SetAccessHash(111)
	low := &tg.Channel{ID: 7, Title: "Old friends", Megagroup: true, Min: true, Photo: &tg.ChatPhotoEmpty{}}
	low.SetAccessHash(999)
	rec := sees(t, sightChannel(full), sightChannel(low))
	if *rec.AccessHash != 111 || rec.Title != "Old friends" {
		t.Errorf("got hash %d, title %q", *rec.AccessHash, rec.Title)
	}
	if f := Flags(rec.Flags); f != FlagBroadcast|FlagMegagroup {
		t.Errorf("flags are %b", f)
	}
	gone := sightChat(&tg.ChannelForbidden{ID: 7, AccessHash: 222, Title: "Old friends", Megagroup: true})
	gone.at = 5000
	rec = merge(rec, gone, 1)
	if *rec.AccessHash != 222 || Flags(rec.Flags)&FlagForbidden == 0 || Flags(rec.Flags)&FlagBroadcast == 0 {
		t.Errorf("channelForbidden: %v", rec)
	}
}

func TestNobodyIsEnteredByABareID(t *testing.T) {
	var h harvest
	h.users([]tg.UserClass{&tg.UserEmpty{ID: 5}})
	h.chats([]tg.ChatClass{&tg.ChatEmpty{ID: 5}})
	h.users([]tg.UserClass{&tg.User{ID: 0}, &tg.User{ID: -1}, &tg.User{ID: 1 << 41}})
	if len(h.found) != 0 {
		t.Errorf("harvested %d", len(h.found))
	}
	names := sightNames(&tg.UpdateUserName{UserID: 1001, FirstName: "Ann"})
	if merge(nil, names, 1) != nil {
		t.Error("an updateUserName entered somebody who was never seen")
	}
}
