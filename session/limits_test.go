package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var limitsNow = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// A look-up is charged before it is sent, so the file has the charge when the
// call returns, whatever becomes of the process then.
func TestALookUpIsInTheFileWhenItIsCharged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	f.add(&sighting{id: UserID(1001), firstName: "Ann", at: 1}) // a file that knows nobody is not kept
	for n := range 3 {
		if err := f.Limits().ChargeLookup(t.Context(), limitsNow, 3); err != nil {
			t.Fatal(err)
		}
		s, err := f.Limits().Lookups(limitsNow)
		if err != nil || s.Used() != n+1 {
			t.Fatalf("%d are in the file, %v; want %d", s.Used(), err, n+1)
		}
	}
	var spent *SpentError
	err := f.Limits().ChargeLookup(t.Context(), limitsNow, 3)
	if !errors.As(err, &spent) || !errors.Is(err, ErrSpent) || spent.Used != 3 || spent.Limit != 3 ||
		!spent.Until.Equal(limitsNow.Add(24*time.Hour+10*time.Minute)) {
		t.Errorf("got %v", err)
	}
	// A look-up that was refused is not charged, and no limit refuses none.
	if err := f.Limits().ChargeLookup(t.Context(), limitsNow, 0); err != nil {
		t.Error(err)
	}
	reopen(t, &f, path)
	if s, err := f.Limits().Lookups(limitsNow); err != nil || s.Used() != 4 {
		t.Errorf("after a restart %d, %v", s.Used(), err)
	}
}

func TestNoMoreThanTheLimitIsChargedAtOnce(t *testing.T) {
	f := openAt(t, filepath.Join(t.TempDir(), "bot.session"))
	var charged atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			switch err := f.Limits().ChargeLookup(t.Context(), limitsNow, 7); {
			case err == nil:
				charged.Add(1)
			case !errors.Is(err, ErrSpent):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if charged.Load() != 7 {
		t.Errorf("%d were charged", charged.Load())
	}
}

// A look-up whose charge cannot be written must not be made.
func TestAChargeThatCannotBeWrittenIsAnError(t *testing.T) {
	f := openAt(t, filepath.Join(t.TempDir(), "bot.session"))
	full := errors.New("disk full")
	f.write.fault = func(int) error { return full }
	if err := f.Limits().ChargeLookup(t.Context(), limitsNow, 3); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

// Behavior C43: the deadline of a flood wait is stored.
func TestWaitsSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	ctx, l := t.Context(), f.Limits()
	wait := func(method string, chat ID, since, d time.Duration) Flood {
		return Flood{method, chat, limitsNow.Add(since).Local(), limitsNow.Add(since + d).Local()}
	}
	short := wait("messages.sendMessage", ID{}, 0, time.Minute)
	friends := wait("messages.sendMessage", ChannelID(7), 0, time.Hour)
	names := wait("contacts.resolveUsername", ID{}, 0, time.Hour)
	for _, f := range []Flood{names, short, friends} {
		if err := l.Flooded(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	want := func(floods ...Flood) {
		t.Helper()
		got, err := f.Limits().Floods()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(floods, got); d != "" {
			t.Error(d)
		}
	}
	want(names, short, friends)
	// Of two waits the longer one stays.
	if err := l.Flooded(ctx, wait("contacts.resolveUsername", ID{}, time.Second, time.Minute)); err != nil {
		t.Fatal(err)
	}
	want(names, short, friends)
	reopen(t, &f, path)
	want(names, short, friends)

	// What is over leaves with the next one.
	l = f.Limits()
	later := wait("users.getUsers", ID{}, 2*time.Minute, time.Second)
	if err := l.Flooded(ctx, later); err != nil {
		t.Fatal(err)
	}
	want(names, friends, later)
	// The clock was put back: the wait begins anew.
	names = wait("contacts.resolveUsername", ID{}, -24*time.Hour, time.Hour)
	if err := l.Flooded(ctx, names); err != nil {
		t.Fatal(err)
	}
	want(names, friends, later)
}

// Names and limits stand in one bucket and do not meet.
func TestLimitsAreNoNames(t *testing.T) {
	for _, key := range []string{keySpending, keyRenewal, prefixFlood} {
		if ValidUsername(key) {
			t.Errorf("%q can be a name", key)
		}
	}
}

func TestForgettingAChatForgetsItsWaits(t *testing.T) {
	f := openAt(t, filepath.Join(t.TempDir(), "bot.session"))
	f.add(&sighting{id: ChannelID(7), title: "Friends", at: 1})
	until := limitsNow.Add(time.Hour)
	for _, chat := range []ID{ChannelID(7), ChannelID(8), {}} {
		if err := f.Limits().Flooded(t.Context(), Flood{"messages.sendMessage", chat, limitsNow, until}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Book().Forget(t.Context(), ChannelID(7)); err != nil {
		t.Fatal(err)
	}
	floods, err := f.Limits().Floods()
	if err != nil || len(floods) != 2 {
		t.Errorf("got %v, %v", floods, err)
	}
	for _, f := range floods {
		if f.Chat == ChannelID(7) {
			t.Errorf("%v is left", f)
		}
	}
}

// A file that nobody has signed in with yet is kept for the wait alone: else the
// next start would ask again.
func TestAFileWithAWaitIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty file is left: %v", err)
	}
	f = openAt(t, path)
	wait := Flood{"auth.importBotAuthorization", ID{}, limitsNow, limitsNow.Add(time.Hour)}
	if err := f.Limits().Flooded(t.Context(), wait); err != nil {
		t.Fatal(err)
	}
	reopen(t, &f, path)
	if floods, err := f.Limits().Floods(); err != nil || len(floods) != 1 {
		t.Errorf("got %v, %v", floods, err)
	}
}

func TestWhenASessionWasRenewedIsRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	if at, err := f.Limits().Renewed(); err != nil || !at.IsZero() {
		t.Errorf("got %v, %v", at, err)
	}
	f.add(&sighting{id: UserID(1001), firstName: "Ann", at: 1})
	if err := f.Limits().Renew(context.Background(), limitsNow); err != nil {
		t.Fatal(err)
	}
	reopen(t, &f, path)
	if at, err := f.Limits().Renewed(); err != nil || !at.Equal(limitsNow) {
		t.Errorf("got %v, %v", at, err)
	}
}

func openAt(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func reopen(t *testing.T, f **File, path string) {
	t.Helper()
	if err := (*f).Close(); err != nil {
		t.Fatal(err)
	}
	*f = openAt(t, path)
}
