package pages

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

const (
	magic   = 0xED0CDAED
	version = 2

	metaSize = 64 // of what stands behind the header of a meta page

	minPage = 1 << 10
	maxPage = 1 << 20
	// maxSpan bounds what one page may span with its overflow: rows are far
	// smaller, and a damaged number must not become memory.
	maxSpan = 64 << 20
	// noFree stands in place of the list of free pages where none is stored.
	noFree = 1<<64 - 1
)

// Errors of [Open].
var (
	// ErrNotBolt: no page says that the file is bbolt's.
	ErrNotBolt = errors.New("not a bbolt file")
	// ErrNoMeta: the file is bbolt's, and neither of its meta pages is whole.
	ErrNoMeta = errors.New("neither meta page is whole")
)

// File is a bbolt file that is read only. It holds no lock, so it has to be
// somebody else's care that nobody writes.
type File struct {
	r     io.ReaderAt
	size  int64
	page  int
	metas []Meta
}

// Meta is what one commit has left: the later one of two.
type Meta struct {
	// Page is the number of the meta page itself, 0 or 1.
	Page int
	// Root is the page of the bucket of buckets, and Free the list of free pages.
	Root, Free uint64
	// High is the number of pages that the commit knows.
	High uint64
	// Tx counts the commits.
	Tx uint64
}

// Open reads the meta pages. With ErrNoMeta it returns a File too, of which only
// Scan is of use.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size}
	ours := false
	// The second meta page lies where the size of a page puts it, which the first
	// one tells if it is whole.
	for at := int64(0); at < size && at <= maxPage; {
		m, page, known, whole := f.meta(at)
		ours = ours || known
		if whole && (at == 0 || at == int64(page)) {
			if f.page == 0 {
				f.page = page
			}
			if page == f.page {
				f.metas = append(f.metas, m)
			}
		}
		switch {
		case at == 0 && whole:
			at = int64(page)
		case at == 0:
			at = minPage
		case f.page != 0:
			at = size
		default:
			at *= 2
		}
	}
	switch {
	case len(f.metas) == 2 && f.metas[0].Tx < f.metas[1].Tx:
		f.metas[0], f.metas[1] = f.metas[1], f.metas[0]
	case len(f.metas) == 0:
		f.page = f.guess()
		if !ours {
			return f, ErrNotBolt
		}
		return f, ErrNoMeta
	}
	return f, nil
}

// meta reads the meta page at an offset. It tells whether it is bbolt's, and
// whether it is whole.
func (f *File) meta(at int64) (m Meta, page int, known, whole bool) {
	buf := make([]byte, headerSize+metaSize)
	if _, err := f.r.ReadAt(buf, at); err != nil {
		return m, 0, false, false
	}
	b := buf[headerSize:]
	if order.Uint32(b) != magic {
		return m, 0, false, false
	}
	sum := fnv.New64a()
	_, _ = sum.Write(b[:56])
	page = int(order.Uint32(b[8:]))
	m = Meta{
		Root: order.Uint64(b[16:]), Free: order.Uint64(b[32:]),
		High: order.Uint64(b[40:]), Tx: order.Uint64(b[48:]),
	}
	if at > 0 {
		m.Page = 1
	}
	whole = order.Uint32(b[4:]) == version && order.Uint64(b[56:]) == sum.Sum64() &&
		page >= minPage && page <= maxPage && page&(page-1) == 0
	return m, page, true, whole
}

// guess finds the size of a page without a meta page: the one at which the most
// pages bear their own number.
func (f *File) guess() int {
	best, most := os.Getpagesize(), 0
	for size := minPage; size <= 1<<16; size *= 2 {
		n := 0
		for id := int64(2); id < 1000 && (id+1)*int64(size) <= f.size; id++ {
			var buf [headerSize]byte
			if _, err := f.r.ReadAt(buf[:], id*int64(size)); err != nil {
				break
			}
			if headerOf(buf[:]).id == uint64(id) {
				n++
			}
		}
		if n > most {
			best, most = size, n
		}
	}
	return best
}

// Metas returns the meta pages that are whole, the later one first.
func (f *File) Metas() []Meta { return f.metas }

// Count returns how many whole pages the file has.
func (f *File) Count() uint64 { return uint64(f.size) / uint64(f.page) }

// Lacks returns how many bytes the file is too short for a commit; 0 if it is
// long enough.
func (f *File) Lacks(m Meta) int64 {
	if m.High > f.Count() {
		if m.High > 1<<50/uint64(f.page) {
			return 1 << 50
		}
		return int64(m.High)*int64(f.page) - f.size
	}
	return 0
}

// FreeListIsOne reports whether the page at which the list of free pages should
// be is one: bbolt panics otherwise.
func (f *File) FreeListIsOne(m Meta) bool {
	if m.Free == noFree {
		return true
	}
	var buf [headerSize]byte
	if m.Free < 2 || m.Free >= f.Count() {
		return false
	}
	if _, err := f.r.ReadAt(buf[:], int64(m.Free)*int64(f.page)); err != nil {
		return false
	}
	h := headerOf(buf[:])
	return h.kind == freePage && h.id == m.Free && m.Free+uint64(h.overflow) < f.Count()
}

// read reads a page with its overflow into buf, which it returns, larger if need
// be. The number has to be below count.
func (f *File) read(id, count uint64, buf []byte) ([]byte, header, string) {
	buf = grown(buf, f.page)
	if _, err := f.r.ReadAt(buf, int64(id)*int64(f.page)); err != nil {
		return buf, header{}, fmt.Sprintf("cannot be read: %v", err)
	}
	h := headerOf(buf)
	span := (uint64(h.overflow) + 1) * uint64(f.page)
	switch {
	case h.id != id:
		return buf, h, "is not the page that it should be"
	case h.overflow == 0:
		return buf, h, ""
	case uint64(h.overflow) >= count-id, span > maxSpan:
		return buf, h, fmt.Sprintf("says that it spans %d more pages", h.overflow)
	}
	buf = grown(buf, int(span))
	if _, err := f.r.ReadAt(buf, int64(id)*int64(f.page)); err != nil {
		return buf, h, fmt.Sprintf("cannot be read: %v", err)
	}
	return buf, h, ""
}

func grown(buf []byte, n int) []byte {
	if cap(buf) < n {
		return make([]byte, n)
	}
	return buf[:n]
}
