package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

func (c *cli) backupVerb() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE | -",
		Short: "Copy the session file, while the bot goes on",
		Long: `Copy the session file, while the bot goes on.

The copy is the file as of one moment. It is there under its name when all of it is
on the disk, and only its owner may read it. To restore it, stop the bot and put it
in the session file's place. With "-" it goes to stdout.

The copy has the bot's auth key, and its access hashes; they are encrypted if they
are in the file. Never run two bots from two copies at once: the server ends the
session of both. For a second book beside a running bot, use "seen peers export".`,
		Example: `  seen backup bot.backup
  seen backup - | gzip > bot.backup.gz`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error { return c.backup(cmd.Context(), d, args[0], force) })
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a file of that name")
	return cmd
}

func (c *cli) backup(ctx context.Context, d *door, path string, force bool) error {
	d.existing(&c.settings)
	ask := func(w io.Writer) error { return d.Backup(ctx, answer.BackupRequest{}, w) }
	if path == "-" {
		if file, ok := c.out.w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			return answer.Errorf(answer.Usage, "a backup is not for a terminal").WithHint("name a file, or redirect stdout")
		}
		return ask(c.out.w)
	}
	done, err := bot.SaveBackup(c.settings.session, path, force, ask)
	if err != nil {
		return err
	}
	return c.out.put(done, func(w io.Writer) {
		line(w, fmt.Sprintf("backed up to %s, %d bytes", plain(done.BackedUp.Path), done.BackedUp.Size))
	})
}
