package session

import (
	"bytes"
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Forget removes a peer entirely: its record and names, its history and what is
// said of it in the history of others, the dialog with it, what is owed to it and
// what was sent to it. It returns when that is in the file, or ErrNeverSeen. Somebody who is seen
// again afterwards enters the book again.
//
// What was removed can still be read out of unused pages of the file until
// [File.Compact] has been called.
func (b *Book) Forget(ctx context.Context, id ID) error {
	if _, err := b.Peer(id); err != nil {
		return err
	}
	b.file.add(forgetting{id})
	if id.Kind == User {
		b.file.recent.forget(id.Num) // what comes from here on is not let go
	}
	return b.file.Flush(ctx)
}

// Compact writes the session file anew, without unused pages, and puts the new
// file in the place of the old one. It takes as long as copying the file, and
// nothing is written meanwhile. A file that another name was given to, by a hard
// link, keeps its old contents under that name.
func (f *File) Compact(ctx context.Context) error {
	if err := f.Flush(ctx); err != nil {
		return err
	}
	return f.db.compact()
}

// forgetting is the removal of a peer.
type forgetting struct{ id ID }

func (f forgetting) apply(b *batch) error { return b.forget(f.id) }

func (b *batch) forget(id ID) error {
	e := b.peer(id)
	if e.rec != nil {
		for _, u := range e.rec.Usernames {
			if n := b.name(fold(u.Name)); n.rec != nil && owner(n.rec) == id {
				n.rec, n.dirty = givenUp(n.rec, n.rec.At), true
				n.note(ID{}, 0) // another one's confirmation stays
			}
			b.taken(fold(u.Name))
		}
		e.rec, e.dirty = nil, true
	}
	e.forgotten = true
	e.note(0)
	b.noteNames(id, nil)
	if err := b.forgetHistory(id); err != nil {
		return err
	}
	if id.Kind == User {
		b.dialog(id.Num).forget()
	}
	b.forgetFloods(id)
	b.forgetDeliveries(id)
	return b.forgetOwed(id)
}

// forgetHistory deletes the peer's history. A name that moved stands in two
// histories, so the peer's own one tells where else it is spoken of.
func (b *batch) forgetHistory(id ID) error {
	others := make(map[ID]struct{})
	err := b.eachChange(id, func(key []byte, rec *record.Change) {
		if rec.OtherId != 0 {
			others[ID{Kind(rec.OtherKind), rec.OtherId}] = struct{}{}
		}
		b.putBytes(bucketHistory, key, nil)
	})
	if err != nil {
		return err
	}
	for other := range others {
		err := b.eachChange(other, func(key []byte, rec *record.Change) {
			if (ID{Kind(rec.OtherKind), rec.OtherId}) == id {
				b.putBytes(bucketHistory, key, nil)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachChange calls f for every entry of a peer's history, in the file and in the
// batch.
func (b *batch) eachChange(id ID, f func(key []byte, rec *record.Change)) error {
	prefix := id.key()
	c := b.tx.Bucket([]byte(bucketHistory)).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if _, over := b.puts[bucketHistory][string(k)]; over {
			continue
		}
		rec := &record.Change{}
		_ = proto.Unmarshal(v, rec) // a damaged one goes as well
		f(bytes.Clone(k), rec)
	}
	for k, v := range b.puts[bucketHistory] {
		if v == nil || !bytes.HasPrefix([]byte(k), prefix) {
			continue
		}
		rec := &record.Change{}
		if err := proto.Unmarshal(v, rec); err != nil {
			return err
		}
		f([]byte(k), rec)
	}
	return nil
}

func (b *batch) forgetOwed(id ID) error {
	gone := func(key, v []byte) {
		rec := &record.Owed{}
		if proto.Unmarshal(v, rec) == nil && (ID{Kind(rec.Kind), rec.Id}) == id {
			b.putBytes(bucketOutbox, key, nil)
		}
	}
	for k, v := range b.puts[bucketOutbox] {
		if v != nil {
			gone([]byte(k), v)
		}
	}
	return b.tx.Bucket([]byte(bucketOutbox)).ForEach(func(k, v []byte) error {
		if _, over := b.puts[bucketOutbox][string(k)]; !over {
			gone(bytes.Clone(k), v)
		}
		return nil
	})
}
