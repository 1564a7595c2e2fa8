package pages

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// Kinds of pages, as they stand in their headers.
const (
	branchPage = 0x01
	leafPage   = 0x02
	metaPage   = 0x04
	freePage   = 0x10

	bucketFlag = 0x01 // of a leaf's element: the value is a bucket
)

const (
	headerSize  = 16
	elementSize = 16 // of a leaf and of a branch
	bucketSize  = 16 // the header of a bucket: its root and a sequence
)

// header begins every page.
type header struct {
	id       uint64
	kind     uint16
	count    uint16
	overflow uint32
}

// order is that of the machine: bbolt writes its structs as they lie in memory.
var order = binary.NativeEndian

func headerOf(buf []byte) header {
	return header{
		id:       order.Uint64(buf),
		kind:     order.Uint16(buf[8:]),
		count:    order.Uint16(buf[10:]),
		overflow: order.Uint32(buf[12:]),
	}
}

// Row is one element of a leaf. It is valid until the next one is read.
type Row struct {
	Key, Value []byte
	// Bucket says that the value is a bucket.
	Bucket bool
	// Page is where the row stands; 0 for one of a small bucket.
	Page uint64
}

// child is one element of a branch.
type child struct {
	key  []byte
	page uint64
}

// leafRows reads the elements of a leaf that can be read, in ascending order of
// their keys. It returns in words what is wrong with the others, or "".
func leafRows(buf []byte, h header) (rows []Row, wrong string) {
	for i := range int(h.count) {
		at := headerSize + i*elementSize
		if at+elementSize > len(buf) {
			return sorted(rows, fmt.Sprintf("%d elements do not fit it", h.count))
		}
		e := buf[at:]
		flags, pos := order.Uint32(e), uint64(order.Uint32(e[4:]))
		ksize, vsize := uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		from := uint64(at) + pos
		if ksize == 0 || pos < elementSize || from+ksize+vsize > uint64(len(buf)) {
			wrong = fmt.Sprintf("element %d lies outside of it", i)
			continue
		}
		rows = append(rows, Row{
			Key:    buf[from : from+ksize : from+ksize],
			Value:  buf[from+ksize : from+ksize+vsize : from+ksize+vsize],
			Bucket: flags&bucketFlag != 0,
			Page:   h.id,
		})
	}
	return sorted(rows, wrong)
}

// sorted leaves out the rows without which the others are in order.
func sorted(rows []Row, wrong string) ([]Row, string) {
	keep := ascending(len(rows), func(i, j int) bool { return bytes.Compare(rows[i].Key, rows[j].Key) < 0 })
	if len(keep) == len(rows) {
		return rows, wrong
	}
	out := make([]Row, len(keep))
	for n, i := range keep {
		out[n] = rows[i]
	}
	return out, "its keys are not in order"
}

// children reads the elements of a branch that can be read, in ascending order.
func children(buf []byte, h header) (list []child, wrong string) {
	for i := range int(h.count) {
		at := headerSize + i*elementSize
		if at+elementSize > len(buf) {
			wrong = fmt.Sprintf("%d elements do not fit it", h.count)
			break
		}
		e := buf[at:]
		pos, ksize := uint64(order.Uint32(e)), uint64(order.Uint32(e[4:]))
		from := uint64(at) + pos
		if ksize == 0 || pos < elementSize || from+ksize > uint64(len(buf)) {
			wrong = fmt.Sprintf("element %d lies outside of it", i)
			continue
		}
		list = append(list, child{buf[from : from+ksize : from+ksize], order.Uint64(e[8:])})
	}
	if h.count == 0 {
		wrong = "it is a branch without elements"
	}
	keep := ascending(len(list), func(i, j int) bool { return bytes.Compare(list[i].key, list[j].key) < 0 })
	if len(keep) == len(list) {
		return list, wrong
	}
	out := make([]child, len(keep))
	for n, i := range keep {
		out[n] = list[i]
	}
	return out, "its keys are not in order"
}

// ascending returns the longest selection of n things that is in order.
func ascending(n int, less func(i, j int) bool) []int {
	inOrder := true
	for i := 1; i < n && inOrder; i++ {
		inOrder = less(i-1, i)
	}
	if inOrder {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	// ends[l] is what the best selection of l+1 things ends with; before links
	// each thing to the one before it.
	var ends []int
	before := make([]int, n)
	for i := range n {
		l, _ := slices.BinarySearchFunc(ends, i, func(end, i int) int {
			if less(end, i) {
				return -1
			}
			return 1
		})
		before[i] = -1
		if l > 0 {
			before[i] = ends[l-1]
		}
		if l == len(ends) {
			ends = append(ends, i)
		} else {
			ends[l] = i
		}
	}
	out := make([]int, len(ends))
	for i, n := ends[len(ends)-1], len(ends)-1; n >= 0; i, n = before[i], n-1 {
		out[n] = i
	}
	return out
}
