package session

import (
	"errors"
	"fmt"
)

// Errors of opening a session file. All leave the file as it was.
var (
	// ErrLocked: another process has the file open. The error is a *[LockedError].
	ErrLocked = errors.New("session file is in use")
	// ErrNotSession: the file exists and is something else.
	ErrNotSession = errors.New("not a session file")
	// ErrVersion: the file was written by a newer version of this package.
	ErrVersion = errors.New("session file is of a newer version")
	// ErrOtherBot: the file belongs to another bot. The error is an *[OtherBotError].
	ErrOtherBot = errors.New("session file belongs to another bot")
	// ErrNoFolder: the folder of the file does not exist. None is made.
	ErrNoFolder = errors.New("folder does not exist")
	// ErrUnsafeFolder: others may write to the folder, so they could replace the
	// file.
	ErrUnsafeFolder = errors.New("others may write to the folder")
)

// Errors of reading and running.
var (
	// ErrNeverSeen: the book has nobody by that id or name.
	ErrNeverSeen = errors.New("never seen")
	// ErrContested: two peers claimed the name within two seconds. Ask the server
	// who bears it before using it.
	ErrContested = errors.New("name is contested")
	// ErrUnwritten: what was to be written is not in the file, because its disk is
	// full, say. It is kept in memory and tried again, until [File.Failed].
	ErrUnwritten = errors.New("session file cannot be written")
	// ErrClosed: the file is closed.
	ErrClosed = errors.New("session file is closed")
	// ErrNotBot: the account that signed in is a person's. What bots may do with
	// an access hash of 0 people may not, so nothing here holds for them.
	ErrNotBot = errors.New("not a bot's account")
)

// LockedError is the ErrLocked that tells who holds the file.
type LockedError struct {
	Path string
	// PID is the process that holds the lock; 0 if that could not be found out.
	PID int
}

// Error tells the path and, if known, the process.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s: %v by another process", e.Path, ErrLocked)
	}
	return fmt.Sprintf("%s: %v by process %d", e.Path, ErrLocked, e.PID)
}

// Is reports that this is an ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// OtherBotError is the ErrOtherBot that tells whose file it is.
type OtherBotError struct {
	// Owner is the id of the bot that the file belongs to, Bot the one that
	// wanted it.
	Owner, Bot int64
}

// Error tells both bots.
func (e *OtherBotError) Error() string {
	return fmt.Sprintf("session file belongs to bot %d, not to bot %d", e.Owner, e.Bot)
}

// Is reports that this is an ErrOtherBot.
func (e *OtherBotError) Is(target error) bool { return target == ErrOtherBot }
