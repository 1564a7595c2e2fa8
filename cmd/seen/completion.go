package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) completionVerb() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print what makes a shell complete commands",
		Long: `Print what makes a shell complete commands.

SHELL is bash, zsh, fish or powershell. Verbs, flags, Telegram's methods and their
fields are completed, and the usernames of the book. Nobody is asked for them
while you type: neither Telegram, nor a session file that another process holds.
For bash the package bash-completion has to be there.`,
		Example: `  source <(seen completion bash)
  seen completion zsh > "${fpath[1]}/_seen"
  seen completion fish > ~/.config/fish/completions/seen.fish`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return answer.Errorf(answer.Usage, "%s needs a shell", cmd.CommandPath()).
				WithHint("it is one of %s", strings.Join(shells, ", "))
		},
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			var script bytes.Buffer
			root, err := cmd.Root(), error(nil)
			switch args[0] {
			case "bash":
				err = bashCompletion(root, &script)
			case "zsh":
				err = root.GenZshCompletion(&script)
			case "fish":
				err = root.GenFishCompletion(&script, true)
			case "powershell":
				err = root.GenPowerShellCompletionWithDesc(&script)
			default:
				return answer.Errorf(answer.Usage, "there is no completion for %q", args[0]).
					WithHint("it is one of %s", strings.Join(shells, ", "))
			}
			if err == nil {
				_, err = c.out.w.Write(script.Bytes())
			}
			if err != nil {
				return answer.Errorf(answer.Failed, "print completion: %w", err)
			}
			return nil
		},
	}
}

// bashCompletion writes cobra's script, and keeps names whole in it. Bash breaks
// words at @, and readline puts in only what comes after the last break: cobra
// cares for that at = and : alone.
func bashCompletion(root *cobra.Command, w io.Writer) error {
	var script bytes.Buffer
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return err
	}
	_, err := strings.NewReplacer(
		"_init_completion -n =:", "_init_completion -n =:@",
		`__seen_handle_special_char "$cur" :`, `__seen_handle_special_char "$cur" @
    __seen_handle_special_char "$cur" :`,
	).WriteString(w, script.String())
	return err
}
