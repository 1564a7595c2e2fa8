package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// describeFlags choose a list in place of one name.
type describeFlags struct {
	search         string
	methods, types bool
}

func (c *cli) describeVerb() *cobra.Command {
	var flags describeFlags
	cmd := &cobra.Command{
		Use:   "describe NAME",
		Short: "Tell what a method or type of Telegram's schema is made of",
		Long: `Tell what a method or type of Telegram's schema is made of.

Of a method it tells the fields, which of them may be left out, what it returns
and the errors that its page lists, with a call that is valid as printed; of a
type its constructors; of a constructor its fields. It needs neither a session
nor a network: what it tells is that of the layer which the program speaks.`,
		Example: `  seen describe messages.sendMessage
  seen describe InputReplyTo
  seen describe --search reaction`,
		Args: func(cmd *cobra.Command, args []string) error {
			if lists := flags.lists(); lists > 1 || lists == 1 && len(args) > 0 {
				return answer.Errorf(answer.Usage, "a name, --search, --methods and --types are four questions: ask one")
			} else if lists == 1 {
				return nil
			}
			return exactly(1)(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			schema := bot.OpenSchema()
			if len(args) == 0 {
				return c.out.names(flags.list(schema), flags.search != "")
			}
			d, err := schema.Describe(args[0])
			if err != nil {
				return err
			}
			return c.out.description(d)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.search, "search", "", "list the names with this `word` in them, and the methods whose errors have it")
	f.BoolVar(&flags.methods, "methods", false, "list all methods")
	f.BoolVar(&flags.types, "types", false, "list all types")
	return cmd
}

func (f describeFlags) lists() (n int) {
	for _, on := range []bool{f.search != "", f.methods, f.types} {
		if on {
			n++
		}
	}
	return n
}

func (f describeFlags) list(s *bot.Schema) []answer.SchemaName {
	switch {
	case f.methods:
		return s.Methods()
	case f.types:
		return s.Types()
	default:
		return s.Search(f.search)
	}
}

// names prints one a line, with their kinds where those differ.
func (p *printer) names(list []answer.SchemaName, kinds bool) error {
	for _, n := range list {
		err := p.put(n, func(w io.Writer) {
			if kinds {
				line(w, fmt.Sprintf("%-12s %s", n.Kind, n.Name))
				return
			}
			line(w, n.Name)
		})
		if err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return answer.Errorf(answer.Failed, "no name has that word in it")
	}
	return nil
}

func (p *printer) description(d answer.Description) error {
	return p.put(d, func(w io.Writer) {
		line(w, fmt.Sprintf("%s, a %s of layer %d", d.Name, d.Kind, d.Layer))
		switch {
		case d.Kind == "constructor":
			line(w, "of the type "+d.Type)
		case d.Kind == "method" && d.Bots:
			line(w, fmt.Sprintf("returns %s; bots may call it, as of layer %d", d.Returns, d.BotsLayer))
		case d.Kind == "method":
			line(w, "returns "+d.Returns)
		}
		describeFields(w, d.Fields)
		describeConstructors(w, d)
		if len(d.Errors) > 0 {
			line(w, "\ndocumented errors:")
			for _, e := range d.Errors {
				line(w, fmt.Sprintf("  %d %s", e.Code, e.Type))
			}
		}
		switch {
		case d.Example != nil && d.Kind == "method":
			line(w, "\nexample:\n  "+exampleCall(d))
		case d.Example != nil:
			line(w, "\nexample:\n  "+string(d.Example))
		}
		line(w, "\n"+d.Page)
	})
}

// exampleCall is a command line that calls the method.
func exampleCall(d answer.Description) string {
	call := "seen call " + d.Name
	if params := string(d.Example); params != "{}" {
		call += " '" + params + "'"
	}
	return call
}

func describeFields(w io.Writer, list []answer.FieldDescription) {
	if len(list) == 0 {
		return
	}
	line(w, "")
	names, types := 0, 0
	for _, f := range list {
		names, types = max(names, len(f.Name)), max(types, len(f.Type))
	}
	for _, f := range list {
		line(w, fmt.Sprintf("  %-*s  %-*s  %s", names, f.Name, types, f.Type, about(f)))
	}
}

// about says what else there is to a field, if there is anything.
func about(f answer.FieldDescription) string {
	var said []string
	switch {
	case f.Optional:
		said = append(said, "optional")
	case f.Default != "":
		said = append(said, f.Default+" if left out")
	}
	if f.Peer {
		said = append(said, "or a name, a link or an id")
	}
	return strings.Join(said, "; ")
}

func describeConstructors(w io.Writer, d answer.Description) {
	if len(d.Constructors) > 0 {
		line(w, "\nconstructors:")
	}
	for _, c := range d.Constructors {
		text := "  " + c.Name
		for _, f := range c.Fields {
			text += " " + f.Name
			if f.Optional {
				text += "?"
			}
			text += ":" + f.Type
		}
		line(w, text)
	}
	if len(d.Methods) > 0 {
		line(w, "\nreturned by:")
	}
	for _, m := range d.Methods {
		line(w, "  "+m)
	}
}
