package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// rekeyFlags say what the file's key is to be.
type rekeyFlags struct {
	file     string
	generate bool
	plain    bool
}

func (c *cli) rekeyVerb() *cobra.Command {
	var flags rekeyFlags
	cmd := &cobra.Command{
		Use:   "rekey --new-key-file FILE | --plain",
		Short: "Encrypt the secrets of the session file, or change their key",
		Long: `Encrypt the secrets of the session file, or change their key.

The bot's auth key and all access hashes are encrypted with AES-256-GCM; names,
texts and times are not. The key is 32 random bytes, as 64 hexadecimal digits or in
base64, and --generate draws one. The key that the file has now is found as
for every verb: see "seen help environment". With --plain the file has none any more.

The file is written anew and takes the old one's place when it is whole. The bot has
to be stopped, and needs the key from then on. Keep a copy of the key elsewhere:
nothing opens the file without it. Backups that were made before stay as they are.`,
		Example: `  seen rekey --generate --new-key-file session.key
  seen rekey --key-file session.key --new-key-file other.key
  seen rekey --key-file session.key --plain`,
		Args:              exactly(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			return c.withDoor(cmd, func(d *door) error { return c.rekey(cmd.Context(), d, flags) })
		},
	}
	cmd.Flags().StringVar(&flags.file, "new-key-file", "", "`file` with the new key, or - for stdin")
	cmd.Flags().BoolVar(&flags.generate, "generate", false, "draw the new key, and make that file")
	cmd.Flags().BoolVar(&flags.plain, "plain", false, "leave the secrets in the clear")
	return cmd
}

func (f rekeyFlags) check() error {
	const hint = "say --new-key-file FILE, with --generate to draw a key, or --plain"
	switch {
	case f.file == "" && !f.plain:
		return answer.Errorf(answer.Usage, "seen rekey needs to know the new key").WithHint("%s", hint)
	case f.plain && (f.file != "" || f.generate):
		return answer.Errorf(answer.Usage, "--plain goes without a new key").WithHint("%s", hint)
	case f.generate && f.file == "-":
		return answer.Errorf(answer.Usage, "--generate needs the name of a file").WithHint("%s", hint)
	}
	return nil
}

func (c *cli) rekey(ctx context.Context, d *door, flags rekeyFlags) error {
	opts, err := c.settings.fileOptions(c.env)
	if err != nil {
		return err
	}
	if c.settings.isNew() {
		return noFile(&c.settings)
	}
	var done answer.Rekeyed
	key, err := "", error(nil)
	err = d.alone(ctx, func() (err error) {
		if key == "" && !flags.plain {
			if key, err = c.newKey(ctx, flags); err != nil {
				return err
			}
		}
		done, err = bot.RekeyFile(ctx, opts, key)
		return err
	})
	if err != nil {
		return err
	}
	done.Generated = flags.generate
	if flags.file != "-" {
		done.KeyFile = flags.file
	}
	err = c.out.put(done, func(w io.Writer) {
		if flags.plain {
			line(w, "the secrets of "+plain(done.Rekeyed.Path)+" are in the clear")
			return
		}
		line(w, "the secrets of "+plain(done.Rekeyed.Path)+" are encrypted with the key in "+plain(flags.file))
	})
	if err == nil && flags.generate {
		c.note("seen: hint: set SESSION_KEY_FILE to %s, and keep a copy of the key elsewhere: nothing opens the file without it\n", plain(flags.file))
	}
	return err
}

// newKey reads the new key, or draws it.
func (c *cli) newKey(ctx context.Context, flags rekeyFlags) (string, error) {
	if flags.generate {
		return bot.NewKeyFile(flags.file)
	}
	if flags.file != "-" {
		return readSecret(flags.file)
	}
	raw, err := io.ReadAll(io.LimitReader(interruptible(ctx, c.in), 1<<10))
	if err != nil {
		return "", answer.Errorf(answer.Usage, "read key: %w", err)
	}
	return notEmpty(string(raw), "stdin")
}

// readSecret reads a key from a file.
func readSecret(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", answer.Errorf(answer.Usage, "read key: %w", err)
	}
	return notEmpty(string(raw), path)
}
