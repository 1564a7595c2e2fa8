package session

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Options of [Open]. The zero value is useful.
type Options struct {
	// BotID is the bot that is going to use the file, if the caller knows it
	// already: the number before the colon of its token. A file of another bot is
	// refused. 0 accepts any.
	BotID int64
	// LockTimeout bounds the wait for another process to close the file. One
	// second by default.
	LockTimeout time.Duration
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
}

// Open opens the session file at path and makes it if it does not exist: mode
// 0600, in a folder that must exist. An existing file that others may read is
// tightened before anything is written to it. opts may be nil.
//
// One process at a time has the file open; a second one gets ErrLocked. Close
// the file to write what waits and to let go of the lock.
func Open(path string, opts *Options) (*File, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	o.setDefaults()
	for {
		f, err := open(path, o)
		if !errors.Is(err, errReplaced) {
			return f, err
		}
	}
}

// errReplaced: the file that was locked is no longer the one at the path. Its
// last owner has removed it, see File.discard.
var errReplaced = errors.New("replaced")

func open(path string, o Options) (*File, error) {
	if err := checkFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	fresh, err := checkFile(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	// Never made here: checkFile has, and whoever removed it since was first.
	db, err := openDatabase(path, o.LockTimeout, false)
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, &LockedError{Path: path, PID: holder(path)}
	case errors.Is(err, os.ErrNotExist):
		return nil, errReplaced
	case err != nil && fresh: // the disk is full: half a file would be taken for damage
		return nil, errors.Join(fmt.Errorf("open %w", err), os.Remove(path))
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("open %s: %w", path, ErrNotSession)
	case err != nil:
		return nil, fmt.Errorf("open %w", err)
	}
	if !same(db.file, path) {
		return nil, errors.Join(errReplaced, db.Close())
	}
	f, err := newFile(db, o, fresh)
	if err != nil {
		err = errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
		if fresh {
			err = errors.Join(err, os.Remove(path))
		}
		return nil, err
	}
	return f, nil
}

// growGently makes a small file grow in small steps. With a large map reserved,
// bbolt takes 16 MiB for the first bot that has seen nobody.
func growGently(db *bbolt.DB) {
	if info, err := os.Stat(db.Path()); err == nil && info.Size() < int64(db.AllocSize) {
		db.AllocSize = 1 << 20
	}
}

// same reports whether an open file is still the one at the path.
func same(file *os.File, path string) bool {
	here, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(here, there)
}

// checkFolder refuses a folder in which somebody else could replace the file.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: %w", dir, ErrNoFolder)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	case info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSticky == 0:
		return fmt.Errorf("%s: %w", dir, ErrUnsafeFolder)
	}
	return nil
}

// boltMagic stands 16 bytes into each of the first two pages of a bbolt file.
const boltMagic = 0xED0CDAED

// checkFile looks at the file before bbolt does, because bbolt takes whatever
// opens for its own. It tightens the mode of a file that is a database, and
// makes one that is not there, so that no byte is ever written to a file that
// others may read.
func checkFile(path string) (fresh bool, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		// The umask may have taken the owner's bits.
		return true, errors.Join(file.Chmod(0o600), file.Close())
	}
	if !errors.Is(err, os.ErrExist) {
		return false, err
	}
	file, err = os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, ErrNotSession
	}
	if info.Size() > 0 {
		var head [20]byte
		if _, err := io.ReadFull(file, head[:]); err != nil {
			return false, ErrNotSession
		}
		if binary.NativeEndian.Uint32(head[16:]) != boltMagic {
			return false, ErrNotSession
		}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return false, file.Chmod(0o600)
	}
	return false, nil
}

// prepare checks an open database and makes the buckets of a new one.
func prepare(db *database, botID int64) (*record.Meta, error) {
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
			_, err := load(tx, bucketMeta, []byte(keyMeta), meta)
			return err
		}
		if k, _ := tx.Cursor().First(); k != nil {
			state = 2
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case state == 2, state == 1 && meta.Schema == 0:
		return nil, ErrNotSession
	case meta.Schema > schema:
		return nil, fmt.Errorf("%w (%d, this program knows %d)", ErrVersion, meta.Schema, schema)
	case botID != 0 && meta.BotId != 0 && botID != meta.BotId:
		return nil, &OtherBotError{Owner: meta.BotId, Bot: botID}
	case state == 1:
		return meta, upgrade(db, meta)
	}
	meta = &record.Meta{Schema: schema, Created: time.Now().Unix(), RandomKey: make([]byte, 32)}
	if _, err := rand.Read(meta.RandomKey); err != nil {
		return nil, err
	}
	return meta, db.Update(func(tx *bbolt.Tx) error {
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
