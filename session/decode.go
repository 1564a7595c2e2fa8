package session

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gotd/td/crypto"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// What follows reads rows as check does: it believes nothing. Each returns in
// words what is wrong, or "".

// strictly decodes a record. A field that has a number of ours and another type is
// of no newer version: the bytes are something else.
func strictly(v []byte, into proto.Message) string {
	if err := proto.Unmarshal(v, into); err != nil {
		return "does not decode"
	}
	fields := into.ProtoReflect().Descriptor().Fields()
	for rest := into.ProtoReflect().GetUnknown(); len(rest) > 0; {
		num, _, n := protowire.ConsumeField(rest)
		if n < 0 || fields.ByNumber(num) != nil {
			return "does not decode"
		}
		rest = rest[n:]
	}
	return ""
}

func readPeer(k, v []byte) (ID, *record.Peer, string) {
	id, ok := idFromKey(k)
	if !ok || len(k) != keySize || !id.Valid() {
		return ID{}, nil, "is the key of no peer"
	}
	rec := &record.Peer{}
	if wrong := strictly(v, rec); wrong != "" {
		return id, nil, wrong
	}
	hashed := rec.AccessHash != nil || rec.SealedHash != nil
	switch {
	case rec.AccessHash != nil && rec.SealedHash != nil,
		hashed != (rec.HashClass != record.HashClass_HASH_CLASS_NONE),
		rec.HashClass > record.HashClass_HASH_CLASS_FULL:
		return id, nil, "has an access hash and a class that do not go together"
	case rec.FirstSeen > rec.LastSeen:
		return id, nil, "was seen last before it was seen first"
	case len(rec.Usernames) > maxNames:
		return id, nil, "bears more names than anybody may"
	}
	for _, u := range rec.Usernames {
		if !ValidUsername(u.Name) {
			return id, nil, "bears a name that cannot be one"
		}
	}
	return id, rec, ""
}

func readName(k, v []byte) (*record.Name, string) {
	if name := string(k); !ValidUsername(name) || fold(name) != name {
		return nil, "is no username in lower case"
	}
	rec := &record.Name{}
	if wrong := strictly(v, rec); wrong != "" {
		return nil, wrong
	}
	if id := owner(rec); !id.Valid() && (id != ID{} || !rec.Shared) || rec.Kind > uint32(Channel) {
		return nil, "belongs to a peer that cannot be"
	}
	return rec, ""
}

func readChange(k, v []byte) (ID, string) {
	id, ok := idFromKey(k)
	if !ok || len(k) != keySize+12 || !id.Valid() {
		return ID{}, "is the key of no change"
	}
	rec := &record.Change{}
	if wrong := strictly(v, rec); wrong != "" {
		return id, wrong
	}
	if rec.What == record.Change_WHAT_UNKNOWN {
		return id, "does not say what has changed"
	}
	return id, ""
}

func dialogUser(k []byte) (ID, bool) {
	if len(k) != 8 {
		return ID{}, false
	}
	id := UserID(int64(binary.BigEndian.Uint64(k)))
	return id, id.Valid()
}

func readDialog(k, v []byte) string {
	if _, ok := dialogUser(k); !ok {
		return "is the key of no user"
	}
	return strictly(v, &record.Dialog{})
}

func readOwed(k, v []byte) (*record.Owed, string) {
	if len(k) != 8 {
		return nil, "is no number in the outbox"
	}
	rec := &record.Owed{}
	if wrong := strictly(v, rec); wrong != "" {
		return nil, wrong
	}
	if id := (ID{Kind(rec.Kind), rec.Id}); !id.Valid() || rec.Kind > uint32(Channel) {
		return nil, "is owed to a peer that cannot be"
	}
	return rec, ""
}

// readLookup knows what is said of names, and limits and deliveries, whose keys are no
// names. Other keys are another version's.
func readLookup(k, v []byte) string {
	switch name := string(k); {
	case ValidUsername(name) && fold(name) == name:
		return strictly(v, &record.Lookup{})
	case name == keySpending:
		return strictly(v, &record.Spending{})
	case name == keyRenewal:
		return strictly(v, &record.Renewal{})
	case strings.HasPrefix(name, prefixFlood):
		rec := &record.Flood{}
		if wrong := strictly(v, rec); wrong != "" {
			return wrong
		}
		if string(floodOf(rec).key()) != name {
			return "is the wait of another method, or in another chat"
		}
	case strings.HasPrefix(name, prefixSent):
		if _, ok := deliveredTo(k); !ok {
			return "is the key of no delivery"
		}
		return strictly(v, &record.Delivery{})
	}
	return ""
}

func stateChannel(k []byte) (ID, bool) {
	if len(k) != keySize || k[0] != prefixChannel {
		return ID{}, false
	}
	id := ChannelID(int64(binary.BigEndian.Uint64(k[1:])))
	return id, id.Valid()
}

// maxSequence bounds pts, qts and seq, which Telegram counts in 32 bits.
const maxSequence = 1<<31 - 1

// readState knows the account's state and the channels'. Other keys are another
// version's.
func readState(k, v []byte, now time.Time) string {
	switch {
	case string(k) == keyAccount:
		rec := &record.State{}
		if wrong := strictly(v, rec); wrong != "" {
			return wrong
		}
		for _, n := range []int64{rec.Pts, rec.Qts, rec.Seq, rec.Date} {
			if n < 0 || n > maxSequence {
				return fmt.Sprintf("counts to %d, as Telegram does not", n)
			}
		}
		if rec.Date > now.Add(48*time.Hour).Unix() {
			return "is of a time to come"
		}
	case len(k) == keySize && k[0] == prefixChannel:
		if _, ok := stateChannel(k); !ok {
			return "is of a channel that cannot be"
		}
		if len(v) != 8 {
			return "does not decode"
		}
		if n := int64(binary.BigEndian.Uint64(v)); n < 0 || n > maxSequence {
			return fmt.Sprintf("counts to %d, as Telegram does not", n)
		}
	}
	return ""
}

// readAuth knows gotd's session: a key of 256 bytes, and the id that is made of
// it. Other keys are another version's.
func readAuth(k, v []byte, seal *sealer) string {
	if string(k) != keySession {
		return ""
	}
	plain, err := seal.unboxed(v, bucketAuth, k)
	if err != nil {
		return "does not open with the key of the file"
	}
	var s storedAuth
	if err := json.Unmarshal(plain, &s); err != nil {
		return "does not decode"
	}
	var key crypto.Key
	if copy(key[:], s.Data.AuthKey) != len(key) || len(s.Data.AuthKey) != len(key) {
		return "holds no auth key"
	}
	if id := key.ID(); string(id[:]) != string(s.Data.AuthKeyID) {
		return "holds an auth key that is not whole"
	}
	return ""
}

// storedAuth is what of gotd's session says whether it is whole.
type storedAuth struct {
	Data struct{ AuthKey, AuthKeyID []byte }
}

// authKey returns the key in what gotd stores.
func authKey(plain []byte) string {
	var s storedAuth
	_ = json.Unmarshal(plain, &s) // it has been read before
	return string(s.Data.AuthKey)
}

func readMeta(v []byte) (*record.Meta, string) {
	rec := &record.Meta{}
	if wrong := strictly(v, rec); wrong != "" {
		return nil, wrong
	}
	switch {
	case rec.Schema == 0 || len(rec.RandomKey) != 32:
		return nil, "lacks what every file has"
	case rec.BotId != 0 && !UserID(rec.BotId).Valid():
		return nil, "belongs to a bot that cannot be"
	}
	return rec, ""
}
