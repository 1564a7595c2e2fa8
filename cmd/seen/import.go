package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) peersImportVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE | -",
		Short: "Enter the peers of an export",
		Long: `Enter the peers of an export.

Each counts as if the bot had seen it at the time that the export gives: what is
older or tells less replaces nothing. Access hashes are taken only from an export
of the same bot, because they are worth nothing to another. A line that is wrong
ends the import; those before it stay. With "-" the export is read from stdin.`,
		Example: `  seen peers import book.ndjson
  zcat book.ndjson.gz | seen peers import -`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := c.in
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return answer.Errorf(answer.Usage, "read export: %w", err)
				}
				defer file.Close() //nolint:errcheck // it was only read
				in = file
			}
			return c.withDoor(cmd, func(d *door) error { return c.enter(cmd.Context(), d, in) })
		},
	}
}

// enter prints what came of the import, also of one that a line has ended.
func (c *cli) enter(ctx context.Context, d *door, in io.Reader) error {
	shown := c.progress()
	done, err := d.Import(ctx, counted(answer.Entries(interruptible(ctx, in)), shown))
	shown.clear()
	if err != nil && (done.Read == 0 || ctx.Err() != nil) {
		return err
	}
	if failed := c.out.imported(done); failed != nil {
		return failed
	}
	return err
}

func counted(entries iter.Seq2[answer.Entry, error], shown *progress) iter.Seq2[answer.Entry, error] {
	return func(yield func(answer.Entry, error) bool) {
		for e, err := range entries {
			if err == nil {
				shown.add()
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (p *printer) imported(done answer.Imported) error {
	return p.put(done, func(w io.Writer) {
		foreign := ""
		if done.Foreign > 0 {
			foreign = fmt.Sprintf("%d, whose access hashes are another bot's and were left out", done.Foreign)
		}
		fields(w, "read", fmt.Sprint(done.Read), "new", fmt.Sprint(done.New), "no hash", foreign)
	})
}
