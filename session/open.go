package session

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Options of [Open] and of what else works on a session file. The zero value is
// useful.
type Options struct {
	// BotID is the bot that is going to use the file, if the caller knows it
	// already: the number before the colon of its token. A file of another bot is
	// refused. 0 accepts any.
	BotID int64
	// LockTimeout bounds the wait for another process to close the file. One
	// second by default.
	LockTimeout time.Duration
	// Key opens what is sealed in the file: see [Rekey]. A file that is made with a
	// key is sealed with it from its first byte. Nil for a file that keeps its
	// secrets in the clear.
	Key *Key
	// Existing refuses to make a file: the error is fs.ErrNotExist.
	Existing bool
	// Patience is how long the file may be unwritable, because its disk is full
	// for example, before it fails for good. Meanwhile what is new is kept in
	// memory, and tried again within seconds. Five minutes by default.
	Patience time.Duration
	// MaxWaiting is about how many bytes may wait to be written. A file that is
	// unwritable when it is reached fails for good; if the disk is only slow,
	// updates are left to be fetched later. 64 MiB by default.
	MaxWaiting int64
	// OnTrouble is called once when the file becomes unwritable, with the reason,
	// and once with nil when it is written again. It must return soon, and must not
	// wait for the file.
	OnTrouble func(err error)
	// OnFailure is called when a handler has failed on an update for the last time.
	// It is called where the handler was, several times at once perhaps. The
	// failure is logged and counted in any case.
	OnFailure func(f Failure)
	// Now tells the time, from which that of the server is worked out. time.Now by
	// default.
	Now func() time.Time
}

