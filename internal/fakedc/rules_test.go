package fakedc_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every rule that is the server's to keep is cited by a test that holds it. The
// numbers are sections of telegram-rules.md.
func TestEveryRuleIsHeld(t *testing.T) {
	rules := []string{
		"1.1", "1.2", "1.3", "1.4", "1.6", "1.7", "1.8", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "3.5",
		"4.1 G1", "4.1 G2", "4.1 G3", "4.1 G4", "4.1 G5", "4.1 G6", "4.1 G7", "4.1 no grant", "4.2", "4.3", "4.4", "4.5",
		"5.1", "5.2", "5.3", "5.4", "5.6", "5.7", "5.8", "5.9", "6", "7", "8", "9",
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	// A citation begins a comment or the name of a row, and may be one of several.
	cited := regexp.MustCompile(`(?m)(//|"|[Ss]ections?) ?((\d+(\.\d+)?( (G\d|no grant))?(, | to | and )?)+)[ :,."]`)
	found := map[string]bool{}
	for _, path := range files {
		if path == "rules_test.go" {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range cited.FindAllStringSubmatch(string(source), -1) {
			for _, one := range regexp.MustCompile(`, | to | and `).Split(m[2], -1) {
				found[strings.TrimSpace(one)] = true
			}
		}
	}
	for _, rule := range rules {
		if !found[rule] {
			t.Errorf("no test cites rule %s", rule)
		}
	}
}
