package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
)

// uploads takes files to Telegram, and sets fields of a call to them. A call that
// cannot be made even so is refused before that.
func (c *cli) uploads(ctx context.Context, d *door, req *answer.CallRequest, list []string) error {
	if len(list) == 0 {
		return nil
	}
	var files []string
	try := *req
	try.DryRun = true
	for _, s := range list {
		path, name, ok := strings.Cut(s, "=")
		if !ok || path == "" || name == "" {
			return answer.Errorf(answer.Usage, "--upload %q is not path=file", s).
				WithHint("write --upload media.file=photo.jpg")
		}
		files = append(files, name)
		try.Set = append(try.Set, answer.Setting{Path: path, Value: someFile})
	}
	if _, err := d.Call(ctx, try); err != nil {
		return err
	}
	for i, name := range files {
		done, err := c.upload(ctx, d, name)
		if err != nil {
			return err
		}
		try.Set[len(req.Set)+i].Value = string(done.File)
	}
	req.Set = try.Set
	return nil
}

// someFile stands for a file that is not there yet.
const someFile = `{"_":"inputFile","id":0,"parts":1,"name":"","md5_checksum":""}`

func (c *cli) upload(ctx context.Context, d *door, name string) (answer.Uploaded, error) {
	file, err := os.Open(name)
	if err != nil {
		return answer.Uploaded{}, answer.Errorf(answer.Usage, "upload: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	switch {
	case err != nil:
		return answer.Uploaded{}, answer.Errorf(answer.Failed, "upload: %w", err)
	case !info.Mode().IsRegular():
		return answer.Uploaded{}, answer.Errorf(answer.Usage, "upload: %s is no file", name)
	case info.Size() == 0:
		return answer.Uploaded{}, answer.Errorf(answer.Usage, "upload: %s is empty, which Telegram does not take", name)
	}
	req := answer.UploadRequest{Name: filepath.Base(name), Size: info.Size()}
	shown := newBar(c.err, req.Name, req.Size)
	defer shown.clear()
	return d.Upload(ctx, req, counting{file, shown})
}

// downloads saves files in a folder, and says where.
func (c *cli) downloads(ctx context.Context, d *door, folder string, files []answer.RemoteFile) error {
	if folder == "" {
		return nil
	}
	if len(files) > 0 {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return answer.Errorf(answer.Failed, "download: %w", err)
		}
	}
	for _, f := range files {
		if !filepath.IsLocal(f.Name) || f.Name != filepath.Base(f.Name) {
			return answer.Errorf(answer.Failed, "download: %q is no name for a file", f.Name)
		}
		path := filepath.Join(folder, f.Name)
		if err := c.download(ctx, d, f, path); err != nil {
			return err
		}
		c.note("seen: saved %s\n", plain(path))
	}
	return nil
}

// download writes a file beside its place and puts it there when it is whole, so
// that half a file is never taken for one.
func (c *cli) download(ctx context.Context, d *door, f answer.RemoteFile, path string) (err error) {
	part, err := os.CreateTemp(filepath.Dir(path), ".seen-*.part")
	if err != nil {
		return answer.Errorf(answer.Failed, "download: %w", err)
	}
	defer func() {
		if err != nil {
			_ = part.Close()           // the first error is the one to tell
			_ = os.Remove(part.Name()) // likewise
		}
	}()
	shown := newBar(c.err, f.Name, f.Size)
	defer shown.clear()
	size := int64(0)
	for chunk, err := range d.Download(ctx, answer.DownloadRequest{Location: f.Location}) {
		if err != nil {
			return err
		}
		if _, err := part.Write(chunk.Bytes); err != nil {
			return answer.Errorf(answer.Failed, "download: %w", err)
		}
		size += int64(len(chunk.Bytes))
		shown.add(len(chunk.Bytes))
	}
	if f.Size > 0 && size != f.Size {
		return answer.Errorf(answer.Failed, "download: %s has %d bytes, and %d came", f.Name, f.Size, size)
	}
	// A temporary file is its owner's alone; what was asked for is like any other.
	if err := errors.Join(part.Chmod(0o644), part.Close(), os.Rename(part.Name(), path)); err != nil {
		return answer.Errorf(answer.Failed, "download: %w", err)
	}
	return nil
}
