// Command gotd is two of the clients that are compared, on gotd/td: one that stores
// nothing, and one that stores what it sees by package session. Both have the same
// options, the same logger and the same handler. See ../doc.go for what a client
// says and when.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gotd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: gotd bare|ours run|count")
	}
	p, err := thePlace()
	if err != nil {
		return err
	}
	switch args[0] + " " + args[1] {
	case "bare run":
		return bare(ctx, p)
	case "ours run":
		return ours(ctx, p)
	case "ours count":
		return count(p)
	}
	return fmt.Errorf("no client is called %q", args)
}
