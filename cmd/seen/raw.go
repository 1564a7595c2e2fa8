package main

import "github.com/spf13/cobra"

// addRaw adds the verbs that speak Telegram's own language.
func (c *cli) addRaw(root *cobra.Command) {
	for _, verb := range []*cobra.Command{c.callVerb(), c.describeVerb(), c.updatesVerb()} {
		verb.GroupID = groupRaw
		root.AddCommand(verb)
	}
}
