package pages

import (
	"bytes"
	"encoding/binary"
)

// Find returns the value of a key in the tree that begins with a page, or nil if it
// is not there. Data is the file from its beginning, as a read transaction may see
// it, and size that of a page. The value is a part of data.
//
// It finds what bbolt's Get finds, and is faster: it makes nothing on its way, and
// guesses where in a page a key stands by where it lies between the keys around the
// page, so that it reads a few cache lines of each page instead of a dozen. It returns
// false if it comes by anything that makes no sense, and leaves it to others to say
// what.
func Find(data []byte, size int, root uint64, key []byte) (value []byte, ok bool) {
	id, all := root, uint64(len(data)/size)
	var low, high []byte // the keys under the page are from low on, and less than high
	for range maxDepth {
		if id < 2 || id >= all {
			return nil, false
		}
		at := int(id) * size
		h := headerOf(data[at : at+headerSize])
		if h.id != id || uint64(h.overflow) >= all-id {
			return nil, false
		}
		p := searched{buf: data[at : at+(int(h.overflow)+1)*size], count: int(h.count)}
		if headerSize+p.count*elementSize > len(p.buf) {
			return nil, false
		}
		switch {
		case h.kind == leafPage:
			p.key = inLeaf
		case h.kind != branchPage || p.count == 0:
			return nil, false
		}
		n, exact := p.search(key, low, high)
		if p.wrong {
			return nil, false
		}
		if h.kind == leafPage {
			if !exact {
				return nil, true
			}
			return p.value(n)
		}
		if !exact && n > 0 {
			n--
		}
		low = p.at(n)
		if n+1 < p.count {
			high = p.at(n + 1)
		}
		id = order.Uint64(p.buf[headerSize+n*elementSize+8:])
	}
	return nil, false
}

// inLeaf is where an element of a leaf says at which offset from it its key begins;
// one of a branch begins with that. The size follows.
const inLeaf = 4

// searched is a page that is searched.
type searched struct {
	buf   []byte
	count int
	key   int
	wrong bool // something made no sense
}

// search returns the first of the elements whose key is not less, and whether that is
// the key. The keys around the page are known, or nil.
func (p *searched) search(key, low, high []byte) (n int, exact bool) {
	if p.count == 0 {
		return 0, false
	}
	if low == nil {
		low = p.at(0)
	}
	if high == nil {
		high = p.at(p.count - 1)
	}
	// What is before from is less, and what is at until or behind it is not.
	from, until := 0, p.count
	mid := guess(key, low, high, p.count)
	for step := 1; from < until && !p.wrong; step *= 2 {
		switch bytes.Compare(p.at(mid), key) {
		case 0:
			return mid, true
		case -1:
			from = mid + 1
		default:
			until = mid
		}
		switch {
		case from > 0 && until < p.count:
			mid = int(uint(from+until) >> 1)
		case from > 0: // farther and farther from the guess
			mid = min(mid+step, until-1)
		default:
			mid = max(mid-step, 0)
		}
	}
	return from, false
}

// guess returns about where among so many a key stands that lies between two.
func guess(key, low, high []byte, count int) int {
	same := 0 // bytes that all of them begin with
	for same < len(low) && same < len(high) && low[same] == high[same] {
		same++
	}
	a, b, x := number(low, same), number(high, same), number(key, same)
	if x <= a || b <= a {
		return 0
	}
	return min(int(float64(count)*(float64(x-a)/float64(b-a))), count-1)
}

// number reads the bytes from an offset on as a number.
func number(b []byte, from int) uint64 {
	if from+8 <= len(b) {
		return binary.BigEndian.Uint64(b[from:])
	}
	var n uint64
	for i := range 8 {
		n <<= 8
		if from+i < len(b) {
			n |= uint64(b[from+i])
		}
	}
	return n
}

// at returns the key of an element.
func (p *searched) at(n int) []byte {
	at := headerSize + n*elementSize
	e := p.buf[at+p.key : at+p.key+8]
	from := uint64(at) + uint64(order.Uint32(e))
	until := from + uint64(order.Uint32(e[4:]))
	if until > uint64(len(p.buf)) {
		p.wrong = true
		return nil
	}
	return p.buf[from:until]
}

// value returns what an element of a leaf holds; a bucket is not a value.
func (p *searched) value(n int) ([]byte, bool) {
	at := headerSize + n*elementSize
	e := p.buf[at : at+elementSize]
	from := uint64(at) + uint64(order.Uint32(e[4:])) + uint64(order.Uint32(e[8:]))
	until := from + uint64(order.Uint32(e[12:]))
	if until > uint64(len(p.buf)) || order.Uint32(e)&bucketFlag != 0 {
		return nil, false
	}
	return p.buf[from:until:until], true
}
