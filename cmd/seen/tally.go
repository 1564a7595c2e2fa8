package main

import "github.com/f48b34c0/seen/internal/answer"

// tally collects how the inputs of one command ended.
type tally struct {
	done   int
	failed map[int]int // by exit status
}

func (t *tally) add(err error) {
	if err == nil {
		t.done++
		return
	}
	if t.failed == nil {
		t.failed = map[int]int{}
	}
	t.failed[answer.From(err).Code.Exit()]++
}

// err is the status of them all: that of the failures if nothing else happened,
// else that some inputs failed.
func (t *tally) err() error {
	if len(t.failed) == 0 {
		return nil
	}
	if t.done == 0 && len(t.failed) == 1 {
		for status := range t.failed {
			return exitCode(status)
		}
	}
	return exitCode(answer.Partial.Exit())
}

// fatal reports whether the next input would fail for the same reason.
func fatal(err error) bool {
	switch answer.From(err).Code {
	case answer.Unreachable, answer.Unauthorized, answer.Held, answer.Interrupted:
		return true
	default:
		return false
	}
}
