package bot

import (
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// wired returns the options of a client that is never made: what is given to
// their handler enters the book.
func wired(t *testing.T, f *session.File) telegram.Options {
	t.Helper()
	var opts telegram.Options
	f.Wire(&opts)
	return opts
}

func enter(t *testing.T, opts telegram.Options, users ...tg.UserClass) {
	t.Helper()
	if err := opts.UpdateHandler.Handle(t.Context(), &tg.Updates{Users: users, Date: 1000}); err != nil {
		t.Fatal(err)
	}
}

func flush(t *testing.T, f *session.File) {
	t.Helper()
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, box *session.Outbox) []session.Owed {
	t.Helper()
	list, err := box.Rows(10)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
