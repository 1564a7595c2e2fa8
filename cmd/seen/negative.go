package main

import (
	"strings"

	"github.com/spf13/pflag"
)

// The ids of groups and channels are negative, and a command line takes what
// begins with a dash for a flag. No flag here is a digit, so a dash and digits are an
// argument, or what a flag takes. It is marked before the flags are
// parsed and unmarked before a verb sees it. The mark cannot stand in an argument
// of a process.
const mark = "\x00"

// markNegatives returns the command line with its negative numbers marked.
func markNegatives(args []string) []string {
	out := make([]string, len(args))
	copy(out, args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		digits, ok := strings.CutPrefix(arg, "-")
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

// unmarkFlags takes the marks off what flags take that name peers.
func unmarkFlags(flags *pflag.FlagSet) {
	flags.Visit(func(f *pflag.Flag) {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values := list.GetSlice()
			unmark(values)
			_ = list.Replace(values) // they were strings before
		}
	})
}
