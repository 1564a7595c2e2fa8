package pages

// Stray reads the leaves that no page leads to and that are not listed as free:
// those under a branch that is lost. They come in no order. If the list of free
// pages could not be read, leaves of earlier commits are among them, and Sure
// says so.
func (v *View) Stray(do func(id uint64, rows []Row) error) error {
	var buf []byte
	for id := uint64(2); id < v.high; id++ {
		if v.used.has(id) || v.free != nil && v.free.has(id) {
			continue
		}
		var h header
		var wrong string
		buf, h, wrong = v.file.read(id, v.high, buf)
		if wrong != "" || h.kind != leafPage {
			continue
		}
		rows, wrong := leafRows(buf, h)
		if wrong != "" || len(rows) == 0 {
			continue
		}
		if err := do(id, rows); err != nil {
			return err
		}
		id += uint64(h.overflow)
	}
	return nil
}

// Sure reports whether stray leaves are those of the commit, and no others.
func (v *View) Sure() bool { return v.free != nil }

// Scan returns a view of a file without a meta page, in which every leaf is
// stray.
func (f *File) Scan() *View {
	return f.At(Meta{High: f.Count(), Free: noFree})
}

// Inside lists the rows of the small buckets that stand in a stray leaf, if it is
// one of buckets.
func Inside(rows []Row, do func(bucket string, r Row) error) error {
	for _, r := range rows {
		b, ok := bucketOf(r)
		if !ok || b.root != 0 {
			continue
		}
		inner, _ := inlineRows(b.inline)
		for _, r := range inner {
			if err := do(b.Name, r); err != nil {
				return err
			}
		}
	}
	return nil
}
