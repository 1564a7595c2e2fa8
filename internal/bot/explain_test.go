package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Law 7: seven different answers, told apart by type and never by code; the
// errors are those of telegram-rules.md section 4.4.
func TestTelegramsErrorsLeaveAsOurs(t *testing.T) {
	b := &Bot{file: openFile(t)}
	b.book = b.file.Book()
	ann := session.Peer{ID: session.UserID(1001), FirstName: "Ann"}
	friends := session.Peer{ID: session.ChannelID(7), Title: "Friends"}
	for _, tt := range []struct {
		peer  session.Peer
		err   error
		code  answer.Code
		retry int
	}{
		{ann, tgerr.New(400, "PEER_ID_INVALID"), answer.NeverStarted, 0},
		{ann, tgerr.New(406, "PEER_ID_INVALID"), answer.NeverStarted, 0},
		{ann, tgerr.New(403, "USER_IS_BLOCKED"), answer.Blocked, 0},
		{ann, tgerr.New(400, "USER_IS_BLOCKED"), answer.Blocked, 0},
		{ann, tgerr.New(400, "INPUT_USER_DEACTIVATED"), answer.Deleted, 0},
		{ann, tgerr.New(400, "USER_IS_BOT"), answer.IsBot, 0},
		{ann, tgerr.New(400, "USER_BOT_TO_BOT_DISABLED"), answer.IsBot, 0},
		{ann, tgerr.New(420, "FLOOD_WAIT_30"), answer.FloodWait, 30},
		{ann, tgerr.New(420, "FLOOD_PREMIUM_WAIT_30"), answer.FloodWait, 30},
		{friends, tgerr.New(420, "SLOWMODE_WAIT_30"), answer.FloodWait, 30},
		{friends, tgerr.New(403, "CHAT_WRITE_FORBIDDEN"), answer.Forbidden, 0},
		{friends, tgerr.New(400, "PEER_ID_INVALID"), answer.Forbidden, 0},
		{ann, tgerr.New(500, "INTERNAL"), answer.Undetermined, 0},
		{ann, tgerr.New(401, "AUTH_KEY_UNREGISTERED"), answer.Unauthorized, 0},
		{ann, tgerr.New(401, "USER_DEACTIVATED"), answer.Unauthorized, 0},
		{ann, tgerr.New(400, "ACCESS_TOKEN_INVALID"), answer.Unauthorized, 0},
		{ann, tgerr.New(400, "MESSAGE_EMPTY"), answer.Failed, 0},
		{ann, context.DeadlineExceeded, answer.Unreachable, 0},
		{ann, context.Canceled, answer.Interrupted, 0},
		{ann, errors.New("broken pipe"), answer.Failed, 0},
	} {
		got := answer.From(b.explainPeer(fmt.Errorf("callback: %w", tt.err), tt.peer))
		if got.Code != tt.code || got.RetryAfter != tt.retry {
			t.Errorf("%v about %v: %s after %d s (%s); want %s after %d s",
				tt.err, tt.peer.ID, got.Code, got.RetryAfter, got.Message, tt.code, tt.retry)
		}
	}
}

func openFile(t *testing.T) *session.File {
	t.Helper()
	f, err := session.Open(t.TempDir()+"/bot.session", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// Every refusal of the session file has a hint of its own.
func TestEveryRefusalOfTheFileSaysWhatToDo(t *testing.T) {
	hints := map[string]error{}
	for _, err := range []error{
		&session.LockedError{Path: "f", PID: 7}, &session.LockedError{Path: "f"}, &session.OtherBotError{Owner: 1, Bot: 2},
		session.ErrDamaged, session.ErrNoFolder, session.ErrUnsafeFolder, session.ErrIsFolder, session.ErrEmpty,
		session.ErrDangling, session.ErrReadOnly, session.ErrKeyMissing, session.ErrWrongKey, session.ErrNotSealed,
		session.ErrNotSession, session.ErrVersion, fs.ErrPermission, fs.ErrNotExist, syscall.ENOSPC,
	} {
		e := opening("f", fmt.Errorf("open f: %w", err))
		if e.Hint == "" || hints[e.Hint] != nil {
			t.Errorf("%v and %v have the hint %q", err, hints[e.Hint], e.Hint)
		}
		hints[e.Hint] = err
		want := answer.Failed
		switch {
		case errors.Is(err, session.ErrLocked):
			want = answer.Held
		case errors.Is(err, session.ErrDamaged):
			want = answer.Damaged
		}
		if e.Code != want {
			t.Errorf("%v has the code %s", err, e.Code)
		}
	}
}
