package bot

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Check reads the session file from end to end, as it is now. It asks nobody.
func (b *Bot) Check(ctx context.Context, _ answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
	return checking(ctx, b.file.Path(), b.file.Check)
}

// CheckFile is Check for a session file that nobody has open.
func CheckFile(ctx context.Context, opts Options) iter.Seq2[answer.CheckLine, error] {
	return atRest(opts, func(how *session.Options) iter.Seq2[answer.CheckLine, error] {
		return checking(ctx, opts.SessionFile, func(ctx context.Context, found func(session.Finding)) (session.Checked, error) {
			return session.Check(ctx, opts.SessionFile, how, found)
		})
	})
}

func checking(ctx context.Context, path string, check func(context.Context, func(session.Finding)) (session.Checked, error)) iter.Seq2[answer.CheckLine, error] {
	return telling(ctx, path, func(ctx context.Context, found func(session.Finding)) (answer.CheckLine, error) {
		done, err := check(ctx, found)
		return answer.CheckLine{Checked: &answer.Checked{
			File: answer.File{Path: path, Size: done.Size}, Peers: counted(done.Peers),
			Names: done.Names, Findings: done.Findings,
		}}, err
	})
}

// RepairFile saves what can be saved of a damaged session file that nobody has
// open.
func RepairFile(ctx context.Context, opts Options) iter.Seq2[answer.CheckLine, error] {
	return atRest(opts, func(how *session.Options) iter.Seq2[answer.CheckLine, error] {
		return telling(ctx, opts.SessionFile, func(ctx context.Context, found func(session.Finding)) (answer.CheckLine, error) {
			done, err := session.Repair(ctx, opts.SessionFile, how, found)
			line := answer.CheckLine{Repaired: &answer.Repaired{
				File: answer.File{Path: opts.SessionFile}, Old: done.Old,
				Counted: counted(done.Counted), Peers: counted(done.Peers), Names: done.Names,
				SignedIn: done.SignedIn, Updates: done.Updates, Findings: done.Findings,
			}}
			if info, e := os.Stat(opts.SessionFile); e == nil {
				line.Repaired.Size = info.Size()
			}
			return line, err
		})
	})
}

func counted(c session.Counts) answer.Counts {
	return answer.Counts{Users: int(c.Users), Chats: int(c.Chats), Channels: int(c.Channels)}
}

// atRest opens nothing, and gives what it takes to work on a file that nobody has
// open.
func atRest[L any](opts Options, work func(*session.Options) iter.Seq2[L, error]) iter.Seq2[L, error] {
	id, err := tokenID(opts.Token)
	var how *session.Options
	if err == nil {
		how, err = opts.file(id)
	}
	if err != nil {
		return func(yield func(L, error) bool) {
			var none L
			yield(none, err)
		}
	}
	return work(how)
}

// telling turns findings into lines, and the end into the last one.
func telling(ctx context.Context, path string, work func(context.Context, func(session.Finding)) (answer.CheckLine, error)) iter.Seq2[answer.CheckLine, error] {
	return func(yield func(answer.CheckLine, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		left := false // whoever listened
		last, err := work(ctx, func(f session.Finding) {
			line := answer.CheckLine{Finding: &answer.Finding{Bucket: f.Bucket, Key: f.Key, Problem: f.Problem, Repair: f.Repair}}
			if !left && !yield(line, nil) {
				left = true
				cancel()
			}
		})
		switch {
		case left:
		case errors.Is(err, context.Canceled):
			yield(answer.CheckLine{}, answer.Errorf(answer.Interrupted, "interrupted: %w", err))
		case err != nil:
			yield(answer.CheckLine{}, opening(path, err))
		default:
			yield(last, nil)
		}
	}
}

// Backup writes a copy of the session file, as of one moment. It asks nobody.
func (b *Bot) Backup(ctx context.Context, _ answer.BackupRequest, w io.Writer) error {
	if _, err := b.file.Backup(ctx, w); err != nil {
		return b.explain(err)
	}
	return nil
}

// SaveBackup writes a copy to a file that only its owner may read, and that is
// there as a whole or not at all. It does not replace one unless it is told to,
// and never the session file itself.
func SaveBackup(sessionFile, path string, replace bool, write func(io.Writer) error) (answer.BackedUp, error) {
	if here, err := os.Stat(path); err == nil {
		if there, err := os.Stat(sessionFile); err == nil && os.SameFile(here, there) {
			return answer.BackedUp{}, answer.Errorf(answer.Usage, "%s is the session file itself", path).
				WithHint("name another file")
		}
	}
	err := session.WriteFile(path, replace, write)
	var own *answer.Error
	switch {
	case errors.As(err, &own):
		return answer.BackedUp{}, own
	case errors.Is(err, fs.ErrExist):
		return answer.BackedUp{}, answer.Errorf(answer.Failed, "%s is there already", path).
			WithHint("name another file, or say --force to replace it")
	case err != nil:
		return answer.BackedUp{}, answer.Errorf(answer.Failed, "%w", err).
			WithHint("nothing was left behind; name a file in a folder where there is room and where you may write")
	}
	info, err := os.Stat(path)
	if err != nil {
		return answer.BackedUp{}, answer.Errorf(answer.Failed, "%w", err)
	}
	return answer.BackedUp{BackedUp: answer.Copy{Path: path, Size: info.Size()}}, nil
}

// NewKeyFile draws a key and writes it to a file that only its owner may read. It
// replaces none.
func NewKeyFile(path string) (key string, err error) {
	key = session.NewKey().Reveal()
	err = session.WriteFile(path, false, func(w io.Writer) error {
		_, err := io.WriteString(w, key+"\n")
		return err
	})
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", answer.Errorf(answer.Usage, "%s is there already", path).
			WithHint("leave --generate away to use the key in it, or name another file")
	case err != nil:
		return "", answer.Errorf(answer.Failed, "write key: %w", err)
	}
	return key, nil
}

// RekeyFile encrypts a session file that nobody has open with another key, or with
// none: the empty one.
func RekeyFile(ctx context.Context, opts Options, to string) (answer.Rekeyed, error) {
	var done answer.Rekeyed
	id, err := tokenID(opts.Token)
	if err != nil {
		return done, err
	}
	how, err := opts.file(id)
	if err != nil {
		return done, err
	}
	next, err := parseKey(to)
	if err != nil {
		return done, err
	}
	err = session.Rekey(ctx, opts.SessionFile, how, next)
	if errors.Is(err, session.ErrNotSealed) && next != nil {
		how.Key = nil // it needs none yet, and is to have one
		err = session.Rekey(ctx, opts.SessionFile, how, next)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return done, answer.Errorf(answer.Interrupted, "interrupted: %w", err)
	case err != nil:
		return done, opening(opts.SessionFile, err)
	}
	info, err := os.Stat(opts.SessionFile)
	if err != nil {
		return done, answer.Errorf(answer.Failed, "%w", err)
	}
	done.Rekeyed = answer.File{Path: opts.SessionFile, Size: info.Size(), Encrypted: next != nil}
	return done, nil
}
