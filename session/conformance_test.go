package session_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// fileStore is a session file as a store of the suite.
type fileStore struct {
	*session.Book
	path string
	file *session.File
	opts telegram.Options
}

func openStore(dir string) (sessiontest.Store, error) {
	s := &fileStore{path: filepath.Join(dir, "bot.session")}
	return s, s.open()
}

func (s *fileStore) open() (err error) {
	if s.file, err = session.Open(s.path, nil); err != nil {
		return err
	}
	s.Book = s.file.Book()
	s.opts = telegram.Options{}
	s.file.Wire(&s.opts)
	return nil
}

func (s *fileStore) Push(u tg.UpdatesClass) {
	if err := s.opts.UpdateHandler.Handle(context.Background(), u); err != nil {
		panic(err)
	}
}

// answered is an invoker whose answers are there already.
type answered struct{}

func (answered) Invoke(context.Context, bin.Encoder, bin.Decoder) error { return nil }

func (s *fileStore) Answer(ctx context.Context, request bin.Encoder, answer bin.Decoder) error {
	return s.opts.Middlewares[0].Handle(answered{}).Invoke(ctx, request, answer)
}

// Reopen holds the file against its own check too: whatever the suite does to a
// book is no damage.
func (s *fileStore) Reopen() error {
	if err := s.file.Close(); err != nil {
		return err
	}
	var wrong []error
	_, err := session.Check(context.Background(), s.path, nil, func(f session.Finding) {
		wrong = append(wrong, errors.New(f.String()))
	})
	if err = errors.Join(append(wrong, err)...); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.open()
}

// Kill copies the file while it is open, and goes on with the copy.
func (s *fileStore) Kill() error {
	if err := s.file.Flush(context.Background()); err != nil {
		return err
	}
	data, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	if err := s.file.Close(); err != nil {
		return err
	}
	s.path += "+"
	if err := os.WriteFile(s.path, data, 0o600); err != nil {
		return err
	}
	return s.open()
}

func (s *fileStore) Close() error { return s.file.Close() }

func TestSessionFileIsABook(t *testing.T) { sessiontest.TestBook(t, openStore) }
