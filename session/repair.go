package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/proto"
)

// Repaired tells what has become of a damaged file.
type Repaired struct {
	// Old is the path that the damaged file has now. It is empty if nothing was
	// wrong, and nothing was done.
	Old string
	// Counted is how many peers the damaged file said that it had; zero if it did
	// not say. Peers and Names are what the new file has.
	Counted, Peers Counts
	Names          int64
	// SignedIn says that the auth key was whole and is kept. Without it the bot
	// signs in again.
	SignedIn bool
	// Updates says that the update state was whole, or that the commit before had
	// it. Without it the next run begins where the server is, and what was missed
	// is not fetched.
	Updates bool
	// Findings is the number of those that were told.
	Findings int64
}

// Repair checks the session file at path, as [Check] does, and if anything is wrong
// writes what can be saved into a new file, which takes its place. The damaged one
// stays beside it under a name of its own: path with ".damaged" behind it, and a
// number if that is taken. Until the new file is whole and on the disk, the path
// leads to the old one.
//
// What was not damaged is kept as it is, byte for byte, fields of newer versions
// among it. Where a page is lost, every page is read for what belongs there, and so
// is the commit before the last. Somebody whose record is lost stays in the book if
// anything that names him is left: his key, a username, a history. Counts and
// missing names are made anew. What cannot be kept is told to found, with what is
// done about it.
//
// Nobody may have the file open. opts may be nil; its BotID says whose the file is
// if the file itself does not know any more. A sealed file takes its key.
func Repair(ctx context.Context, path string, opts *Options, found func(Finding)) (Repaired, error) {
	o := opts.orDefaults()
	at, err := follow(path)
	if err == nil {
		err = checkFolder(filepath.Dir(at))
	}
	if err != nil {
		return Repaired{}, fmt.Errorf("open %s: %w", path, err)
	}
	old, size, err := openToRead(path, o, os.O_RDWR)
	if err != nil {
		return Repaired{}, err
	}
	defer old.Close() //nolint:errcheck // it was only read
	done, err := repair(ctx, at, old, size, o, found)
	if err != nil {
		return done, fmt.Errorf("repair %s: %w", path, err)
	}
	return done, nil
}

func repair(ctx context.Context, path string, old *os.File, size int64, o Options, found func(Finding)) (Repaired, error) {
	i, err := inspect(ctx, old, size, o.Key, found)
	if err != nil {
		return Repaired{}, err
	}
	if err := i.check(); err != nil {
		return Repaired{}, err
	}
	if i.done.Findings == 0 {
		return Repaired{
			Counted: i.done.Peers, Peers: i.done.Peers, Names: i.done.Names,
			SignedIn: i.get(bucketAuth, []byte(keySession)) != nil,
			Updates:  i.get(bucketState, []byte(keyAccount)) != nil,
		}, nil
	}
	next, err := newDatabase(leftover(path, "repair"), old)
	if err != nil {
		return Repaired{}, fmt.Errorf("make new file: %w", err)
	}
	r := newRebuild(i, next, o)
	if err := r.run(); err != nil {
		return Repaired{}, errors.Join(err, next.discard())
	}
	if r.done.Old, err = putAside(path); err != nil {
		return Repaired{}, errors.Join(err, next.discard())
	}
	if err := errors.Join(os.Rename(next.path, path), syncFolder(filepath.Dir(path)), next.db.Close()); err != nil {
		return r.done, err
	}
	r.done.Findings = i.done.Findings
	return r.done, nil
}

// putAside gives the damaged file another name, one that nothing has.
func putAside(path string) (string, error) {
	for n := 1; ; n++ {
		to := path + ".damaged"
		if n > 1 {
			to = fmt.Sprintf("%s-%d", to, n)
		}
		err := os.Link(path, to)
		switch {
		case err == nil:
			return to, nil
		case errors.Is(err, fs.ErrExist):
			continue
		}
		// Not every file system has links. The path leads nowhere for a moment.
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return to, os.Rename(path, to)
	}
}

// run fills the new file: first with all rows that are whole, wherever they are
// found, then with what makes them one book.
func (r *rebuild) run() error {
	r.db.NoSync = true // one at the end is enough: nobody has the file yet
	for _, step := range []func() error{
		r.begin, r.singles, r.collect, r.salvage, r.flush,
		r.stubs, r.names, r.index, r.owed, r.lookups, r.finish,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	r.db.NoSync = false
	return r.db.Sync()
}

// finish writes the file's own record, with what there is in the end.
func (r *rebuild) finish() error {
	err := r.through(bucketPeers, func(_ *shelf, k, _ []byte) error {
		countKind(&r.done.Peers, k)
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.through(bucketNames, func(*shelf, []byte, []byte) error { r.done.Names++; return nil }); err != nil {
		return err
	}
	m := r.meta
	if r.counted {
		r.done.Counted = Counts{m.Users, m.Chats, m.Channels}
	}
	m.Users, m.Chats, m.Channels = r.done.Peers.Users, r.done.Peers.Chats, r.done.Peers.Channels
	v, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	return r.edit(func(s *shelf) error { return s.put(bucketMeta, []byte(keyMeta), v) })
}
