package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

// dialogsFlags are what dialogs asks for.
type dialogsFlags struct {
	state  string
	source bool
}

func (c *cli) dialogsVerb() *cobra.Command {
	var flags dialogsFlags
	cmd := &cobra.Command{
		Use:   "dialogs",
		Short: "List whom the bot may write to, and who has stopped it",
		Long: `List whom the bot may write to, and who has stopped it.

The state of a dialog is open (the bot may write), blocked, deleted, bot or
unknown, with what decided it and when: what they did, or what the server said to
a message. With --source people are counted by the payload of the link that they
came with, the most first. Telegram is not asked.`,
		Example: `  seen dialogs
  seen dialogs --state blocked -o json
  seen dialogs --source`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if states := []string{"", "open", "blocked", "deleted", "bot", "unknown"}; !slices.Contains(states, flags.state) {
				return answer.Errorf(answer.Usage, "no dialog is in the state %q", flags.state).
					WithHint("--state is open, blocked, deleted, bot or unknown")
			}
			return c.withDoor(cmd, func(d *door) error {
				if flags.source {
					list := d.Sources(cmd.Context(), answer.SourcesRequest{State: flags.state})
					return stream(c.out, "PEOPLE   PAYLOAD", list, (*printer).source)
				}
				list := d.Dialogs(cmd.Context(), answer.DialogsRequest{State: flags.state})
				return stream(c.out, "STATE    ID             SINCE                 REASON         NAME", list, (*printer).dialog)
			})
		},
	}
	cmd.Flags().StringVar(&flags.state, "state", "", "list only one `state`: open, blocked, deleted, bot or unknown")
	cmd.Flags().BoolVar(&flags.source, "source", false, "count people by the payload that they came with")
	return cmd
}

func (p *printer) dialog(d answer.Dialog) error {
	return p.put(d, func(w io.Writer) {
		reason := d.Reason
		if d.Detail != "" {
			reason += " " + plain(d.Detail)
		}
		line(w, fmt.Sprintf("%-8s %-14d %-21s %-14s %s", d.State, d.User.ID, when(d.Since), reason, plain(d.User.Name)))
	})
}

func (p *printer) source(s answer.SourceCount) error {
	return p.put(s, func(w io.Writer) {
		payload := s.Payload
		switch {
		case s.Others:
			payload = "(others)"
		case payload == "":
			payload = "-"
		}
		line(w, fmt.Sprintf("%-8d %s", s.People, plain(payload)))
	})
}
