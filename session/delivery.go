package session

import (
	"bytes"
	"context"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Deliveries is what was sent under a name that its sender has given it: a key. A
// message is noted before it is sent, and again when the server has taken it, so
// that whoever does not know any more how far it came can send everything again and
// repeats nothing. All methods may be called at once. Times are the caller's: always
// use one clock.
type Deliveries struct{ file *File }

// Deliveries returns what was delivered under a key.
func (f *File) Deliveries() *Deliveries { return &Deliveries{f} }

// DeliveryTrust is how long a delivery is remembered. A key that is used again later
// is a new message.
const DeliveryTrust = 24 * time.Hour

// Slip names one message: whom it is for, its sender's key, and which part of the
// whole it is, from 0.
type Slip struct {
	To   ID
	Key  string
	Part int
}

// Delivery is what is known of a message.
type Delivery struct {
	// Tried is when it was about to be sent for the first time; the zero time if it
	// never was.
	Tried time.Time
	// Date is when the server has taken it, and Message the id that it gave it. Date
	// is the zero time if the server is not known to have taken it, and Message is 0
	// if the server said only that it has.
	Date    time.Time
	Message int
}

// RandomID returns the random id of a message: the same for the same slip, as in
// [File.RandomID].
func (d *Deliveries) RandomID(s Slip) int64 {
	return d.file.RandomID(causeKey+s.Key, s.To, 0, s.Part)
}

const (
	// causeKey begins the kind of cause that a key is.
	causeKey = "key "
	// prefixSent begins the keys of deliveries in bucket lookups, before the peer's
	// and a hash. No name holds a zero byte.
	prefixSent = "\x00sent\x00"
	// slipHash is how much of the hash stands there.
	slipHash = 16
)

// row is the key of a delivery. It does not tell the sender's.
func (d *Deliveries) row(s Slip) []byte {
	sum := d.file.digest(causeKey+s.Key, s.To, 0, s.Part)
	k := append([]byte(prefixSent), s.To.key()...)
	return append(k, sum[8:8+slipHash]...) // what comes before is the random id
}

// deliveredTo reads the key of a delivery.
func deliveredTo(k []byte) (ID, bool) {
	rest, ok := strings.CutPrefix(string(k), prefixSent)
	if !ok || len(rest) != keySize+slipHash {
		return ID{}, false
	}
	id, ok := idFromKey([]byte(rest))
	return id, ok && id.Valid()
}

// Try notes that messages are about to be sent, and returns what was known of each
// before, when that is in the file: send only then. What was noted before stays, for
// [DeliveryTrust].
func (d *Deliveries) Try(ctx context.Context, at time.Time, slips []Slip) ([]Delivery, error) {
	before := make([]Delivery, len(slips))
	d.file.add(changeFunc(func(b *batch) error {
		for i, s := range slips {
			key, rec := d.row(s), &record.Delivery{}
			before[i] = Delivery{}
			if ok, err := b.get(bucketLookups, key, rec); err != nil {
				return err
			} else if ok && !outdated(rec, at) {
				before[i] = Delivery{Tried: unix(rec.Tried), Date: unix(rec.Date), Message: int(rec.Message)}
				continue
			}
			if err := b.put(bucketLookups, key, &record.Delivery{Tried: at.Unix()}); err != nil {
				return err
			}
		}
		return nil
	}))
	if err := d.file.Flush(ctx); err != nil {
		return nil, err
	}
	return before, nil
}

func outdated(rec *record.Delivery, at time.Time) bool {
	return rec.Tried <= at.Add(-DeliveryTrust).Unix()
}

// Confirm notes that the server has taken a message. A message id of 0 says that it
// had taken it before. It does not wait: a message that is tried again meanwhile has
// the same random id.
func (d *Deliveries) Confirm(s Slip, message int, date time.Time) {
	d.file.add(changeFunc(func(b *batch) error {
		key, rec := d.row(s), &record.Delivery{}
		if ok, err := b.get(bucketLookups, key, rec); err != nil || !ok {
			return err
		}
		rec.Message, rec.Date = int64(message), date.Unix()
		return b.put(bucketLookups, key, rec)
	}))
}

// Drop forgets a message that the server has refused: it can be tried as if it never
// had been. It does not wait.
func (d *Deliveries) Drop(s Slip) {
	d.file.add(changeFunc(func(b *batch) error {
		b.putBytes(bucketLookups, d.row(s), nil)
		return nil
	}))
}

// sweepAtOnce is how many deliveries are looked at in one transaction.
const sweepAtOnce = 1000

// Sweep removes the deliveries that are not remembered any more.
func (d *Deliveries) Sweep(ctx context.Context, at time.Time) error {
	for next := []byte(prefixSent); next != nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var old [][]byte
		from := next
		next = nil
		err := d.file.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(bucketLookups)).Cursor()
			n := 0
			for k, v := c.Seek(from); bytes.HasPrefix(k, []byte(prefixSent)); k, v = c.Next() {
				if n++; n > sweepAtOnce {
					next = bytes.Clone(k)
					return nil
				}
				rec := &record.Delivery{}
				if proto.Unmarshal(v, rec) != nil || outdated(rec, at) {
					old = append(old, bytes.Clone(k))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(old) == 0 {
			continue
		}
		d.file.add(changeFunc(func(b *batch) error {
			for _, key := range old {
				rec := &record.Delivery{}
				if ok, err := b.get(bucketLookups, key, rec); err != nil {
					return err
				} else if ok && !outdated(rec, at) {
					continue // it was noted anew
				}
				b.putBytes(bucketLookups, key, nil)
			}
			return nil
		}))
	}
	return nil
}

// forgetDeliveries removes what was sent to a peer.
func (b *batch) forgetDeliveries(id ID) {
	prefix := append([]byte(prefixSent), id.key()...)
	for k := range b.puts[bucketLookups] {
		if bytes.HasPrefix([]byte(k), prefix) {
			b.putBytes(bucketLookups, []byte(k), nil)
		}
	}
	c := b.tx.Bucket([]byte(bucketLookups)).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		b.putBytes(bucketLookups, bytes.Clone(k), nil)
	}
}
