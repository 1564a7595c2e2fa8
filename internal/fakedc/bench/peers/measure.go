package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// startTimeout is how long a client may take to sign in.
const startTimeout = time.Minute

// settling is how long a client that has signed in may ask what it has missed: what
// is made ready meanwhile would be in the answer, and pushed too.
const settling = 300 * time.Millisecond

// job is one measurement.
type job struct {
	program
	users, size int
	// again measures the same people coming a second time.
	again bool
	round int
	// key is the server's; nil for a new one.
	key *rsa.PrivateKey
}

// result is what came of a job. Times are in seconds, sizes in bytes.
type result struct {
	Client string `json:"client"`
	Round  int    `json:"round"`
	Users  int    `json:"users"`
	Size   int    `json:"per_update"`
	Again  bool   `json:"again"`

	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
	Peak int64   `json:"peak"`
	Disk int64   `json:"disk"`
	// Server is what the server took of the processors meanwhile: where it is as
	// much as the time, the client waited for it.
	Server float64 `json:"server_cpu"`
	// Kept is how many were in the store after the client was killed.
	Kept  int    `json:"kept"`
	Error string `json:"error,omitempty"`
}

func measure(ctx context.Context, s settings, j job) result {
	r := result{Client: j.name, Round: j.round, Users: j.users, Size: j.size, Again: j.again}
	if err := j.measure(ctx, s, &r); err != nil {
		r.Error = err.Error()
	}
	return r
}

func (j job) measure(ctx context.Context, s settings, r *result) (err error) {
	store, err := os.MkdirTemp(s.dir, "peers-store")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(store)) }()
	stage, err := newStage(ctx, j)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.server.Close()) }()
	place, err := stage.environment()
	if err != nil {
		return err
	}
	env := append(os.Environ(), append(place, "PEERS_STORE="+store, "PEERS_USERS="+strconv.Itoa(j.users))...)
	if s.profile != "" {
		// A folder for each kind: a profile is of one measurement, the last.
		folder, err := filepath.Abs(filepath.Join(s.profile, fmt.Sprintf("%d-by-%d", j.users, j.size)))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		env = append(env, "PEERS_PROFILE="+folder)
	}
	if err := j.store(ctx, s, stage, env, r); err != nil {
		return err
	}
	if r.Disk, err = onDisk(store); err != nil || !j.stores {
		return err
	}
	return j.count(ctx, s, env, r)
}

// store lets the client see everybody, and kills it as soon as it says that they
// are stored.
func (j job) store(ctx context.Context, s settings, stage *stage, env []string, r *result) error {
	cmd := j.command(ctx, "run")
	cmd.Env = env
	p, err := start(cmd)
	if err != nil {
		return err
	}
	killed := false
	defer func() {
		if !killed {
			p.kill()
		}
	}()
	ready, err := p.hear(ctx, startTimeout)
	if err != nil || !ready.Ready {
		return fmt.Errorf("signing in: %w", errors.Join(err, unless(ready.Ready, "it is not ready")))
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settling):
	}
	passes := 1
	if j.again {
		passes = 2
	}
	before := ready.CPU
	for pass := range passes {
		if err := stage.rehearse(ctx); err != nil {
			return err
		}
		loud := quiet()
		mine := used()
		pushed := make(chan error, 1)
		began := time.Now()
		go func() { pushed <- stage.perform(ctx) }()
		stored, err := p.hear(ctx, s.patience)
		r.Wall = time.Since(began).Seconds()
		if err == nil && pass == passes-1 {
			r.Peak, err = p.peak()
			r.CPU = p.kill() - before
			killed = true
		}
		before = stored.CPU
		r.Server = used() - mine
		loud()
		if err == nil && stored.Stored != j.users {
			err = fmt.Errorf("it has stored %d", stored.Stored)
		}
		if err != nil {
			return err
		}
		if err := <-pushed; err != nil {
			return err
		}
	}
	return nil
}

// count lets a fresh process tell who is left.
func (j job) count(ctx context.Context, s settings, env []string, r *result) error {
	cmd := j.command(ctx, "count")
	cmd.Env = env
	p, err := start(cmd)
	if err != nil {
		return err
	}
	defer p.kill()
	l, err := p.hear(ctx, s.patience)
	if err != nil || l.Kept == nil {
		return fmt.Errorf("counting: %w", errors.Join(err, unless(l.Kept != nil, "it counts nothing")))
	}
	r.Kept = *l.Kept
	return nil
}

// used is what this process has taken of the processors, in seconds.
func used() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func unless(ok bool, problem string) error {
	if ok {
		return nil
	}
	return errors.New(problem)
}

// onDisk is how much of the disk everything in a folder takes.
func onDisk(folder string) (size int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			size += s.Blocks * 512
		}
		return nil
	})
	return size, err
}
