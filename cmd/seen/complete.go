package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

const (
	// suggestions is how many usernames are shown to somebody who types one.
	suggestions = 50
	// hurry is how long they wait for them at most.
	hurry = time.Second
)

// completeVerbs says of every verb what may come next while it is typed.
func (c *cli) completeVerbs(root *cobra.Command) {
	peer := c.suggestPeers
	for path, f := range map[string]cobra.CompletionFunc{
		"send": nth(0, peer), "mention": nth(0, peer), "can-text": nth(0, peer), "resolve": peer,
		"peers show": nth(0, peer), "peers history": nth(0, peer), "peers forget": nth(0, peer),
		"call": nth(0, suggestMethods), "describe": nth(0, suggestNames),
	} {
		if cmd, rest, err := root.Find(strings.Fields(path)); err == nil && len(rest) == 0 {
			cmd.ValidArgsFunction = f
		}
	}
	for path, flags := range map[string]map[string]cobra.CompletionFunc{
		"call":    {"set": c.suggestSettings, "upload": suggestUploads, "download": folders},
		"updates": {"type": suggestUpdates, "chat": peer, "from": peer},
	} {
		cmd, rest, err := root.Find(strings.Fields(path))
		if err != nil || len(rest) > 0 {
			continue
		}
		for name, f := range flags {
			if cmd.Flags().Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, f) // it fails only for what is not there
			}
		}
	}
}

// nth completes one argument and no others.
func nth(n int, f cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) != n {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f(cmd, args, typed)
	}
}

func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// suggestPeers completes usernames of the book. What goes wrong is nothing that
// somebody who types wants to see.
func (c *cli) suggestPeers(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	prefix := strings.TrimPrefix(typed, "@")
	at := typed[:len(typed)-len(prefix)]
	if typed == "" {
		at = "@"
	}
	var out []cobra.Completion
	for _, n := range c.suggested(cmd, prefix) {
		// The shell compares letters as they were typed.
		name := n.Username
		if len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			name = prefix + name[len(prefix):]
		}
		about := fmt.Sprintf("%s %d", n.Kind, n.ID)
		if n.Name != "" {
			about = plain(n.Name) + ", " + about
		}
		out = append(out, cobra.CompletionWithDesc(at+name, about))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// suggested asks the daemon, or reads a session file that is there and that
// nobody holds. It never connects to anyone else.
func (c *cli) suggested(cmd *cobra.Command, prefix string) []answer.Suggestion {
	// While something is completed, flags are read after the settings are complete.
	s := settings{dcID: 1}
	for name, value := range map[string]*string{
		"session": &s.session, "socket": &s.socket, "door": &s.remote.door, "door-token-file": &s.remote.tokenFile,
	} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			*value = f.Value.String()
		}
	}
	if s.complete(c.env) != nil {
		return nil
	}
	d, err := newDoor(&s, c.env)
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), hurry)
	defer cancel()
	req := answer.SuggestRequest{Prefix: prefix, Limit: suggestions}
	got, err := d.client.Suggest(ctx, req)
	if err == nil {
		return got.Names
	}
	if !held(err) || s.remote.door != "" || s.isNew() {
		return nil
	}
	b, err := bot.Open(ctx, bot.Options{SessionFile: s.session})
	if err != nil {
		return nil
	}
	defer b.Close() //nolint:errcheck // nothing was written
	got, err = b.Suggest(ctx, req)
	if err != nil {
		return nil
	}
	return got.Names
}

// suggestMethods completes the name of a method, its namespace first.
func suggestMethods(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	schema := bot.OpenSchema()
	return spaced(schema.Methods(), typed)
}

// suggestNames completes everything that can be described.
func suggestNames(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	schema := bot.OpenSchema()
	return spaced(schema.Search(""), typed)
}

// spaced completes names that may have a namespace: eight hundred at once help
// nobody. Those without one are shown from the second letter on.
func spaced(names []answer.SchemaName, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const few = 2
	directive := cobra.ShellCompDirectiveNoFileComp
	var out []cobra.Completion
	last := ""
	for _, n := range names {
		if !strings.HasPrefix(n.Name, typed) {
			continue
		}
		space, _, has := strings.Cut(n.Name, ".")
		switch {
		case has && !strings.Contains(typed, "."):
			if space != last {
				out = append(out, space+".")
				directive |= cobra.ShellCompDirectiveNoSpace
			}
			last = space
		case has || len(typed) >= few:
			if n.Kind != "method" {
				n.Name = cobra.CompletionWithDesc(n.Name, n.Kind)
			}
			out = append(out, n.Name)
		}
	}
	return out, directive
}

// suggestUpdates completes the types of updates, of which there may be several
// with commas between.
func suggestUpdates(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	schema := bot.OpenSchema()
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var out []cobra.Completion
	for _, name := range schema.Constructors("Update") {
		if strings.HasPrefix(before+name, typed) {
			out = append(out, before+name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
