package fakedc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// WorldOptions describe a world. The zero value is useful. What has a JSON name
// can be changed by the step "set".
type WorldOptions struct {
	// Clock is what the dates of messages come from, time.Now by default. A
	// clock that always says the same stands still but for the wait step.
	Clock func() time.Time `json:"-"`
	// Secret seasons the access hashes. Worlds with the same secret and the same
	// story have the same hashes.
	Secret string `json:"-"`
	// SignInHashes gives a bot new access hashes with every sign-in; the old ones
	// stop working. Documentation binds hashes to a session, practice to an
	// account: https://core.telegram.org/api/peers#access-hash.
	SignInHashes bool `json:"sign_in_hashes"`
	// MinSenders makes all senders min objects where supergroups are pushed.
	MinSenders bool `json:"min_senders"`
	// OldBots answers every message to a bot with USER_IS_BOT, as servers did
	// before https://core.telegram.org/api/bots/bot-to-bot.
	OldBots bool `json:"old_bots"`
	// DocumentedCodes gives PEER_ID_INVALID the code that the documentation of each
	// method has (400, 404 or 406). It is 400 everywhere otherwise.
	DocumentedCodes bool `json:"documented_codes"`
	// ResolveLimit is how many usernames a bot may resolve in a day of the story's
	// clock, in UTC. 0 means any number.
	ResolveLimit int `json:"resolve_limit"`
	// RandomIDs is how long a random_id is remembered, a day by default.
	RandomIDs time.Duration `json:"-"`
	// Slice is how many events one difference holds, 1000 by default.
	Slice int `json:"slice"`
	// TooLong is how many missed events make an account's difference too long, and
	// ChannelTooLong a channel's. 0 means that none is.
	TooLong        int `json:"too_long"`
	ChannelTooLong int `json:"channel_too_long"`
}

func (o *WorldOptions) setDefaults() {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Secret == "" {
		o.Secret = "fakedc"
	}
	if o.RandomIDs == 0 {
		o.RandomIDs = 24 * time.Hour
	}
	if o.Slice == 0 {
		o.Slice = 1000
	}
}

// World is everybody who is there, and everything that was said. All methods are
// safe for concurrent use.
type World struct {
	opts   WorldOptions
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
	names  map[string]owner
	chats  []*chat
	rooms  map[string]*chat
	bots   []*account
	files  map[int64]*file
	// transfers are authorizations on their way between data centers, by ticket.
	transfers map[string]transfer
	crowd     int
	nextID    int64
	// made counts what needs an id of its own: queries, polls, photos and files.
	made int64
	// steps counts what people did, so that a keeper sees that something changed.
	steps int
	// dc is where files are said to be.
	dc int
}

// NewWorld returns a world without anybody in it.
func NewWorld(opts WorldOptions) *World {
	opts.setDefaults()
	w := &World{
		opts:      opts,
		secret:    sha256.Sum256([]byte(opts.Secret)),
		board:     newSwitchboard(),
		calls:     &calls{counts: map[string]int{}},
		faults:    &faults{},
		clock:     &clock{base: opts.Clock},
		people:    map[int64]*person{},
		keyed:     map[string]*person{},
		names:     map[string]owner{},
		rooms:     map[string]*chat{},
		files:     map[int64]*file{},
		transfers: map[string]transfer{},
		nextID:    firstPersonID,
		dc:        2,
	}
	w.keys.now = w.clock.server
	return w
}

func (w *World) now() time.Time { return w.clock.now() }

// date is now as TL has it.
func (w *World) date() int { return int(w.now().Unix()) }

// nextMade is an id for something that is neither a peer nor a message. The same
// story gets the same ones.
func (w *World) nextMade() int64 {
	w.made++
	return w.hash(0, kindMade, w.made)
}
