package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotd/td/crypto"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"go.etcd.io/bbolt"
)

const (
	fullBot    = 42
	fullPeople = 3000
)

// authData is what gotd stores, with a key that is whole.
func authData(t testing.TB) []byte { return authOf(t, 1) }

func authOf(t testing.TB, seed int) []byte {
	t.Helper()
	var key crypto.Key
	for n := range key {
		key[n] = byte(n*7 + seed)
	}
	id := key.ID()
	v, err := json.Marshal(map[string]any{"Version": 1, "Data": map[string]any{
		"DC": 2, "Addr": "127.0.0.1:443", "AuthKey": key[:], "AuthKeyID": id[:], "Salt": 5,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// spread makes an access hash of a number, one whose bytes stand nowhere by chance.
func spread(n int) int64 { return int64(uint64(n) * 0x9E3779B97F4A7C15) }

// person is the n-th of many people.
func person(n int) *sighting {
	s := crowdSighting(n)
	s.hash = spread(n)
	return s
}

// fill makes a file with something in every bucket, and trees of several levels.
func fill(t testing.TB, f *File) {
	t.Helper()
	ctx := t.Context()
	if err := f.signedIn(fullBot); err != nil {
		t.Fatal(err)
	}
	self := sightUser(&tg.User{ID: fullBot, Self: true, Bot: true, FirstName: "Bot", Username: "the_bot"})
	self.at = 1000
	put(t, f, self)
	for n := 1; n <= fullPeople; n++ {
		f.add(person(1000 + n))
		if n%5 == 0 {
			channel := sightChannel(&tg.Channel{ID: int64(n), Title: fmt.Sprintf("Channel %d", n), Username: fmt.Sprintf("channel_%d", n)})
			channel.hash, channel.hasHash, channel.at = spread(-n), true, 5000
			f.add(channel)
		}
		if n%9 == 0 {
			chat := sightChat(&tg.Chat{ID: int64(n), Title: fmt.Sprintf("Chat %d", n)})
			chat.at = 5000
			f.add(chat)
		}
	}
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= fullPeople; n += 2 { // a history for half of them
		s := called(person(1000+n), fmt.Sprintf("Renamed %d", n))
		s.at += 100
		f.add(s)
		if err := f.state.SetChannelPts(ctx, fullBot, int64(n), n+1); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 400; n++ {
		f.Outbox().Greet(Greeting{User: int64(1000 + n), Message: n, At: time.Unix(7000, 0), Payload: "promo", Text: "Hello"})
		f.add(vacate{name: fmt.Sprintf("vacant_%d", n), at: 8000})
	}
	limits, at := f.Limits(), time.Unix(8000, 0)
	for _, chat := range []ID{{}, UserID(1001), ChannelID(5)} {
		if err := limits.Flooded(ctx, Flood{Method: "messages.sendMessage", Chat: chat, Since: at, Until: at.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(limits.ChargeLookup(ctx, at, 5), limits.Renew(ctx, at)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Deliveries().Try(ctx, at, []Slip{{UserID(1001), "order 1", 0}, {ChannelID(5), "order 2", 1}}); err != nil {
		t.Fatal(err)
	}
	put(t, f, bearer(20001, 9000, "wanted"), bearer(20002, 9001, "wanted")) // contested
	if err := f.state.SetState(ctx, fullBot, updates.State{Pts: 100, Qts: 7, Date: 9000, Seq: 3}); err != nil {
		t.Fatal(err)
	}
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	for _, auth := range [][]byte{authOf(t, 9), authData(t)} { // the first one is dead, and on some page still
		if err := f.SessionStorage().StoreSession(ctx, auth); err != nil {
			t.Fatal(err)
		}
	}
	last := called(person(1001), "Last") // a commit that changes one person
	last.at += 5000
	put(t, f, last)
}

// fullFile makes such a file in a folder of the test.
func fullFile(t testing.TB, key *Key) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.session")
	f, err := Open(path, &Options{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// dump reads every row of a file.
func dump(t testing.TB, path string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	rows := make(map[string]string)
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				rows[string(name)+"/"+keyName(string(name), k)+"/"+string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// exported is the book as an export has it, by kind and id.
func exported(t testing.TB, path string, key *Key) map[string]Entry {
	t.Helper()
	f, err := Open(path, &Options{Key: key, Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	out := make(map[string]Entry)
	for e, err := range f.Book().Export(true) {
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint(e.Kind, " ", e.ID)] = e
	}
	return out
}

func checked(t testing.TB, path string, key *Key) (found []Finding) {
	t.Helper()
	done, err := Check(t.Context(), path, &Options{Key: key}, func(f Finding) { found = append(found, f) })
	if err != nil {
		t.Fatal(err)
	}
	if done.Findings != int64(len(found)) {
		t.Errorf("%d findings are counted, and %d were told", done.Findings, len(found))
	}
	return found
}

func copyFile(t testing.TB, from string) string {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "bot.session")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
