package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
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
	if len(args) > 0 && slices.Contains([]string{"ingest", "cold", "read"}, args[0]) {
		out, err := part(ctx, args)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(out)
	}
	flags := flag.NewFlagSet("scale", flag.ContinueOnError)
	peers := flags.Int("peers", 10_000_000, "how many peers the largest book is to have")
	seen := flags.String("seen", "bin/seen", "the command whose start is measured")
	readme := flags.String("readme", "", "where the table goes, between its marks")
	drawing := flags.String("drawing", "", "where the drawing goes")
	keep := flags.String("keep", "", "where what was measured goes, as JSON")
	again := flags.String("again", "", "take what an earlier run has kept, and measure nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var r *Report
	var err error
	if *again != "" {
		r, err = load(*again)
	} else {
		r, err = measure(ctx, *peers, *seen, processes)
	}
	if err != nil {
		return err
	}
	if *keep != "" {
		if err := r.save(*keep); err != nil {
			return err
		}
	}
	text := r.markdown()
	fmt.Print(text)
	if *drawing != "" {
		if err := os.WriteFile(*drawing, []byte(r.draw()), 0o644); err != nil {
			return err
		}
	}
	if *readme == "" {
		return nil
	}
	return between(*readme, text)
}

// part runs one measurement, for the process that has started this one.
func part(ctx context.Context, args []string) (any, error) {
	if len(args) < 3 {
		return nil, errors.New("what is to be measured?")
	}
	var numbers []int
	for _, arg := range args[2:] {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	profiled, err := profile(args)
	if err != nil {
		return nil, err
	}
	defer profiled()
	switch {
	case args[0] == "ingest" && len(numbers) == 2:
		return ingest(ctx, args[1], numbers[0], numbers[1])
	case args[0] == "cold" && len(numbers) == 2:
		if err := evict(args[1]); err != nil {
			return nil, err
		}
		return ingest(ctx, args[1], numbers[0], numbers[1])
	case args[0] == "read" && len(numbers) == 1:
		return read(ctx, args[1], numbers[0])
	default:
		return nil, errors.New("what is to be measured?")
	}
}
