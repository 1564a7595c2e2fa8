package session

import (
	"errors"
	"fmt"
)

// Errors of opening a session file. All leave the file as it was. A file that is
// there and may not be read or written by this process is fs.ErrPermission, and one
// that is not there, if none is to be made, is fs.ErrNotExist.
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
	// ErrIsFolder: a folder is there in place of the file.
	ErrIsFolder = errors.New("is a folder")
	// ErrEmpty: the file has no contents. No crash of this package leaves one.
	ErrEmpty = errors.New("file is empty")
	// ErrDangling: the path is a symbolic link that leads nowhere.
	ErrDangling = errors.New("link leads nowhere")
	// ErrReadOnly: the file lies in a file system that cannot be written.
	ErrReadOnly = errors.New("file system is read-only")
	// ErrDamaged: the file is a session file and was damaged since it was written.
	// Reading and writing give it too, when they meet a damaged page. [Check] tells
	// what is wrong, and [Repair] saves what can be saved.
	ErrDamaged = errors.New("session file is damaged")
	// ErrKeyMissing: the file is encrypted, and Options has no key.
	ErrKeyMissing = errors.New("session file is encrypted, and there is no key for it")
	// ErrWrongKey: the file is encrypted with another key than that of Options.
	ErrWrongKey = errors.New("session file is encrypted with another key")
	// ErrNotSealed: Options has a key, and the file keeps its secrets in the clear.
	// [Rekey] encrypts them.
	ErrNotSealed = errors.New("session file is not encrypted, and there is a key for it")
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