func (o *Options) setDefaults() {
	if o.LockTimeout == 0 {
		o.LockTimeout = time.Second
	}
	if o.Patience == 0 {
		o.Patience = 5 * time.Minute
	}
	if o.MaxWaiting == 0 {
		o.MaxWaiting = 64 << 20
	}
	if o.OnTrouble == nil {
		o.OnTrouble = func(error) {}
	}
	if o.OnFailure == nil {
		o.OnFailure = func(Failure) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func (o *Options) orDefaults() Options {
	var c Options
	if o != nil {
		c = *o
	}
	c.setDefaults()
	return c
}

// Open opens the session file at path and makes it if it does not exist: mode
// 0600, in a folder that must exist. An existing file that others may read is
// tightened before anything is written to it. A symbolic link is followed, and the
// folder that it leads to has to be as safe as the one in which it lies. opts may
// be nil.
//
// One process at a time has the file open; a second one gets ErrLocked. Close
// the file to write what waits and to let go of the lock.
//
// A file that cannot be used is left as it is, and every reason has its own error:
// see ErrNotSession and those beside it.
func Open(path string, opts *Options) (*File, error) {
	o := opts.orDefaults()
	at, err := follow(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	for {
		f, err := open(at, o)
		switch {
		case errors.Is(err, errReplaced):
			continue
		case errors.Is(err, ErrLocked):
			return nil, err // which tells the path
		case err != nil:
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		f.path = path
		return f, nil
	}
}

// errReplaced: the file that was locked is no longer the one at the path. Its
// last owner has removed it, see File.discard; or somebody else has made one
// first.
var errReplaced = errors.New("replaced")

func open(path string, o Options) (*File, error) {
	file, fresh, err := take(path, o)
	if err != nil {
		return nil, err
	}
	db, rec, seal, err := begun(file, path, o, fresh)
	if err != nil {
		return nil, err
	}
	f, err := newFile(db, rec, seal, o, fresh)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

// openDatabase opens a file that exists, without anybody to write to it.
func openDatabase(path string, o Options) (*database, *record.Meta, *sealer, error) {
	for {
		file, _, err := take(path, o)
		if errors.Is(err, errReplaced) {
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		return begun(file, path, o, false)
	}
}

// begun opens the database in a file that was taken, and gives a fresh one its
// name. It closes the file if it cannot.
func begun(file *os.File, path string, o Options, fresh bool) (*database, *record.Meta, *sealer, error) {
	name := file.Name() // where a fresh file lies until it is whole
	db, err := openBolt(file, o.LockTimeout)
	if err == nil {
		d := &database{path: path, db: db, file: file}
		var rec *record.Meta
		var seal *sealer
		if rec, seal, err = prepare(d, o); err == nil && fresh {
			err = publish(name, path)
		}
		if err == nil {
			sweep(path)
			return d, rec, seal, nil
		}
		err = errors.Join(err, d.Close())
	}
	if fresh {
		_ = os.Remove(name) // it may have been published, which removes it
	}
	return nil, nil, nil, err
}

// openBolt opens a database in a file that is locked and was looked at, and closes
// the file if it cannot.
func openBolt(file *os.File, timeout time.Duration) (db *bbolt.DB, err error) {
	err = guarded(func() (err error) {
		db, err = bbolt.Open(file.Name(), 0o600, &bbolt.Options{
			Timeout:         timeout,
			FreelistType:    bbolt.FreelistArrayType,
			InitialMmapSize: initialMap,
			NoStatistics:    true, // nobody asks, and every look-up would lock them twice
			OpenFile:        func(string, int, os.FileMode) (*os.File, error) { return file, nil },
		})
		return err
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout): // where locking is left to bbolt
		err = &LockedError{Path: file.Name(), PID: holder(file.Name())}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		err = ErrNotSession
	}
	if err != nil {
		_, _ = unlock(file), file.Close() // bbolt may have done it
		return nil, err
	}
	growGently(db, file)
	return db, nil
}

// growGently makes a small file grow in small steps. With a large map reserved,
// bbolt takes 16 MiB for the first bot that has seen nobody.
func growGently(db *bbolt.DB, file *os.File) {
	if info, err := file.Stat(); err == nil && info.Size() < int64(db.AllocSize) {
		db.AllocSize = 1 << 20
	}
}

// publish gives a file that is whole its name, unless somebody has been first.
func publish(from, to string) error {
	err := os.Link(from, to)
	if errors.Is(err, fs.ErrExist) {
		return errReplaced
	}
	if err == nil {
		return errors.Join(os.Remove(from), syncFolder(filepath.Dir(to)))
	}
	// Not every file system has links.
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errReplaced
	}
	return errors.Join(os.Rename(from, to), syncFolder(filepath.Dir(to)))
}

// prepare checks an open database and makes the buckets of a new one.
func prepare(db *database, o Options) (*record.Meta, *sealer, error) {
	meta := &record.Meta{}
	var state int // 0 empty, 1 ours, 2 foreign
	err := db.View(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bucketMeta)) != nil {
			state = 1
			for _, name := range buckets() {
				if tx.Bucket([]byte(name)) == nil {
					return fmt.Errorf("%w: no bucket %s", ErrNotSession, name)
				}
			}
			if _, err := load(tx, bucketMeta, []byte(keyMeta), meta); err != nil {
				return damaged("%v", err)
			}
			return nil
		}
		if k, _ := tx.Cursor().First(); k != nil {
			state = 2
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, nil, err
	case state == 2, state == 1 && meta.Schema == 0:
		return nil, nil, ErrNotSession
	case state == 1:
		seal, err := admit(meta, o)
		if err != nil {
			return nil, nil, err
		}
		return meta, seal, upgrade(db, meta)
	}
	meta = newMeta()
	var seal *sealer
	if o.Key != nil {
		if meta.Sealing, seal, err = newSealing(o.Key); err != nil {
			return nil, nil, err
		}
	}
	return meta, seal, db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		v, err := proto.Marshal(meta)
		if err != nil {
			return err
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), v)
	})
}

// newMeta is the own record of a new file.
func newMeta() *record.Meta {
	m := &record.Meta{Schema: schema, Created: time.Now().Unix(), RandomKey: make([]byte, 32), Census: &record.Census{}}
	_, _ = rand.Read(m.RandomKey) // it never fails
	return m
}

// admit decides by the file's own record whether it may be used.
func admit(meta *record.Meta, o Options) (*sealer, error) {
	switch {
	case meta.Schema > schema:
		return nil, fmt.Errorf("%w (%d, this program knows %d)", ErrVersion, meta.Schema, schema)
	case o.BotID != 0 && meta.BotId != 0 && o.BotID != meta.BotId:
		return nil, &OtherBotError{Owner: meta.BotId, Bot: o.BotID}
	}
	return unseal(meta.Sealing, o.Key)
}
