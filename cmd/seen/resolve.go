package main

import (
	"bufio"
	"context"
	"io"
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
begin with # are skipped. Answers come in the order of the names.`,
		Example: `  seen resolve @carol
  seen resolve t.me/carol 1001 me
  seen resolve -o json - < names.txt`,
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
	cmd.Flags().BoolVar(&flags.hashes, "hashes", false, "print access hashes as well")
	return cmd
}

func (c *cli) resolve(ctx context.Context, d *door, names []string, flags resolveFlags) error {
	if len(names) == 1 && names[0] != "-" {
		return c.resolveOne(ctx, d, names[0], flags)
	}
	var all tally
	each := func(name string) error {
		err := c.resolveOne(ctx, d, name, flags)
		if err != nil && fatal(err) {
			return err
		}
		all.add(err)
		if err != nil && c.out.format == asText {
			c.complain(name, answer.From(err))
		}
		return nil
	}
	for _, name := range names {
		var err error
		if name == "-" {
			err = eachLine(c.in, each)
		} else {
			err = each(name)
		}
		if err != nil {
			return err
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
		failed := failedInput{Input: name, Error: answer.From(err)}
		if err := c.out.put(failed, nil); err != nil {
			return err
		}
	}
	return err
}

// failedInput stands where the answer to one of several inputs would.
type failedInput struct {
	Input string        `json:"input"`
	Error *answer.Error `json:"error"`
}

// eachLine calls f with every line that is not empty or a comment.
func eachLine(r io.Reader, f func(string) error) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		s := strings.TrimSpace(lines.Text())
		if s == "" || strings.HasPrefix(s, "#") {
			continue
		}
		if err := f(s); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return answer.Errorf(answer.Failed, "read stdin: %w", err)
	}
	return nil
}
