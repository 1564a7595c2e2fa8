package pages

import "fmt"

// Free reads the list of free pages, and tells bad what is wrong with it. It
// returns false if it cannot be read.
func (v *View) Free(bad func(Problem)) bool {
	list := v.meta.Free
	if list == noFree {
		return false
	}
	wrong := func(what string) bool {
		bad(Problem{Page: list, What: "is the list of free pages, and " + what})
		return false
	}
	if list < 2 || list >= v.high {
		return wrong("lies outside of the file")
	}
	size := uint64(v.file.page)
	buf := make([]byte, v.file.page)
	if _, err := v.file.r.ReadAt(buf, int64(list*size)); err != nil {
		return wrong(fmt.Sprintf("cannot be read: %v", err))
	}
	h := headerOf(buf)
	if h.id != list || h.kind != freePage || uint64(h.overflow) >= v.high-list {
		return wrong("is something else")
	}
	count, first := uint64(h.count), uint64(0)
	if count == 0xFFFF { // too many for the header
		count, first = order.Uint64(buf[headerSize:]), 1
	}
	room := ((uint64(h.overflow)+1)*size - headerSize) / 8
	if count > room-first {
		return wrong(fmt.Sprintf("does not hold the %d that it counts", count))
	}
	if v.take(list, h) {
		bad(Problem{Page: list, What: "is the list of free pages, and overlaps another page"})
	}
	free, odd := newBits(v.high), 0
	for n := first; n < first+count; n++ {
		at := headerSize + n*8
		if n > first && at%size == 0 || n == first {
			page := at / size
			if _, err := v.file.r.ReadAt(buf, int64((list+page)*size)); err != nil {
				return wrong(fmt.Sprintf("cannot be read: %v", err))
			}
		}
		id := order.Uint64(buf[at%size:])
		switch {
		case id < 2 || id >= v.meta.High, id < v.high && free.has(id):
			odd++
		case id < v.high:
			free.set(id)
		}
	}
	if odd > 0 {
		return wrong(fmt.Sprintf("lists %d that cannot be free, or twice", odd))
	}
	v.free = free
	return true
}

// Unused is what Unaccounted says of a page to which nothing leads.
const Unused = "is neither in use nor listed as free"

// Unaccounted tells bad of the pages that are neither used nor free, and of those
// that are both. It is to be called when all buckets have been read, and says
// nothing if the list of free pages could not be.
func (v *View) Unaccounted(bad func(Problem)) {
	if v.free == nil {
		return
	}
	var run Problem
	end := func() {
		if run.What != "" {
			bad(run)
		}
		run = Problem{}
	}
	for id := uint64(2); id < v.high; id++ {
		what := ""
		switch used, free := v.used.has(id), v.free.has(id); {
		case used && free:
			what = "is in use and listed as free"
		case !used && !free:
			what = Unused
		}
		if what != run.What {
			end()
			run = Problem{Page: id, What: what}
		}
		run.To = id
	}
	end()
}
