package main

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// printed is what a verb prints with -o json.
type printed struct {
	verb string
	// objects are values of the types that it prints, the usual one first.
	objects []any
	// when says how many there are and when.
	when string
}

// contract is the JSON contract of every verb. What a verb prints is never taken
// away from it, and no field of an object is: both are only added to.
func contract() []printed {
	return []printed{
		{"run", []any{readiness{}}, "once, when the bot is ready"},
		{"send", []any{answer.Sent{}}, "once"},
		{"send -", []any{answer.Sent{}, answer.Unsent{}}, "one per message, in their order"},
		{"mention", []any{answer.Mentioned{}}, "once"},
		{"link", []any{answer.Link{}}, "once"},
		{"status", []any{answer.Status{}}, "once; with --watch whenever it changes"},
		{"resolve", []any{answer.Peer{}, answer.FailedInput{}}, "one per name, in their order"},
		{"logout", []any{answer.LoggedOut{}}, "once"},
		{"peers", []any{answer.Peer{}}, "one per peer, by kind and id"},
		{"peers list", []any{answer.Peer{}}, "one per peer, by kind and id"},
		{"peers show", []any{answer.Peer{}}, "once"},
		{"peers history", []any{answer.Change{}}, "one per change, oldest first"},
		{"peers export", []any{answer.Entry{}}, "one per peer, by kind and id"},
		{"peers import", []any{answer.Imported{}}, "once"},
		{"peers forget", []any{answer.Forgotten{}, answer.Compacted{}}, "one per peer; at the end one for --compact"},
		{"dialogs", []any{answer.Dialog{}, answer.SourceCount{}}, "one per dialog, by user id; with --source one per payload"},
		{"can-text", []any{answer.CanText{}}, "once"},
		{"check", []any{answer.CheckLine{}}, "one per finding; the last one sums up"},
		{"backup", []any{answer.BackedUp{}}, "once"},
		{"rekey", []any{answer.Rekeyed{}}, "once"},
		{"call", nil, "what Telegram answers, in the words of its schema"},
		{"describe", []any{answer.Description{}, answer.SchemaName{}}, "once; one per name for a list"},
		{"updates", []any{answer.Received{}}, "one per update, as it comes; first where it begins"},
		{"demo", []any{told{}}, "one per step of the story"},
		{"testserver", []any{place{}}, "once; then a result of package fakedc per step"},
		{"version", []any{versions{}}, "once"},
		{"completion", nil, "a script, in any case"},
	}
}

// references are made out of the source: see TestReferences.
var (
	//go:embed reference/objects.txt
	objectsText string
	//go:embed reference/routes.txt
	routesText string
)

// jsonTopic is the page of "seen help json".
func jsonTopic() string {
	var page strings.Builder
	page.WriteString(`What verbs print with -o json, or --json.

Results are JSON objects on stdout, one per line and nothing else; a daemon's are
the same as a session file's. Whatever goes wrong is told on stderr, and by the exit
status; in a list of several inputs, an error stands where its answer would.

Fields are only ever added. One with a ? is left out when it is empty or does not
apply. Ids are numbers; access hashes, which do not fit a JSON number, are strings,
and printed only if --hashes asks for them. Times are RFC 3339, in UTC.

`)
	var types []string
	for _, p := range contract() {
		names := namesOf(p.objects)
		types = append(types, names...)
		fmt.Fprintf(&page, "  %-14s %-23s %s\n", p.verb, strings.Join(names, " or "), p.when)
	}
	page.WriteString("\nThe objects:\n")
	page.WriteString(objectsOf(types))
	return strings.TrimRight(page.String(), "\n")
}

// apiTopic is the page of "seen help api".
func apiTopic() string {
	var types []string
	for _, r := range control.Routes() {
		types = append(types, r.Takes, r.Gives)
	}
	return `What a daemon can be asked over its socket, by anything that speaks HTTP:

  curl --unix-socket bot.session.sock http://seen/v1/status
  curl --unix-socket bot.session.sock http://seen/v1/resolve -d '{"ref":"@ann"}'

The socket lies beside the session file, and is for the daemon's user and root
alone. With "seen run --listen HOST:PORT --listen-token-file FILE" the same can be
asked over TCP, with the header "Authorization: Bearer TOKEN".

Requests and answers are the JSON objects below; lists are one object per line. A
request with a field that the daemon does not know is refused. An error comes with
a status of its own as {"error":Error}; in a list that has begun, as its last line.
Requests that a web page makes a browser send are refused, and those for another
host than seen, localhost or an address.

` + routesText + "\nThe objects:\n" + strings.TrimRight(objectsOf(append(types, "Error")), "\n")
}

func namesOf(objects []any) (names []string) {
	for _, o := range objects {
		names = append(names, exported(reflect.TypeOf(o).Name()))
	}
	return names
}

// exported is a type's name as the pages have it.
func exported(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// objectsOf returns what is said of the types and of those in their fields, in
// the order of the reference.
func objectsOf(types []string) string {
	sections := make(map[string]string)
	var order []string
	for section := range strings.SplitSeq(objectsText, "\n\n") {
		name, _, _ := strings.Cut(section, "\n")
		sections[name] = section
		order = append(order, name)
	}
	wanted := make(map[string]bool)
	var want func(string)
	want = func(name string) {
		section, ok := sections[name]
		if !ok || wanted[name] {
			return
		}
		wanted[name] = true
		for _, word := range strings.Fields(section) {
			want(word)
		}
	}
	for _, name := range types {
		want(name)
	}
	order = slices.DeleteFunc(order, func(name string) bool { return !wanted[name] })
	var out strings.Builder
	for _, name := range order {
		out.WriteString("\n" + strings.TrimRight(sections[name], "\n") + "\n")
	}
	return out.String()
}
