package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The ids of groups and channels are negative, and a command line takes what
// begins with a dash for a flag. No flag here is a digit, so a dash and digits are an
// argument, or what the flag before them takes. An argument is marked before the flags are
// parsed and unmarked before a verb sees it. The mark cannot stand in an argument
// of a process.
const mark = "\x00"

// markNegatives returns the command line with its negative numbers marked.
func markNegatives(root *cobra.Command, args []string) []string {
	takes := make(map[string]bool)
	takers(root, takes)
	out := make([]string, len(args))
	copy(out, args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		digits, ok := strings.CutPrefix(arg, "-")
		if i > 0 && takes[out[i-1]] {
			continue
		}
		if ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			out[i] = mark + arg
		}
	}
	return out
}

// unmark takes the marks off, in place.
func unmark(args []string) {
	for i, arg := range args {
		args[i] = strings.TrimPrefix(arg, mark)
	}
}

// takers enters the flags that take what comes after them, of all verbs.
func takers(cmd *cobra.Command, into map[string]bool) {
	enter := func(f *pflag.Flag) {
		if f.NoOptDefVal == "" {
			into["--"+f.Name] = true
		}
	}
	cmd.Flags().VisitAll(enter)
	cmd.PersistentFlags().VisitAll(enter)
	for _, verb := range cmd.Commands() {
		takers(verb, into)
	}
}
