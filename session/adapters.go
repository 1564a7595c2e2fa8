package session

import (
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
)

// The parts of [File.Wire] one by one, for a program that puts a client together
// in its own way. Without Wire nothing is harvested, so the book stays as it is.

// SessionStorage returns gotd's storage of the auth key and what belongs to it.
func (f *File) SessionStorage() telegram.SessionStorage { return storage{file: f} }

// StateStorage returns gotd's storage of the update state, for a program that
// runs an updates.Manager of its own. What is set is stored within a second, and
// the setters fail if there is no state yet, as gotd asks. A file has one account,
// so the user ids that gotd passes are not looked at.
func (f *File) StateStorage() updates.StateStorage { return f.state }

// AccessHasher is both of the interfaces through which gotd's update manager
// asks for access hashes.
type AccessHasher interface {
	updates.ChannelAccessHasher
	updates.UserAccessHasher
}

// AccessHasher returns the book's answers for gotd's update manager. It knows
// everybody, as a bot may: whose full hash the book does not have is addressed
// with hash 0. The setters do nothing, since hashes enter by harvest alone.
func (b *Book) AccessHasher() AccessHasher { return hashes{b} }
