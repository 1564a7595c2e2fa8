package pages

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// forest is a file with buckets of keys that lie in different ways.
type forest struct {
	data []byte
	size int
	root map[string]uint64
	keys map[string][][]byte // of each bucket, those that were written and those between
}

func plant(t failer, dir string, r *rand.Rand, rows int) *forest {
	path := filepath.Join(dir, "forest")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	f := &forest{root: map[string]uint64{}, keys: map[string][][]byte{}}
	kinds := map[string]func() []byte{
		"even": func() []byte { return binary.BigEndian.AppendUint64([]byte{1}, uint64(r.IntN(8*rows))) },
		"skew": func() []byte { return binary.BigEndian.AppendUint64(nil, 1<<r.IntN(64)+uint64(r.IntN(rows))) },
		"text": func() []byte {
			return []byte(strings.Repeat("ann_", r.IntN(4)) + string(rune('a'+r.IntN(26))) + strings.Repeat("z", r.IntN(9)))
		},
		"short": func() []byte { return bytes.Repeat([]byte{byte(r.IntN(3))}, 1+r.IntN(40)) },
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{"even", "skew", "text", "short"} {
			b, err := tx.CreateBucket([]byte(name))
			if err != nil {
				return err
			}
			for range rows {
				there, between := kinds[name](), kinds[name]()
				f.keys[name] = append(f.keys[name], there, between, between[:len(between)-1], append(bytes.Clone(there), 0))
				long := 1 + r.IntN(12)
				if r.IntN(100) == 0 {
					long *= 200 // more than a page
				}
				if err := b.Put(there, bytes.Repeat(there, long)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		for name := range f.keys {
			f.root[name] = uint64(tx.Bucket([]byte(name)).Root())
		}
		f.size = db.Info().PageSize
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if f.data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFindsWhatBboltGets(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		seed, rows := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 400).Draw(t, "rows")
		defer os.Remove(filepath.Join(dir, "forest")) //nolint:errcheck // the next one is written anew
		f := plant(t, dir, rand.New(rand.NewPCG(seed, 0)), rows)
		db, err := bbolt.Open(filepath.Join(dir, "forest"), 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close() //nolint:errcheck // it was only read
		_ = db.View(func(tx *bbolt.Tx) error {
			for name, keys := range f.keys {
				if f.root[name] == 0 {
					continue // it has no page of its own
				}
				for _, key := range keys {
					got, ok := Find(f.data, f.size, f.root[name], key)
					want := tx.Bucket([]byte(name)).Get(key)
					if !ok || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
						t.Fatalf("%s: %x is %x, %v; bbolt says %x", name, key, got, ok, want)
					}
				}
			}
			return nil
		})
	})
}

func TestFindNoticesDamage(t *testing.T) {
	sound := plant(t, t.TempDir(), rand.New(rand.NewPCG(1, 2)), 3000)
	root := int(sound.root["even"]) * sound.size
	key := sound.keys["even"][0]
	opened, err := Open(bytes.NewReader(sound.data), int64(len(sound.data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		root   uint64
		key    []byte
		damage func(page []byte)
	}{
		{"a page that leads to itself", sound.root["even"], key, func(page []byte) {
			for n := range int(headerOf(page).count) {
				order.PutUint64(page[headerSize+n*elementSize+8:], sound.root["even"])
			}
		}},
		{"another page's number", sound.root["even"], key, func(page []byte) { page[0]++ }},
		{"a kind that has no place in a tree", sound.root["even"], key, func(page []byte) { page[8] = metaPage }},
		{"more elements than fit", sound.root["even"], key, func(page []byte) { page[11] = 0xff }},
		{"no elements in a branch", sound.root["even"], key, func(page []byte) { page[10], page[11] = 0, 0 }},
		{"a page that is none", 1, key, func([]byte) {}},
		{"a page behind the end", uint64(len(sound.data) / sound.size), key, func([]byte) {}},
		{"a bucket in place of a value", opened.Metas()[0].Root, []byte("even"), func([]byte) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := bytes.Clone(sound.data)
			c.damage(data[root : root+sound.size])
			if v, ok := Find(data, sound.size, c.root, c.key); ok {
				t.Errorf("found %x", v)
			}
		})
	}
}

// Whatever a page says, nothing outside of the file is read, and it ends.
func TestFindTrustsNoPage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	f := plant(t, t.TempDir(), r, 3000)
	lost := 0
	for range 3000 {
		data := bytes.Clone(f.data)
		for range 1 + r.IntN(20) {
			at := r.IntN(len(data)/f.size)*f.size + r.IntN(min(f.size, 200))
			data[at] ^= byte(1 + r.IntN(255))
		}
		if r.IntN(4) == 0 {
			data = slices.Clip(data[:r.IntN(len(data)+1)])
		}
		for name, keys := range f.keys {
			if _, ok := Find(data, f.size, f.root[name], keys[r.IntN(len(keys))]); !ok {
				lost++
			}
		}
	}
	if lost == 0 {
		t.Fatal("no damage was noticed")
	}
}

// BenchmarkFind compares a look-up with bbolt's, both in memory and with their
// transaction begun.
func BenchmarkFind(b *testing.B) {
	dir := b.TempDir()
	f := plant(b, dir, rand.New(rand.NewPCG(5, 6)), 100_000)
	db, err := bbolt.Open(filepath.Join(dir, "forest"), 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	for _, name := range []string{"even", "text"} {
		keys := f.keys[name]
		b.Run("find/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for n := range b.N {
				Find(f.data, f.size, f.root[name], keys[n*7919%len(keys)])
			}
		})
		b.Run("bbolt/"+name, func(b *testing.B) {
			b.ReportAllocs()
			_ = db.View(func(tx *bbolt.Tx) error {
				for n := range b.N {
					tx.Bucket([]byte(name)).Get(keys[n*7919%len(keys)])
				}
				return nil
			})
		})
	}
}
