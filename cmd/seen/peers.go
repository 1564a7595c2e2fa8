package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) peersVerb() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "peers",
		Short: "List, show, carry and forget whom the bot has seen",
		Example: `  seen peers
  seen peers show @ann`,
		Args: noSuchVerb,
	}
	list := c.peersListVerb()
	cmd.RunE = list.RunE
	cmd.Flags().AddFlagSet(list.Flags())
	cmd.AddCommand(
		list, c.peersShowVerb(), c.peersHistoryVerb(),
		c.peersExportVerb(), c.peersImportVerb(), c.peersForgetVerb(),
	)
	return cmd
}

func (c *cli) peersListVerb() *cobra.Command {
	var req answer.PeersRequest
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the book, by kind and id",
		Example: `  seen peers list --kind channel
  seen peers list -o json | jq -r .name`,
		Args: noSuchVerb,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if kinds := []string{"", "user", "chat", "channel"}; !slices.Contains(kinds, req.Kind) {
				return answer.Errorf(answer.Usage, "no peer is of the kind %q", req.Kind).
					WithHint("--kind is user, chat or channel")
			}
			return c.withDoor(cmd, func(d *door) error { return c.out.peers(d.Peers(cmd.Context(), req)) })
		},
	}
	cmd.Flags().StringVar(&req.Kind, "kind", "", "list only one `kind`: user, chat or channel")
	cmd.Flags().BoolVar(&req.Hashes, "hashes", false, "print access hashes as well")
	return cmd
}

func (c *cli) peersShowVerb() *cobra.Command {
	req := answer.ResolveRequest{CachedOnly: true}
	cmd := &cobra.Command{
		Use:   "show PEER",
		Short: "Show all that the book knows of a peer",
		Example: `  seen peers show @ann
  seen peers show 1002 -o json`,
		Args:              exactly(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			req.Ref = args[0]
			return c.withDoor(cmd, func(d *door) error {
				peer, err := d.Resolve(cmd.Context(), req)
				if err != nil {
					return err
				}
				return c.out.card(peer)
			})
		},
	}
	cmd.Flags().BoolVar(&req.Hashes, "hashes", false, "print the access hash as well")
	return cmd
}

// noSuchVerb takes no arguments: one more word is a verb that is not there.
func noSuchVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	unmark(args)
	return unknownVerb(cmd, args[0])
}
