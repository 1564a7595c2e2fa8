package pages

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// oracle is the variable by which this test binary is told to check a file by
// bbolt and do nothing else: bbolt's check may end the process.
const oracle = "PAGES_ORACLE"

func TestMain(m *testing.M) {
	if path := os.Getenv(oracle); path != "" {
		os.Exit(boltCheck(path))
	}
	os.Exit(m.Run())
}

func boltCheck(path string) int {
	debug.SetMaxStack(32 << 20) // bbolt goes round in a circle until it is full
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return 1
	}
	status := 0
	_ = db.View(func(tx *bbolt.Tx) error {
		for range tx.Check() {
			status = 1
		}
		return nil
	})
	return status
}

// failer is a test of package testing or of rapid.
type failer interface{ Fatal(args ...any) }

// content is what a file holds: bucket, key, value.
type content map[string]map[string]string

// write makes a file in which many commits have left their traces, and returns
// what it holds in the end.
func write(t failer, path string, r *rand.Rand, rows int) content {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	want := content{}
	for range 12 {
		err := db.Update(func(tx *bbolt.Tx) error {
			for _, name := range []string{"large", "small", "wide"} {
				b, err := tx.CreateBucketIfNotExists([]byte(name))
				if err != nil {
					return err
				}
				if want[name] == nil {
					want[name] = map[string]string{}
				}
				n := rows
				if name != "large" {
					n = 3
				}
				for range n {
					k, v := fmt.Sprintf("%0*x", 1+r.IntN(20), r.IntN(4*rows)), strings.Repeat("v", r.IntN(60))
					if name == "wide" {
						v = strings.Repeat("w", r.IntN(20000))
					}
					if r.IntN(3) == 0 {
						delete(want[name], k)
						err = b.Delete([]byte(k))
					} else {
						want[name][k] = v
						err = b.Put([]byte(k), []byte(v))
					}
					if err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return want
}

// survey reads all that can be read, and what is wrong.
func survey(data []byte) (got content, wrong []string) {
	got = content{}
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return got, []string{err.Error()}
	}
	if len(f.Metas()) == 1 {
		wrong = append(wrong, "one meta page")
	}
	m := f.Metas()[0]
	if f.Lacks(m) > 0 {
		wrong = append(wrong, "too short")
	}
	v := f.At(m)
	bad := func(p Problem) { wrong = append(wrong, fmt.Sprintf("%d-%d %s", p.Page, p.To, p.What)) }
	gap := func(g Gap) { bad(g.Problem) }
	for _, b := range v.Buckets(gap) {
		rows := map[string]string{}
		_ = v.Each(b, func(r Row) error {
			rows[string(r.Key)] = string(r.Value)
			return nil
		}, gap)
		got[b.Name] = rows
		for k, want := range rows {
			if !bytes.Equal(v.Get(b, []byte(k)), []byte(want)) && len(wrong) == 0 {
				wrong = append(wrong, "found otherwise: "+k)
			}
		}
	}
	v.Free(bad)
	v.Unaccounted(bad)
	_ = v.Stray(func(_ uint64, rows []Row) error {
		return Inside(rows, func(string, Row) error { return nil })
	})
	return got, wrong
}

func TestReadsWhatBboltWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, rows := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 250).Draw(t, "rows")
		dir, err := os.MkdirTemp("", "pages")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // of this test only
		path := filepath.Join(dir, "db")
		want := write(t, path, rand.New(rand.NewPCG(seed, 0)), rows)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, wrong := survey(data)
		if len(wrong) > 0 {
			t.Fatalf("a sound file is said to be damaged: %v", wrong)
		}
		for name := range want {
			if !maps.Equal(got[name], want[name]) {
				t.Fatalf("bucket %s: read %d rows, want %d", name, len(got[name]), len(want[name]))
			}
		}
	})
}

// Whatever bbolt's own check finds is found here, and what ends a process there
// does not here.
func TestFindsWhatBboltFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	path := filepath.Join(t.TempDir(), "db")
	write(t, path, r, 900)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := runOracle(t, path); n != 0 {
		t.Fatalf("bbolt does not like the sound file: status %d", n)
	}
	const pageSize = 4096
	found := 0
	for n := range 75 {
		data := bytes.Clone(sound)
		page := 2 + r.IntN(len(data)/pageSize-2)
		at := page * pageSize
		switch n % 5 {
		case 0: // a number of the header
			data[at+r.IntN(headerSize)] ^= 1 << r.IntN(8)
		case 1: // an element
			data[at+headerSize+r.IntN(100*elementSize)] ^= 1 << r.IntN(8)
		case 2:
			clear(data[at : at+pageSize])
		case 3:
			from := 2 + r.IntN(len(data)/pageSize-2)
			copy(data[at:at+pageSize], bytes.Clone(data[from*pageSize:(from+1)*pageSize]))
		case 4:
			for i := range pageSize {
				data[at+i] = byte(r.IntN(256))
			}
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		bolt := runOracle(t, path)
		_, wrong := survey(data)
		if bolt != 0 && len(wrong) == 0 {
			t.Errorf("case %d, page %d: bbolt ends with %d, and nothing is found here", n, page, bolt)
		}
		if bolt != 0 {
			found++
		}
	}
	if found < 15 {
		t.Errorf("bbolt found only %d", found)
	}
}

func runOracle(t *testing.T, path string) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), oracle+"="+path)
	if err := cmd.Run(); err != nil {
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return max(1, cmd.ProcessState.ExitCode())
	}
	return 0
}

