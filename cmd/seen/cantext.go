package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) canTextVerb() *cobra.Command {
	var req answer.CanTextRequest
	cmd := &cobra.Command{
		Use:   "can-text PEER",
		Short: "Tell whether the bot may write to someone",
		Long: `Tell whether the bot may write to someone.

It answers yes, no or unknown, and why, from what the bot remembers: exit status 0,
6 or 1. Telegram is not asked, unless by --probe: the bot then seems to type, which
Telegram refuses as it would refuse a message. They see "typing" for about five
seconds. What it says is remembered for five minutes.`,
		Example: `  seen can-text @ann
  seen can-text --probe 1002 && seen send 1002 "Hello"`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			req.Ref = args[0]
			return c.withDoor(cmd, func(d *door) error {
				got, err := d.CanText(cmd.Context(), req)
				if err != nil {
					return err
				}
				return c.canText(got)
			})
		},
	}
	cmd.Flags().BoolVar(&req.Probe, "probe", false, "ask Telegram; they see the bot typing for about five seconds")
	return cmd
}

// canText prints an answer, which the exit status gives as well.
func (c *cli) canText(got answer.CanText) error {
	err := c.out.put(got, func(w io.Writer) {
		why := grant(got)
		if got.Why != nil {
			why = got.Why.Message
		}
		line(w, plain(fmt.Sprintf("%-8s %s: %s", got.May, who(got.Peer), why)))
	})
	if err != nil || got.May == answer.Yes {
		return err
	}
	status := answer.Failed.Exit()
	if got.May == answer.No {
		status = answer.Blocked.Exit()
	}
	if got.Why != nil && got.Why.Hint != "" && c.out.format == asText {
		c.note("seen: hint: %s\n", plain(got.Why.Hint))
	}
	return exitCode(status)
}

// grant says what lets the bot write.
func grant(got answer.CanText) string {
	why := map[string]string{
		"wrote":        "they wrote to the bot",
		"start":        "they started the bot",
		"unblocked":    "they had stopped the bot, and let it write again",
		"join_request": "they asked to join a chat",
		"login":        "they logged in",
		"web_app":      "they allowed it in a web app",
		"attach_menu":  "they put the bot into their attachment menu",
		"sent":         "Telegram took a message to them",
		"probe":        "Telegram showed them the bot typing",
	}[got.Reason]
	if got.Detail != "" {
		why += ", " + got.Detail
	}
	if !got.Since.IsZero() {
		why += ", " + when(got.Since)
	}
	if !got.Until.IsZero() {
		why += ", until " + when(got.Until)
	}
	return why
}
