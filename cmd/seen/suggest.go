package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/spell"
)

// unknownVerb says that cmd has no such verb, and which one may be meant.
func unknownVerb(cmd *cobra.Command, verb string) error {
	err := answer.Errorf(answer.Usage, "unknown verb %q for %q", verb, cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(verb); len(near) > 0 {
		return err.WithHint("did you mean: %s %s", cmd.CommandPath(), near[0])
	}
	return err.WithHint("%s --help lists them", cmd.CommandPath())
}

// flagError makes a mistake in the flags a usage error, and says which flag may
// be meant.
func flagError(cmd *cobra.Command, err error) error {
	e := answer.Errorf(answer.Usage, "%w", err)
	if n, ok := errors.AsType[*strconv.NumError](err); ok {
		e.Message = strings.ReplaceAll(e.Message, n.Error(), n.Err.Error()) // without the name of a Go function
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return e
	}
	name := unknown.GetSpecifiedName()
	best, least := "", 3
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if d := spell.Distance(name, f.Name); d < least && len(name) > 1 {
			best, least = f.Name, d
		}
	})
	if best != "" {
		return e.WithHint("did you mean: --%s", best)
	}
	return e.WithHint("%s --help lists the flags", cmd.CommandPath())
}
