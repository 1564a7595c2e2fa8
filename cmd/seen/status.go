package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) statusVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Tell how the bot is",
		Long: `Tell how the bot is.

If no daemon runs, it tells what the session file knows.`,
		Example: `  seen status
  seen status -o json | jq .peers.users`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDoor(cmd, func(d *door) error {
				got, err := d.Status(cmd.Context())
				if err != nil {
					return err
				}
				return c.out.status(got)
			})
		},
	}
}

func (p *printer) status(s answer.Status) error {
	return p.put(s, func(w io.Writer) {
		self, state := "not signed in yet", "not running"
		if s.Bot != nil {
			self = who(*s.Bot)
			if names := usernames(*s.Bot); names != "" {
				self += ", " + names
			}
		}
		switch {
		case s.Running && s.Connected:
			state = "connected"
		case s.Running:
			state = "running, not connected"
		}
		pairs := []string{
			"bot", self,
			"daemon", state,
			"since", when(s.Since),
			"file", fmt.Sprintf("%s, %d bytes", s.File.Path, s.File.Size),
		}
		if t := s.File.Trouble; t != nil {
			pairs = append(pairs, "trouble", fmt.Sprintf("%s; since %s, %s wait in memory",
				t.Reason, when(t.Since), plural(t.Waiting, "change")))
		}
		pairs = append(
			pairs,
			"users", fmt.Sprint(s.Peers.Users),
			"chats", fmt.Sprint(s.Peers.Chats),
			"channels", fmt.Sprint(s.Peers.Channels),
			"owed", plural(s.Outbox, "message"),
		)
		if u := s.Updates; u != nil {
			pairs = append(
				pairs,
				"updates", fmt.Sprintf("%d received, %d put off, %d lost, %d failed", u.Envelopes, u.Dropped, u.Lost, u.Failed),
				"sightings", fmt.Sprint(u.Sightings),
			)
			if f := u.LastFailure; f != nil {
				pairs = append(pairs, "last failure", fmt.Sprintf("%s of message %d in chat %d at %s: %s",
					f.Update, f.Message, f.Chat, when(f.At), f.Error))
			}
		}
		fields(w, append(pairs, "version", s.Version)...)
	})
}
