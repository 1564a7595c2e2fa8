package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) mentionVerb() *cobra.Command {
	var req answer.MentionRequest
	cmd := &cobra.Command{
		Use:   "mention CHAT TEXT",
		Short: "Send a text that mentions people",
		Long: `Send a text that mentions people.

In the text @name mentions someone by username, and {ref|text} anyone whom the bot
has seen, by id as well; [text](tg://user?id=1002) does the same, and so do such
links with --html and --markdown. Whoever is not in the book is asked for once, and
if Telegram does not know them either, nothing is sent.

Telegram drops a mention that it does not allow without a word, and leaves plain
text. So the message is compared with what was asked for, and every mention is
printed as linked or dropped, with the likely reason: of somebody who is not in the
chat a mention is kept only if they have written to the bot, and do not hide their
account from forwarded messages. Exit status 3 says that one was dropped. With "-"
the text is read from stdin.`,
		Example: `  seen mention @friends "Thanks, {1002|Bob}"
  seen mention @friends "@carol, have a look" -o json
  seen mention @friends --html "<b>Thanks</b>, <a href='tg://user?id=1002'>Bob</a>"`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.text(args[1])
			if err != nil {
				return err
			}
			req.Chat, req.Text = args[0], text
			return c.withDoor(cmd, func(d *door) error {
				got, err := d.Mention(cmd.Context(), req)
				if err != nil {
					return err
				}
				return errors.Join(c.out.mentioned(got), dropped(got.Sent))
			})
		},
	}
	addManner(cmd.Flags(), &req.Manner)
	cmd.Flags().BoolVar(&req.Anyway, "anyway", false, "send also to whom Telegram is known to refuse it")
	c.settings.limits.addPace(cmd.Flags())
	return cmd
}

func (p *printer) mentioned(got answer.Mentioned) error {
	return p.put(got, func(w io.Writer) { sentLines(w, got.Sent) })
}

func mentionLine(m answer.Mention) string {
	if m.Linked {
		return fmt.Sprintf("linked   %s  (%s)", plain(m.Text), who(m.Peer))
	}
	why := map[string]string{
		"never_wrote":     "they are not in the chat, and never wrote to the bot",
		"forwards_hidden": "they are not in the chat, and hide their account from forwarded messages",
		"not_member":      "they are not in the chat",
		"username":        "the text is the username of somebody else",
	}[m.Reason]
	if why == "" {
		why = "Telegram does not say why"
	}
	return fmt.Sprintf("dropped  %s  (%s): %s", plain(m.Text), who(m.Peer), why)
}
