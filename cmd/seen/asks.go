package main

import (
	"context"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

var _ control.Bot = (*door)(nil)

// one asks for one answer through the door.
func one[A any](ctx context.Context, d *door, ask func(control.Bot) (A, error)) (got A, err error) {
	err = d.through(ctx, func(b control.Bot) error {
		got, err = ask(b)
		return err
	})
	return got, err
}

// many asks for a list through the door. Who holds the file is found out before
// the first element, so none comes twice.
func many[A any](ctx context.Context, d *door, ask func(control.Bot) iter.Seq2[A, error]) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		err := d.through(ctx, func(b control.Bot) error {
			for element, err := range ask(b) {
				if err != nil {
					return err
				}
				if !yield(element, nil) {
					return nil
				}
			}
			return nil
		})
		if err != nil {
			var none A
			yield(none, err)
		}
	}
}

func (d *door) Resolve(ctx context.Context, req answer.ResolveRequest) (answer.Peer, error) {
	return one(ctx, d, func(b control.Bot) (answer.Peer, error) { return b.Resolve(ctx, req) })
}

// ResolveMany may be tried again: nobody touches the references before they can be
// resolved.
func (d *door) ResolveMany(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Resolved, error] { return b.ResolveMany(ctx, refs) })
}

func (d *door) Peers(ctx context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Peer, error] { return b.Peers(ctx, req) })
}

func (d *door) History(ctx context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Change, error] { return b.History(ctx, req) })
}

func (d *door) Export(ctx context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Entry, error] { return b.Export(ctx, req) })
}

func (d *door) Check(ctx context.Context, req answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.CheckLine, error] { return b.Check(ctx, req) })
}

// Import may be tried again: nobody touches the entries before they can be
// entered.
func (d *door) Import(ctx context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
	return one(ctx, d, func(b control.Bot) (answer.Imported, error) { return b.Import(ctx, entries) })
}

func (d *door) Forget(ctx context.Context, req answer.ForgetRequest) (answer.Forgotten, error) {
	return one(ctx, d, func(b control.Bot) (answer.Forgotten, error) { return b.Forget(ctx, req) })
}

func (d *door) Compact(ctx context.Context, req answer.CompactRequest) (answer.Compacted, error) {
	return one(ctx, d, func(b control.Bot) (answer.Compacted, error) { return b.Compact(ctx, req) })
}

func (d *door) Dialogs(ctx context.Context, req answer.DialogsRequest) iter.Seq2[answer.Dialog, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Dialog, error] { return b.Dialogs(ctx, req) })
}

func (d *door) Sources(ctx context.Context, req answer.SourcesRequest) iter.Seq2[answer.SourceCount, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.SourceCount, error] { return b.Sources(ctx, req) })
}

func (d *door) CanText(ctx context.Context, req answer.CanTextRequest) (answer.CanText, error) {
	return one(ctx, d, func(b control.Bot) (answer.CanText, error) { return b.CanText(ctx, req) })
}

func (d *door) Link(ctx context.Context, req answer.LinkRequest) (answer.Link, error) {
	return one(ctx, d, func(b control.Bot) (answer.Link, error) { return b.Link(ctx, req) })
}

func (d *door) Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error) {
	return one(ctx, d, func(b control.Bot) (answer.Sent, error) { return b.Send(ctx, req) })
}

// SendMany may be tried again: nobody touches the messages before they can be sent.
func (d *door) SendMany(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Delivered, error] { return b.SendMany(ctx, reqs) })
}

func (d *door) Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error) {
	return one(ctx, d, func(b control.Bot) (answer.Mentioned, error) { return b.Mention(ctx, req) })
}

func (d *door) Logout(ctx context.Context, req answer.LogoutRequest) (answer.LoggedOut, error) {
	return one(ctx, d, func(b control.Bot) (answer.LoggedOut, error) { return b.Logout(ctx, req) })
}

func (d *door) Status(ctx context.Context) (answer.Status, error) {
	return one(ctx, d, func(b control.Bot) (answer.Status, error) { return b.Status(ctx) })
}
