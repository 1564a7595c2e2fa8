package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) mentionVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "mention CHAT TEXT",
		Short: "Send a text that mentions people",
		Long: `Send a text that mentions people.

In the text @name mentions someone by username and {ref|text} mentions anyone
whom the bot has seen, by id as well. Telegram drops a mention that it does not
allow without a word, and leaves plain text; so every mention is printed as
linked or dropped. With "-" the text is read from stdin.`,
		Example: `  seen mention @friends "Thanks, {1002|Bob}"
  seen mention @friends "@carol, have a look" -o json`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.text(args[1])
			if err != nil {
				return err
			}
			return c.withDoor(cmd, func(d *door) error {
				got, err := d.Mention(cmd.Context(), answer.MentionRequest{Chat: args[0], Text: text})
				if err != nil {
					return err
				}
				if err := c.out.mentioned(got); err != nil {
					return err
				}
				for _, m := range got.Mentions {
					if !m.Linked {
						return exitCode(answer.Partial.Exit())
					}
				}
				return nil
			})
		},
	}
}

func (p *printer) mentioned(got answer.Mentioned) error {
	return p.put(got, func(w io.Writer) {
		line(w, sentLine(got.Sent))
		for _, m := range got.Mentions {
			fate := "dropped"
			if m.Linked {
				fate = "linked "
			}
			line(w, fmt.Sprintf("%s  %s  (%s)", fate, plain(m.Text), who(m.Peer)))
		}
	})
}

func sentLine(s answer.Sent) string {
	return fmt.Sprintf("sent message %d to %s", s.MessageID, who(s.To))
}
