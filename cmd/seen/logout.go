package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) logoutVerb() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "logout --yes",
		Short: "End the session at Telegram and keep the book",
		Long: `End the session at Telegram and keep the book.

A daemon that runs ends. Whoever starts the bot with its token signs in anew; that
takes Telegram's patience if it happens often, and the access hashes in the book
may have to be learned again.`,
		Example: `  seen logout --yes`,
		Args:    exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDoor(cmd, func(d *door) error {
				if !yes {
					self, err := d.Resolve(cmd.Context(), answer.ResolveRequest{Ref: "me", CachedOnly: true})
					if err != nil {
						return err
					}
					return answer.Errorf(answer.Usage, "this would end the session of %s", who(self)).
						WithHint("say --yes if that is meant; the book stays")
				}
				gone, err := d.Logout(cmd.Context(), answer.LogoutRequest{})
				if err != nil {
					return err
				}
				return c.out.put(gone, func(w io.Writer) { line(w, "logged out "+who(gone.LoggedOut)) })
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do it; without it nothing happens")
	return cmd
}
