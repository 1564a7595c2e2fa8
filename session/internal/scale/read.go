package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// Reading is what it takes to read a book.
type Reading struct {
	Open  float64 // seconds, median
	Hot   Cost    // id to hash, recently used
	Hash  Cost    // id to hash, anybody
	Peer  Cost    // id to peer, anybody
	Name  Cost    // name to peer, anybody, the owner checked
	Idle  int64   // bytes of the process's own memory before the listing
	List  int64   // the most during a listing of everybody
	Took  float64 // seconds of the listing
	Size  int64   // bytes of the file
	Pages []Bucket
}

// Cost is that of one call.
type Cost struct {
	Nanoseconds float64
	CPU         float64 // nanoseconds of processor time, collecting garbage included
	Allocs      float64
}

// Bucket is what the pages of a bucket hold.
type Bucket struct {
	Name       string
	Rows       int
	Size, Used int64 // bytes of its pages, and what of them is in use
	Depth      int
}

// look returns which of the crowd are looked up: some for each measurement, others
// every time.
func look(r *rand.Rand, peers, most int) []int {
	out := make([]int, min(peers, most))
	for i := range out {
		out[i] = r.IntN(peers)
	}
	return out
}

// read measures a file with the first so many of the crowd in it. Its pages are
// brought into memory first.
func read(ctx context.Context, path string, peers int) (*Reading, error) {
	out := &Reading{}
	var err error
	if out.Open, err = opening(path); err != nil {
		return nil, err
	}
	f, err := session.Open(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if out.Size, err = f.Size(); err != nil {
		return nil, err
	}
	if err := out.look(ctx, f.Book(), peers); err != nil {
		return nil, err
	}
	runtime.GC() // what the samples took
	time.Sleep(time.Second)
	out.Idle = anonymous()
	memory := watchMemory()
	defer memory.stop()
	began, listed := time.Now(), 0
	for _, err := range f.Book().All() {
		if err != nil {
			return nil, err
		}
		listed++
	}
	out.Took, out.List = time.Since(began).Seconds(), memory.most()
	if listed != peers {
		return nil, fmt.Errorf("%d peers are listed of %d", listed, peers)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	out.Pages, err = survey(path)
	return out, err
}

// opening returns the median time of opening the file to read and write.
func opening(path string) (float64, error) {
	var took []float64
	for range 11 {
		began := time.Now()
		f, err := session.Open(path, nil)
		if err != nil {
			return 0, err
		}
		took = append(took, time.Since(began).Seconds())
		if err := f.Close(); err != nil {
			return 0, err
		}
	}
	return median(took), nil
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// look measures the look-ups: everything twice, and the second time counts.
func (out *Reading) look(ctx context.Context, book *session.Book, peers int) error {
	const most = 500_000
	r := rand.New(rand.NewPCG(1, uint64(peers)))
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
	peer := func(id session.ID) error {
		_, err := book.Peer(id)
		return err
	}
	named := func(name string) error {
		_, err := book.ByName(name)
		return err
	}
	var err error
	for range 2 {
		sample := look(r, peers, most)
		if out.Hash, err = each(ids(sample), 1, hash); err != nil {
			return err
		}
		if out.Peer, err = each(ids(look(r, peers, most)), 1, peer); err != nil {
			return err
		}
		if out.Name, err = each(names(look(r, peers, most)), 1, named); err != nil {
			return err
		}
		if out.Hot, err = each(ids(sample[:min(len(sample), 1000)]), 500, hash); err != nil {
			return err
		}
	}
	for _, n := range look(r, peers, 1000) {
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

// survey adds up the pages of every bucket that has any.
func survey(path string) ([]Bucket, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var out []Bucket
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			s := b.Stats()
			if size := int64(s.BranchAlloc + s.LeafAlloc); size > 0 && s.KeyN > 0 {
				out = append(out, Bucket{string(name), s.KeyN, size, int64(s.BranchInuse + s.LeafInuse), s.Depth})
			}
			return nil
		})
	})
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil {
		return nil, fmt.Errorf("survey: %w", errors.Join(err, statErr))
	}
	rest := info.Size()
	for _, b := range out {
		rest -= b.Size
	}
	return append(out, Bucket{Name: "unused", Size: rest}), nil
}
