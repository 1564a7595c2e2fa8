// Command seen is a Telegram bot that remembers everyone it has seen, so that it
// can message and mention them.
//
// This package turns flags into one request each and prints the answer. What
// the bot may do and knows is decided elsewhere.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv, time.Now, os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it.
func run(args []string, env func(string) string, now func() time.Time, in io.Reader, out, err io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the process at once, however long the first takes.
	context.AfterFunc(ctx, stop)

	c := &cli{
		env: env, stdin: in, in: interruptible(ctx, in), out: &printer{w: out}, err: err,
		settings: settings{now: now},
	}
	root := c.root()
	root.SetArgs(markNegatives(root, args))
	return c.finish(ctx, root.ExecuteContext(ctx))
}
