package session_test

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// cpu measures what is taken of the processors: on a busy machine the time that
// passes says little. What it returns ends the measurement.
func cpu(b *testing.B) (end func()) {
	b.Helper()
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}

// people of a crowd in envelopes of that many, one message each.
func envelopes(from, people, per int) []tg.UpdatesClass {
	var out []tg.UpdatesClass
	for n := from; n < from+people; n += per {
		u := &tg.Updates{Date: 1_700_000_000}
		for i := n; i < min(n+per, from+people); i++ {
			p := sessiontest.Person(i)
			u.Users = append(u.Users, p)
			u.Updates = append(u.Updates, &tg.UpdateNewMessage{
				Message: &tg.Message{ID: i, PeerID: &tg.PeerUser{UserID: p.ID}, Date: u.Date, Message: "hello"},
				Pts:     i, PtsCount: 1,
			})
		}
		out = append(out, u)
	}
	return out
}

// wired opens an empty file, and returns what a client would hand its pushes to.
func wired(b *testing.B) (*session.File, func(tg.UpdatesClass)) {
	b.Helper()
	// Nothing is put off: there is nobody to fetch it from.
	o := session.Options{MaxWaiting: 1 << 30}
	f, err := session.Open(filepath.Join(b.TempDir(), "bot.session"), &o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	var opts telegram.Options
	f.Wire(&opts)
	return f, func(u tg.UpdatesClass) {
		if err := opts.UpdateHandler.Handle(context.Background(), u); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHarvest takes people from the envelope to the disk. One operation is
// one person.
func BenchmarkHarvest(b *testing.B) {
	for _, per := range []int{1, 100} {
		b.Run(fmt.Sprintf("new/per=%d", per), func(b *testing.B) {
			f, push := wired(b)
			all := envelopes(0, b.N, per)
			b.ReportAllocs()
			b.ResetTimer()
			end := cpu(b)
			for _, u := range all {
				push(u)
			}
			if err := f.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			end()
		})
		b.Run(fmt.Sprintf("again/per=%d", per), func(b *testing.B) {
			f, push := wired(b)
			const people = 100_000
			all := envelopes(0, people, per)
			for _, u := range all {
				push(u)
			}
			if err := f.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			end := cpu(b)
			for n := 0; n < b.N; n += per {
				push(all[n/per%len(all)])
			}
			if err := f.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			end()
		})
	}
}

// BenchmarkBook looks people up in a book of a hundred thousand.
func BenchmarkBook(b *testing.B) {
	f, push := wired(b)
	const people = 100_000
	for n, u := range envelopes(0, people, 100) {
		push(u)
		if n%100 == 99 { // so that none is put off where the disk is slow
			if err := f.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	book := f.Book()
	hasher := book.AccessHasher()
	var ids []session.ID
	var names []string
	for n := range people {
		ids = append(ids, session.UserID(sessiontest.PersonID(n*7919%people)))
		if name := sessiontest.PersonName(n * 7919 % people); name != "" {
			names = append(names, name)
		}
	}
	b.Run("peer", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			if _, err := book.Peer(ids[n%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("name", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			if _, err := book.ByName(names[n%len(names)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hash", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			if hash, _, _ := hasher.GetUserAccessHash(b.Context(), 0, ids[n%len(ids)].Num); hash == 0 {
				b.Fatal("no hash")
			}
		}
	})
	b.Run("hash/recent", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			if hash, _, _ := hasher.GetUserAccessHash(b.Context(), 0, ids[n%100].Num); hash == 0 {
				b.Fatal("no hash")
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; n < b.N; {
			for _, err := range book.All() {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
		}
	})
}
