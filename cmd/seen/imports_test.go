package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/f48b34c0/seen/"

// TestDependenciesPointOneWay pins who may import whom. A package that is not in
// the table may import nothing of ours, and is to be entered here first.
func TestDependenciesPointOneWay(t *testing.T) {
	const (
		answer  = "internal/answer"
		bot     = "internal/bot"
		build   = "internal/build"
		control = "internal/control"
		fakedc  = "internal/fakedc"
		metrics = "internal/metrics"
		rawtl   = "internal/rawtl"
		spell   = "internal/spell"
		session = "session"
		pages   = "session/internal/pages"
		record  = "session/internal/record"
	)
	allowed := map[string][]string{
		"cmd/seen": {answer, bot, build, control, fakedc, metrics, spell},
		answer:     {session},
		bot:        {answer, build, rawtl, session},
		build:      {},
		control:    {answer},
		fakedc:     {},
		metrics:    {answer, bot, session},
		rawtl:      {spell},
		spell:      {},
		session:    {pages, record},
		pages:      {},
		record:     {},
	}
	for _, pkg := range packages(t) {
		name := strings.TrimPrefix(pkg.ImportPath, module)
		may, known := allowed[name]
		if !known && !strings.HasPrefix(name, "session/") {
			t.Errorf("%s is not in the table", name)
		}
		for _, imported := range pkg.Imports {
			ours, ok := strings.CutPrefix(imported, module)
			if ok && !slices.Contains(may, ours) && !strings.HasPrefix(name, "session/") {
				t.Errorf("%s may not import %s", name, ours)
			}
			if ok && strings.HasPrefix(name, "session") && !strings.HasPrefix(ours, "session") {
				t.Errorf("%s may not import %s: session stands alone", name, ours)
			}
		}
	}
}

// TestFakedcKnowsNoBot: what tests the bot must not know it, not by tests either.
func TestFakedcKnowsNoBot(t *testing.T) {
	for _, pkg := range packages(t) {
		if pkg.ImportPath != module+"internal/fakedc" {
			continue
		}
		for _, imported := range slices.Concat(pkg.Imports, pkg.TestImports, pkg.XTestImports) {
			if strings.HasPrefix(imported, module) && imported != pkg.ImportPath {
				t.Errorf("fakedc imports %s", imported)
			}
		}
	}
}

// TestRecordsHoldNothingOfTelegramsTypes: what stands in the session file is our
// own, so a new layer of Telegram's schema cannot make it unreadable.
func TestRecordsHoldNothingOfTelegramsTypes(t *testing.T) {
	for _, pkg := range packages(t) {
		if pkg.ImportPath != module+"session/internal/record" {
			continue
		}
		for _, imported := range pkg.Imports {
			if strings.Contains(imported, "gotd") {
				t.Errorf("the records import %s", imported)
			}
		}
	}
}

// TestOnlyOneImporter names what is fenced in: the price of the import, or what
// it would let in, is paid in one place.
func TestOnlyOneImporter(t *testing.T) {
	fenced := map[string][]string{
		"go.etcd.io/bbolt":       {"session", "session/internal"},
		"github.com/spf13/cobra": {"cmd/seen"},
		"text/template":          nil, // makes the linker keep all methods of tg
		"html/template":          nil,
		// Its library brings a dozen packages of its own.
		"github.com/prometheus/client_golang/prometheus": {"internal/metrics"},
		"github.com/gotd/td/tgerr":                       {"internal/bot", "internal/fakedc", "session"},
	}
	for _, pkg := range packages(t) {
		name := strings.TrimPrefix(pkg.ImportPath, module)
		for _, imported := range pkg.Imports {
			may, isFenced := fenced[imported]
			ok := slices.ContainsFunc(may, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") })
			if isFenced && !ok {
				t.Errorf("%s may not import %s", name, imported)
			}
		}
	}
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var pkg listed
		if err := dec.Decode(&pkg); err == io.EOF { //nolint:errorlint // Decode returns it bare
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, pkg)
	}
	if len(all) == 0 {
		t.Fatal("go list lists nothing")
	}
	return all
}
