package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// interop is where the programs of the other libraries are.
func interop(library string) string { return filepath.Join(home(), "..", "..", "interop", library) }

func gogram(ctx context.Context, bin string) (program, error) {
	exe, err := build(ctx, interop("gogram"), filepath.Join(bin, "gogram"))
	if err != nil {
		return program{}, err
	}
	version, err := moduleVersion(ctx, exe, "github.com/amarnathcjd/gogram")
	return program{args: []string{exe}, version: "gogram " + version}, err
}

func mtcute(context.Context, string) (program, error) {
	const library = "mtcute"
	if _, err := os.Stat(filepath.Join(interop(library), "node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node")); err != nil {
		return program{}, errors.New("its SQLite was not built")
	}
	return onNode(library, filepath.Join("@mtcute", "node"))
}

func gramjs(context.Context, string) (program, error) { return onNode("gramjs", "telegram") }

// onNode is a client that npm has installed.
func onNode(library, pkg string) (program, error) {
	b, err := os.ReadFile(filepath.Join(interop(library), "node_modules", pkg, "package.json"))
	if err != nil {
		return program{}, errors.New("npm has not installed it")
	}
	var is struct{ Version string }
	if err := json.Unmarshal(b, &is); err != nil {
		return program{}, err
	}
	return program{args: []string{node, "peers.mjs"}, dir: interop(library), version: library + " " + is.Version}, nil
}

// telethon is of Debian: the package index that has newer ones is not in reach.
func telethon(ctx context.Context, _ string) (program, error) {
	out, err := exec.CommandContext(ctx, python, "-c", "import telethon; print(telethon.__version__)").CombinedOutput()
	if err != nil {
		return program{}, fmt.Errorf("python3-telethon is not installed: %w", err)
	}
	return program{
		args: []string{python, "peers.py"}, dir: interop("telethon"), version: "Telethon " + strings.TrimSpace(string(out)),
	}, nil
}
