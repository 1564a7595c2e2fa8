package session

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

func history(t *testing.T, f *File, id ID) (out []string) {
	t.Helper()
	for c, err := range f.Book().History(id) {
		if err != nil {
			t.Fatal(err)
		}
		s := fmt.Sprintf("%d %v %q %q", c.At.Unix(), c.What, c.Old, c.New)
		if c.Other != (ID{}) {
			s += " " + c.Other.String()
		}
		out = append(out, s)
	}
	return out
}

func called(s *sighting, first string) *sighting {
	s.firstName = first
	return s
}

func TestHistoryTellsEveryChangeOfANameOrUsername(t *testing.T) {
	f := mustOpen(t)
	put(t, f, called(bearer(1, 1000, "ann"), "Ann"))
	put(t, f, called(bearer(1, 1100, "anna"), "Anna"))
	put(t, f, called(bearer(2, 1200, "anna"), "Bob"))
	want := []string{
		`1100 usernames "ann" "anna"`, `1100 name "Ann" "Anna"`, `1200 owner "anna" "" user 2`,
	}
	if diff := cmp.Diff(want, history(t, f, UserID(1))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`1200 owner "" "anna" user 1`}, history(t, f, UserID(2))); diff != "" {
		t.Error(diff)
	}
}

// A file that was compacted after somebody was forgotten holds nothing of them.
func TestNothingIsLeftOfWhomIsForgotten(t *testing.T) {
	f := mustOpen(t)
	ctx := t.Context()
	for n := range 500 { // around them, so that pages are shared
		put(t, f, crowdSighting(2000+n))
	}
	put(t, f, called(bearer(1, 1000, "first_name_of_hers"), "Unmistakable"))
	put(t, f, called(bearer(1, 1100, "second_name_of_hers"), "Unforgettable"))
	put(t, f, bearer(2, 1200, "second_name_of_hers"))
	f.Outbox().Greet(Greeting{User: 1, Message: 5, At: time.Unix(1000, 0), Start: true, Payload: "her_payload", Text: "Hello, Unforgettable!"})
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	traces := []string{"first_name_of_hers", "Unmistakable", "Unforgettable", "her_payload"}
	for _, s := range traces {
		if !contains(t, f, s) {
			t.Fatalf("the file does not hold %q in the first place", s)
		}
	}
	if err := f.Book().Forget(ctx, UserID(1)); err != nil {
		t.Fatal(err)
	}
	if err := f.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	for _, s := range traces {
		if contains(t, f, s) {
			t.Errorf("the file still holds %q", s)
		}
	}
	if h := append(history(t, f, UserID(1)), history(t, f, UserID(2))...); len(h) != 0 {
		t.Errorf("histories still say %v", h)
	}
	if err := f.Book().Forget(ctx, UserID(1)); !errors.Is(err, ErrNeverSeen) {
		t.Errorf("forgotten twice: %v", err)
	}
	if c := f.Book().Counts(); c.Users != 501 || len(listed(t, f)) != 501 {
		t.Errorf("%d are counted, %d listed", c.Users, len(listed(t, f)))
	}
	// The file goes on, under its lock and for its owner alone.
	put(t, f, bearer(3, 1300, "carol"))
	wantName(t, f, "carol", 3, nil)
	if _, err := Open(f.Path(), &Options{LockTimeout: 1}); !errors.Is(err, ErrLocked) {
		t.Errorf("the compacted file is not locked: %v", err)
	}
	if info, err := os.Stat(f.Path()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path()), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func contains(t *testing.T, f *File, s string) bool {
	t.Helper()
	data, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte(s))
}

func TestVacantNameIsRememberedBrieflyAndUntilSomebodyTakesIt(t *testing.T) {
	f := mustOpen(t)
	now := time.Now().Unix()
	f.add(vacate{name: "x", at: now - 1})
	f.add(vacate{name: "old", at: now - int64(VacantTrust/time.Second) - 1})
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	vacant := func(name string) bool {
		until, err := f.Book().Vacant(name)
		if err != nil {
			t.Fatal(err)
		}
		return time.Now().Before(until)
	}
	if !vacant("X") || vacant("old") || vacant("other") {
		t.Errorf("x %v, old %v, other %v", vacant("X"), vacant("old"), vacant("other"))
	}
	put(t, f, bearer(1, now, "x"))
	if vacant("x") {
		t.Error("a name is vacant that somebody bears")
	}
}

