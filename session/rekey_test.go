package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// Sealed, changed and put in the clear: the book stays what it is, and the file
// tells nothing of what is secret unless it is in the clear.
func TestRekeyLeavesTheBookAndNoSecret(t *testing.T) {
	path := fullFile(t, nil)
	people := exported(t, path, nil)
	hidden := secrets(t, people)
	if n := countSecrets(t, path, hidden); n != len(hidden) {
		t.Fatalf("the file has %d of %d secrets in the first place", n, len(hidden))
	}
	var now *Key
	for _, to := range []*Key{NewKey(), NewKey(), nil} {
		if err := Rekey(t.Context(), path, &Options{Key: now}, to); err != nil {
			t.Fatal(err)
		}
		want := 0
		if to == nil {
			want = len(hidden)
		}
		if n := countSecrets(t, path, hidden); n != want {
			t.Errorf("%d of %d secrets are in the file, want %d", n, len(hidden), want)
		}
		if diff := cmp.Diff(people, exported(t, path, to)); diff != "" {
			t.Fatal(diff)
		}
		if found := checked(t, path, to); len(found) > 0 {
			t.Errorf("after the change of keys: %v", found)
		}
		f, err := Open(path, &Options{Key: to})
		if err != nil {
			t.Fatal(err)
		}
		if auth, err := f.SessionStorage().LoadSession(t.Context()); err != nil || !bytes.Equal(auth, authData(t)) {
			t.Errorf("the auth key is not what it was: %v", err)
		}
		if f.Sealed() != (to != nil) {
			t.Errorf("sealed: %v", f.Sealed())
		}
		_ = f.Close()
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		now = to
	}
}

// rekeyChild is the variable by which this test binary is told to change the key
// of a file and do nothing else: path, old key, new key.
const rekeyChild = "SESSION_TEST_REKEY"

func TestMain(m *testing.M) {
	if what := os.Getenv(rekeyChild); what != "" {
		part := strings.Split(what, ",")
		from, _ := ParseKey(part[1])
		to, _ := ParseKey(part[2])
		if err := Rekey(context.Background(), part[0], &Options{Key: from}, to); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// A process that dies while it changes the key leaves the old file or the new one,
// whole.
func TestDeathInTheMiddleOfRekeyLeavesOneFileWhole(t *testing.T) {
	keys := []*Key{NewKey(), NewKey()}
	path := fullFile(t, keys[0])
	people := exported(t, path, keys[0])
	hidden := secrets(t, people)
	start := func(from, to *Key) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), rekeyChild+"="+path+","+from.Reveal()+","+to.Reveal())
		return cmd
	}
	begin := time.Now()
	if out, err := start(keys[0], keys[1]).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(begin)
	at, outcomes := 1, [2]int{}
	const deaths = 24
	for n := range deaths {
		cmd := start(keys[at], keys[1-at])
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(n) / deaths)
		_ = cmd.Process.Kill() // it may be done
		_ = cmd.Wait()
		f, err := Open(path, &Options{Key: keys[at]})
		if errors.Is(err, ErrWrongKey) {
			at = 1 - at
			outcomes[1]++
			f, err = Open(path, &Options{Key: keys[at]})
		} else {
			outcomes[0]++
		}
		if err != nil {
			t.Fatalf("death %d: %v", n, err)
		}
		_ = f.Close()
		if diff := cmp.Diff(people, exported(t, path, keys[at])); diff != "" {
			t.Fatalf("death %d: %s", n, diff)
		}
		if n := countSecrets(t, path, hidden); n != 0 {
			t.Fatalf("%d secrets are in the file", n)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
			t.Errorf("death %d: left behind after opening: %v", n, left)
		}
	}
	t.Logf("%d deaths left the old file, %d the new one", outcomes[0], outcomes[1])
}
