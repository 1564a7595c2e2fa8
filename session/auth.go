package session

import (
	"bytes"
	"context"

	tdsession "github.com/gotd/td/session"
	"go.etcd.io/bbolt"
)

// storage keeps gotd's own session, auth key and all, in the file. It implements
// telegram.SessionStorage.
type storage struct {
	file *File
	// wired says that the sign-in waits for the commit, so that storing need not.
	// gotd stores the session at every connection, for its new salt, and takes an
	// error for the end of that: on a full disk it would never be connected.
	wired bool
}

var _ tdsession.Storage = storage{}

// LoadSession returns the session, or gotd's ErrNotFound.
func (s storage) LoadSession(context.Context) ([]byte, error) {
	if data := s.file.stored.Load(); data != nil {
		return bytes.Clone(*data), nil
	}
	var data []byte
	err := s.file.db.View(func(tx *bbolt.Tx) (err error) {
		data = bytes.Clone(tx.Bucket([]byte(bucketAuth)).Get([]byte(keySession)))
		data, err = s.file.seal.unboxed(data, bucketAuth, []byte(keySession))
		return err
	})
	if err == nil && data == nil {
		err = tdsession.ErrNotFound
	}
	return data, err
}

// StoreSession returns when the session is in the file: a lost key costs a
// sign-in, and Telegram answers repeated ones with long waits.
func (s storage) StoreSession(ctx context.Context, data []byte) error {
	data = bytes.Clone(data)
	s.file.stored.Store(&data)
	boxed := s.file.seal.boxed(data, bucketAuth, []byte(keySession))
	s.file.add(changeFunc(func(b *batch) error {
		b.putBytes(bucketAuth, []byte(keySession), boxed)
		return nil
	}))
	if s.wired {
		return nil
	}
	return s.file.Flush(ctx)
}

// SignedIn reports whether a bot has signed in with the file's session. The
// server may have ended it meanwhile.
func (f *File) SignedIn() (bool, error) {
	var found bool
	err := f.db.View(func(tx *bbolt.Tx) error {
		found = tx.Bucket([]byte(bucketAuth)).Get([]byte(keySession)) != nil
		return nil
	})
	// gotd stores a key before anybody has signed in with it.
	return found && f.meta.get().Generation > 0 && f.BotID() != 0, err
}

// SignOut forgets the session. The book stays.
func (f *File) SignOut(ctx context.Context) error {
	f.stored.Store(nil)
	f.add(changeFunc(func(b *batch) error {
		b.putBytes(bucketAuth, []byte(keySession), nil)
		return nil
	}))
	return f.Flush(ctx)
}
