package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) completionVerb() *cobra.Command {
	shells := map[string]func(*cobra.Command, io.Writer) error{
		"bash":       bashCompletion,
		"zsh":        func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
		"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
	}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print what makes a shell complete verbs, flags and names",
		Long: `Print what makes a shell complete verbs, flags and names.

The shell is bash, zsh, fish or powershell. Where a shell looks for it:

  bash        source it in ~/.bashrc; it needs the package bash-completion
  zsh         a file _seen in a folder of $fpath, before compinit runs
  fish        ~/.config/fish/completions/seen.fish
  powershell  pipe it to Out-String and Invoke-Expression in $PROFILE`,
		Example: `  seen completion bash > seen.bash
  seen completion zsh > _seen
  seen completion fish > seen.fish
  seen completion powershell > seen.ps1`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			shell, ok := shells[args[0]]
			if !ok {
				return answer.Errorf(answer.Usage, "no completion for the shell %q", args[0]).
					WithHint("there is one for bash, zsh, fish and powershell")
			}
			if err := shell(cmd.Root(), c.out.w); err != nil {
				return answer.Errorf(answer.Failed, "print result: %w", err)
			}
			return nil
		},
	}
}

// completeValues lets shells complete the values of flags that have few, wherever
// in the tree they are.
func completeValues(cmd *cobra.Command) {
	for name, values := range map[string][]string{
		"output":    {"text", "json"},
		"log-level": {"debug", "info", "warn", "error"},
		"kind":      {"user", "chat", "channel"},
	} {
		if f := cmd.Flags().Lookup(name); f == nil && cmd.PersistentFlags().Lookup(name) == nil {
			continue
		}
		// It fails only where somebody else completes the flag already.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(slices.Clone(values), cobra.ShellCompDirectiveNoFileComp))
	}
	for _, sub := range cmd.Commands() {
		completeValues(sub)
	}
}

// completeHelp completes what can be explained: verbs, and topics as well.
func completeHelp(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	about, _, err := cmd.Root().Find(args)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []cobra.Completion
	for _, sub := range about.Commands() {
		if !sub.Hidden && strings.HasPrefix(sub.Name(), begun) {
			all = append(all, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
