package session

import (
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Standing is whether the bot may write to a user in private.
type Standing uint8

// The standings. The values stand in the session file.
const (
	StandingUnknown Standing = iota // nothing is known
	StandingOpen                    // the bot may write
	StandingBlocked                 // the user has stopped the bot
	StandingDeleted                 // the account is gone
	StandingBot                     // the user is a bot
)

// String returns "unknown", "open", "blocked", "deleted" or "bot".
func (s Standing) String() string {
	switch s {
	case StandingOpen:
		return "open"
	case StandingBlocked:
		return "blocked"
	case StandingDeleted:
		return "deleted"
	case StandingBot:
		return "bot"
	default:
		return "unknown"
	}
}

// Dialog is what the bot knows of its private chat with a user.
type Dialog struct {
	Standing Standing
	// Reason is what decided the standing, and At when, on the server's clock.
	Reason string
	At     time.Time
	// Payload is that of the first /start, empty if it had none.
	Payload string
}

// Dialog returns what the file holds of the chat with a user, the zero value if
// that is nothing. Changes that wait to be written are not in it.
func (f *File) Dialog(user int64) (Dialog, error) {
	var rec record.Dialog
	err := f.db.View(func(tx *bbolt.Tx) error {
		_, err := load(tx, bucketDialogs, u64(uint64(user)), &rec)
		return err
	})
	return Dialog{
		Standing: Standing(rec.Standing), Reason: rec.Reason, At: unix(rec.At), Payload: rec.Payload,
	}, err
}

// stand records what an event says about a dialog. An event that is older than
// the one that decided the standing changes nothing.
func stand(rec *record.Dialog, s record.Dialog_Standing, reason string, at int64) {
	if at < rec.At {
		return
	}
	rec.Standing, rec.Reason, rec.At = s, reason, at
}
