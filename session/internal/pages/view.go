package pages

import (
	"bytes"
	"fmt"
)

// Problem is a page that is not as it should be.
type Problem struct {
	// Page is its number, and To that of the last one if there are several.
	Page, To uint64
	// What is wrong, as a sentence about the page without its beginning.
	What string
}

// Gap is a problem for which rows may be missing.
type Gap struct {
	Problem
	// From and Until bound the keys of the rows: those from From on that come
	// before Until. Nil is no bound.
	From, Until []byte
}

// Holds reports whether a key may be missing for the gap.
func (g Gap) Holds(key []byte) bool {
	return bytes.Compare(g.From, key) <= 0 && (g.Until == nil || bytes.Compare(key, g.Until) < 0)
}

// Bucket is one of the file's buckets.
type Bucket struct {
	Name   string
	root   uint64
	inline []byte // its only page, if it has no root
}

// Root returns the page that the bucket's tree begins with, or 0 for a small bucket,
// which stands in the value that names it.
func (b Bucket) Root() uint64 { return b.root }

// View is the file as one commit has left it. It keeps account of the pages that
// it has come by. It is for one goroutine.
type View struct {
	file *File
	meta Meta
	high uint64 // of the pages that are there
	used bits
	free bits // nil if the list could not be read
	// branches are kept for Get.
	branches map[uint64]branch
	buf      []byte
}

// At returns the file as a commit has left it.
func (f *File) At(m Meta) *View {
	high := min(m.High, f.Count())
	return &View{file: f, meta: m, high: high, used: newBits(high), branches: make(map[uint64]branch)}
}

// Buckets lists the buckets. What it cannot read it tells bad.
func (v *View) Buckets(bad func(Gap)) []Bucket {
	var list []Bucket
	w := walk{view: v, bad: bad, each: func(r Row) error {
		b, ok := bucketOf(r)
		if !ok {
			bad(Gap{Problem: Problem{Page: v.meta.Root, What: fmt.Sprintf("has %q, which is no bucket", r.Key)}})
			return nil
		}
		list = append(list, b)
		return nil
	}}
	_ = w.tree(v.meta.Root) // each returns no error
	return list
}

func bucketOf(r Row) (Bucket, bool) {
	if !r.Bucket || len(r.Value) < bucketSize {
		return Bucket{}, false
	}
	b := Bucket{Name: string(r.Key), root: order.Uint64(r.Value)}
	if b.root == 0 {
		b.inline = bytes.Clone(r.Value[bucketSize:])
	}
	return b, true
}

// Each reads the rows of a bucket in the order of their keys, as far as they can
// be read, and tells bad of the rest. It ends with the first error of do.
func (v *View) Each(b Bucket, do func(r Row) error, bad func(Gap)) error {
	w := walk{view: v, bad: bad, each: func(r Row) error {
		if r.Bucket {
			bad(Gap{Problem: Problem{Page: b.root, What: fmt.Sprintf("has %x, which is a bucket and no value", r.Key)}})
			return nil
		}
		return do(r)
	}}
	if b.root != 0 {
		return w.tree(b.root)
	}
	rows, wrong := inlineRows(b.inline)
	if wrong != "" {
		bad(Gap{Problem: Problem{Page: v.meta.Root, What: fmt.Sprintf("has bucket %s: %s", b.Name, wrong)}})
	}
	for _, r := range rows {
		if err := w.each(r); err != nil {
			return err
		}
	}
	return nil
}

// inlineRows reads the only page of a small bucket, which stands in its value.
func inlineRows(buf []byte) ([]Row, string) {
	if len(buf) < headerSize {
		return nil, "it is cut off"
	}
	h := headerOf(buf)
	if h.kind != leafPage {
		return nil, "it is no leaf"
	}
	return leafRows(buf, h)
}

// maxDepth bounds a tree: at two children a page it would be larger than any disk.
const maxDepth = 50

// walk goes through a tree.
type walk struct {
	view *View
	each func(Row) error
	bad  func(Gap)
	bufs [maxDepth][]byte
}

func (w *walk) tree(root uint64) error { return w.page(root, 0, nil, nil) }

// page goes through what is under a page, whose keys are bounded by its parent.
func (w *walk) page(id uint64, depth int, from, until []byte) error {
	v := w.view
	lost := func(what string) {
		w.bad(Gap{Problem{Page: id, What: what}, bytes.Clone(from), bytes.Clone(until)})
	}
	switch {
	case id < 2 || id >= v.meta.High:
		lost("is referred to, and cannot be a page of the tree")
		return nil
	case id >= v.high:
		lost("lies behind the end of the file")
		return nil
	case v.used.has(id):
		lost("is referred to twice")
		return nil
	case depth == maxDepth:
		lost("is too deep in the tree")
		return nil
	}
	buf, h, wrong := v.file.read(id, v.high, w.bufs[depth])
	w.bufs[depth] = buf
	if wrong == "" && h.kind != branchPage && h.kind != leafPage {
		wrong = fmt.Sprintf("is of the kind %#x, which has no place in a tree", h.kind)
	}
	if wrong == "" && v.take(id, h) {
		wrong = "overlaps another page"
	}
	if wrong != "" {
		v.used.set(id)
		lost(wrong)
		return nil
	}
	bounded := func(key []byte) bool {
		return bytes.Compare(from, key) <= 0 && (until == nil || bytes.Compare(key, until) < 0)
	}
	if h.kind == leafPage {
		rows, wrong := leafRows(buf, h)
		for _, r := range rows {
			if !bounded(r.Key) {
				wrong = "has keys that belong elsewhere"
				continue
			}
			if err := w.each(r); err != nil {
				return err
			}
		}
		if wrong != "" {
			lost("is damaged: " + wrong)
		}
		return nil
	}
	list, wrong := children(buf, h)
	if wrong != "" {
		lost("is damaged: " + wrong)
	}
	for i, c := range list {
		next := until
		if i+1 < len(list) {
			next = list[i+1].key
		}
		if !bounded(c.key) {
			lost("is damaged: it has keys that belong elsewhere")
			continue
		}
		if err := w.page(c.page, depth+1, c.key, next); err != nil {
			return err
		}
	}
	return nil
}

// take marks a page and its overflow as used, and reports whether one was.
func (v *View) take(id uint64, h header) (twice bool) {
	for n := id; n <= id+uint64(h.overflow); n++ {
		twice = twice || v.used.has(n)
		v.used.set(n)
	}
	return twice
}
