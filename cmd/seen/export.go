package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) peersExportVerb() *cobra.Command {
	var req answer.ExportRequest
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the book as JSON, one peer per line",
		Long: `Write the book as JSON, one peer per line.

Another session file takes it with "seen peers import". The format is the same
whatever -o says. Access hashes are left out unless they are asked for: with them
and the bot's token one can address these people.`,
		Example: `  seen peers export > book.ndjson
  seen peers export --hashes | seen peers import - --session other.session`,
		Args:              exactly(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDoor(cmd, func(d *door) error { return c.export(cmd.Context(), d, req) })
		},
	}
	cmd.Flags().BoolVar(&req.Hashes, "hashes", false, "write access hashes as well")
	return cmd
}

func (c *cli) export(ctx context.Context, d *door, req answer.ExportRequest) error {
	lines := &printer{w: c.out.w, format: asJSON}
	return stream(lines, "", d.Export(ctx, req), func(p *printer, e answer.Entry) error { return p.put(e, nil) })
}
