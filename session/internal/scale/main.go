package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"strconv"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "ingest", "read":
			return measured(ctx, args)
		}
	}
	flags := flag.NewFlagSet("scale", flag.ContinueOnError)
	peers := flags.Int("peers", 10_000_000, "how many peers the largest book has")
	if err := flags.Parse(args); err != nil {
		return err
	}
	_ = peers
	return errors.New("not yet")
}

// measured runs one measurement, for the process that has started this one.
func measured(ctx context.Context, args []string) error {
	var numbers []int
	for _, arg := range args[2:] {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return err
		}
		numbers = append(numbers, n)
	}
	var out any
	var err error
	if to := os.Getenv("SCALE_PROFILE"); to != "" {
		f, err := os.Create(to)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	switch {
	case args[0] == "ingest" && len(numbers) == 2:
		out, err = ingest(ctx, args[1], numbers[0], numbers[1], 5*time.Second)
	case args[0] == "read" && len(numbers) == 1:
		out, err = read(ctx, args[1], numbers[0])
	default:
		return errors.New("what is to be measured?")
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}
