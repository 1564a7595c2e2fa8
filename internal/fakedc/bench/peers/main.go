package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// settings are what the command line says.
type settings struct {
	users, slow, rounds int
	sizes               []int
	clients, few        []string
	again               bool
	patience            time.Duration
	dir, profile        string
	raw, readme         string
}

func main() {
	s, err := parse(os.Args[1:])
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		err = compare(ctx, s)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.IntVar(&s.users, "users", 100_000, "how many people come")
	flags.IntVar(&s.slow, "users-slow", 10_000, "how many come to the clients that take minutes")
	flags.IntVar(&s.rounds, "rounds", 5, "how often everything is measured")
	flags.BoolVar(&s.again, "again", true, "measure the same people coming again as well")
	flags.DurationVar(&s.patience, "patience", 5*time.Minute, "how long a client may take")
	flags.StringVar(&s.dir, "dir", "", "`folder` for the clients' stores")
	flags.StringVar(&s.profile, "profile", "", "`folder` for profiles of the Go clients on gotd")
	flags.StringVar(&s.raw, "json", "", "`file` for every single measurement")
	flags.StringVar(&s.readme, "readme", "", "`file` to put the table into")
	few := flags.String("slow", "gogram,gramjs", "which clients are the slow ones")
	clients := flags.String("clients", "", "which clients, by name and with commas; all by default")
	sizes := flags.String("sizes", "1,100", "how many people come with one update")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if *clients != "" {
		s.clients = strings.Split(*clients, ",")
	}
	s.few = strings.Split(*few, ",")
	for size := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return s, fmt.Errorf("%q is no size of an update", size)
		}
		s.sizes = append(s.sizes, n)
	}
	s.slow = min(s.slow, s.users)
	if s.users < 1 || s.slow < 1 || s.rounds < 1 {
		return s, errors.New("nothing to measure")
	}
	return s, nil
}

func compare(ctx context.Context, s settings) error {
	bin, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin) //nolint:errcheck // a temporary folder
	ready, missing, err := prepare(ctx, s, bin)
	if err != nil {
		return err
	}
	machine := thisMachine(ready)
	results, err := measureAll(ctx, s, ready)
	if err != nil {
		return err
	}
	if s.raw != "" {
		if err := writeRaw(s.raw, machine, results); err != nil {
			return err
		}
	}
	report := report(s, machine, results, missing)
	fmt.Print(report)
	if s.readme != "" {
		return intoReadme(s.readme, report)
	}
	return nil
}

func writeRaw(path string, m machine, results []result) error {
	b, err := json.MarshalIndent(map[string]any{"machine": m, "measurements": results}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
