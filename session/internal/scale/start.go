package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/f48b34c0/seen/session/sessiontest"
)

// Start is the time from the start of a process to the end of it, with the answer
// of `seen resolve NAME --cached-only` printed: medians, in seconds.
type Start struct{ Book, Empty float64 }

const startRuns = 200

// starts runs the command by turns on the book and on one with a single peer.
// Somebody else is asked for every time.
func starts(ctx context.Context, seen, dir, path string, peers int) (Start, error) {
	if seen == "" {
		return Start{}, nil
	}
	seen, err := filepath.Abs(seen)
	if err != nil {
		return Start{}, err
	}
	single, one := filepath.Join(dir, "one.session"), bearers(1000, 1, 1)[0]
	if _, err := os.Stat(single); err != nil {
		if _, err := ingest(ctx, single, one, one+1); err != nil {
			return Start{}, err
		}
	}
	var book, empty []float64
	for _, n := range bearers(peers, startRuns, 9) {
		took, err := resolve(ctx, seen, path, n)
		if err != nil {
			return Start{}, err
		}
		book = append(book, took)
		if took, err = resolve(ctx, seen, single, one); err != nil {
			return Start{}, err
		}
		empty = append(empty, took)
	}
	return Start{median(book), median(empty)}, nil
}

// bearers draws people of the crowd who have a username.
func bearers(peers, most int, seed uint64) []int {
	var out []int
	for ; len(out) < most; seed += 100 {
		for _, n := range sample(peers, most, seed) {
			if sessiontest.PersonName(n) != "" && !channelAt(n) && len(out) < most {
				out = append(out, n)
			}
		}
	}
	return out
}

// resolve runs the command and returns how long it took.
func resolve(ctx context.Context, seen, path string, n int) (float64, error) {
	cmd := exec.CommandContext(ctx, seen, "resolve", "@"+sessiontest.PersonName(n), "--cached-only", "--session", path)
	cmd.Env = []string{"HOME=" + filepath.Dir(path)}
	var failed bytes.Buffer
	cmd.Stderr = &failed
	began := time.Now()
	printed, err := cmd.Output()
	took := time.Since(began).Seconds()
	if err != nil {
		return 0, fmt.Errorf("%s resolve: %w\n%s", seen, err, failed.Bytes())
	}
	if id := fmt.Sprint(sessiontest.PersonID(n)); !strings.Contains(string(printed), id) {
		return 0, fmt.Errorf("%s resolve of %s printed %q", seen, id, printed)
	}
	return took, nil
}
