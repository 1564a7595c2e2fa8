package session

import (
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// VacantTrust is how long a name is believed to be nobody's after the server has
// said so. It is short: somebody may take the name at any time.
const VacantTrust = 10 * time.Minute

// vacate takes a name from whoever bears it: the server said that nobody does.
type vacate struct {
	name string
	at   int64
}

func (v vacate) apply(b *batch) error {
	n := b.name(v.name)
	if !nobodys(n.rec) && n.rec.At > v.at {
		return nil // claimed since
	}
	until := &record.Lookup{VacantUntil: v.at + int64(VacantTrust/time.Second)}
	if err := b.put(bucketLookups, []byte(v.name), until); err != nil {
		return err
	}
	n.note(ID{}, v.at)
	if nobodys(n.rec) {
		return nil
	}
	e, id := b.peer(owner(n.rec)), owner(n.rec)
	n.rec, n.dirty = givenUp(n.rec, v.at), true
	if e.rec == nil || !bears(e.rec, v.name) {
		return nil
	}
	old := nameList(e.rec.Usernames)
	b.strip(e, v.name)
	return b.note(id, v.at, &record.Change{
		What: record.Change_WHAT_USERNAMES, Old: old, New: nameList(e.rec.Usernames),
	})
}

// taken forgets that a name was nobody's.
func (b *batch) taken(name string) {
	v, ok := b.puts[bucketLookups][name]
	if !ok {
		var space [maxUsername]byte
		v = b.stored(inLookups, append(space[:0], name...))
	}
	if v != nil {
		b.putBytes(bucketLookups, []byte(name), nil)
	}
}

// Vacant returns until when a name is believed to be nobody's, because the server
// has said so; the zero time if it has not. Errors that say nothing about the
// name, such as a flood wait, are not remembered. What waits to be written is not
// seen.
func (b *Book) Vacant(name string) (until time.Time, err error) {
	rec := &record.Lookup{}
	err = b.file.db.View(func(tx *bbolt.Tx) error {
		_, err := load(tx, bucketLookups, []byte(fold(name)), rec)
		return err
	})
	return unix(rec.VacantUntil), err
}
