package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/build"
)

// versions are what this program was made of.
type versions struct {
	Seen string `json:"seen"`
	Go   string `json:"go"`
}

func (c *cli) versionVerb() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: `  seen version`,
		Args:    exactly(0),
		RunE: func(*cobra.Command, []string) error {
			v := versions{Seen: build.Version(), Go: build.Go()}
			return c.out.put(v, func(w io.Writer) { line(w, fmt.Sprintf("seen %s (go %s)", v.Seen, v.Go)) })
		},
	}
}
