package main

import (
	"os"
	"strings"
	"testing"
)

// Every command of the README stands in the script that runs them, but for the
// two that stay: scripts start those as testserver and daemon. What is watched is
// started as watch.
func TestReadmeShowsWhatAScriptRuns(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/script/readme.txtar")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for line := range strings.Lines(string(readme)) {
		command, ok := strings.CutPrefix(line, "    bin/")
		if !ok {
			continue
		}
		command, _, _ = strings.Cut(command, "   #")
		command, _, _ = strings.Cut(command, " > ")
		command = strings.TrimSpace(command)
		if strings.HasPrefix(command, "seen run") || strings.HasPrefix(command, "seen testserver") {
			continue
		}
		if watched, ok := strings.CutPrefix(command, "seen updates"); ok {
			command = "watch" + watched
		}
		shown++
		if !strings.Contains(string(script), "\n"+command+"\n") {
			t.Errorf("the README shows %q, and readme.txtar does not run it", command)
		}
	}
	if shown == 0 {
		t.Error("the README shows no command")
	}
}
