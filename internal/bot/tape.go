package bot

import (
	"bytes"
	"sync"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// keptBytes bounds what a tape keeps.
const keptBytes = 16 << 20

// tape keeps the last updates that the bot has received, for whoever watches
// them. It is bounded by their number and by their bytes; those who read it have
// their own places, and nobody waits for them.
//
// An update is kept as the bytes of its TL, which say what it takes, and become
// objects again only for somebody who reads.
type tape struct {
	now        func() time.Time
	most, size int // how much is kept

	mu    sync.Mutex
	began int64 // the number before the first update of all
	last  int64 // the number of the newest one
	kept  []received
	held  int           // bytes
	more  chan struct{} // closed when there is a newer one; nil if nobody waits
}

// received is an update that was received.
type received struct {
	at  time.Time
	raw []byte
}

// newTape makes one that keeps so many updates, in so many bytes.
//
// Numbers begin with the time in microseconds: so one that an earlier process has
// told is never taken for one of this process, and none is beyond 2^53 before the
// year 2255.
func newTape(now func() time.Time, most, size int) *tape {
	began := now().UnixMicro()
	return &tape{now: now, most: most, size: size, began: began, last: began}
}

// add takes an update. It never waits for a reader.
func (t *tape) add(u tg.UpdateClass) error {
	var b bin.Buffer
	if err := u.Encode(&b); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	t.kept = append(t.kept, received{t.now(), bytes.Clone(b.Buf)}) // without what it has grown to
	t.held += len(b.Buf)
	for len(t.kept) > t.most || t.held > t.size && len(t.kept) > 1 {
		t.held -= len(t.kept[0].raw)
		t.kept[0] = received{} // the list goes on behind it
		t.kept = t.kept[1:]
	}
	if t.more != nil {
		close(t.more)
		t.more = nil
	}
	return nil
}

// page is what a reader gets at once.
type page struct {
	// first is the number of the first of some updates.
	first   int64
	updates []received
	// gone says that updates between the reader's place and first are not kept.
	gone bool
	// known says how many those are: the reader's place was told by this tape.
	known bool
	// more is closed when there are updates, if there are none now.
	more <-chan struct{}
}

// after returns what follows a number, some updates at a time.
func (t *tape) after(n int64) page {
	const atOnce = 64
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.last - int64(len(t.kept)) + 1
	p := page{first: max(n+1, first), gone: n+1 < first, known: n >= t.began}
	if p.first > t.last {
		if t.more == nil {
			t.more = make(chan struct{})
		}
		p.more = t.more
		return p
	}
	list := t.kept[p.first-first:]
	p.updates = append(p.updates, list[:min(len(list), atOnce)]...)
	return p
}

// newest returns the number of the newest update.
func (t *tape) newest() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}
