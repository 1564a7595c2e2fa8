package session

import (
	"bytes"
	"encoding/binary"
	"iter"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// What says what changed about a peer.
type What uint8

// The changes. The values stand in the session file.
const (
	// ChangedName: the full name or title, from Old to New.
	ChangedName What = iota + 1
	// ChangedUsernames: the active usernames, each list separated by spaces.
	ChangedUsernames
	// ChangedOwner: the username New came from Other, or Old went to Other.
	ChangedOwner
)

// String returns "name", "usernames" or "owner".
func (w What) String() string {
	switch w {
	case ChangedName:
		return "name"
	case ChangedUsernames:
		return "usernames"
	case ChangedOwner:
		return "owner"
	default:
		return "unknown"
	}
}

// Change is one entry of a peer's history.
type Change struct {
	// At is the time of the sighting that showed it, on the server's clock.
	At       time.Time
	What     What
	Old, New string
	// Other is the peer that a username came from or went to.
	Other ID
}

// History lists what changed about a peer, oldest first, as far as it is in the
// file. The sequence ends after its first error.
func (b *Book) History(id ID) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		prefix := id.key()
		from := prefix
		for from != nil {
			list, next, err := b.changes(prefix, from)
			if err != nil {
				yield(Change{}, err)
				return
			}
			for _, c := range list {
				if !yield(c, nil) {
					return
				}
			}
			from = next
		}
	}
}

func (b *Book) changes(prefix, from []byte) (list []Change, next []byte, err error) {
	err = b.file.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketHistory)).Cursor()
		for k, v := c.Seek(from); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			if len(list) == page {
				next = bytes.Clone(k)
				return nil
			}
			rec := &record.Change{}
			if len(k) != keySize+12 || proto.Unmarshal(v, rec) != nil {
				continue
			}
			list = append(list, changeOf(k, rec))
		}
		return nil
	})
	return list, next, err
}

func changeOf(k []byte, rec *record.Change) Change {
	c := Change{
		At:   unix(int64(binary.BigEndian.Uint64(k[keySize:]))),
		What: What(rec.What), Old: rec.Old, New: rec.New,
	}
	if rec.OtherId != 0 {
		c.Other = ID{Kind(rec.OtherKind), rec.OtherId}
	}
	return c
}
