package session

import (
	"fmt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// sealKnown reports whether it is known how the file is sealed, and with what.
func (i *inspector) sealKnown() bool { return i.meta != nil }

func (i *inspector) checkPeers() error {
	return i.each(bucketPeers, func(k, v []byte) error {
		id, rec, wrong := readPeer(k, v)
		countKind(&i.done.Peers, k)
		f := Finding{Bucket: bucketPeers, Key: keyName(bucketPeers, k), Problem: wrong}
		switch {
		case wrong != "" && id == ID{}:
			f.Repair = repairDrops
			i.tell(f)
			return nil
		case wrong != "":
			f.Repair = "stays in the book by id, names and history; the rest comes with the next sighting"
			i.tell(f)
			return nil
		}
		if i.sealKnown() && !i.seal.reveal(k, rec) {
			f.Problem, f.Repair = "has an access hash that does not open with the key of the file", "stays without it until the next sighting"
			if i.seal == nil {
				f.Problem = "has a sealed access hash, and the file has no key"
			}
			i.tell(f)
		}
		if Flags(rec.Flags)&FlagSelf != 0 && len(i.self) < 10 {
			i.self = append(i.self, id)
		}
		for _, u := range rec.Usernames {
			name := fold(u.Name)
			if i.get(bucketNames, []byte(name)) == nil && !i.missing(bucketNames, []byte(name)) {
				i.tell(Finding{
					Bucket: bucketNames, Key: name, Problem: "is borne by " + id.String() + " and not in the index", Repair: "entered",
				})
			}
		}
		return nil
	})
}

func countKind(c *Counts, key []byte) {
	m := record.Meta{}
	count(&m, key, 1)
	c.Users, c.Chats, c.Channels = c.Users+m.Users, c.Chats+m.Chats, c.Channels+m.Channels
}

// present tells whether a peer is in the book, or may be: in a record that does
// not decode, or on a page that cannot be read.
func (i *inspector) present(id ID) bool {
	return i.get(bucketPeers, id.key()) != nil || i.missing(bucketPeers, id.key())
}

func (i *inspector) checkNames() error {
	return i.each(bucketNames, func(k, v []byte) error {
		i.done.Names++
		f := Finding{Bucket: bucketNames, Key: keyName(bucketNames, k), Repair: repairDrops}
		rec, wrong := readName(k, v)
		if wrong != "" {
			f.Problem, f.Repair = wrong, "dropped, or entered again from its bearer"
			i.tell(f)
			return nil
		}
		id := owner(rec)
		if id == (ID{}) {
			return nil // nobody's, and says so
		}
		switch v := i.get(bucketPeers, id.key()); {
		case v == nil && i.missing(bucketPeers, id.key()):
		case v == nil:
			f.Problem, f.Repair = "belongs to "+id.String()+", who is not in the book", "the owner stays in the book by this name"
			i.tell(f)
		default:
			if _, peer, wrong := readPeer(id.key(), v); wrong == "" && !bears(peer, string(k)) {
				f.Problem, f.Repair = "belongs to "+id.String()+", who does not bear it", "dropped, or entered again from its bearer"
				i.tell(f)
			}
		}
		return nil
	})
}

func (i *inspector) checkHistory() error {
	var last ID
	known := false
	return i.each(bucketHistory, func(k, v []byte) error {
		f := Finding{Bucket: bucketHistory, Key: keyName(bucketHistory, k), Repair: repairDrops}
		id, wrong := readChange(k, v)
		if id != last { // the rows of one peer come together
			last, known = id, id == ID{} || i.present(id)
		}
		switch {
		case wrong != "":
			f.Problem = wrong
			i.tell(f)
		case !known:
			f.Problem, f.Repair = "is about nobody in the book", "the peer stays in the book by its history"
			i.tell(f)
			known = true // once for all of it
		}
		return nil
	})
}

// checkDialogs does not ask whether the users are in the book: somebody may have
// stopped the bot whom it has only heard of.
func (i *inspector) checkDialogs() error {
	return i.each(bucketDialogs, func(k, v []byte) error {
		if wrong := readDialog(k, v); wrong != "" {
			i.tell(Finding{Bucket: bucketDialogs, Key: keyName(bucketDialogs, k), Problem: wrong, Repair: repairDrops})
		}
		return nil
	})
}

func (i *inspector) checkOutbox() error {
	return i.each(bucketOutbox, func(k, v []byte) error {
		f := Finding{Bucket: bucketOutbox, Key: keyName(bucketOutbox, k), Repair: "dropped, and not sent"}
		rec, wrong := readOwed(k, v)
		if wrong == "" && !i.present(ID{Kind(rec.Kind), rec.Id}) {
			wrong = fmt.Sprintf("is owed to %v, who is not in the book", ID{Kind(rec.Kind), rec.Id})
		}
		if wrong != "" {
			f.Problem = wrong
			i.tell(f)
		}
		return nil
	})
}

func (i *inspector) checkLookups() error {
	return i.each(bucketLookups, func(k, v []byte) error {
		wrong := readLookup(k, v)
		if wrong == "" && i.owned(k) {
			wrong = "is nobody's, and the index knows whose"
		}
		if wrong != "" {
			i.tell(Finding{Bucket: bucketLookups, Key: keyName(bucketLookups, k), Problem: wrong, Repair: repairDrops})
		}
		return nil
	})
}

// owned reports whether the index has an owner for a name.
func (i *inspector) owned(name []byte) bool {
	rec, wrong := readName(name, i.get(bucketNames, name))
	return wrong == "" && owner(rec) != ID{}
}

func (i *inspector) checkAuth() error {
	return i.each(bucketAuth, func(k, v []byte) error {
		if !i.sealKnown() {
			return nil
		}
		if wrong := readAuth(k, v, i.seal); wrong != "" {
			i.tell(Finding{
				Bucket: bucketAuth, Key: keyName(bucketAuth, k), Problem: wrong,
				Repair: "dropped: the bot signs in again with its token",
			})
		}
		return nil
	})
}

func (i *inspector) checkState() error {
	return i.each(bucketState, func(k, v []byte) error {
		if wrong := readState(k, v, i.now); wrong != "" {
			i.tell(Finding{Bucket: bucketState, Key: keyName(bucketState, k), Problem: wrong, Repair: lossOf(bucketState)})
		}
		return nil
	})
}

// checkMeta holds the file's own record against the others.
func (i *inspector) checkMeta() {
	if i.meta == nil {
		return
	}
	f := Finding{Bucket: bucketMeta, Key: keyMeta}
	said := Counts{i.meta.Users, i.meta.Chats, i.meta.Channels}
	if said != i.done.Peers && len(i.gaps[bucketPeers]) == 0 {
		f.Problem = fmt.Sprintf("counts %s, and there are %s", said, i.done.Peers)
		f.Repair = "counted anew"
		i.tell(f)
	}
	bot := UserID(i.meta.BotId)
	for _, id := range i.self {
		if id != bot {
			f.Problem = fmt.Sprintf("belongs to the bot %d, and %v says it is the bot", i.meta.BotId, id)
			f.Repair = "given to the one that says so, if it is the only one"
			i.tell(f)
		}
	}
}

// String returns the counts in words.
func (c Counts) String() string {
	return fmt.Sprintf("%d users, %d chats and %d channels", c.Users, c.Chats, c.Channels)
}
