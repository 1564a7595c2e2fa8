package session

import (
	"os"
	"syscall"
	"testing"
)

// Root may rewrite the file of another user, and it stays that user's.
func TestRewrittenFileKeepsItsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	const nobody = 65534
	path := fullFile(t, nil)
	owner := func() uint32 {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Sys().(*syscall.Stat_t).Uid
	}
	if err := os.Chown(path, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Compact(t.Context()); err != nil {
		t.Error(err)
	}
	_ = f.Close()
	if owner() != nobody {
		t.Error("compacting has taken the file")
	}
	if err := Rekey(t.Context(), path, nil, NewKey()); err != nil || owner() != nobody {
		t.Errorf("rekey has taken the file: %v", err)
	}
	path = fullFile(t, nil)
	damages()[0].make(t, path)
	if err := os.Chown(path, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if _, err := Repair(t.Context(), path, nil, nil); err != nil || owner() != nobody {
		t.Errorf("repair has taken the file: %v", err)
	}
}
