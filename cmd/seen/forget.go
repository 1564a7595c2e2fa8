package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

// forgetFlags are what forget asks for beside the names.
type forgetFlags struct {
	yes     bool
	compact bool
}

func (c *cli) peersForgetVerb() *cobra.Command {
	var flags forgetFlags
	cmd := &cobra.Command{
		Use:   "forget PEER... --yes",
		Short: "Remove people from the book, for good",
		Long: `Remove people from the book, for good.

Their names, their history, what the history of others says of them and the
dialog with them go as well. Whoever is seen again afterwards is in the book
again. Telegram is not asked.

What was removed can still be read out of the session file's unused pages until
it is rewritten; --compact does that, and takes as long as copying the file.`,
		Example: `  seen peers forget @ann --yes
  seen peers forget 1002 1003 --yes --compact`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return nil
			}
			return answer.Errorf(answer.Usage, "%s needs a name", cmd.CommandPath()).WithHint("%s", cmd.UseLine())
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error {
				if !flags.yes {
					return refuseToForget(cmd.Context(), d, args)
				}
				return c.forget(cmd.Context(), d, args, flags.compact)
			})
		},
	}
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "do it; without it they are only named")
	cmd.Flags().BoolVar(&flags.compact, "compact", false, "rewrite the session file afterwards")
	return cmd
}

// refuseToForget names whom the command would forget.
func refuseToForget(ctx context.Context, d *door, names []string) error {
	var people []string
	for _, name := range names {
		peer, err := d.Resolve(ctx, answer.ResolveRequest{Ref: name, CachedOnly: true})
		if err != nil {
			return err
		}
		people = append(people, who(peer))
	}
	return answer.Errorf(answer.Usage, "this would forget for good: %s", strings.Join(people, "; ")).
		WithHint("say --yes if that is meant")
}

func (c *cli) forget(ctx context.Context, d *door, names []string, compact bool) error {
	var all tally
	for _, name := range names {
		gone, err := d.Forget(ctx, answer.ForgetRequest{Ref: name})
		if err != nil && fatal(err) {
			return err
		}
		all.add(err)
		if err != nil {
			c.complain(name, answer.From(err))
			continue
		}
		if err := c.out.put(gone, func(w io.Writer) { line(w, "forgot "+who(gone.Forgotten)) }); err != nil {
			return err
		}
	}
	// Also if nobody was there to forget: they may have been forgotten earlier.
	if compact {
		got, err := d.Compact(ctx, answer.CompactRequest{})
		if err != nil {
			return err
		}
		err = c.out.put(got, func(w io.Writer) {
			line(w, fmt.Sprintf("rewrote %s, %d bytes", plain(got.Compacted.Path), got.Compacted.Size))
		})
		if err != nil {
			return err
		}
	}
	return all.err()
}
