package control

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bot is a Bot of functions; what a test does not set is not asked.
type bot struct {
	Bot
	resolve func(context.Context, answer.ResolveRequest) (answer.Peer, error)
	many    func(context.Context, answer.References) iter.Seq2[answer.Resolved, error]
	peers   func(context.Context, answer.PeersRequest) iter.Seq2[answer.Peer, error]
	history func(context.Context, answer.HistoryRequest) iter.Seq2[answer.Change, error]
	export  func(context.Context, answer.ExportRequest) iter.Seq2[answer.Entry, error]
	imports func(context.Context, iter.Seq2[answer.Entry, error]) (answer.Imported, error)
	forget  func(context.Context, answer.ForgetRequest) (answer.Forgotten, error)
	compact func(context.Context, answer.CompactRequest) (answer.Compacted, error)
	dialogs func(context.Context, answer.DialogsRequest) iter.Seq2[answer.Dialog, error]
	sources func(context.Context, answer.SourcesRequest) iter.Seq2[answer.SourceCount, error]
	canText func(context.Context, answer.CanTextRequest) (answer.CanText, error)
	link    func(context.Context, answer.LinkRequest) (answer.Link, error)
	send    func(context.Context, answer.SendRequest) (answer.Sent, error)
	letters func(context.Context, answer.Sendings) iter.Seq2[answer.Delivered, error]
	mention func(context.Context, answer.MentionRequest) (answer.Mentioned, error)
	logout  func(context.Context, answer.LogoutRequest) (answer.LoggedOut, error)
	status  func(context.Context) (answer.Status, error)
	check   func(context.Context, answer.CheckRequest) iter.Seq2[answer.CheckLine, error]
	backup  func(context.Context, answer.BackupRequest, io.Writer) error
}

func (b bot) Check(ctx context.Context, req answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
	return b.check(ctx, req)
}

func (b bot) Backup(ctx context.Context, req answer.BackupRequest, w io.Writer) error {
	return b.backup(ctx, req, w)
}

func (b bot) Resolve(ctx context.Context, req answer.ResolveRequest) (answer.Peer, error) {
	return b.resolve(ctx, req)
}

func (b bot) ResolveMany(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
	return b.many(ctx, refs)
}

func (b bot) Peers(ctx context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
	return b.peers(ctx, req)
}

func (b bot) History(ctx context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error] {
	return b.history(ctx, req)
}

func (b bot) Export(ctx context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error] {
	return b.export(ctx, req)
}

func (b bot) Import(ctx context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
	return b.imports(ctx, entries)
}

func (b bot) Forget(ctx context.Context, req answer.ForgetRequest) (answer.Forgotten, error) {
	return b.forget(ctx, req)
}

func (b bot) Compact(ctx context.Context, req answer.CompactRequest) (answer.Compacted, error) {
	return b.compact(ctx, req)
}

func (b bot) Dialogs(ctx context.Context, req answer.DialogsRequest) iter.Seq2[answer.Dialog, error] {
	return b.dialogs(ctx, req)
}

func (b bot) Sources(ctx context.Context, req answer.SourcesRequest) iter.Seq2[answer.SourceCount, error] {
	return b.sources(ctx, req)
}

func (b bot) CanText(ctx context.Context, req answer.CanTextRequest) (answer.CanText, error) {
	return b.canText(ctx, req)
}

func (b bot) Link(ctx context.Context, req answer.LinkRequest) (answer.Link, error) {
	return b.link(ctx, req)
}

func (b bot) Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error) {
	return b.send(ctx, req)
}

func (b bot) SendMany(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error] {
	return b.letters(ctx, reqs)
}

func (b bot) Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error) {
	return b.mention(ctx, req)
}

func (b bot) Logout(ctx context.Context, req answer.LogoutRequest) (answer.LoggedOut, error) {
	return b.logout(ctx, req)
}

func (b bot) Status(ctx context.Context) (answer.Status, error) { return b.status(ctx) }

// daemon serves b and returns the socket's path and a function that stops it
// and gives what Serve returned.
func daemon(t testing.TB, b Bot, opts Options) (path string, stop func() error) {
	t.Helper()
	path = socket(t)
	l, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, b, opts) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-served:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("the server does not stop")
		}
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return path, stop
}

// socket returns a path that is short enough, whatever TMPDIR and the test's
// name are.
func socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "bot.sock")
}
