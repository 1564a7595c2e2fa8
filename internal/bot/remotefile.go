package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram/downloader"
	"github.com/gotd/td/telegram/uploader"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
)

const (
	methodGetFile = "upload.getFile"
	methodPart    = "upload.saveFilePart"
)

// filesIn are the documents and photos in an answer.
func (b *Bot) filesIn(method string, result bin.Decoder) ([]answer.RemoteFile, error) {
	found, err := b.schema.Files(result)
	if err != nil {
		return nil, unprintable(method, err)
	}
	var out []answer.RemoteFile
	for _, f := range found {
		location, err := b.schema.JSON(f.Location, rawtl.View{Hashes: true})
		if err != nil {
			return nil, unprintable(method, err)
		}
		out = append(out, answer.RemoteFile{Name: f.Name, Size: f.Size, Location: location})
	}
	return out, nil
}

// Upload takes the content of a file to Telegram.
func (b *Bot) Upload(ctx context.Context, req answer.UploadRequest, content io.Reader) (answer.Uploaded, error) {
	if req.Size <= 0 {
		return answer.Uploaded{}, answer.Errorf(answer.Usage, "the file is empty, which Telegram does not take")
	}
	api, err := b.api(ctx)
	if err != nil {
		return answer.Uploaded{}, err
	}
	whole := &exactly{r: content, left: req.Size}
	file, err := uploader.NewUploader(patient{api, b}).Upload(ctx, uploader.NewUpload(req.Name, whole, req.Size))
	if err == nil && whole.left > 0 {
		err = answer.Errorf(answer.Failed, "the file ends %d bytes too early", whole.left)
	}
	if err != nil {
		return answer.Uploaded{}, b.explainCall(err, methodPart)
	}
	decoder, ok := file.(bin.Decoder)
	if !ok {
		return answer.Uploaded{}, answer.Errorf(answer.Failed, "the uploaded file is a %T", file)
	}
	raw, err := b.schema.JSON(decoder, rawtl.View{})
	if err != nil {
		return answer.Uploaded{}, unprintable(methodPart, err)
	}
	return answer.Uploaded{File: raw}, nil
}

// exactly reads as many bytes as were announced, and finds out whether there are
// more or fewer.
type exactly struct {
	r    io.Reader
	left int64
}

// Read reads what belongs to the file.
func (e *exactly) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	return n, err
}

// Download reads a file from Telegram.
func (b *Bot) Download(ctx context.Context, req answer.DownloadRequest) iter.Seq2[answer.Chunk, error] {
	return func(yield func(answer.Chunk, error) bool) {
		location, err := b.location(ctx, req)
		if err != nil {
			yield(answer.Chunk{}, err)
			return
		}
		api, err := b.api(ctx)
		if err != nil {
			yield(answer.Chunk{}, err)
			return
		}
		ctx, leave := context.WithCancel(ctx)
		out, in := io.Pipe()
		done := make(chan struct{})
		go func() { // ends by leave, and is waited for below
			defer close(done)
			_, err := downloader.NewDownloader().Download(patient{api, b}, location).Stream(ctx, in)
			_ = in.CloseWithError(err) // it never fails
		}()
		defer func() {
			leave()
			_ = out.Close() // whoever writes has to stop
			<-done
		}()
		buf := make([]byte, 256<<10)
		for {
			n, err := io.ReadFull(out, buf)
			if n > 0 && !yield(answer.Chunk{Bytes: buf[:n]}, nil) {
				return
			}
			switch {
			case err == nil:
			case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
				return
			default:
				yield(answer.Chunk{}, b.explainCall(err, methodGetFile))
				return
			}
		}
	}
}

// location reads where a file is, as a call that gets it would have it.
func (b *Bot) location(ctx context.Context, req answer.DownloadRequest) (tg.InputFileLocationClass, error) {
	r, err := b.written(ctx, methodGetFile, "location", req)
	if err != nil {
		return nil, err
	}
	return r.(*tg.UploadGetFileRequest).Location, nil
}

// written makes a call of fields that are JSON, or stand in something that has them.
// What says what of it the caller is after. Its peers come from the book.
func (b *Bot) written(ctx context.Context, method, what string, fields any) (bin.Object, error) {
	params, err := json.Marshal(fields)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "read %s: %w", what, err)
	}
	r, err := b.schema.Parse(ctx, rawtl.Call{Method: method, Params: params}, finder{b, true})
	if err != nil {
		return nil, badCall(method, err)
	}
	return r.Object(), nil
}

// patient is what gotd moves files with. It waits for the server by itself, as
// long as the server likes, and without an end where that takes no part; a wait
// that nobody would sit through is an error here.
type patient struct {
	*tg.Client
	bot *Bot
}

// patience is how long a file may wait for the server.
const patience = 2 * time.Minute

func (p patient) bearable(err error, method string) error {
	if d, ok := tgerr.AsFloodWait(err); ok && d > patience {
		return p.bot.explainCall(err, method)
	}
	return err
}

var errNotTaken = answer.Errorf(answer.Failed, "the server does not take the file")

// UploadSaveFilePart sends a part of a small file.
func (p patient) UploadSaveFilePart(ctx context.Context, req *tg.UploadSaveFilePartRequest) (bool, error) {
	ok, err := p.Client.UploadSaveFilePart(ctx, req)
	if err == nil && !ok {
		err = errNotTaken
	}
	return ok, p.bearable(err, methodPart)
}

// UploadSaveBigFilePart sends a part of a big file.
func (p patient) UploadSaveBigFilePart(ctx context.Context, req *tg.UploadSaveBigFilePartRequest) (bool, error) {
	ok, err := p.Client.UploadSaveBigFilePart(ctx, req)
	if err == nil && !ok {
		err = errNotTaken
	}
	return ok, p.bearable(err, "upload.saveBigFilePart")
}

// UploadGetFile reads a part of a file.
func (p patient) UploadGetFile(ctx context.Context, req *tg.UploadGetFileRequest) (tg.UploadFileClass, error) {
	got, err := p.Client.UploadGetFile(ctx, req)
	return got, p.bearable(err, methodGetFile)
}
