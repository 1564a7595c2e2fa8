// Package control carries requests to a running bot over a unix socket, as
// HTTP and JSON, and the answers back.
//
// [Bot] is what can be asked. [Serve] puts one behind a socket and [Client] is
// the same interface on the other side, so that a command cannot tell whether
// it talks to the bot or to the daemon that holds it.
//
// The socket stands for the session file: whoever may open the one may open the
// other. A daemon takes the file's lock first and only then replaces a socket
// that an earlier one left behind, so no living daemon loses its socket.
package control

import (
	"context"
	"io"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
)

// Bot is everything that a command may ask. Every error is an *answer.Error.
// All methods may be called at once.
type Bot interface {
	// Resolve tells who a reference means.
	Resolve(ctx context.Context, req answer.ResolveRequest) (answer.Peer, error)
	// ResolveMany tells who many references mean, in their order, each as soon as it
	// is decided. A failure is an answer. The sequence ends after its first error. It
	// does not ask for the references if the bot cannot be asked.
	ResolveMany(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error]
	// Peers lists the book. The sequence ends after its first error.
	Peers(ctx context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error]
	// History lists what changed about a peer, oldest first. The sequence ends
	// after its first error.
	History(ctx context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error]
	// Export lists the book for another one. The sequence ends after its first
	// error.
	Export(ctx context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error]
	// Import enters an export. With an error it tells as well what came of the
	// entries before it. It does not touch the entries if the bot cannot be asked.
	Import(ctx context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error)
	// Forget removes a peer from the book.
	Forget(ctx context.Context, req answer.ForgetRequest) (answer.Forgotten, error)
	// Compact rewrites the session file, so that nothing is left in it of what was
	// removed.
	Compact(ctx context.Context, req answer.CompactRequest) (answer.Compacted, error)
	// Dialogs lists the private chats that something is known of. The sequence ends
	// after its first error.
	Dialogs(ctx context.Context, req answer.DialogsRequest) iter.Seq2[answer.Dialog, error]
	// Sources counts people by what their first /start carried. The sequence ends
	// after its first error.
	Sources(ctx context.Context, req answer.SourcesRequest) iter.Seq2[answer.SourceCount, error]
	// CanText tells whether the bot may write to somebody.
	CanText(ctx context.Context, req answer.CanTextRequest) (answer.CanText, error)
	// Link returns the link that starts the bot with a payload.
	Link(ctx context.Context, req answer.LinkRequest) (answer.Link, error)
	// Send sends a message to someone seen.
	Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error)
	// SendMany sends many messages and answers in their order, each as soon as it is
	// decided. A failure is an answer. The sequence ends after its first error. It does
	// not ask for the messages if the bot cannot be asked.
	SendMany(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error]
	// Mention sends a text that mentions people.
	Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error)
	// Logout ends the bot's session at Telegram and keeps the book.
	Logout(ctx context.Context, req answer.LogoutRequest) (answer.LoggedOut, error)
	// Check reads the session file from end to end. The last element tells what it
	// comes to. The sequence ends after its first error.
	Check(ctx context.Context, req answer.CheckRequest) iter.Seq2[answer.CheckLine, error]
	// Backup writes a copy of the session file to w, as of one moment. If the bot
	// cannot be asked, nothing is written.
	Backup(ctx context.Context, req answer.BackupRequest, w io.Writer) error
	// Status tells how the bot is.
	Status(ctx context.Context) (answer.Status, error)
	// Suggest lists usernames of the book that begin in some way. It asks nobody.
	Suggest(ctx context.Context, req answer.SuggestRequest) (answer.Suggested, error)
	Raw
}
