package session

import (
	"strings"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Flags are facts about a peer that are true or not. The values stand in the
// session file.
type Flags uint32

// The flags, named as Telegram names them.
const (
	FlagSelf      Flags = 1 << iota // the bot itself
	FlagBot                         // the user is a bot
	FlagPremium                     // the user has Telegram Premium
	FlagDeleted                     // the account is deleted
	FlagVerified                    // verified by Telegram
	FlagScam                        // marked as a scam by Telegram
	FlagFake                        // marked as an impersonation by Telegram
	FlagSupport                     // Telegram's support
	FlagMegagroup                   // the channel is a supergroup
	FlagBroadcast                   // the channel is a broadcast channel
	FlagForum                       // the supergroup has topics
	FlagMonoforum                   // the channel holds direct messages
	FlagForbidden                   // the bot has lost its access
	FlagLeft                        // the bot is not a member
)

// Username is one active name of a peer, as it is written.
type Username struct {
	Name string
	// Editable tells the main name from collectible ones.
	Editable bool
}

// Peer is one peer as the book knows it. It is a copy: changing it changes
// nothing.
type Peer struct {
	ID   ID
	Hash AccessHash
	// Min says that only min objects of the peer were received: names may be
	// missing or shortened.
	Min bool
	// FirstName and LastName are a user's; Title is a chat's or channel's.
	FirstName, LastName, Title string
	// Usernames are the active ones, the main one first.
	Usernames []Username
	// Language is the last known IETF tag of a user; empty if none was ever told.
	Language string
	// Phone is a user's number, which bots receive only where it was shared.
	Phone string
	Flags Flags
	// FirstSeen and LastSeen are the first and a recent sighting, on the server's
	// clock. LastSeen is renewed at most twice a day.
	FirstSeen, LastSeen time.Time
	// FirstSource and LastSource tell where those sightings arrived.
	FirstSource, LastSource Source
	// MigratedTo is the channel that a basic group was turned into; zero if none.
	MigratedTo ID
}

// Has reports whether all the given flags are set.
func (p Peer) Has(f Flags) bool { return p.Flags&f == f }

// Name returns the full name of a user or the title of a chat.
func (p Peer) Name() string {
	if p.ID.Kind != User {
		return p.Title
	}
	return strings.TrimSpace(p.FirstName + " " + p.LastName)
}

// Input returns the peer as a request names it.
func (p Peer) Input() tg.InputPeerClass {
	switch {
	case p.Has(FlagSelf):
		return &tg.InputPeerSelf{}
	case p.ID.Kind == User:
		return &tg.InputPeerUser{UserID: p.ID.Num, AccessHash: p.Hash.Input()}
	case p.ID.Kind == Chat:
		return &tg.InputPeerChat{ChatID: p.ID.Num}
	default:
		return &tg.InputPeerChannel{ChannelID: p.ID.Num, AccessHash: p.Hash.Input()}
	}
}

// InputUser returns a user as a request names it, and false for anybody else.
func (p Peer) InputUser() (tg.InputUserClass, bool) {
	switch {
	case p.ID.Kind != User:
		return nil, false
	case p.Has(FlagSelf):
		return &tg.InputUserSelf{}, true
	default:
		return &tg.InputUser{UserID: p.ID.Num, AccessHash: p.Hash.Input()}, true
	}
}

// InputChannel returns a channel as a request names it, and false for anything
// else.
func (p Peer) InputChannel() (*tg.InputChannel, bool) {
	if p.ID.Kind != Channel {
		return nil, false
	}
	return &tg.InputChannel{ChannelID: p.ID.Num, AccessHash: p.Hash.Input()}, true
}

func peerOf(id ID, r *record.Peer) Peer {
	p := Peer{
		ID:          id,
		Hash:        hashOf(r),
		Min:         r.Min,
		FirstName:   r.FirstName,
		LastName:    r.LastName,
		Title:       r.Title,
		Language:    r.Language,
		Phone:       r.Phone,
		Flags:       Flags(r.Flags),
		FirstSeen:   unix(r.FirstSeen),
		LastSeen:    unix(r.LastSeen),
		FirstSource: sourceOf(r.FirstSource),
	}
	p.LastSource = p.FirstSource
	if r.LastSource != nil {
		p.LastSource = sourceOf(r.LastSource)
	}
	for _, u := range r.Usernames {
		p.Usernames = append(p.Usernames, Username{Name: u.Name, Editable: u.Editable})
	}
	if r.MigratedTo != 0 {
		p.MigratedTo = ChannelID(r.MigratedTo)
	}
	return p
}

func unix(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}
