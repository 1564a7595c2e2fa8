package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) linkVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "link PAYLOAD",
		Short: "Print the link that starts the bot with a payload",
		Long: `Print the link that starts the bot with a payload.

Whoever follows it sees a button, and the bot gets the payload when they press it:
1 to 64 of A-Z, a-z, 0-9, _ and -. "seen dialogs --source" counts who came by which.
People can type any payload as well, so it proves nothing.`,
		Example: `  seen link promo`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error {
				got, err := d.Link(cmd.Context(), answer.LinkRequest{Payload: args[0]})
				if err != nil {
					return err
				}
				return c.out.put(got, func(w io.Writer) { line(w, got.Link) })
			})
		},
	}
}
