package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/control"
)

func (c *cli) checkVerb() *cobra.Command {
	var repair bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look for damage in the session file, and repair it",
		Long: `Look for damage in the session file, and repair it.

Every page and every record is read, and held against the others. Telegram is not
asked. A running bot checks a copy of its file, which takes as much room beside it
for that time. The exit status is 0 if nothing is wrong and 1 if something is.

With --repair what can be saved goes into a new file in the old one's place, and
the damaged one stays beside it, with .damaged behind its name. Whatever was not
damaged is kept as it is. Somebody whose record is lost stays in the book if a name
or a history of theirs is left. The bot has to be stopped for that.`,
		Example: `  seen check
  seen check --session copy.session -o json
  seen check --repair`,
		Args:              exactly(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDoor(cmd, func(d *door) error {
				if repair {
					return c.repair(cmd.Context(), d)
				}
				return c.check(cmd.Context(), d)
			})
		},
	}
	cmd.Flags().BoolVar(&repair, "repair", false, "save what can be saved into a new file")
	return cmd
}

func (c *cli) check(ctx context.Context, d *door) error {
	var last answer.CheckLine
	err := d.beside(ctx, func(b control.Bot) (err error) {
		last, err = c.findings(b.Check(ctx, answer.CheckRequest{}))
		return err
	}, func() error {
		opts, err := c.settings.fileOptions(c.env)
		if err == nil {
			last, err = c.findings(bot.CheckFile(ctx, opts))
		}
		return err
	})
	if err != nil {
		return err
	}
	done := *last.Checked
	err = c.out.put(last, func(w io.Writer) {
		if done.Findings == 0 {
			line(w, fmt.Sprintf("sound: %s, %d bytes, %s and %s",
				plain(done.Path), done.Size, peerCounts(done.Peers), plural(int(done.Names), "name")))
		}
	})
	if err != nil || done.Findings == 0 {
		return err
	}
	return answer.Errorf(answer.Damaged, "%s has %s", done.Path, plural(int(done.Findings), "problem")).
		WithHint("'seen check --repair' saves what can be saved; stop the bot for that, if it runs")
}

func (c *cli) repair(ctx context.Context, d *door) error {
	opts, err := c.settings.fileOptions(c.env)
	if err != nil {
		return err
	}
	var last answer.CheckLine
	err = d.alone(ctx, func() (err error) {
		last, err = c.findings(bot.RepairFile(ctx, opts))
		return err
	})
	if err != nil {
		return err
	}
	return c.out.put(last, func(w io.Writer) {
		done := *last.Repaired
		if done.Old == "" {
			line(w, "nothing to repair: "+plain(done.Path))
			return
		}
		auth, updates := "kept", "go on where the bot stopped"
		if !done.SignedIn {
			auth = "lost; the bot signs in again with its token"
		}
		if !done.Updates {
			updates = "begin where the server is; what was missed is not fetched"
		}
		fields(
			w, "repaired", done.Path, "damaged", done.Old,
			"kept", fmt.Sprintf("%s and %s", peerCounts(done.Peers), plural(int(done.Names), "name")),
			"counted", ofCounts(done.Counted), "auth key", auth, "updates", updates,
		)
	})
}

// ofCounts is what a damaged file said that it had.
func ofCounts(n answer.Counts) string {
	if n == (answer.Counts{}) {
		return ""
	}
	return peerCounts(n) + " before"
}

func peerCounts(n answer.Counts) string {
	return fmt.Sprintf("%s, %s, %s", plural(n.Users, "user"), plural(n.Chats, "chat"), plural(n.Channels, "channel"))
}

// findings prints what is wrong as it comes, and returns the last line.
func (c *cli) findings(lines iter.Seq2[answer.CheckLine, error]) (last answer.CheckLine, err error) {
	for l, err := range lines {
		switch {
		case err != nil:
			return last, err
		case l.Finding == nil:
			last = l
		default:
			if err := c.out.put(l, func(w io.Writer) { line(w, finding(*l.Finding)) }); err != nil {
				return last, err
			}
		}
	}
	if last.Checked == nil && last.Repaired == nil {
		return last, errors.New("the check did not come to an end")
	}
	return last, nil
}

func finding(f answer.Finding) string {
	s := f.Problem
	if f.Key != "" {
		s = f.Key + " " + s
	}
	if f.Bucket != "" {
		s = f.Bucket + ": " + s
	}
	if f.Repair != "" {
		s += "; repair: " + f.Repair
	}
	return plain(s)
}
