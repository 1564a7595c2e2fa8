package rawtl

import (
	"mime"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// File is a document or a photo in an answer.
type File struct {
	// Name is one for a file on disk: the id, and for a document the name that its
	// sender gave it. It is one part of a path and begins with a digit.
	Name string
	// Size is in bytes.
	Size int64
	// Location is where the file is read.
	Location tg.InputFileLocationClass
}

// Files finds the documents and photos in an answer, each once. What is only
// there to be looked at while a file loads is left out, and of a photo all but
// the largest size.
func (s *Schema) Files(result bin.Decoder) ([]File, error) {
	var out []File
	known := map[int64]bool{}
	err := s.walk(reflect.ValueOf(result), func(_ *shape, v reflect.Value) error {
		var f File
		var id int64
		ok := false
		switch object := v.Addr().Interface().(type) {
		case *tg.Document:
			f, id, ok = document(object), object.ID, true
		case *tg.Photo:
			id = object.ID
			f, ok = photo(object)
		}
		if ok && !known[id] {
			known[id] = true
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

func document(d *tg.Document) File {
	name := strconv.FormatUint(uint64(d.ID), 10)
	for _, a := range d.Attributes {
		if a, ok := a.(*tg.DocumentAttributeFilename); ok {
			name += "-" + harmless(a.FileName)
			return documentAt(d, name)
		}
	}
	if types, _ := mime.ExtensionsByType(d.MimeType); len(types) > 0 {
		slices.Sort(types)
		name += types[0]
	}
	return documentAt(d, name)
}

func documentAt(d *tg.Document, name string) File {
	return File{Name: name, Size: d.Size, Location: &tg.InputDocumentFileLocation{
		ID: d.ID, AccessHash: d.AccessHash, FileReference: d.FileReference,
	}}
}

// harmless makes one part of a path out of a name that a stranger chose.
func harmless(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	const most = 150 // bytes, so that a file system takes it with the id before it
	if len(name) > most {
		end := path.Ext(name)
		if len(end) > 20 {
			end = ""
		}
		name = strings.ToValidUTF8(name[:most-len(end)], "") + end
	}
	return name
}

// photo is the largest size of a photo that there is a file of.
func photo(p *tg.Photo) (File, bool) {
	best, kind, size := 0, "", 0
	for _, s := range p.Sizes {
		switch s := s.(type) {
		case *tg.PhotoSize:
			if area := s.W * s.H; area > best {
				best, kind, size = area, s.Type, s.Size
			}
		case *tg.PhotoSizeProgressive:
			if area := s.W * s.H; area > best && len(s.Sizes) > 0 {
				best, kind, size = area, s.Type, slices.Max(s.Sizes)
			}
		}
	}
	return File{
		Name: strconv.FormatUint(uint64(p.ID), 10) + ".jpg", Size: int64(size),
		Location: &tg.InputPhotoFileLocation{
			ID: p.ID, AccessHash: p.AccessHash, FileReference: p.FileReference, ThumbSize: kind,
		},
	}, kind != ""
}
