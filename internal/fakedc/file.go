package fakedc

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	_ "image/jpeg" // what photos come as
	_ "image/png"  // what photos come as

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// file is a photo or a document that was sent.
type file struct {
	ID   int64  `json:"id"`
	Name string `json:"name,omitempty"`
	Mime string `json:"mime,omitempty"`
	Date int    `json:"date"`
	// Width and Height are a photo's.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Attributes are a document's, encoded one by one.
	Attributes [][]byte `json:"attributes,omitempty"`
	data       []byte
}

// describe takes over what the sender says of a document.
func (f *file) describe(in *tg.InputMediaUploadedDocument) error {
	f.Mime = in.MimeType
	named := false
	for _, a := range in.Attributes {
		_, ok := a.(*tg.DocumentAttributeFilename)
		named = named || ok
		if err := f.addAttribute(a); err != nil {
			return err
		}
	}
	if f.Name != "" && !named {
		return f.addAttribute(&tg.DocumentAttributeFilename{FileName: f.Name})
	}
	return nil
}

func (f *file) addAttribute(a tg.DocumentAttributeClass) error {
	var b bin.Buffer
	if err := a.Encode(&b); err != nil {
		return tgerr.New(400, "MEDIA_INVALID")
	}
	f.Attributes = append(f.Attributes, b.Buf)
	return nil
}

// measure finds out how large a photo is.
func (f *file) measure() error {
	const widest = 10000
	x, kind, err := image.DecodeConfig(bytes.NewReader(f.data))
	switch {
	case err != nil:
		return tgerr.New(400, "IMAGE_PROCESS_FAILED")
	case x.Width+x.Height > widest:
		return tgerr.New(400, "PHOTO_INVALID_DIMENSIONS")
	}
	f.Mime, f.Width, f.Height = "image/"+kind, x.Width, x.Height
	return nil
}

// reference is what a client must show together with the hash.
//
// See https://core.telegram.org/api/file_reference.
func (f *file) reference() []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(f.ID))
}

func (f *file) document(w *World, viewer *account) *tg.Document {
	x := &tg.Document{
		ID: f.ID, AccessHash: w.hashFor(viewer, kindFile, f.ID), FileReference: f.reference(),
		Date: f.Date, MimeType: f.Mime, Size: int64(len(f.data)), DCID: w.dc,
	}
	for _, b := range f.Attributes {
		if a, err := tg.DecodeDocumentAttribute(&bin.Buffer{Buf: b}); err == nil {
			x.Attributes = append(x.Attributes, a)
		}
	}
	return x
}

func (f *file) photo(w *World, viewer *account) *tg.Photo {
	return &tg.Photo{
		ID: f.ID, AccessHash: w.hashFor(viewer, kindFile, f.ID), FileReference: f.reference(),
		Date: f.Date, DCID: w.dc,
		Sizes: []tg.PhotoSizeClass{&tg.PhotoSize{Type: "x", W: f.Width, H: f.Height, Size: len(f.data)}},
	}
}

// opens says whether a bot has the right hash of a file.
func (w *World) opens(a *account, id, hash int64) bool {
	return w.files[id] != nil && hash == w.hashFor(a, kindFile, id)
}

// getFile reads a piece of a file, which must not cross the border of a megabyte.
//
// See https://core.telegram.org/api/files#downloading-files.
func (w *World) getFile(ctx context.Context, r *tg.UploadGetFileRequest) (tg.UploadFileClass, error) {
	const megabyte = 1 << 20
	var (
		id, hash  int64
		reference []byte
	)
	switch in := r.Location.(type) {
	case *tg.InputDocumentFileLocation:
		id, hash, reference = in.ID, in.AccessHash, in.FileReference
	case *tg.InputPhotoFileLocation:
		id, hash, reference = in.ID, in.AccessHash, in.FileReference
	default:
		return nil, tgerr.New(400, "LOCATION_INVALID")
	}
	unit := int64(4 << 10)
	if r.Precise {
		unit = 1 << 10
	}
	limit := int64(r.Limit)
	switch {
	case r.Offset < 0 || r.Offset%unit != 0:
		return nil, tgerr.New(400, "OFFSET_INVALID")
	case limit <= 0 || limit > megabyte || limit%unit != 0,
		!r.Precise && megabyte%limit != 0,
		r.Offset/megabyte != (r.Offset+limit-1)/megabyte:
		return nil, tgerr.New(400, "LIMIT_INVALID")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[id]
	switch {
	case !w.opens(callerOf(ctx).bot, id, hash):
		return nil, tgerr.New(400, "FILE_ID_INVALID")
	case len(reference) == 0:
		return nil, tgerr.New(400, "FILE_REFERENCE_EMPTY")
	case !bytes.Equal(reference, f.reference()):
		return nil, tgerr.New(400, "FILE_REFERENCE_INVALID")
	}
	size := int64(len(f.data))
	from := min(r.Offset, size)
	return &tg.UploadFile{
		Type: f.kind(), Mtime: f.Date, Bytes: bytes.Clone(f.data[from:min(from+limit, size)]),
	}, nil
}

func (f *file) kind() tg.StorageFileTypeClass {
	switch f.Mime {
	case "image/jpeg":
		return &tg.StorageFileJpeg{}
	case "image/png":
		return &tg.StorageFilePng{}
	}
	return &tg.StorageFileUnknown{}
}

// keepFilesAt says where files are: in the data center that accounts live in.
func (w *World) keepFilesAt(dc int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dc = dc
}
