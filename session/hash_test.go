package session

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Law 6: the hash does not print itself.
func TestHashDoesNotPrintItself(t *testing.T) {
	p := Peer{ID: UserID(1), Hash: AccessHash{HashFull, 4242424242}}
	j, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprintf("%v %+v %#v %d %x %s %q %v ", p, p, p.Hash, p.Hash, p.Hash, p.Hash, p.Hash, &p) + string(j)
	for _, secret := range []string{"4242424242", fmt.Sprintf("%x", 4242424242)} {
		if strings.Contains(out, secret) {
			t.Errorf("the hash stands in %s", out)
		}
	}
	if !strings.Contains(out, "hash:full") {
		t.Errorf("no class in %s", out)
	}
}
