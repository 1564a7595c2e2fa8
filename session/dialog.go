package session

import (
	"bytes"
	"encoding/binary"
	"iter"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

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

// Reason is what decided a standing. The words stand in the session file.
type Reason string

// What a user does that lets the bot write to them; see
// core.telegram.org/bots/api#chatjoinrequest, core.telegram.org/api/bots/webapps
// and core.telegram.org/api/url-authorization.
const (
	ReasonWrote       Reason = "wrote"        // they wrote to the bot
	ReasonStart       Reason = "start"        // with /start
	ReasonUnblocked   Reason = "unblocked"    // they had stopped the bot, and took it back
	ReasonJoinRequest Reason = "join_request" // they asked to join a chat: for a while only
	ReasonLogin       Reason = "login"        // they logged in on a site
	ReasonWebApp      Reason = "web_app"      // they allowed it in a web app
	ReasonAttachMenu  Reason = "attach_menu"  // they put the bot into the attachment menu
)

// What the answers to the bot's own calls have shown, and other reasons.
const (
	ReasonSent         Reason = "sent"          // the server took a message
	ReasonProbe        Reason = "probe"         // the server showed the bot typing
	ReasonStopped      Reason = "stopped"       // the server said that they stopped the bot
	ReasonRefused      Reason = "refused"       // the server refused a message
	ReasonNeverStarted Reason = "never_started" // it refused one though it shows them: see [File.NeverStarted]
	ReasonProfile      Reason = "profile"       // their own profile says so
)

// Dialog is what the bot knows of its private chat with a user.
type Dialog struct {
	// User is the user's id.
	User     int64
	Standing Standing
	// Reason is what decided the standing, and Since when, on the server's clock.
	// Detail is what the reason names: the site of a login, or the web app.
	Reason Reason
	Detail string
	Since  time.Time
	// Confirmed is the latest event that bore the standing out.
	Confirmed time.Time
	// Chat is what the user has asked to join at the time Asked, which lets the bot
	// write to them before Until. It is not in the standing; see AsOf.
	Chat         ID
	Asked, Until time.Time
	// Refusal is the type of the latest error with which the server refused a
	// message or a sign of typing, and Refused when; empty if it never did.
	Refusal string
	Refused time.Time
	// Payload is that of the first /start, empty if it had none.
	Payload string
	// Began is the id of the first message that the user wrote; 0 if they wrote none.
	Began int
}

// AsOf returns the dialog with the standing that holds at a time on the server's
// clock: who has asked to join a chat may be written to until their request is
// answered, at most five minutes, unless something else decides.
// See core.telegram.org/bots/api#chatjoinrequest.
func (d Dialog) AsOf(now time.Time) Dialog {
	if d.Standing == StandingUnknown && !d.Asked.Before(d.Since) && !now.Before(d.Asked) && now.Before(d.Until) {
		d.Standing, d.Reason, d.Since, d.Confirmed = StandingOpen, ReasonJoinRequest, d.Asked, d.Asked
	}
	return d
}

// Dialog returns what is known of the chat with a user, a dialog of no standing if
// that is nothing. What was harvested and waits to be written is in it.
func (f *File) Dialog(user int64) (Dialog, error) {
	// Before the file is read: what is committed in between is seen twice, which
	// changes nothing.
	waiting := f.queue.events(user)
	p, err := f.Book().Peer(UserID(user))
	if err != nil && err != ErrNeverSeen { //nolint:errorlint // returned bare
		return Dialog{}, err
	}
	var d Dialog
	err = f.view(func(b *batch) error {
		for _, e := range waiting {
			if err := e.apply(b); err != nil {
				return err
			}
		}
		d = dialogOf(user, b.dialog(user).rec, p.Flags)
		return nil
	})
	heard, _ := f.recent.evidence(user)
	d.Confirmed = later(d.Confirmed, unix(heard.at))
	return d, err
}

// Dialogs lists what is known of all private chats, in the order of the users'
// ids, though not from one moment. What waits to be written is not in it. No
// transaction is open while the caller's code runs. The sequence ends after its
// first error.
func (f *File) Dialogs() iter.Seq2[Dialog, error] {
	return func(yield func(Dialog, error) bool) {
		from := u64(0)
		for from != nil {
			list, next, err := f.dialogPage(from)
			if err != nil {
				yield(Dialog{}, err)
				return
			}
			for _, d := range list {
				if !yield(d, nil) {
					return
				}
			}
			from = next
		}
	}
}

func (f *File) dialogPage(from []byte) (list []Dialog, next []byte, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketDialogs)).Cursor()
		for k, v := c.Seek(from); k != nil; k, v = c.Next() {
			if len(list) == page {
				next = bytes.Clone(k)
				return nil
			}
			rec := &record.Dialog{}
			if len(k) != 8 || proto.Unmarshal(v, rec) != nil {
				continue // check reports it; one damaged record hides no other
			}
			user := int64(binary.BigEndian.Uint64(k))
			peer := &record.Peer{}
			if _, err := load(tx, bucketPeers, UserID(user).key(), peer); err != nil {
				peer = &record.Peer{}
			}
			list = append(list, dialogOf(user, rec, Flags(peer.Flags)))
		}
		return nil
	})
	return list, next, err
}

// NeverStarted records that the server refuses messages to a user whom it shows to
// the bot: so the access hash is good, and they have never started the bot. The
// error of the refusal alone, PEER_ID_INVALID, does not tell the one from the
// other. At is when that was found out, on the server's clock.
func (f *File) NeverStarted(user int64, at time.Time) {
	f.add(&event{user: user, at: at.Unix(), what: shut, reason: ReasonNeverStarted, ours: true})
}

// dialogOf is a record as the package's users see it. What the user's profile says
// goes before it.
func dialogOf(user int64, rec *record.Dialog, flags Flags) Dialog {
	d := Dialog{
		User: user, Standing: Standing(rec.Standing), Reason: Reason(rec.Reason), Detail: rec.Detail, Since: unix(rec.At),
		Confirmed: unix(max(rec.At, rec.Confirmed)),
		Asked:     unix(rec.Asked), Until: unix(rec.Until),
		Refusal: rec.Refusal, Refused: unix(rec.Refused),
		Payload: rec.Payload, Began: int(rec.FirstMessage),
	}
	d.Chat, _ = FromBotAPI(rec.Chat)
	said := d.Standing
	switch {
	case flags&FlagDeleted != 0:
		said = StandingDeleted
	case flags&FlagBot != 0:
		said = StandingBot
	}
	if said != d.Standing {
		d.Standing, d.Reason, d.Detail = said, ReasonProfile, ""
	}
	return d
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
