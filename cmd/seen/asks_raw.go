package main

import (
	"context"
	"io"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

func (d *door) Suggest(ctx context.Context, req answer.SuggestRequest) (answer.Suggested, error) {
	return one(ctx, d, func(b control.Bot) (answer.Suggested, error) { return b.Suggest(ctx, req) })
}

func (d *door) Call(ctx context.Context, req answer.CallRequest) (answer.Called, error) {
	return one(ctx, d, func(b control.Bot) (answer.Called, error) { return b.Call(ctx, req) })
}

func (d *door) CallAll(ctx context.Context, req answer.CallRequest) iter.Seq2[answer.Element, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Element, error] { return b.CallAll(ctx, req) })
}

// Updates are told by a daemon alone: a bot that does not run receives nothing.
func (d *door) Updates(ctx context.Context, req answer.UpdatesRequest) iter.Seq2[answer.Received, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Received, error] {
		if b == control.Bot(d.client) {
			return b.Updates(ctx, req)
		}
		return func(yield func(answer.Received, error) bool) { yield(answer.Received{}, notRunning()) }
	})
}

// Upload may be tried again: nobody touches the content before it can be taken.
func (d *door) Upload(ctx context.Context, req answer.UploadRequest, content io.Reader) (answer.Uploaded, error) {
	return one(ctx, d, func(b control.Bot) (answer.Uploaded, error) { return b.Upload(ctx, req, content) })
}

func (d *door) Download(ctx context.Context, req answer.DownloadRequest) iter.Seq2[answer.Chunk, error] {
	return many(ctx, d, func(b control.Bot) iter.Seq2[answer.Chunk, error] { return b.Download(ctx, req) })
}