func TestSaysWhatIsWrong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	want := write(t, path, rand.New(rand.NewPCG(3, 4)), 900)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(bytes.NewReader(sound), int64(len(sound)))
	if err != nil {
		t.Fatal(err)
	}
	m := f.Metas()[0]
	size := f.page
	v := f.At(m)
	var large uint64
	for _, b := range v.Buckets(func(Gap) {}) {
		if b.Name == "large" {
			large = b.root
		}
	}
	buf, h, _ := f.read(large, v.high, nil)
	if h.kind != branchPage {
		t.Fatal("the tree is too small for this test")
	}
	list, _ := children(buf, h)
	leaf := int(list[1].page) * size
	for _, tt := range []struct {
		name   string
		damage func(d []byte) []byte
		want   string
		// keeps is the least share of the rows that can still be read.
		keeps float64
	}{
		{"a leaf of zeros", func(d []byte) []byte { clear(d[leaf : leaf+size]); return d }, "is not the page that it should be", 0.8},
		{"a leaf of another kind", func(d []byte) []byte { d[leaf+8] = 7; return d }, "is of the kind 0x7", 0.8},
		{"an element outside", func(d []byte) []byte { order.PutUint32(d[leaf+headerSize+4:], 1<<30); return d }, "lies outside", 0.98},
		{"a key out of order", func(d []byte) []byte {
			at := leaf + headerSize
			d[at+int(order.Uint32(d[at+4:]))] = 0xFF
			return d
		}, "not in order", 0.98},
		{"a key of another leaf", func(d []byte) []byte {
			last := leaf + headerSize + (int(order.Uint16(d[leaf+10:]))-1)*elementSize
			d[last+int(order.Uint32(d[last+4:]))] = 0xFF
			return d
		}, "has keys that belong elsewhere", 0.98},
		{"a circle", func(d []byte) []byte {
			order.PutUint64(d[int(large)*size+headerSize+elementSize+8:], large)
			return d
		}, "is referred to twice", 0.8},
		{"a child far away", func(d []byte) []byte {
			order.PutUint64(d[int(large)*size+headerSize+8:], 1<<60)
			return d
		}, "cannot be a page", 0.8},
		{"an overflow without end", func(d []byte) []byte { order.PutUint32(d[leaf+12:], 1<<31); return d }, "spans 2147483648 more", 0.8},
		{"the tail is cut off", func(d []byte) []byte { return d[:int(m.High-1)*size] }, "too short", 0},
		{"a free list of something else", func(d []byte) []byte { order.PutUint16(d[int(m.Free)*size+8:], leafPage); return d }, "is something else", 1},
		{"a used page that is free", func(d []byte) []byte {
			order.PutUint64(d[int(m.Free)*size+headerSize:], list[0].page)
			return d
		}, "is in use and listed as free", 1},
		{"a lost meta page", func(d []byte) []byte { clear(d[(1-m.Page)*size : (2-m.Page)*size]); return d }, "one meta page", 1},
		{"no meta page", func(d []byte) []byte { d[headerSize+20]++; d[size+headerSize+20]++; return d }, ErrNoMeta.Error(), 0},
		{"nothing of bbolt's", func(d []byte) []byte { clear(d[:2*size]); return d }, ErrNotBolt.Error(), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := survey(tt.damage(bytes.Clone(sound)))
			if !slices.ContainsFunc(wrong, func(s string) bool { return strings.Contains(s, tt.want) }) {
				t.Errorf("%q is not among %q", tt.want, wrong)
			}
			kept := 0
			for k, v := range got["large"] {
				if want["large"][k] != v {
					t.Fatalf("%q is not as it was", k)
				}
				kept++
			}
			if float64(kept) < tt.keeps*float64(len(want["large"])) {
				t.Errorf("%d of %d rows were read", kept, len(want["large"]))
			}
		})
	}
}

// A branch is lost, and with the list of free pages all leaves under it are found
// again, and no page of an earlier commit.
func TestStrayLeavesAreThoseUnderALostBranch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	want := write(t, path, rand.New(rand.NewPCG(5, 6)), 3000)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	v := f.At(f.Metas()[0])
	var root uint64
	for _, b := range v.Buckets(func(Gap) {}) {
		if b.Name == "large" {
			root = b.root
		}
	}
	clear(data[int(root)*f.page : int(root+1)*f.page])
	v = f.At(f.Metas()[0])
	got := map[string]string{}
	var gaps []Gap
	for _, b := range v.Buckets(func(Gap) {}) {
		_ = v.Each(b, func(Row) error { return nil }, func(g Gap) { gaps = append(gaps, g) })
	}
	if !v.Free(func(p Problem) { t.Error(p) }) || !v.Sure() {
		t.Fatal("no list of free pages")
	}
	err = v.Stray(func(_ uint64, rows []Row) error {
		for _, r := range rows {
			got[string(r.Key)] = string(r.Value)
		}
		return nil
	})
	if err != nil || !maps.Equal(got, want["large"]) {
		t.Errorf("found %d rows, want %d; %v", len(got), len(want["large"]), err)
	}
	if len(gaps) != 1 || gaps[0].From != nil || gaps[0].Until != nil || !gaps[0].Holds([]byte("0")) {
		t.Errorf("gaps: %+v", gaps)
	}
}

func FuzzSurvey(f *testing.F) {
	path := filepath.Join(f.TempDir(), "db")
	write(f, path, rand.New(rand.NewPCG(7, 8)), 60)
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, uint32(5*4096+3), byte(1))
	f.Add(data[:4096], uint32(40), byte(255))
	f.Fuzz(func(t *testing.T, data []byte, at uint32, to byte) {
		if len(data) > 0 {
			data = bytes.Clone(data)
			data[int(at)%len(data)] = to
		}
		survey(data)
	})
}
