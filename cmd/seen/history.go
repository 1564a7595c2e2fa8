package main

import (
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
)

func (c *cli) peersHistoryVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "history PEER",
		Short: "Show when a peer's names and usernames changed",
		Long: `Show when a peer's names and usernames changed.

The oldest change comes first. An "owner" line is a username that went to somebody
else or came from them: they stand on the other side. Telegram is not asked.`,
		Example: `  seen peers history @ann
  seen peers history 1002 -o json`,
		Args:              exactly(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error {
				changes := d.History(cmd.Context(), answer.HistoryRequest{Ref: args[0]})
				if c.out.format == asJSON {
					return stream(c.out, "", changes, func(p *printer, change answer.Change) error {
						return p.put(change, nil)
					})
				}
				var all []answer.Change // one peer's: the columns need them all
				for change, err := range changes {
					if err != nil {
						return err
					}
					all = append(all, change)
				}
				return c.out.put(nil, func(w io.Writer) { table(w, all) })
			})
		},
	}
}

// table prints changes in columns. An empty one is a dash.
func table(w io.Writer, all []answer.Change) {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line(tab, "AT\tWHAT\tOLD\tNEW")
	for _, c := range all {
		cells := []string{when(c.At), c.What, side(c, c.Old), side(c, c.New)}
		for i, cell := range cells {
			if cells[i] = plain(cell); cells[i] == "" {
				cells[i] = "-"
			}
		}
		line(tab, strings.Join(cells, "\t"))
	}
	_ = tab.Flush() // put reports what goes wrong with w
}

// side is what stood before a change, or stands after it.
func side(c answer.Change, text string) string {
	switch {
	case text == "":
		return peerID(c.Other)
	case c.What == "name":
		return text
	default:
		return "@" + strings.ReplaceAll(text, " ", " @")
	}
}
