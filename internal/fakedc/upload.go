package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// A part has at most 512 KB. A file of more than 10 MB is a big one, and at most of
// 64 MB here, where it is kept in memory.
//
// See https://core.telegram.org/api/files#uploading-files.
const (
	maxPart  = 512 << 10
	maxSmall = 10 << 20
	maxFile  = 64 << 20
)

// upload is a file that comes in parts and is not sent yet.
type upload struct {
	parts map[int][]byte
	size  int
	// total is how many parts a big file has announced.
	total int
}

// saveFilePart takes a part of a small file.
//
// See https://core.telegram.org/method/upload.saveFilePart.
func (w *World) saveFilePart(ctx context.Context, r *tg.UploadSaveFilePartRequest) (bool, error) {
	return w.savePart(callerOf(ctx).bot, r.FileID, r.FilePart, 0, r.Bytes)
}

// saveBigFilePart takes a part of a file whose number of parts is known.
//
// See https://core.telegram.org/method/upload.saveBigFilePart.
func (w *World) saveBigFilePart(ctx context.Context, r *tg.UploadSaveBigFilePartRequest) (bool, error) {
	if r.FileTotalParts <= 0 {
		return false, tgerr.New(400, "FILE_PARTS_INVALID")
	}
	return w.savePart(callerOf(ctx).bot, r.FileID, r.FilePart, r.FileTotalParts, r.Bytes)
}

func (w *World) savePart(a *account, id int64, part, total int, data []byte) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case part < 0 || part >= maxFile/1024 || total > 0 && part >= total:
		return false, tgerr.New(400, "FILE_PART_INVALID")
	case len(data) == 0:
		return false, tgerr.New(400, "FILE_PART_EMPTY")
	case len(data) > maxPart:
		return false, tgerr.New(400, "FILE_PART_TOO_BIG")
	}
	u := a.uploads[id]
	if u == nil {
		u = &upload{parts: map[int][]byte{}}
		a.uploads[id] = u
	}
	u.size += len(data) - len(u.parts[part])
	u.parts[part], u.total = data, total
	if u.size > maxFile || total == 0 && u.size > maxSmall {
		delete(a.uploads, id)
		return false, tgerr.New(400, "FILE_PARTS_INVALID")
	}
	return true, nil
}

// uploaded makes a file of the parts that a bot has sent. All parts but the last
// have the same size, which is a multiple of a kilobyte that divides 512 KB.
//
// See https://core.telegram.org/api/files#uploading-files.
func (w *World) uploaded(a *account, in tg.InputFileClass) (*file, error) {
	var (
		id    int64
		parts int
		name  string
	)
	switch in := in.(type) {
	case *tg.InputFile:
		id, parts, name = in.ID, in.Parts, in.Name
	case *tg.InputFileBig:
		id, parts, name = in.ID, in.Parts, in.Name
	default:
		return nil, tgerr.New(400, "MEDIA_INVALID")
	}
	u := a.uploads[id]
	if u == nil || parts <= 0 || len(u.parts) != parts || u.total > 0 && u.total != parts {
		return nil, tgerr.New(400, "FILE_PARTS_INVALID")
	}
	size := len(u.parts[0])
	data := make([]byte, 0, u.size)
	for i := range parts {
		part, ok := u.parts[i]
		if !ok {
			return nil, tgerr.New(400, "FILE_PARTS_INVALID")
		}
		if i < parts-1 && (len(part) != size || size%1024 != 0 || maxPart%size != 0) {
			return nil, tgerr.New(400, "FILE_PART_SIZE_INVALID")
		}
		data = append(data, part...)
	}
	delete(a.uploads, id)
	f := &file{ID: w.nextMade(), Name: name, Date: w.date(), data: data}
	w.files[f.ID] = f
	return f, nil
}
