package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/build"
)

// manVerb is for those who package the program. The pages are made of the help
// texts, so there is nothing else to keep up to date. What cobra has for this
// reads the texts as Markdown, which they are not.
func (c *cli) manVerb() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write manual pages into a folder",
		Hidden: true,
		Example: `  mkdir pages
  seen man pages`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error { return writePages(cmd.Root(), args[0]) },
	}
}

func writePages(cmd *cobra.Command, dir string) error {
	if cmd.Hidden || cmd.Name() == "help" {
		return nil
	}
	path := filepath.Join(dir, pageName(cmd)+"."+section(cmd))
	if err := os.WriteFile(path, []byte(manPage(cmd)), 0o644); err != nil {
		return answer.Errorf(answer.Failed, "write page: %w", err)
	}
	for _, sub := range cmd.Commands() {
		if err := writePages(sub, dir); err != nil {
			return err
		}
	}
	return nil
}

// pageName is what one types after man: "seen-peers-show".
func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// section is 1 for commands, and 7 for what is only explained.
func section(cmd *cobra.Command) string {
	if cmd.IsAdditionalHelpTopicCommand() {
		return "7"
	}
	return "1"
}

// manPage is a page in the language of man(7).
func manPage(cmd *cobra.Command) string {
	var p strings.Builder
	fmt.Fprintf(&p, ".TH %s %s \"\" \"seen %s\" \"seen\"\n", strings.ToUpper(pageName(cmd)), section(cmd), build.Version())
	short := strings.ToLower(cmd.Short[:1]) + cmd.Short[1:]
	fmt.Fprintf(&p, ".SH NAME\n%s \\- %s\n", roff(pageName(cmd)), roff(short))
	if section(cmd) == "1" {
		fmt.Fprintf(&p, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	}
	long := strings.TrimPrefix(longText(cmd), cmd.Short+".\n\n")
	if long == "" {
		long = cmd.Short + "."
	}
	fmt.Fprintf(&p, ".SH DESCRIPTION\n%s", paragraphs(long))
	manFlags(&p, "OPTIONS", cmd.NonInheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&p, ".SH EXAMPLES\n%s", paragraphs(cmd.Example))
	}
	manLinks(&p, cmd)
	return p.String()
}

// longText is also that of a page that is made only for who reads it.
func longText(cmd *cobra.Command) string {
	if make, ok := pages()[cmd.Name()]; ok && section(cmd) == "7" {
		return make()
	}
	return cmd.Long
}

func manFlags(p *strings.Builder, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(p, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		value, usage := pflag.UnquoteUsage(f)
		if value != "" {
			name += " " + value
		}
		fmt.Fprintf(p, ".TP\n.B %s\n%s\n", roff(name), roff(usage))
	})
}

func manLinks(p *strings.Builder, cmd *cobra.Command) {
	var links []string
	link := func(to *cobra.Command) {
		if !to.Hidden && to.Name() != "help" {
			links = append(links, fmt.Sprintf(".BR %s (%s)", roff(pageName(to)), section(to)))
		}
	}
	if cmd.HasParent() {
		link(cmd.Parent())
	}
	for _, sub := range cmd.Commands() {
		link(sub)
	}
	if len(links) > 0 {
		fmt.Fprintf(p, ".SH SEE ALSO\n%s\n", strings.Join(links, ",\n"))
	}
}

// paragraphs sets a help text: what is indented stays as it is.
func paragraphs(text string) string {
	var p strings.Builder
	verbatim := false
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		indented := strings.HasPrefix(line, "  ")
		switch {
		case line == "" && !verbatim:
			p.WriteString(".PP\n")
			continue
		case indented && !verbatim:
			p.WriteString(".nf\n")
			verbatim = true
		case !indented && line != "" && verbatim:
			p.WriteString(".fi\n.PP\n")
			verbatim = false
		}
		p.WriteString(roff(line) + "\n")
	}
	if verbatim {
		p.WriteString(".fi\n")
	}
	return p.String()
}

// roff takes from a text what would be an instruction.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
