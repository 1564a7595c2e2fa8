package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

// resolveFlags are what resolve asks for beside the names.
type resolveFlags struct {
	cachedOnly bool
	hashes     bool
}

func (c *cli) resolveVerb() *cobra.Command {
	var flags resolveFlags
	cmd := &cobra.Command{
		Use:   "resolve NAME... | -",
		Short: "Tell who a username, link or id is",
		Long: `Tell who a username, link or id is.

The book is asked first, and Telegram only about whom the book does not know.
With "-" the names are read from stdin, one per line; empty lines and lines that
begin with # are skipped. Answers come in the order of the names, each as soon as
it is known. One that fails is told on stderr, or with -o json as an object with
"error" in its place, and the others go on.

Telegram lets a bot look up only about 200 usernames a day, and then refuses all
of them for a day. What was looked up in the last 24 hours is counted in the
session file. Ids, and people whom the bot has seen, cost nothing. A daemon that
runs keeps to its own limits.`,
		Example: `  seen resolve @carol
  seen resolve t.me/carol 1001 me
  seen resolve --cached-only - < names.txt
  printf '@a\n@b\n' | seen resolve - -o json | jq .id`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return nil
			}
			return answer.Errorf(answer.Usage, "%s needs a name", cmd.CommandPath()).WithHint("%s", cmd.UseLine())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error { return c.resolve(cmd.Context(), d, args, flags) })
		},
	}
	cmd.Flags().BoolVar(&flags.cachedOnly, "cached-only", false, "ask the book alone, never Telegram")
	c.settings.limits.addLookups(cmd.Flags())
	cmd.Flags().BoolVar(&flags.hashes, "hashes", false, "print access hashes as well")
	return cmd
}

func (c *cli) resolve(ctx context.Context, d *door, names []string, flags resolveFlags) error {
	if len(names) == 1 && names[0] != "-" {
		return c.resolveOne(ctx, d, names[0], flags)
	}
	refs := func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for name, err := range c.inputs(ctx, names) {
				req := answer.ResolveRequest{Ref: name, CachedOnly: flags.cachedOnly, Hashes: flags.hashes}
				if !yield(req, err) || err != nil {
					return
				}
			}
		}
	}
	// One buffer for all lines, though each is written by itself.
	out := &printer{w: bufio.NewWriter(c.out.w), format: c.out.format}
	var all tally
	for got, err := range d.ResolveMany(ctx, refs) {
		switch {
		case err != nil:
			return err
		case got.Error == nil:
			err = out.peer(got.Peer)
		case fatal(got.Error):
			return got.Error
		case out.format == asJSON:
			err = out.put(got.Line(), nil)
		default:
			c.complain(got.Input, got.Error)
		}
		if err != nil {
			return err
		}
		if got.Error != nil {
			all.add(got.Error)
		} else {
			all.add(nil)
		}
	}
	return all.err()
}

// resolveOne prints an answer. In JSON it prints the error as well, where the
// answer would stand.
func (c *cli) resolveOne(ctx context.Context, d *door, name string, flags resolveFlags) error {
	peer, err := d.Resolve(ctx, answer.ResolveRequest{Ref: name, CachedOnly: flags.cachedOnly, Hashes: flags.hashes})
	if err == nil {
		return c.out.peer(peer)
	}
	if c.out.format == asJSON && ctx.Err() == nil && !fatal(err) {
		failed := answer.FailedInput{Input: name, Error: answer.From(err)}
		if err := c.out.put(failed, nil); err != nil {
			return err
		}
	}
	return err
}

// inputs are arguments, and where one is "-" the lines of stdin.
func (c *cli) inputs(ctx context.Context, args []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, arg := range args {
			if arg != "-" {
				if !yield(arg, nil) {
					return
				}
				continue
			}
			for line, err := range inputLines(interruptible(ctx, c.in)) {
				if !yield(line, err) || err != nil {
					return
				}
			}
		}
	}
}

// maxInput is how much of a line is read; no reference is as long.
const maxInput = 4096

// inputLines are the lines that are not empty or a comment. One that is too long
// is cut, so that whoever reads it refuses it and goes on.
func inputLines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		in := bufio.NewReaderSize(r, maxInput)
		for {
			raw, cut, err := in.ReadLine()
			line := strings.TrimSpace(string(raw))
			for cut && err == nil {
				_, cut, err = in.ReadLine()
			}
			if line != "" && !strings.HasPrefix(line, "#") && !yield(line, nil) {
				return
			}
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield("", unread(err))
				return
			}
		}
	}
}
