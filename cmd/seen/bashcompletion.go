package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

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
