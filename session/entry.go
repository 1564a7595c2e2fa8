package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Entry is one peer in an export: one line of JSON. Fields are only ever added.
type Entry struct {
	// Kind is "user", "chat" or "channel", and ID the MTProto id.
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
	// Min says that only min objects of the peer were received.
	Min bool `json:"min,omitempty"`
	// Hash is the class of the access hash: "full", "min" or "none".
	Hash string `json:"hash,omitempty"`
	// AccessHash is the hash itself, as a decimal string, and Bot the bot that it
	// belongs to. Both are there only if hashes were asked for.
	AccessHash string `json:"access_hash,omitempty"`
	Bot        int64  `json:"bot,omitempty"`

	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Title     string `json:"title,omitempty"`
	// Usernames are the active ones, the main one first.
	Usernames []string `json:"usernames,omitempty"`
	Language  string   `json:"language,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	// Flags are those of [Flags] that hold, in lower case: "bot", "premium".
	Flags []string `json:"flags,omitempty"`
	// FirstSeen and LastSeen are on the server's clock.
	FirstSeen time.Time `json:"first_seen,omitzero"`
	LastSeen  time.Time `json:"last_seen,omitzero"`
	// MigratedTo is the channel that a basic group was turned into.
	MigratedTo int64 `json:"migrated_to,omitempty"`
}

// ParseEntry reads one line of an export. Fields that this version does not know
// are skipped.
func ParseEntry(line []byte) (Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(line))
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("read entry: %w", err)
	}
	if d.More() {
		return e, fmt.Errorf("read entry: more than one object in a line")
	}
	_, err := e.sighting(0)
	return e, err
}

// entryOf is a peer as an export has it.
func entryOf(p Peer, bot int64, hashes bool) Entry {
	e := Entry{
		Kind: p.ID.Kind.String(), ID: p.ID.Num, Min: p.Min, Hash: p.Hash.Class().String(),
		FirstName: p.FirstName, LastName: p.LastName, Title: p.Title,
		Language: p.Language, Phone: p.Phone, Flags: p.Flags.Names(),
		FirstSeen: p.FirstSeen, LastSeen: p.LastSeen, MigratedTo: p.MigratedTo.Num,
	}
	for _, u := range p.Usernames {
		e.Usernames = append(e.Usernames, u.Name)
	}
	if h, ok := p.Hash.Reveal(); ok && hashes {
		e.AccessHash, e.Bot = strconv.FormatInt(h, 10), bot
	}
	return e
}

// sighting turns an entry into what the rules of merging take. The hash of
// another bot is left out: it would be worth nothing.
func (e Entry) sighting(bot int64) (*sighting, error) {
	s := &sighting{
		min: e.Min, firstName: clip(e.FirstName), lastName: clip(e.LastName), title: clip(e.Title),
		language: clip(e.Language), phone: clip(e.Phone), migratedTo: e.MigratedTo,
		origin: Source{Via: ViaImport}.record(), at: e.LastSeen.Unix(), first: e.FirstSeen.Unix(),
	}
	for _, k := range []Kind{User, Chat, Channel} {
		if k.String() == e.Kind {
			s.id = ID{k, e.ID}
		}
	}
	if !s.id.Valid() {
		return nil, fmt.Errorf("entry of %s %d: no such peer can be", e.Kind, e.ID)
	}
	if e.MigratedTo != 0 && !ChannelID(e.MigratedTo).Valid() {
		return nil, fmt.Errorf("entry of %v: no such channel as %d can be", s.id, e.MigratedTo)
	}
	if e.LastSeen.IsZero() || e.LastSeen.Unix() <= 0 || e.FirstSeen.After(e.LastSeen) {
		return nil, fmt.Errorf("entry of %v: it does not say when the peer was seen", s.id)
	}
	if e.FirstSeen.Unix() <= 0 {
		s.first = 0
	}
	for i, name := range e.Usernames {
		if !ValidUsername(name) {
			return nil, fmt.Errorf("entry of %v: %q is no username", s.id, name)
		}
		if len(s.usernames) < maxNames {
			s.usernames = append(s.usernames, Username{Name: name, Editable: i == 0})
		}
	}
	for _, name := range e.Flags {
		f, ok := flagNamed(name)
		if !ok {
			continue // of a newer version
		}
		s.flags |= f &^ FlagSelf
	}
	if e.AccessHash != "" {
		h, err := strconv.ParseInt(e.AccessHash, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("entry of %v: the access hash is no number", s.id)
		}
		if e.Bot == bot && bot != 0 {
			s.hash, s.hasHash, s.minHash = h, true, e.Hash != HashFull.String()
		}
	}
	return s, nil
}

// flagNames are the names of the flags in exports, by bit.
func flagNames() []string {
	return []string{
		"self", "bot", "premium", "deleted", "verified", "scam", "fake", "support",
		"megagroup", "broadcast", "forum", "monoforum", "forbidden", "left",
	}
}

// Names returns the names of the flags that are set, in lower case, as exports have
// them.
func (f Flags) Names() []string {
	var out []string
	for bit, name := range flagNames() {
		if f&(1<<bit) != 0 {
			out = append(out, name)
		}
	}
	return out
}

func flagNamed(name string) (Flags, bool) {
	for bit, n := range flagNames() {
		if n == name {
			return 1 << bit, true
		}
	}
	return 0, false
}
