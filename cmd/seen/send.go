package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) sendVerb() *cobra.Command {
	var req answer.SendRequest
	cmd := &cobra.Command{
		Use:   "send PEER TEXT",
		Short: "Send a message to someone whom the bot has seen",
		Long: `Send a message to someone whom the bot has seen.

With "-" the text is read from stdin. Nothing is sent to somebody of whom the bot
knows that Telegram will refuse it: who has stopped the bot, whose account is
deleted, or who is a bot; unless by --anyway.`,
		Example: `  seen send @ann "Your order has shipped"
  fortune | seen send @ann -`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.text(args[1])
			if err != nil {
				return err
			}
			return c.withDoor(cmd, func(d *door) error {
				req.To, req.Text = args[0], text
				sent, err := d.Send(cmd.Context(), req)
				if err != nil {
					return err
				}
				return c.out.put(sent, func(w io.Writer) { line(w, sentLine(sent)) })
			})
		},
	}
	cmd.Flags().BoolVar(&req.Anyway, "anyway", false, "send also to whom Telegram is known to refuse it")
	c.settings.limits.addPace(cmd.Flags())
	return cmd
}

// text returns the text of a message, from stdin if the argument is "-".
func (c *cli) text(arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	const most = 1 << 19 // what is longer is no message, and has no place in memory
	raw, err := io.ReadAll(io.LimitReader(c.in, most+1))
	if err != nil {
		return "", answer.Errorf(answer.Failed, "read stdin: %w", err)
	}
	if len(raw) > most {
		return "", answer.Errorf(answer.Usage, "the text is longer than a message can be")
	}
	return string(raw), nil
}
