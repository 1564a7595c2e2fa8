package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

// cli is what all verbs share.
type cli struct {
	env      func(string) string
	in       io.Reader // ends when the command is interrupted
	stdin    io.Reader // as the process has it
	out      *printer
	err      io.Writer
	settings settings
	quiet    bool
}

// The groups of the help text, in its order.
const (
	groupBot  = "bot"
	groupBook = "book"
	groupFile = "file"
	groupRaw  = "raw"
	groupTry  = "try"
)

// root returns the command tree. Its texts have one voice: what a verb does, in
// the infinitive.
func (c *cli) root() *cobra.Command {
	c.settings.limits = newLimits()
	c.settings.notice = func(s string) { c.note("seen: note: %s\n", plain(s)) }
	root := &cobra.Command{
		Use:   "seen",
		Short: "Remember everyone a bot has seen, to message and mention them",
		Long: `Remember everyone a bot has seen, to message and mention them.

seen signs a bot in to Telegram over MTProto and keeps every user, group and
channel that it meets in one file. "seen run" stays connected; every other verb
asks it if it runs, and opens the file itself if it does not.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownVerb(cmd, args[0])
			}
			return cmd.Help()
		},
		// Errors are printed by finish, in one form.
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(_ *cobra.Command, args []string) error {
			unmark(args)
			return c.settings.complete(c.env)
		},
	}
	root.SetOut(c.out.w)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(
		&cobra.Group{ID: groupBot, Title: "The bot:"},
		&cobra.Group{ID: groupBook, Title: "Whom it has seen:"},
		&cobra.Group{ID: groupFile, Title: "The session file:"},
		&cobra.Group{ID: groupRaw, Title: "Telegram's own methods:"},
		&cobra.Group{ID: groupTry, Title: "Without Telegram:"},
	)
	flags := root.PersistentFlags()
	c.settings.addFlags(flags)
	c.out.addFlags(flags)
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "say nothing on stderr but what went wrong")

	add := func(group string, verbs ...*cobra.Command) {
		for _, verb := range verbs {
			verb.GroupID = group
			root.AddCommand(verb)
		}
	}
	add(groupBot, c.runVerb(), c.sendVerb(), c.mentionVerb(), c.linkVerb(), c.statusVerb(), c.logoutVerb())
	add(groupBook, c.resolveVerb(), c.peersVerb(), c.dialogsVerb(), c.canTextVerb())
	add(groupFile, c.checkVerb(), c.backupVerb(), c.rekeyVerb())
	c.addRaw(root)
	add(groupTry, c.demoVerb(), c.testserverVerb())
	root.AddCommand(c.versionVerb(), c.completionVerb(), c.manVerb())
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(topics()...)
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Short = "Explain a verb or a topic"
		help.ValidArgsFunction = completeHelp
	}
	completeValues(root)
	c.completeVerbs(root)
	return root
}

// exactly makes a wrong number of arguments a usage error that shows what is
// expected.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return answer.Errorf(answer.Usage, "%s takes %s, not %d", cmd.CommandPath(), plural(n, "argument"), len(args)).
			WithHint("%s; quote a text of several words", cmd.UseLine())
	}
}

// withDoor runs a verb that asks the bot, and closes the door behind it.
func (c *cli) withDoor(cmd *cobra.Command, ask func(*door) error) (err error) {
	d, err := newDoor(&c.settings, c.env)
	if err != nil {
		return err
	}
	defer func() {
		if closed := d.Close(); err == nil {
			err = closed
		}
	}()
	return ask(d)
}
