package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Outbox is what the bot owes: messages decided on and not yet confirmed by the
// server. A row is committed together with the update that caused it, so after a
// crash the message is neither lost nor owed twice.
type Outbox struct{ file *File }

// Outbox returns the file's outbox.
func (f *File) Outbox() *Outbox { return &Outbox{f} }

// Greeting is a message that answers the beginning of a chat.
type Greeting struct {
	// User has written the message of that id at that time.
	User    int64
	Message int
	At      time.Time
	// Start says that it is a /start, and Payload what the deep link carried.
	Start   bool
	Payload string
	// Text is for somebody whose first message this is, and Again for one who had
	// written before and sends /start; HTML if HTML is set. Where it is empty,
	// nothing is owed.
	Text, Again string
	HTML        bool
}

// Greet owes a greeting: to somebody who writes for the first time, whatever they
// write, and to whoever sends /start. It is owed once for a message, however often
// that is delivered. It does not wait. Somebody who cannot be is not greeted.
func (o *Outbox) Greet(g Greeting) {
	if !UserID(g.User).Valid() {
		return
	}
	g.Text, g.Again = strings.ToValidUTF8(g.Text, "\uFFFD"), strings.ToValidUTF8(g.Again, "\uFFFD")
	o.file.add(changeFunc(func(b *batch) error {
		// The harvest has queued the same event before. It is not so for a message
		// that comes from anywhere else.
		e := &event{
			user: g.User, at: g.At.Unix(), what: acted, reason: ReasonWrote,
			message: g.Message, start: g.Start, payload: g.Payload,
		}
		if g.Start {
			e.reason = ReasonStart
		}
		if err := e.apply(b); err != nil {
			return err
		}
		d := b.dialog(g.User)
		rec := d.rec
		fresh := int64(g.Message) == rec.FirstMessage
		if int64(g.Message) <= rec.GreetedMessage || !fresh && !g.Start {
			return nil
		}
		rec.GreetedMessage = int64(g.Message)
		text := g.Text
		if !fresh {
			text = g.Again
		}
		d.changed()
		if text == "" {
			return nil
		}
		return b.put(bucketOutbox, u64(b.nextOwed()), &record.Owed{
			Kind: uint32(User), Id: g.User, Text: text, Html: g.HTML, Cause: "greeting", Since: g.At.Unix(),
			RandomId: o.file.RandomID("greeting", UserID(g.User), g.Message, 0),
		})
	}))
	poke(o.file.owed)
}

// nextOwed returns the key of the next row: one above the highest.
func (b *batch) nextOwed() uint64 {
	if b.owed == 0 {
		if k, _ := b.tx.Bucket([]byte(bucketOutbox)).Cursor().Last(); len(k) == 8 {
			b.owed = binary.BigEndian.Uint64(k)
		}
	}
	b.owed++
	return b.owed
}

// Owed is one row of the outbox.
type Owed struct {
	To       ID
	Text     string
	HTML     bool // the text is HTML, in Telegram's dialect
	RandomID int64
	// Cause is what it is for, and Since when that happened.
	Cause string
	Since time.Time
	// Tried says that it may have been sent already.
	Tried bool

	seq uint64
}

// More is sent to when the outbox may have grown.
func (o *Outbox) More() <-chan struct{} { return o.file.owed }

// Rows returns up to limit rows, oldest first, as they stand in the file: flush
// it first to have those that wait.
func (o *Outbox) Rows(limit int) ([]Owed, error) {
	var rows []Owed
	err := o.file.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketOutbox)).Cursor()
		for k, _ := c.First(); k != nil && len(rows) < limit; k, _ = c.Next() {
			rec := &record.Owed{}
			if ok, err := load(tx, bucketOutbox, k, rec); err != nil || !ok || len(k) != 8 {
				continue
			}
			rows = append(rows, Owed{
				To: ID{Kind(rec.Kind), rec.Id}, Text: rec.Text, HTML: rec.Html, RandomID: rec.RandomId,
				Cause: rec.Cause, Since: unix(rec.Since), Tried: rec.Tried,
				seq: binary.BigEndian.Uint64(k),
			})
		}
		return nil
	})
	return rows, err
}

// Len returns the number of rows in the file.
func (o *Outbox) Len() (int, error) {
	var n int
	err := o.file.db.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte(bucketOutbox)).Stats().KeyN
		return nil
	})
	return n, err
}

// Trying records that a row is about to be sent, or, with false, that it surely
// was not. It does not wait: flush before sending.
func (o *Outbox) Trying(row Owed, tried bool) {
	o.file.add(changeFunc(func(b *batch) error {
		rec := &record.Owed{}
		if ok, err := b.get(bucketOutbox, u64(row.seq), rec); err != nil || !ok {
			return err
		}
		rec.Tried = tried
		return b.put(bucketOutbox, u64(row.seq), rec)
	}))
}

// Settle removes a row: it was sent, or never will be. It does not wait.
func (o *Outbox) Settle(row Owed) {
	o.file.add(changeFunc(func(b *batch) error {
		b.putBytes(bucketOutbox, u64(row.seq), nil)
		return nil
	}))
}

// RandomID returns the random id of a message that has a cause: a kind of event,
// the chat and the id of the message that it was, and the number of the answer
// to it. The same cause gives the same id, so that the server itself refuses a
// second copy. It is a keyed hash: nobody outside can guess it.
func (f *File) RandomID(kind string, chat ID, message, n int) int64 {
	mac := f.digest(kind, chat, message, n)
	return int64(binary.BigEndian.Uint64(mac[:]))
}

func (f *File) digest(kind string, chat ID, message, n int) (sum [sha256.Size]byte) {
	meta := f.meta.get()
	mac := hmac.New(sha256.New, meta.RandomKey)
	var buf []byte
	buf = binary.BigEndian.AppendUint64(buf, uint64(meta.BotId))
	buf = append(buf, chat.key()...)
	buf = binary.BigEndian.AppendUint64(buf, uint64(message))
	buf = binary.BigEndian.AppendUint64(buf, uint64(n))
	buf = append(buf, kind...)
	mac.Write(buf)
	mac.Sum(sum[:0])
	return sum
}
