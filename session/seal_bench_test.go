package session

import (
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// What sealing costs a look-up and a record that is written; plain is the same
// without it.
func BenchmarkSealing(b *testing.B) {
	for name, key := range map[string]*Key{"plain": nil, "sealed": NewKey()} {
		f, err := Open(filepath.Join(b.TempDir(), "bot.session"), &Options{Key: key})
		if err != nil {
			b.Fatal(err)
		}
		for n := range 1000 {
			f.add(person(n + 1))
		}
		if err := f.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.Run("look-up/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if p, err := f.Book().Peer(UserID(int64(n%1000 + 1))); err != nil || p.Hash.Class() != HashFull {
					b.Fatal(p, err)
				}
			}
		})
		b.Run("write/"+name, func(b *testing.B) {
			b.ReportAllocs()
			rec := &record.Peer{AccessHash: proto.Int64(7), HashClass: record.HashClass_HASH_CLASS_FULL, FirstName: "Ann"}
			key := UserID(1).key()
			var space []byte
			for b.Loop() {
				rec.SealedHash = nil // as that of a hash which is new
				space = f.seal.append(space[:0], key, rec)
			}
		})
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// What it costs to be ready for a damaged page.
func BenchmarkGuard(b *testing.B) {
	for b.Loop() {
		if err := guarded(func() error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
