package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// client is a program that is compared.
type client struct {
	name string
	// title is what the table calls it.
	title string
	// note tells what it stores, and what had to be done for that.
	note string
	// stores is false for what everybody is compared with.
	stores bool
	// prepare makes it ready to run, in a folder for what it builds, and tells how
	// to call it and which version it is. It fails where the client is not installed.
	prepare func(ctx context.Context, bin string) (program, error)
}

// program is a client that can be run.
type program struct {
	client
	args    []string
	dir     string
	version string
}

func (p program) command(ctx context.Context, what string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.args[0], append(slices.Clone(p.args[1:]), what)...)
	cmd.Dir = p.dir
	return cmd
}

const (
	bareName = "bare"
	oursName = "ours"
)

func clients() []client {
	return []client{
		{name: bareName, title: "gotd, which stores nothing", prepare: onGotd(bareName)},
		{
			name: oursName, title: "**seen**, package session", stores: true, prepare: onGotd(oursName),
			note: "seen stores id, hash, names, usernames, language and flags, when and where a person was seen and that they may be " +
				"written to. It is done when every message has been handled, behind the follower that fills gaps, and Flush has returned",
		},
		{
			name: "gogram", title: "gogram", stores: true, prepare: gogram,
			note: "gogram stores id, hash and username, and writes everybody anew each time. It is told to, since by itself it " +
				"writes a second after the first person and hardly ever again",
		},
		{
			name: "mtcute", title: "mtcute", stores: true, prepare: mtcute,
			note: "mtcute stores id, hash, usernames and the whole object in SQLite, as it comes",
		},
		{
			name: "gramjs", title: "GramJS", stores: true, prepare: gramjs,
			note: "GramJS stores id, hash, username, phone and name in a file for each person, as it comes, by its StoreSession. " +
				"That takes 5 MB and no more: a hundred thousand people do not fit",
		},
		{
			name: "telethon", title: "Telethon", stores: true, prepare: telethon,
			note: "Telethon stores id and hash in SQLite, without names. It is told to, since by itself it writes those " +
				"whom updates bring when it disconnects",
		},
	}
}

// excluded are the clients that cannot be run here, and why.
func excluded() []string {
	return []string{
		"TDLib: the addresses and keys of the servers are compiled in",
		"Pyrogram: no registry at hand has it (Debian, npm, Go's module proxy)",
		"gotd/contrib's bbolt store: v0.24.0 does not compile with gotd/td v0.162.0",
		"gotgproto: is made for an older gotd/td, and did not come to an end when it was tried",
	}
}

// prepare makes the clients ready that were asked for. Those that are not installed
// are named with the reason, unless they were asked for by name.
func prepare(ctx context.Context, s settings, bin string) (ready []program, missing []string, err error) {
	known := map[string]bool{}
	for _, c := range clients() {
		known[c.name] = true
		if s.clients != nil && !slices.Contains(s.clients, c.name) {
			continue
		}
		p, err := c.prepare(ctx, bin)
		switch {
		case err == nil:
			p.client = c
			ready = append(ready, p)
		case s.clients != nil:
			return nil, nil, fmt.Errorf("%s: %w", c.name, err)
		default:
			missing = append(missing, fmt.Sprintf("%s: %v", c.title, err))
		}
	}
	for _, name := range s.clients {
		if !known[name] {
			return nil, nil, fmt.Errorf("no client is called %q", name)
		}
	}
	return ready, append(missing, excluded()...), nil
}

// onGotd are the two clients of ./gotd.
func onGotd(name string) func(context.Context, string) (program, error) {
	return func(ctx context.Context, bin string) (program, error) {
		exe, err := build(ctx, filepath.Join(home(), "gotd"), filepath.Join(bin, "gotd"))
		if err != nil {
			return program{}, err
		}
		version, err := moduleVersion(ctx, exe, "github.com/gotd/td")
		return program{args: []string{exe, name}, version: "gotd/td " + version}, err
	}
}

// build builds the Go program in a folder.
func build(ctx context.Context, folder, exe string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", exe, ".")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return exe, nil
}

// moduleVersion is the version of a module that a program was built with.
func moduleVersion(ctx context.Context, exe, module string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "version", "-m", exe).Output()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) >= 3 && f[0] == "dep" && f[1] == module {
			return f[2], nil
		}
	}
	return "", fmt.Errorf("%s is not in %s", module, filepath.Base(exe))
}
