package session

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamesAreListedByWhatTheyBeginWith(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "ann"))
	put(t, f, bearer(2, 1000, "Andy", "bobby"))
	put(t, f, bearer(3, 1000, "annabel"))
	put(t, f, bearer(4, 1000, "annoyed"))
	put(t, f, bearer(4, 1100, "calm"))   // has left that name
	put(t, f, bearer(5, 1000, "anchor")) // two have
	put(t, f, bearer(6, 1001, "anchor")) // claimed this one
	f.add(bearer(7, 1200, "anton"))      // waits to be written
	f.add(bearer(8, 1200, "ann"))        // takes a name, and waits too
	check := func(prefix string, limit int, want ...string) {
		t.Helper()
		list, err := f.Book().Prefixed(prefix, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range list {
			got = append(got, fmt.Sprintf("%s %d", n.Name, n.Peer.ID.Num))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", prefix, diff)
		}
	}
	check("an", 10, "Andy 2", "ann 8", "annabel 3", "anton 7")
	check("AN", 2, "Andy 2", "ann 8")
	check("bob", 10, "bobby 2")
	check("", 3, "Andy 2", "ann 8", "annabel 3")
	check("zoe", 10)
	check("an", 0)
}
