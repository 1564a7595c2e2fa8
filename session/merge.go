package session

import (
	"slices"

	"github.com/f48b34c0/seen/session/internal/record"
)

// always are the flags that every user object tells rightly, a min one too.
// See core.telegram.org/constructor/user.
const always = FlagBot | FlagPremium | FlagDeleted | FlagVerified | FlagScam | FlagFake | FlagSupport

// alwaysChannel are the same for a channel; broadcast is not in Telegram's list
// of what a min channel may change.
// See core.telegram.org/constructor/channel.
const alwaysChannel = FlagVerified | FlagScam | FlagFake | FlagMegagroup | FlagForum | FlagMonoforum

// merge decides what a sighting may change in a record, field by field, and
// returns the new record: old itself if nothing changes, nil if there is nothing
// to record. It is the only place that decides this. It is idempotent, and it
// does not touch old.
//
// Envelopes arrive out of order. A sighting that is older than the one that the
// record was taken from fills gaps and replaces nothing.
func merge(old *record.Peer, s *sighting, generation uint32) *record.Peer {
	if old == nil {
		return enter(s, generation)
	}
	// Most sightings say nothing new, so the record that they lead to is made up on
	// the stack.
	var scratch record.Peer
	next := &scratch
	old.CopyTo(next)

	// The first full object replaces what min objects told, whatever its age.
	completes := old.Min && !s.min && !s.namesOnly
	stale := s.at < old.FactsAt && !completes
	if completes {
		next.Min, next.FactsAt = false, s.at
	}
	mergeHash(next, s, generation, stale)
	if s.since() < next.FirstSeen {
		next.FirstSeen = s.since()
		next.LastSource, next.FirstSource = last(next), s.origin
	}
	if !stale {
		mergeFacts(next, old, s)
	}

	if next.Same(old) && s.at < old.LastSeen+confirmAfter {
		return old
	}
	if s.at > next.FactsAt && (!s.min || old.Min) {
		next.FactsAt = s.at
	}
	if s.at > next.LastSeen {
		next.LastSeen = s.at
		next.LastSource = s.origin
	}
	if next.LastSource.Same(next.FirstSource) {
		next.LastSource = nil
	}
	return next.Copy()
}

// enter makes the first record of a peer.
func enter(s *sighting, generation uint32) *record.Peer {
	if s.namesOnly {
		return nil
	}
	r := &record.Peer{
		Min:         s.min,
		FirstName:   s.firstName,
		LastName:    s.lastName,
		Title:       s.title,
		Phone:       s.phone,
		Language:    s.language,
		Usernames:   usernameRecords(s.usernames),
		Flags:       uint32(s.flags),
		FirstSeen:   s.since(),
		LastSeen:    s.at,
		FactsAt:     s.at,
		FirstSource: s.origin,
		MigratedTo:  s.migratedTo,
	}
	mergeHash(r, s, generation, false)
	return r
}

// mergeHash applies the ranks of core.telegram.org/api/peers#access-hash: a
// lower class never replaces a higher one, and absent replaces nothing. Within
// a class the newer hash wins.
func mergeHash(r *record.Peer, s *sighting, generation uint32, stale bool) {
	if !s.hasHash {
		return
	}
	class := record.HashClass_HASH_CLASS_FULL
	if s.minHash {
		class = record.HashClass_HASH_CLASS_MIN
	}
	switch {
	case class < r.HashClass:
		return
	case class == r.HashClass && (stale || r.AccessHash != nil && *r.AccessHash == s.hash):
		return
	}
	r.AccessHash, r.SealedHash = &s.hash, nil // which nobody changes
	r.HashClass = class
	r.HashGeneration = generation
}

// mergeFacts applies everything else of a sighting that is new enough.
func mergeFacts(next, old *record.Peer, s *sighting) {
	if s.language != "" { // never erased by absence: TDLib keeps the last one too
		next.Language = s.language
	}
	if s.migratedTo != 0 {
		next.MigratedTo = s.migratedTo
	}
	switch {
	case s.namesOnly:
		next.FirstName, next.LastName = s.firstName, s.lastName
		takeUsernames(next, s.usernames)
	case s.forbidden: // tells the title, and that the rest is out of sight
		if s.title != "" {
			next.Title = s.title
		}
		next.Flags |= uint32(s.flags)
	case s.id.Kind != User:
		next.Title = s.title
		takeUsernames(next, s.usernames)
		mask := ^Flags(0)
		if s.min && !old.Min {
			mask = alwaysChannel
		}
		next.Flags = mix(next.Flags, s.flags, mask)
	default:
		mask := ^Flags(0)
		if s.min && !old.Min {
			mask = always
		} else {
			next.FirstName, next.LastName = s.firstName, s.lastName
			takeUsernames(next, s.usernames)
			next.Phone = s.phone
		}
		next.Flags = mix(next.Flags, s.flags, mask)
	}
}

// mix takes the bits of the mask from the new flags, and never forgets which
// account is the bot's own. Bits that this version does not know stay.
func mix(old uint32, flags, mask Flags) uint32 {
	const known = FlagLeft<<1 - 1
	mask = mask & known &^ FlagSelf
	return old&^uint32(mask) | uint32(flags&mask) | uint32(flags&FlagSelf)
}

func last(r *record.Peer) *record.Source {
	if r.LastSource != nil {
		return r.LastSource
	}
	return r.FirstSource
}

// takeUsernames replaces the list, unless it says the same.
func takeUsernames(r *record.Peer, list []Username) {
	if !slices.EqualFunc(r.Usernames, list, func(have *record.Username, u Username) bool {
		return have.Name == u.Name && have.Editable == u.Editable
	}) {
		r.Usernames = usernameRecords(list)
	}
}

func usernameRecords(list []Username) []*record.Username {
	if len(list) == 0 {
		return nil
	}
	room, out := make([]record.Username, len(list)), make([]*record.Username, len(list))
	for i, u := range list {
		room[i].Name, room[i].Editable = u.Name, u.Editable
		out[i] = &room[i]
	}
	return out
}

// bears reports whether the record bears a name, given in lower case.
func bears(r *record.Peer, lower string) bool {
	return slices.ContainsFunc(r.Usernames, func(u *record.Username) bool { return folds(u.Name, lower) })
}
