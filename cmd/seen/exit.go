package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/f48b34c0/seen/internal/answer"
)

// exitStatuses is the table of "seen help exit"; [answer.Code.Exit] is what
// holds.
const exitStatuses = `  0  Done
  1  Failed, for a reason that is none of the others
  2  The command line or the environment is wrong
  3  Some of several inputs failed, or a mention was dropped
  4  The bot is not signed in, or not any more
  5  Never seen, or there is no such peer
  6  The bot may not write to them
  7  Flood wait: too fast, the seconds to wait are printed
  8  Another process holds the session file and nobody answers
130  Interrupted by a signal`

// exitCode ends the program with a status when all has been said.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// finish says what went wrong, if anything did, and returns the exit status.
func (c *cli) finish(ctx context.Context, err error) int {
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && unlessStopped(ctx, err) == nil {
		c.complain("", answer.Errorf(answer.Interrupted, "interrupted"))
		return answer.Interrupted.Exit()
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	e := answer.From(err)
	c.complain("", e)
	return e.Code.Exit()
}

// complain prints an error for people. About is the input that it concerns,
// where there are several.
func (c *cli) complain(about string, e *answer.Error) {
	if about != "" {
		about = plain(about) + ": "
	}
	c.note("seen: %s%s\n", about, plain(e.Message))
	if e.RetryAfter > 0 {
		c.note("seen: hint: try again in %s\n", plural(e.RetryAfter, "second"))
	}
	if e.Hint != "" && !c.quiet {
		c.note("seen: hint: %s\n", plain(e.Hint))
	}
}

// note writes to stderr. That it cannot is nothing that could be told anyone.
func (c *cli) note(format string, args ...any) {
	_, _ = fmt.Fprintf(c.err, format, args...)
}

func plural(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	default:
		return fmt.Sprintf("%d %ss", n, noun)
	}
}
