package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Limits is what the server lets the bot do only so often, and until when it has
// forbidden something. It is kept in the file, because a server does not forget
// when a process ends. All methods may be called at once. Times are the caller's:
// always use one clock.
type Limits struct{ file *File }

// Limits returns the file's limits.
func (f *File) Limits() *Limits { return &Limits{f} }

// The keys of bucket lookups that are no names: no name holds a zero byte.
const (
	keySpending = "\x00lookups"
	keyRenewal  = "\x00renewal"
	prefixFlood = "\x00flood\x00"
)

// noName reports whether a key is one of those, or of a delivery.
func noName(key string) bool {
	return key == keySpending || key == keyRenewal || strings.HasPrefix(key, prefixFlood) || strings.HasPrefix(key, prefixSent)
}

// ErrSpent says that a budget is spent. The error is a *[SpentError].
var ErrSpent = errors.New("budget is spent")

// SpentError is the ErrSpent that tells how much was spent, and until when
// nothing more can be.
type SpentError struct {
	Used, Limit int
	Until       time.Time
}

// Error tells how much was spent.
func (e *SpentError) Error() string { return fmt.Sprintf("%v: %d of %d", ErrSpent, e.Used, e.Limit) }

// Is reports that this is an ErrSpent.
func (e *SpentError) Is(target error) bool { return target == ErrSpent }

// Lookups returns the look-ups of usernames that were charged in the 24 hours
// before now.
func (l *Limits) Lookups(now time.Time) (Spending, error) {
	rec := &record.Spending{}
	err := l.file.db.View(func(tx *bbolt.Tx) error {
		_, err := load(tx, bucketLookups, []byte(keySpending), rec)
		return err
	})
	return spendingOf(rec, now.Unix()), err
}

// ChargeLookup charges one look-up, and returns when that is in the file: look up
// only then, so that a crash in between costs a look-up that was not made, and
// never hides one that was. It returns an ErrSpent, and charges nothing, if the
// last 24 hours have seen limit look-ups or more. A limit of 0 is none.
//
// With another error it is not known whether the look-up was charged.
func (l *Limits) ChargeLookup(ctx context.Context, now time.Time, limit int) error {
	c := &charge{at: now.Unix(), limit: limit}
	l.file.add(c)
	if err := l.file.Flush(ctx); err != nil {
		return err
	}
	if c.refused != nil {
		return c.refused
	}
	return nil
}

// charge is a look-up that is about to be made.
type charge struct {
	at      int64
	limit   int
	refused *SpentError
}

func (c *charge) apply(b *batch) error {
	c.refused = nil
	rec := &record.Spending{}
	if _, err := b.get(bucketLookups, []byte(keySpending), rec); err != nil {
		return err
	}
	s := spendingOf(rec, c.at)
	if until := s.Free(c.limit); !until.IsZero() {
		c.refused = &SpentError{Used: s.Used(), Limit: c.limit, Until: until}
		return nil
	}
	return b.put(bucketLookups, []byte(keySpending), s.add(c.at).record())
}

// Flood is a wait that the server has asked for.
type Flood struct {
	// Method is what was refused, as Telegram's schema names it.
	Method string
	// Chat is where; the zero ID if it is refused everywhere.
	Chat ID
	// Since is when the server said so, and Until when the wait ends.
	Since, Until time.Time
}

func (f Flood) record() *record.Flood {
	return &record.Flood{
		Method: f.Method, Kind: uint32(f.Chat.Kind), Id: f.Chat.Num,
		Since: f.Since.UnixMilli(), Until: f.Until.UnixMilli(),
	}
}

func floodOf(rec *record.Flood) Flood {
	return Flood{
		Method: rec.Method, Chat: ID{Kind(rec.Kind), rec.Id},
		Since: time.UnixMilli(rec.Since), Until: time.UnixMilli(rec.Until),
	}
}

func (f Flood) key() []byte {
	k := []byte(prefixFlood + f.Method)
	if f.Chat == (ID{}) {
		return k
	}
	return append(append(k, 0), f.Chat.key()...)
}

// Flooded notes a wait and returns when it is in the file. Of two waits for the
// same method and chat the one that ends later stays, unless it was noted in what
// is now the future, because the clock was put back since. Waits that were over at
// the new one's Since leave the file.
func (l *Limits) Flooded(ctx context.Context, f Flood) error {
	l.file.add(changeFunc(func(b *batch) error {
		key, next := f.key(), f.record()
		old := &record.Flood{}
		if ok, err := b.get(bucketLookups, key, old); err == nil && ok && old.Until > next.Until && old.Since <= next.Since {
			return nil
		}
		b.eachFlood(func(key []byte, old Flood) {
			if !old.Until.After(f.Since) {
				b.putBytes(bucketLookups, key, nil)
			}
		})
		return b.put(bucketLookups, key, next)
	}))
	return l.file.Flush(ctx)
}

// Floods returns the waits that stand in the file, in the order of method and
// chat. Some may be over.
func (l *Limits) Floods() ([]Flood, error) {
	var out []Flood
	err := l.file.view(func(b *batch) error {
		b.eachFlood(func(_ []byte, f Flood) { out = append(out, f) })
		return nil
	})
	return out, err
}

// eachFlood calls f for every wait in the file and in the batch. A damaged record
// is no wait.
func (b *batch) eachFlood(f func(key []byte, flood Flood)) {
	prefix := []byte(prefixFlood)
	tell := func(key, v []byte) {
		if rec := new(record.Flood); proto.Unmarshal(v, rec) == nil {
			f(key, floodOf(rec))
		}
	}
	for k, v := range maps.Clone(b.puts[bucketLookups]) {
		if v != nil && strings.HasPrefix(k, prefixFlood) {
			tell([]byte(k), v)
		}
	}
	c := b.tx.Bucket([]byte(bucketLookups)).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if _, over := b.puts[bucketLookups][string(k)]; !over {
			tell(bytes.Clone(k), v)
		}
	}
}

// forgetFloods removes the waits of a chat.
func (b *batch) forgetFloods(id ID) {
	b.eachFlood(func(key []byte, f Flood) {
		if f.Chat == id {
			b.putBytes(bucketLookups, key, nil)
		}
	})
}

// Renewed returns when a session that the server had ended was last given up for a
// new one; the zero time if that never happened.
func (l *Limits) Renewed() (time.Time, error) {
	rec := &record.Renewal{}
	err := l.file.db.View(func(tx *bbolt.Tx) error {
		_, err := load(tx, bucketLookups, []byte(keyRenewal), rec)
		return err
	})
	return unix(rec.At), err
}

// Renew notes that a session which the server has ended is being given up for a
// new one, and returns when that is in the file: sign in only then.
func (l *Limits) Renew(ctx context.Context, at time.Time) error {
	l.file.add(changeFunc(func(b *batch) error {
		return b.put(bucketLookups, []byte(keyRenewal), &record.Renewal{At: at.Unix()})
	}))
	return l.file.Flush(ctx)
}
