package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/amarnathcjd/gogram/telegram"
)

// remember is gogram as a client of ../../bench/peers, which says what is to be said.
func remember(what string) error {
	store := &store{CacheStorage: telegram.NewFileCacheStorage(filepath.Join(os.Getenv("PEERS_STORE"), "cache.db"))}
	switch what {
	case "run":
		return store.run()
	case "count":
		return store.count()
	}
	return fmt.Errorf("%q is neither run nor count", what)
}

// store is gogram's own file, and notes how many users were in it when it was
// written last.
type store struct {
	telegram.CacheStorage
	written atomic.Int64
}

func (s *store) Write(peers *telegram.InputPeerCache) error {
	if err := s.CacheStorage.Write(peers); err != nil {
		return err
	}
	s.written.Store(int64(users(peers)))
	return nil
}

// users are those with a hash, but for the bot itself.
func users(peers *telegram.InputPeerCache) (n int) {
	for id, hash := range peers.InputUsers {
		if hash != 0 && id != botID() {
			n++
		}
	}
	return n
}

func botID() int64 {
	var id int64
	_, _ = fmt.Sscanf(os.Getenv("FAKEDC_TOKEN"), "%d:", &id)
	return id
}

func (s *store) run() error {
	want, err := strconv.Atoi(os.Getenv("PEERS_USERS"))
	if err != nil {
		return err
	}
	cache := telegram.NewCache("cache.db", &telegram.CacheConfig{Storage: s, LogLevel: logLevel()})
	client, err := exchange(cache)
	if err != nil {
		return err
	}
	heard := heard{ids: map[int32]struct{}{}}
	client.On(telegram.OnMessage, func(m *telegram.NewMessage) error {
		heard.add(m.ID)
		return nil
	})
	if err := client.LoginBot(os.Getenv("FAKEDC_TOKEN")); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if _, err := client.GetMe(); err != nil {
		return fmt.Errorf("self: %w", err)
	}
	say(map[string]any{"ready": true, "cpu": cpu()})
	for pass := 1; ; pass++ {
		// The first time it is enough that all are in the cache; the second time they
		// have been there before.
		for known(cache) < want || pass > 1 && heard.count() < pass*want {
			time.Sleep(5 * time.Millisecond)
		}
		if err := s.flush(cache, want); err != nil {
			return err
		}
		say(map[string]any{"stored": want, "cpu": cpu()})
	}
}

func known(cache *telegram.CACHE) int {
	cache.RLock()
	defer cache.RUnlock()
	n := len(cache.InputPeers.InputUsers)
	if _, ok := cache.InputPeers.InputUsers[botID()]; ok {
		n--
	}
	return n
}

// flush makes gogram write what it knows. By itself it writes a second after the
// first user and hardly ever again: in cache.go a write that comes within two seconds
// of another is left out, and then counts as pending for good. So does one here, which
// is why it is asked until all are written.
func (s *store) flush(cache *telegram.CACHE, want int) error {
	for range 10_000 {
		if s.written.Load() == int64(want) {
			return nil
		}
		cache.WriteFile()
		time.Sleep(time.Millisecond)
	}
	return errors.New("it does not write")
}

func (s *store) count() error {
	peers, err := s.Read()
	if err != nil {
		return err
	}
	say(map[string]any{"kept": users(peers)})
	return nil
}

// heard are messages, each counted once.
type heard struct {
	mu  sync.Mutex
	ids map[int32]struct{}
}

func (h *heard) add(id int32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids[id] = struct{}{}
}

func (h *heard) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ids)
}

// cpu is what this process has taken of the processors, in seconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
