package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/bot"
)

// suggestSettings completes path=value: the fields of the method that was typed,
// and then what may stand in the field.
func (c *cli) suggestSettings(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	schema := bot.OpenSchema()
	path, value, chosen := strings.Cut(typed, "=")
	if !chosen {
		return suggestFields(schema, args[0], typed)
	}
	f, ok := schema.Field(args[0], path)
	if !ok {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []cobra.Completion
	for _, word := range schema.Values(f) {
		if strings.HasPrefix(word, value) {
			out = append(out, path+"="+word)
		}
	}
	if f.Peer {
		names, _ := c.suggestPeers(cmd, nil, value)
		for _, name := range names {
			out = append(out, path+"="+name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// suggestFields completes the path of a field, one part at a time.
func suggestFields(schema *bot.Schema, method, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	before := typed[:strings.LastIndexByte(typed, '.')+1]
	var out []cobra.Completion
	for _, f := range schema.FieldsIn(method, strings.TrimSuffix(before, ".")) {
		if name := before + f.Name; strings.HasPrefix(name, typed) {
			about := f.Type
			if f.Optional {
				about += ", optional"
			}
			out = append(out, cobra.CompletionWithDesc(name+"=", about))
		}
	}
	return out, directive
}

// suggestUploads completes path=file: the fields, and then what files there are.
func suggestUploads(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.Contains(typed, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	schema := bot.OpenSchema()
	return suggestFields(schema, args[0], typed)
}
