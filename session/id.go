package session

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"strconv"
)

// Kind says what a peer is. Users, basic groups and channels have id spaces of
// their own, which overlap.
type Kind uint8

// The kinds. The values stand in the session file.
const (
	User    Kind = 1
	Chat    Kind = 2 // a basic group
	Channel Kind = 3 // a channel, a supergroup or a monoforum
)

// String returns "user", "chat" or "channel".
func (k Kind) String() string {
	switch k {
	case User:
		return "user"
	case Chat:
		return "chat"
	case Channel:
		return "channel"
	default:
		return "kind(" + strconv.Itoa(int(k)) + ")"
	}
}

// ID names one peer: its kind and its MTProto id. The zero value names nobody.
type ID struct {
	Kind Kind
	Num  int64
}

// UserID returns the ID of a user.
func UserID(num int64) ID { return ID{User, num} }

// ChatID returns the ID of a basic group.
func ChatID(num int64) ID { return ID{Chat, num} }

// ChannelID returns the ID of a channel or supergroup.
func ChannelID(num int64) ID { return ID{Channel, num} }

// The documented ranges, from core.telegram.org/api/bots/ids. All start at 1.
const (
	maxUser      = 1<<40 - 1
	maxChat      = 999_999_999_999
	maxChannel   = 997_852_516_352
	minMonoforum = 1_002_147_483_649
	maxMonoforum = 3_000_000_000_000

	botAPIChannel = 1_000_000_000_000
)

// Valid reports whether the number lies in the range that Telegram documents
// for its kind.
func (id ID) Valid() bool {
	if id.Num <= 0 {
		return false
	}
	switch id.Kind {
	case User:
		return id.Num <= maxUser
	case Chat:
		return id.Num <= maxChat
	case Channel:
		return id.Num <= maxChannel || id.Num >= minMonoforum && id.Num <= maxMonoforum
	default:
		return false
	}
}

// BotAPI returns the id that the HTTP Bot API uses for the peer: the number
// itself for a user, negative for a basic group, below -10^12 for a channel.
// It is 0 for an ID that is not [ID.Valid].
func (id ID) BotAPI() int64 {
	if !id.Valid() {
		return 0
	}
	switch id.Kind {
	case User:
		return id.Num
	case Chat:
		return -id.Num
	default:
		return -botAPIChannel - id.Num
	}
}

// FromBotAPI returns the peer that an id of the HTTP Bot API names. Ids of
// secret chats, and ids in no documented range, are an error.
func FromBotAPI(n int64) (ID, error) {
	var id ID
	switch {
	case n > 0:
		id = UserID(n)
	case n >= -maxChat:
		id = ChatID(-n)
	default:
		id = ChannelID(-n - botAPIChannel)
	}
	if !id.Valid() {
		return ID{}, fmt.Errorf("%d is outside the ranges of Telegram's ids", n)
	}
	return id, nil
}

// String returns the kind and the number, as in "user 1001".
func (id ID) String() string { return id.Kind.String() + " " + strconv.FormatInt(id.Num, 10) }

// Service reports whether the id is one of Telegram's own accounts that stand
// in for somebody else, such as the sender of anonymous group messages. They
// are recorded like everybody, and nobody can write to them.
// See core.telegram.org/api/peers.
func (id ID) Service() bool {
	if id.Kind != User {
		return false
	}
	switch id.Num {
	case 777000, 1271266957, 1087968824, 136817688, 5434988373, 489000:
		return true
	}
	return false
}

const keySize = 9

// key returns the key of bucket peers: big-endian, so that it sorts by kind and
// number.
func (id ID) key() []byte { return id.appendKey(make([]byte, 0, keySize)) }

func (id ID) appendKey(b []byte) []byte {
	return binary.BigEndian.AppendUint64(append(b, byte(id.Kind)), uint64(id.Num))
}

// compareIDs orders valid ids as their keys are.
func compareIDs(x, y ID) int {
	return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Num, y.Num))
}

func idFromKey(k []byte) (ID, bool) {
	if len(k) < keySize {
		return ID{}, false
	}
	return ID{Kind(k[0]), int64(binary.BigEndian.Uint64(k[1:keySize]))}, true
}
