package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/f48b34c0/seen/session"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// Lookups are what look-ups cost.
type Lookups struct {
	Hot  Cost // an id's hash, of those that were asked for before
	Hash Cost // anybody's
	Peer Cost // anybody by id
	Name Cost // anybody by name, the owner checked
}

// Cost is that of one call.
type Cost struct {
	Nanoseconds float64
	CPU         float64 // nanoseconds of processor time, collecting garbage included
	Allocs      float64
}

// sample draws some of the crowd, others for every seed.
func sample(peers, most int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, uint64(peers)))
	out := make([]int, min(peers, most))
	for i := range out {
		out[i] = r.IntN(peers)
	}
	return out
}

// measure looks up so many at most of each kind, and before that as many others,
// so that the pages are where they are in a process that has been running.
func (out *Lookups) measure(ctx context.Context, book *session.Book, peers, most int) error {
	hasher := book.AccessHasher()
	hash := func(id session.ID) error {
		ask := hasher.GetUserAccessHash
		if id.Kind == session.Channel {
			ask = hasher.GetChannelAccessHash
		}
		if h, _, _ := ask(ctx, 0, id.Num); h == 0 {
			return fmt.Errorf("no hash of %v", id)
		}
		return nil
	}
	var err error
	for round := range uint64(2) {
		if err = out.byIDAndName(book, sample(peers, most, 4*round), sample(peers, most, 4*round+1)); err != nil {
			return err
		}
		if out.Hash, err = each(ids(sample(peers, most, 4*round+2)), 1, hash); err != nil {
			return err
		}
	}
	known := ids(sample(peers, 1000, 5))
	if _, err = each(known, 1, hash); err != nil {
		return err
	}
	if out.Hot, err = each(known, 500, hash); err != nil {
		return err
	}
	for _, n := range sample(peers, 1000, 6) {
		p, err := book.Peer(idOf(n))
		if err != nil {
			return err
		}
		if err := check(p, n); err != nil {
			return err
		}
	}
	return nil
}

func (out *Lookups) byIDAndName(book *session.Book, byID, byName []int) (err error) {
	out.Peer, err = each(ids(byID), 1, func(id session.ID) error {
		_, err := book.Peer(id)
		return err
	})
	if err != nil {
		return err
	}
	out.Name, err = each(names(byName), 1, func(name string) error {
		_, err := book.ByName(name)
		return err
	})
	return err
}

func ids(sample []int) []session.ID {
	out := make([]session.ID, len(sample))
	for i, n := range sample {
		out[i] = idOf(n)
	}
	return out
}

func names(sample []int) []string {
	var out []string
	for _, n := range sample {
		if name := sessiontest.PersonName(n); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// each calls do for all of a list, several times over.
func each[T any](list []T, times int, do func(T) error) (Cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began, used := time.Now(), processorTime()
	for range times {
		for _, v := range list {
			if err := do(v); err != nil {
				return Cost{}, err
			}
		}
	}
	took, worked := time.Since(began), processorTime()-used
	runtime.ReadMemStats(&after)
	calls := float64(times * len(list))
	return Cost{
		Nanoseconds: float64(took.Nanoseconds()) / calls,
		CPU:         worked * 1e9 / calls,
		Allocs:      float64(after.Mallocs-before.Mallocs) / calls,
	}, nil
}
