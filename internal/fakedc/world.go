package fakedc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// WorldOptions describe a world. The zero value is useful.
type WorldOptions struct {
	// Clock is what the dates of messages come from, time.Now by default. A
	// clock that always says the same stands still but for the wait step.
	Clock func() time.Time
	// Secret seasons the access hashes. Worlds with the same secret and the same
	// story have the same hashes.
	Secret string
}

func (o *WorldOptions) setDefaults() {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Secret == "" {
		o.Secret = "fakedc"
	}
}

// World is everybody who is there, and everything that was said. All methods are
// safe for concurrent use.
type World struct {
	secret [sha256.Size]byte
	keys   keyring
	board  *switchboard
	calls  *calls
	faults *faults
	clock  *clock

	// mu guards what follows, and everything that it leads to. Pushes are put on
	// their way while it is held: that is what keeps them in the order of pts.
	mu     sync.Mutex
	people map[int64]*person
	keyed  map[string]*person
	names  map[string]*person
	chats  []*chat
	bots   []*account
	crowd  int
	nextID int64
}

// NewWorld returns a world without anybody in it.
func NewWorld(opts WorldOptions) *World {
	opts.setDefaults()
	return &World{
		secret: sha256.Sum256([]byte(opts.Secret)),
		board:  newSwitchboard(),
		calls:  &calls{counts: map[string]int{}},
		faults: &faults{},
		clock:  &clock{base: opts.Clock},
		people: map[int64]*person{},
		keyed:  map[string]*person{},
		names:  map[string]*person{},
		nextID: firstPersonID,
	}
}

func (w *World) now() time.Time { return w.clock.now() }

// date is now as TL has it.
func (w *World) date() int { return int(w.now().Unix()) }
