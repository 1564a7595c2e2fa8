package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) updatesVerb() *cobra.Command {
	var (
		req   answer.UpdatesRequest
		since int64
		most  int
	)
	cmd := &cobra.Command{
		Use:   "updates",
		Short: "Tell what the bot receives, as it comes",
		Long: `Tell what the bot receives, as it comes.

Every update is one line of JSON, with the names of Telegram's schema, as "seen call"
prints it, and beside it the names of those whom it is about. The bot has to run.
The first line tells the number that it begins at. --since goes on behind a number
that was told before, also by an earlier run of the daemon.

The daemon keeps some of the last updates in memory, and waits for no reader. A line
with "missed" tells what is gone of what was asked for, or was not read in time.

--chat is where something happens, --from who does it: a name, a link or an id. Some
updates do not say where, such as that messages were deleted in a private chat.`,
		Example: `  seen updates
  seen updates --type updateNewMessage,updateEditMessage --from @ann
  seen updates --chat -1001900000001 --count 10
  seen updates --since 1767225600000123 | jq --unbuffered -c .update`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			given := cmd.Flags().Changed
			switch {
			case given("since") && since < 0:
				return answer.Errorf(answer.Usage, "--since is %d, and updates are numbered upwards from 0", since)
			case given("count") && most < 1:
				return answer.Errorf(answer.Usage, "--count is %d, and at least one update can be told", most)
			case given("since"):
				req.Since = &since
			}
			return c.withDoor(cmd, func(d *door) error {
				c.onlyFromDaemon(d)
				return c.updates(cmd.Context(), d, req, most)
			})
		},
	}
	f := cmd.Flags()
	f.Var((*commas)(&req.Types), "type", "tell only updates of this `type`, or of several with commas between")
	f.Var((*commas)(&req.Chats), "chat", "tell only what happens in this `chat`, or in any of several")
	f.Var((*commas)(&req.From), "from", "tell only what this `peer` does, or any of several")
	f.Int64Var(&since, "since", 0, "go on after the update with this `number`, with what is still kept")
	f.IntVar(&most, "count", 0, "end after this `number` of updates")
	f.BoolVar(&req.Hashes, "hashes", false, "print access hashes as well")
	f.BoolVar(&req.CachedOnly, "cached-only", false, "find peers in the book alone, never ask Telegram for them")
	return cmd
}

// commas is a flag that takes names with commas between, and may be given again.
type commas []string

func (s *commas) String() string { return strings.Join(*s, ",") }
func (s *commas) Type() string   { return "names" }

func (s *commas) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			return answer.Errorf(answer.Usage, "there is no name between the commas: leave the flag out to be told everything")
		}
		*s = append(*s, name)
	}
	return nil
}

func notRunning() error {
	return answer.Errorf(answer.Failed, "nobody receives updates: the bot does not run").
		WithHint("start it in another shell: seen run")
}

// onlyFromDaemon lets a door make no new session file: nobody would write in it.
func (c *cli) onlyFromDaemon(d *door) {
	open := d.open
	d.open = func(ctx context.Context) (ownBot, error) {
		if c.settings.remote.door == "" && c.settings.isNew() {
			return nil, notRunning()
		}
		return open(ctx)
	}
}

// updates prints lines until somebody has had enough, which is no error.
func (c *cli) updates(ctx context.Context, d *door, req answer.UpdatesRequest, most int) error {
	ctx, leave := whileRead(ctx, c.out.w)
	defer leave()
	err := c.tellUpdates(ctx, d, req, most)
	if errors.Is(err, syscall.EPIPE) || errors.Is(context.Cause(ctx), io.ErrClosedPipe) {
		return nil
	}
	return err
}

func (c *cli) tellUpdates(ctx context.Context, d *door, req answer.UpdatesRequest, most int) error {
	var last int64
	told := 0
	for line, err := range d.Updates(ctx, req) {
		if err != nil {
			return goOn(err, last)
		}
		if err := c.out.always(line); err != nil {
			return err
		}
		last = line.N
		if line.Update != nil {
			told++
		}
		if told == most && most > 0 {
			return nil
		}
	}
	return nil
}

// goOn says how to go on after a stream that has broken off.
func goOn(err error, last int64) error {
	e := answer.From(err)
	if last == 0 || e.Code == answer.Interrupted {
		return err
	}
	return e.WithHint("go on from there: seen updates --since %d", last)
}