func TestExportAndImportCarryTheBook(t *testing.T) {
	from, to := mustOpen(t), mustOpen(t)
	for _, f := range []*File{from, to} {
		if err := f.signedIn(42); err != nil {
			t.Fatal(err)
		}
	}
	const people = 2*page + 3
	for n := 1; n <= people; n++ {
		from.add(crowdSighting(n))
	}
	low := bearer(5000, 100, "low")
	low.min, low.minHash = true, true
	put(t, from, low)
	put(t, to, called(bearer(1, 5000), "Newer"), bearer(6000, 50, "person_2"))
	done, err := to.Book().Import(t.Context(), from.Book().Export(true))
	if err != nil || done.Entries != people+1 || done.New != people || done.Foreign != 0 {
		t.Fatalf("imported %+v, %v", done, err)
	}
	if p, _ := to.Book().Peer(UserID(1)); p.FirstName != "Newer" || p.FirstSeen.Unix() != 1 {
		t.Errorf("the newer record is now %+v", p)
	}
	wantName(t, to, "person_4", 4, nil)
	wantName(t, to, "person_2", 6000, nil)
	p, err := to.Book().Peer(UserID(4))
	if h, _ := p.Hash.Reveal(); err != nil || h != 28 || p.FirstSource.Via != ViaImport {
		t.Errorf("%+v, %v", p, err)
	}
	if p, _ := to.Book().Peer(UserID(5000)); !p.Min || p.Hash.Class() != HashMin {
		t.Errorf("%+v", p)
	}
	for e, err := range from.Book().Export(false) {
		if err != nil || e.AccessHash != "" || e.Bot != 0 {
			t.Fatalf("an export without hashes has %+v, %v", e, err)
		}
	}
	other := mustOpen(t)
	if err := other.signedIn(43); err != nil {
		t.Fatal(err)
	}
	done, err = other.Book().Import(t.Context(), from.Book().Export(true))
	if p, _ := other.Book().Peer(UserID(4)); err != nil || done.Foreign != people+1 || p.Hash.Class() != HashNone {
		t.Errorf("another bot's book: %+v, %v; %+v", done, err, p)
	}
}

func FuzzParseEntry(f *testing.F) {
	for _, s := range []string{
		`{"kind":"user","id":1001,"hash":"full","access_hash":"-5","bot":42,"first_name":"Ann","usernames":["ann"],"first_seen":"2026-01-02T03:04:05Z","last_seen":"2026-01-02T03:04:05Z","flags":["bot"]}`,
		`{"kind":"chat","id":7,"migrated_to":8,"last_seen":"2026-01-02T03:04:05Z"}`, `{}`, `[]`, `{"kind":"user"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseEntry(line)
		if err != nil {
			return
		}
		s, err := e.sighting(42)
		if err != nil {
			t.Fatalf("%s was parsed and cannot be imported: %v", line, err)
		}
		rec := merge(nil, s, 1)
		if rec == nil || !slices.Equal(entryOf(peerOf(s.id, rec), 42, true).Usernames, e.Usernames[:min(len(e.Usernames), maxNames)]) {
			t.Fatalf("%s became %v", line, rec)
		}
	})
}

// FuzzRecord feeds the file records that it did not write.
func FuzzRecord(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add([]byte("\x09\x01\x00\x00\x00\x00\x00\x00\x00"), []byte("\x08\x01\x10\x01"))
	file, err := Open(f.TempDir()+"/bot.session", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = file.Close() })
	f.Fuzz(func(t *testing.T, peer, name []byte) {
		err := file.db.Update(func(tx *bbolt.Tx) error {
			if err := tx.Bucket([]byte(bucketPeers)).Put(UserID(1).key(), peer); err != nil {
				return err
			}
			return tx.Bucket([]byte(bucketNames)).Put([]byte("x"), name)
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Book().Peer(UserID(1))
		_, _ = file.Book().ByName("x")
		for range file.Book().All() { //nolint:errcheck // it must not panic
		}
		put(t, file, bearer(1, 1<<40, "x"))
		if p, err := file.Book().Peer(UserID(1)); err != nil || p.Hash.Class() != HashFull {
			t.Errorf("a damaged record was not replaced: %+v, %v", p, err)
		}
	})
}

// Behavior C17: a file of schema 1, made by the program of that time, opens and keeps
// everything but the private chats in its sources.
func TestOlderSchemaIsUpgradedAndLosesNothing(t *testing.T) {
	packed, err := os.Open("testdata/schema1.session.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bot.session")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		f, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range listed(t, f) {
			h, _ := p.Hash.Reveal()
			got = append(got, strings.TrimSpace(fmt.Sprintf("%v %q %d %v %s %s", p.ID, p.Name(), h, p.Hash.Class(), p.Language, p.FirstSource.Chat)))
		}
		want := []string{
			`user 1001 "Anna" 777 full de kind(0) 0`,
			`user 1002 "Bob" 5 min  channel 1900000001`,
			`user 1003 "Carol" -5 full  kind(0) 0`,
			`channel 1900000001 "Friends" 99 full  channel 1900000001`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		wantName(t, f, "ann", 1001, nil)
		wantName(t, f, "carol_sells", 1003, nil)
		if diff := cmp.Diff([]string{`1200 name "Ann" "Anna"`}, history(t, f, UserID(1001))); diff != "" {
			t.Error(diff)
		}
		if f.BotID() != 7000000001 || f.meta.get().Schema != schema {
			t.Errorf("bot %d, schema %d", f.BotID(), f.meta.get().Schema)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
