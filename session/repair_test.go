package session

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Damage of every kind is found, and repair keeps whatever was not damaged: each
// row of the file, byte for byte, and each person of the book as an export shows
// them.
func TestDamageIsFoundAndRepairKeepsTheRest(t *testing.T) {
	sound := fullFile(t, nil)
	if found := checked(t, sound, nil); len(found) > 0 {
		t.Fatalf("a sound file is said to be damaged: %v", found)
	}
	rows, people := dump(t, sound), exported(t, sound, nil)
	for _, tt := range damages() {
		t.Run(tt.name, func(t *testing.T) {
			path := copyFile(t, sound)
			gone := tt.make(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found := checked(t, path, nil)
			if !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.String(), tt.found) }) {
				t.Errorf("%q is not among %v", tt.found, found)
			}
			done, err := Repair(t.Context(), path, &Options{BotID: fullBot}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if kept, err := os.ReadFile(done.Old); err != nil || done.Old != path+".damaged" || !bytes.Equal(kept, before) {
				t.Errorf("the damaged file is not at %s as it was: %v", done.Old, err)
			}
			if left := checked(t, path, nil); len(left) > 0 {
				t.Errorf("after the repair: %v", left)
			}
			compareRows(t, rows, dump(t, path), append(gone, tt.changed...))
			comparePeople(t, people, exported(t, path, nil), append(gone, tt.changed...))
			wantNamed(t, rows, exported(t, path, nil), gone)
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

// compareRows wants every row that was, but for those that are gone.
func compareRows(t *testing.T, was, now map[string]string, gone []string) {
	t.Helper()
	if slices.Contains(gone, "*stale") {
		return
	}
	bad := 0
	for k, v := range was {
		if now[k] != v && !slices.Contains(gone, k) {
			if bad++; bad < 5 {
				t.Errorf("%q is not as it was: %x, was %x", k, now[k], v)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d rows are not as they were", bad, len(was))
	}
}

// comparePeople wants everybody who was in the book as they were, but for those
// whose record is gone.
func comparePeople(t *testing.T, was, now map[string]Entry, gone []string) {
	t.Helper()
	for k, e := range was {
		lost := slices.ContainsFunc(gone, func(row string) bool { return strings.HasPrefix(row, "peers/"+k+"/") })
		if diff := cmp.Diff(e, now[k]); diff != "" && !lost {
			t.Errorf("%s is not as they were: %s", k, diff)
			return
		}
	}
	for k := range now {
		if _, ok := was[k]; !ok && k != "user 777" {
			t.Errorf("%s was not in the book", k)
		}
	}
}

// wantNamed wants people whose record is gone in the book nevertheless, if they
// have a name or a history.
func wantNamed(t *testing.T, was map[string]string, now map[string]Entry, gone []string) {
	t.Helper()
	left := make(map[string]bool)
	for k, v := range was {
		if rest, ok := strings.CutPrefix(k, "history/"); ok && !slices.Contains(gone, k) {
			id, _, _ := strings.Cut(rest, "/")
			left[id] = true
		}
		if strings.HasPrefix(k, "names/") && !slices.Contains(gone, k) {
			rec := &record.Name{}
			if err := proto.Unmarshal([]byte(v), rec); err != nil {
				t.Fatal(err)
			}
			left[owner(rec).String()] = true
		}
	}
	for _, k := range gone {
		rest, ok := strings.CutPrefix(k, "peers/")
		id, _, _ := strings.Cut(rest, "/")
		if _, there := now[id]; ok && left[id] && !there {
			t.Errorf("%s is not in the book any more, and is named in it", id)
		}
	}
}

// Whatever is done to the bytes of a file, reading it ends with an answer, and a
// file that was repaired has nothing wrong with it.
func TestAnyDamageEndsInAnAnswer(t *testing.T) {
	sound, err := os.ReadFile(fullFile(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bot.session")
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		data := bytes.Clone(sound)
		for range 1 + n%4 {
			at := r.IntN(len(data) / pageSize * pageSize)
			switch r.IntN(4) {
			case 0:
				data[at] ^= 1 << r.IntN(8)
			case 1:
				clear(data[at : at+min(len(data)-at, r.IntN(3*pageSize))])
			case 2:
				from := r.IntN(len(data)/pageSize) * pageSize
				copy(data[at/pageSize*pageSize:], bytes.Clone(data[from:from+pageSize]))
			case 3:
				for i := at; i < min(len(data), at+300); i++ {
					data[i] = byte(r.IntN(256))
				}
			}
		}
		if n%10 == 9 {
			data = data[:r.IntN(len(data))]
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if f, err := Open(path, nil); err == nil {
			// A listing may end in an error, and not otherwise.
			for _, err := range f.Book().All() {
				if err != nil && !errors.Is(err, ErrDamaged) {
					t.Errorf("case %d: %v", n, err)
				}
			}
			_ = f.Close() // a damaged one may fail to
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Repair(t.Context(), path, &Options{BotID: fullBot}, nil); err != nil {
			if !errors.Is(err, ErrNotSession) && !errors.Is(err, ErrEmpty) {
				t.Errorf("case %d: %v", n, err)
			}
			continue
		}
		if left := checked(t, path, nil); len(left) > 0 {
			t.Errorf("case %d: after the repair: %v", n, left)
		}
		if err := os.RemoveAll(path + ".damaged"); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever lost a contest for a name still bears it in his record. That is no
// damage, whatever becomes of the name, and he gets it with his next sighting.
func TestAContestLeavesNoDamage(t *testing.T) {
	for name, ends := range map[string]func(t *testing.T, f *File){
		"its owner gives it up": func(t *testing.T, f *File) { put(t, f, bearer(1, 1100)) },
		"nobody has it":         func(t *testing.T, f *File) { f.add(vacate{name: "x", at: 1100}) },
		"its owner is forgotten": func(t *testing.T, f *File) {
			if err := f.Book().Forget(t.Context(), UserID(1)); err != nil {
				t.Fatal(err)
			}
		},
		"it is settled, and given up": func(t *testing.T, f *File) {
			put(t, f, bearer(1, 1050, "x"))
			put(t, f, bearer(1, 1100))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := mustOpen(t)
			put(t, f, bearer(1, 1000, "x"), bearer(2, 1001, "x"))
			wantName(t, f, "x", 1, ErrContested)
			ends(t, f)
			if err := f.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantName(t, f, "x", 0, ErrNeverSeen)
			if _, err := f.Check(t.Context(), func(f Finding) { t.Error(f) }); err != nil {
				t.Fatal(err)
			}
			put(t, f, bearer(2, 1200, "x"))
			wantName(t, f, "x", 2, nil)
			if _, err := f.Check(t.Context(), func(f Finding) { t.Error(f) }); err != nil {
				t.Fatal(err)
			}
		})
	}
}
