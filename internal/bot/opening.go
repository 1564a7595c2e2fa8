package bot

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// file is how the session file is opened for a bot; 0 for any.
func (o *Options) file(bot int64) (*session.Options, error) {
	key, err := parseKey(o.SessionKey)
	if err != nil {
		return nil, err
	}
	return &session.Options{
		BotID:       bot,
		LockTimeout: 200 * time.Millisecond, // the door tries again
		Key:         key,
		Patience:    o.WritePatience,
		OnTrouble:   func(err error) { tellTrouble(o.Logger, err) },
		Now:         o.Now,
	}, nil
}

// parseKey reads a key, of which nothing is ever shown; nil if the text is empty.
func parseKey(text string) (*session.Key, error) {
	if text == "" {
		return nil, nil
	}
	key, err := session.ParseKey(text)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "read the session file's key: %w", err).
			WithHint("draw one: seen rekey --generate --new-key-file FILE; a passphrase is no key")
	}
	return key, nil
}

// unreadable is the error of reading the book, or anything else in the file; nil
// if there was none.
func unreadable(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, session.ErrDamaged) {
		return opening("", err)
	}
	return answer.Errorf(answer.Failed, "read the session file: %w", err)
}

// opening puts what session refuses into words: each refusal has its own hint.
func opening(path string, err error) *answer.Error {
	var locked *session.LockedError
	var other *session.OtherBotError
	failed := func(hint string, args ...any) *answer.Error {
		return answer.Errorf(answer.Failed, "%w", err).WithHint(hint, args...)
	}
	switch {
	case errors.As(err, &locked):
		e := answer.Errorf(answer.Held, "%w", err)
		if locked.PID != 0 {
			return e.WithHint("wait for process %d to end, or stop it; a running 'seen run' answers on its socket", locked.PID)
		}
		return e.WithHint("wait for the other process to end, or stop it")
	case errors.As(err, &other):
		return answer.Errorf(answer.Failed, "%s belongs to bot %d, not to bot %d", path, other.Owner, other.Bot).
			WithHint("name another file with --session, or use the other bot's token")
	case errors.Is(err, session.ErrDamaged):
		return answer.Errorf(answer.Damaged, "%w", err).
			WithHint("'seen check' tells what is wrong, and 'seen check --repair' saves what can be saved")
	case errors.Is(err, session.ErrNoFolder):
		return failed("make it first: mkdir -m 700 %s", filepath.Dir(path))
	case errors.Is(err, session.ErrUnsafeFolder):
		return failed("take that right away: chmod go-w %s", filepath.Dir(path))
	case errors.Is(err, session.ErrIsFolder):
		return failed("name the file in it: --session %s", filepath.Join(path, "bot.session"))
	case errors.Is(err, session.ErrEmpty):
		return failed("put a backup in its place, or remove it and the bot begins anew: rm %s", path)
	case errors.Is(err, session.ErrDangling):
		return failed("let the link lead to the file, or remove it")
	case errors.Is(err, session.ErrReadOnly):
		return failed("name a file with --session where this process may write")
	case errors.Is(err, session.ErrKeyMissing):
		return failed("say where its key is: --key-file, SESSION_KEY_FILE or SESSION_KEY; without the key only a new file helps")
	case errors.Is(err, session.ErrWrongKey):
		return failed("nothing was changed; find the key that 'seen rekey' was given last")
	case errors.Is(err, session.ErrNotSealed):
		return failed("encrypt it: seen rekey --new-key-file FILE; or leave the key away")
	case errors.Is(err, session.ErrNotSession):
		return failed("name another file with --session")
	case errors.Is(err, session.ErrVersion):
		return failed("use the newer version of this program")
	case errors.Is(err, fs.ErrPermission):
		return failed("the file and its folder must be yours")
	case errors.Is(err, fs.ErrNotExist):
		return failed("name the file with --session; 'seen run' makes one")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return failed("%s", remedy(err, path))
	default:
		return answer.Errorf(answer.Failed, "%w", err)
	}
}
