package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
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
		command, _, _ = strings.Cut(command, " < ")
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

// The README names tests and scripts as proof.
func TestReadmeNamesTestsThatAreThere(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var code []byte
	for _, pattern := range []string{"*_test.go", "../../session/*_test.go", "../../internal/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code = append(code, text...)
		}
	}
	named := regexp.MustCompile("`(Test\\w+|\\w+\\.txtar)`").FindAllSubmatch(readme, -1)
	for _, m := range named {
		name := string(m[1])
		if strings.HasSuffix(name, ".txtar") {
			if _, err := os.Stat("testdata/script/" + name); err != nil {
				t.Error(err)
			}
		} else if !bytes.Contains(code, []byte("\nfunc "+name+"(t *testing.T)")) {
			t.Errorf("the README names %s, which is no test", name)
		}
	}
	if len(named) < 10 {
		t.Errorf("only %d are named", len(named))
	}
}
