package main

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

// statusFlags are what status does besides telling once.
type statusFlags struct {
	watch time.Duration
	ready bool
}

func (c *cli) statusVerb() *cobra.Command {
	var flags statusFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell how the bot is",
		Long: `Tell how the bot is.

If no daemon runs, it tells what the session file knows. With --watch it looks
again and again until it is interrupted, and tells whenever something has
changed; with --watch=10s as often as that.`,
		Example: `  seen status
  seen status --watch
  seen status --ready
  seen status -o json | jq .peers.users`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if flags.watch > 0 {
				return c.watch(cmd, flags.watch)
			}
			got, err := c.askStatus(cmd)
			if err != nil {
				return err
			}
			if err := c.out.status(got); err != nil {
				return err
			}
			if flags.ready && !got.Connected {
				return answer.Errorf(answer.Failed, "the bot is not connected")
			}
			return nil
		},
	}
	cmd.Flags().DurationVar(&flags.watch, "watch", 0, "look again every `duration`, 2 seconds by default")
	cmd.Flags().Lookup("watch").NoOptDefVal = "2s"
	cmd.Flags().BoolVar(&flags.ready, "ready", false, "fail unless a daemon runs and is connected")
	return cmd
}

// askStatus asks once, through a door that is closed again: who watches must not
// keep a daemon from the session file.
func (c *cli) askStatus(cmd *cobra.Command) (got answer.Status, err error) {
	err = c.withDoor(cmd, func(d *door) error {
		got, err = d.Status(cmd.Context())
		return err
	})
	return got, err
}

// watch tells whatever changes. While nobody can be asked, because a daemon is
// starting or has lost its socket, it says so and goes on.
func (c *cli) watch(cmd *cobra.Command, every time.Duration) error {
	var last answer.Status
	for first := true; ; {
		got, err := c.askStatus(cmd)
		switch {
		case held(err):
			c.complain("", answer.From(err))
		case err != nil:
			return err
		case first || !reflect.DeepEqual(got, last):
			if !first && c.out.format == asText {
				if err := c.out.put(nil, func(w io.Writer) { line(w, "") }); err != nil {
					return err
				}
			}
			if err := c.out.status(got); err != nil {
				return err
			}
			last, first = got, false
		}
		if err := sleep(cmd.Context(), every); err != nil {
			return err
		}
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
		pairs := []string{"bot", self, "daemon", state, "since", when(s.Since)}
		if s.Connected {
			pairs = append(pairs, "online", fmt.Sprintf("since %s, data center %d", when(s.ConnectedSince), s.DC))
		}
		pairs = append(
			pairs,
			"file", fmt.Sprintf("%s, %d bytes%s", s.File.Path, s.File.Size, encrypted(s.File)),
			"written", when(s.File.LastCommit),
		)
		if t := s.File.Trouble; t != nil {
			pairs = append(pairs, "trouble", fmt.Sprintf("%s; since %s, %s wait in memory",
				t.Reason, when(t.Since), plural(t.Waiting, "change")))
		}
		pairs = append(
			pairs,
			"users", fmt.Sprint(s.Peers.Users),
			"chats", fmt.Sprint(s.Peers.Chats),
			"channels", fmt.Sprint(s.Peers.Channels),
			"hashes", fmt.Sprintf("%d full, %d min, %d none", s.Hashes.Full, s.Hashes.Min, s.Hashes.None),
			"dialogs", tallied(s.Dialogs),
			"owed", plural(s.Outbox, "message"),
			"look-ups", lookups(s.Lookups),
		)
		for _, f := range s.Floods {
			pairs = append(pairs, "flood", flood(f))
		}
		if u := s.Updates; u != nil {
			waiting := plural(u.Waiting, "update")
			if u.Waiting > 0 {
				lag := time.Duration(u.LagSeconds * float64(time.Second))
				waiting += ", the first for " + lag.Round(time.Millisecond).String()
			}
			pairs = append(
				pairs,
				"updates", fmt.Sprintf("%d received, %d put off, %d lost, %d failed", u.Envelopes, u.Dropped, u.Lost, u.Failed),
				"waiting", waiting,
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

func lookups(l answer.Lookups) string {
	s := fmt.Sprint(l.Used)
	if l.Limit > 0 {
		s += fmt.Sprintf(" of %d", l.Limit)
	}
	s += " in the last 24 hours"
	if !l.Next.IsZero() {
		s += ", the next one at " + when(l.Next)
	}
	return s
}

func flood(f answer.Flood) string {
	s := f.Method
	if f.Chat != nil {
		s += fmt.Sprintf(" in %s %d", f.Chat.Kind, f.Chat.ID)
	}
	return s + " until " + when(f.Until)
}

// tallied is a list of counts in one line.
func tallied(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(parts, ", ")
}

func encrypted(f answer.File) string {
	if f.Encrypted {
		return ", encrypted"
	}
	return ""
}
