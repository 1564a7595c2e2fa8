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
}

func (o *Options) setDefaults() {
	if o.LockTimeout == 0 {
		o.LockTimeout = time.Second
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
	var opened *os.File
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         o.LockTimeout,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: initialMap,
		OpenFile: func(name string, flag int, mode os.FileMode) (file *os.File, err error) {
			// Never made here: checkFile has, and whoever removed it since was first.
			opened, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return opened, err
		},
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, &LockedError{Path: path, PID: holder(path)}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("open %s: %w", path, ErrNotSession)
	case errors.Is(err, os.ErrNotExist):
		return nil, errReplaced
	case err != nil:
		return nil, fmt.Errorf("open %w", err)
	}
	if !same(opened, path) {
		return nil, errors.Join(errReplaced, db.Close())
	}
	growGently(db)
	f, err := newFile(&database{path: path, db: db}, o.BotID, fresh)
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
	meta = &record.Meta{
		Schema: schema, Created: time.Now().Unix(), RandomKey: make([]byte, 32), Census: &record.Census{},
	}
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
