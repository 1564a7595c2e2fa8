package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"os"
	"slices"
)

// measureAll measures everything round by round. What one round finds belongs
// together: on a machine that is busy for a while, all suffer alike.
func measureAll(ctx context.Context, s settings, ready []program) ([]result, error) {
	// One key for all servers: to make one takes longer than many a measurement.
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	var all []result
	for round := range s.rounds {
		for _, j := range jobs(s, ready, round) {
			j.key = key
			r := measure(ctx, s, j)
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			all = append(all, r)
			fmt.Fprintf(os.Stderr, "round %d: %s\n", round+1, r)
		}
	}
	return all, nil
}

// jobs are those of a round. Clients take turns at being first.
func jobs(s settings, ready []program, round int) []job {
	turn := slices.Concat(ready[round%len(ready):], ready[:round%len(ready)])
	var list []job
	for _, again := range []bool{false, true} {
		if again && !s.again {
			continue
		}
		for _, size := range s.sizes {
			for _, users := range amounts(s, ready) {
				for _, p := range turn {
					if p.takes(s, users) {
						list = append(list, job{program: p, users: users, size: size, again: again, round: round})
					}
				}
			}
		}
	}
	return list
}

// amounts are how many people come: fewer as well if there are slow clients.
func amounts(s settings, ready []program) []int {
	list := []int{s.users}
	if s.slow != s.users && slices.ContainsFunc(ready, func(p program) bool { return slices.Contains(s.few, p.name) }) {
		list = append(list, s.slow)
	}
	return list
}

// takes says whether so many people come to a client. To the slow ones come few,
// and to those that all are compared with come both: nothing is extrapolated.
func (p program) takes(s settings, users int) bool {
	if p.name == bareName || p.name == oursName || s.slow == s.users {
		return true
	}
	return slices.Contains(s.few, p.name) == (users == s.slow)
}

func (r result) String() string {
	what := "new"
	if r.Again {
		what = "again"
	}
	head := fmt.Sprintf("%-8s %-5s %6d people, %3d per update:", r.Client, what, r.Users, r.Size)
	if r.Error != "" {
		return head + " " + r.Error
	}
	return fmt.Sprintf("%s %7.3f s, %7.3f s of CPU (server %.3f), %5.1f MB, %5.1f MB on disk, %d kept",
		head, r.Wall, r.CPU, r.Server, float64(r.Peak)/1e6, float64(r.Disk)/1e6, r.Kept)
}
