package control

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestAListStreamsAndAnErrorEndsIt(t *testing.T) {
	path, _ := daemon(t, bot{
		peers: func(_ context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
			return func(yield func(answer.Peer, error) bool) {
				if req.Kind == "nothing" {
					return
				}
				for id := range int64(3) {
					if req.Kind != "broken" && !yield(answer.Peer{Kind: "user", ID: id}, nil) {
						return
					}
				}
				if req.Kind != "user" {
					yield(answer.Peer{}, answer.Errorf(answer.Failed, "read book: no"))
				}
			}
		},
	}, Options{})

	for kind, want := range map[string]struct {
		peers int
		err   string
	}{
		"user":    {3, ""},
		"channel": {3, "read book: no"},
		"broken":  {0, "read book: no"},
		"nothing": {0, ""},
	} {
		n, problem := 0, ""
		for p, err := range NewClient(path).Peers(t.Context(), answer.PeersRequest{Kind: kind}) {
			if err != nil {
				problem = err.Error()
				continue
			}
			if p.ID != int64(n) {
				t.Errorf("%s: got id %d as number %d", kind, p.ID, n)
			}
			n++
		}
		if n != want.peers || problem != want.err {
			t.Errorf("%s: got %d peers and %q, want %+v", kind, n, problem, want)
		}
	}
}

func TestAListThatIsLeftEndsAtTheBotToo(t *testing.T) {
	ended := make(chan struct{})
	path, _ := daemon(t, bot{
		peers: func(context.Context, answer.PeersRequest) iter.Seq2[answer.Peer, error] {
			return func(yield func(answer.Peer, error) bool) {
				defer close(ended)
				for yield(answer.Peer{Kind: "user", Name: strings.Repeat("x", 1000)}, nil) {
				}
			}
		},
	}, Options{})
	for _, err := range NewClient(path).Peers(t.Context(), answer.PeersRequest{}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the bot does not learn that nobody reads")
	}
}

func TestChangesAndEntriesCrossTheSocketUnchanged(t *testing.T) {
	change := answer.Change{
		At: ann.FirstSeen, What: "owner", Old: "ann", Other: &answer.PeerID{Kind: "user", ID: 1004},
	}
	entry := answer.Entry{
		Kind: "user", ID: 1001, FirstName: "Ann <&>", AccessHash: "-9223372036854775808", Bot: 7,
		Flags: []string{"premium"}, FirstSeen: ann.FirstSeen, LastSeen: ann.FirstSeen,
	}
	path, _ := daemon(t, bot{
		history: func(_ context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error] {
			return func(yield func(answer.Change, error) bool) {
				if req.Ref == "@ann" {
					yield(change, nil)
				}
			}
		},
		export: func(_ context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error] {
			return func(yield func(answer.Entry, error) bool) {
				if req.Hashes {
					yield(entry, nil)
				}
			}
		},
	}, Options{})
	c := NewClient(path)
	n := 0
	for got, err := range c.History(t.Context(), answer.HistoryRequest{Ref: "@ann"}) {
		n++
		if diff := cmp.Diff(change, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	for got, err := range c.Export(t.Context(), answer.ExportRequest{Hashes: true}) {
		n++
		if diff := cmp.Diff(entry, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	if n != 2 {
		t.Errorf("got %d elements", n)
	}
}
