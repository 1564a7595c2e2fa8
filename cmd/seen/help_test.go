package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
)

// TestHelpTextsHaveOneVoice holds what every help text keeps to, so that nobody
// has to remember it.
func TestHelpTextsHaveOneVoice(t *testing.T) {
	for _, cmd := range verbs(t) {
		path := cmd.CommandPath()
		first, _, _ := strings.Cut(cmd.Short, " ")
		switch {
		case cmd.Short == "":
			t.Errorf("%s: says nothing", path)
			continue
		case !unicode.IsUpper(rune(cmd.Short[0])):
			t.Errorf("%s: %q begins with a small letter", path, cmd.Short)
		case strings.HasSuffix(cmd.Short, "."):
			t.Errorf("%s: %q ends with a full stop", path, cmd.Short)
		case strings.HasSuffix(first, "s") || strings.HasSuffix(first, "ing") || strings.HasSuffix(first, "ed"):
			t.Errorf("%s: %q does not begin with an infinitive", path, cmd.Short)
		}
		if cmd.Runnable() && cmd.HasParent() {
			if !strings.Contains(cmd.Example, path) {
				t.Errorf("%s: has no example of itself", path)
			}
			if cmd.Long != "" && !strings.HasPrefix(cmd.Long, cmd.Short+".\n\n") {
				t.Errorf("%s: the long text does not begin with the short one", path)
			}
		}
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			if len(strings.TrimRight(line, "\n")) > 100 {
				t.Errorf("%s: a line is too long: %s", path, line)
			}
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || unicode.IsUpper(rune(f.Usage[0])) || strings.HasSuffix(f.Usage, ".") {
				t.Errorf("%s --%s: %q begins with a capital or ends with a full stop", path, f.Name, f.Usage)
			}
		})
	}
}

// TestNoFlagTakesASecret: everybody on a machine can read its command lines.
func TestNoFlagTakesASecret(t *testing.T) {
	for _, cmd := range verbs(t) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			for _, secret := range []string{"token", "hash", "password"} {
				names := f.Value.Type() == "bool" || strings.HasSuffix(f.Name, "-file")
				if strings.Contains(f.Name, secret) && !names {
					t.Errorf("%s --%s", cmd.CommandPath(), f.Name)
				}
			}
		})
	}
}

// TestExitStatusesAreOnTheirHelpPage compares the table with what holds.
func TestExitStatusesAreOnTheirHelpPage(t *testing.T) {
	for code, want := range map[answer.Code]string{
		"":                  "  0  Done",
		answer.Failed:       "  1  Failed",
		answer.Unreachable:  "  1  ",
		answer.Usage:        "  2  The command line",
		answer.Partial:      "  3  Some of several",
		answer.Unauthorized: "  4  The bot is not signed in",
		answer.NeverSeen:    "  5  Never seen",
		answer.NotFound:     "  5  ",
		answer.NeverStarted: "  6  The bot may not",
		answer.Blocked:      "  6  ",
		answer.FloodWait:    "  7  Flood wait",
		answer.Held:         "  8  Another process holds",
		answer.Interrupted:  "130  Interrupted",
	} {
		if !strings.Contains("\n"+exitStatuses, "\n"+want) {
			t.Errorf("%q is not on the page", want)
		}
		var out, problems bytes.Buffer
		c := &cli{out: &printer{w: &out}, err: &problems}
		var err error
		if code != "" {
			err = answer.Errorf(code, "no")
		}
		status := c.finish(t.Context(), err)
		if s := strings.TrimSpace(want[:3]); s != strconv.Itoa(status) {
			t.Errorf("%s: exit status %d, want %s", code, status, s)
		}
		if out.Len() > 0 {
			t.Errorf("%s: an error is on stdout: %s", code, &out)
		}
	}
}

// verbs are all commands that are ours.
func verbs(t *testing.T) []*cobra.Command {
	t.Helper()
	c := &cli{env: func(string) string { return "" }, out: &printer{}}
	var all []*cobra.Command
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Name() == "help" {
			return
		}
		all = append(all, cmd)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(c.root())
	return all
}

// TestEveryVariableIsOnItsPage looks for what the code asks the environment for.
func TestEveryVariableIsOnItsPage(t *testing.T) {
	page := ""
	for _, topic := range topics() {
		if topic.Name() == "environment" {
			page = topic.Long
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`\b(?:env|c\.env|os\.Getenv)\("([A-Z_]+)"\)|fill\(&[a-zA-Z.]+, "([A-Z_]+)"\)`)
	found := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			found++
			if !regexp.MustCompile(`(?m)(^  |, )` + m[1] + m[2] + `(?:[, ]|$)`).MatchString(page) {
				t.Errorf("%s asks for %s, and the page does not tell of it", path, m[1]+m[2])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d variables", found)
	}
}

// TestPagesFitATerminal holds the pages that are made to the width of the others.
func TestPagesFitATerminal(t *testing.T) {
	for name, text := range pages() {
		for line := range strings.Lines(text()) {
			if len(strings.TrimRight(line, "\n")) > 100 {
				t.Errorf("%s: a line is too long: %s", name, line)
			}
		}
	}
}
