package pages

import (
	"bytes"
	"slices"
)

// branch is a branch page that is kept.
type branch []child

// maxBranches bounds those that are kept, at about 4 KiB each.
const maxBranches = 4096

// Get returns the value of a key, or nil: for a row that cannot be read too. It
// is valid until the next call.
func (v *View) Get(b Bucket, key []byte) []byte {
	if b.root == 0 {
		rows, _ := inlineRows(b.inline)
		return find(rows, key)
	}
	id := b.root
	for range maxDepth {
		if id < 2 || id >= v.high {
			return nil
		}
		list, kept := v.branches[id]
		if !kept {
			buf, h, wrong := v.file.read(id, v.high, v.buf)
			v.buf = buf
			if wrong != "" {
				return nil
			}
			if h.kind == leafPage {
				rows, _ := leafRows(buf, h)
				return find(rows, key)
			}
			if h.kind != branchPage {
				return nil
			}
			list, _ = children(bytes.Clone(buf), h)
			if len(v.branches) >= maxBranches {
				clear(v.branches)
			}
			v.branches[id] = list
		}
		n, ok := slices.BinarySearchFunc(list, key, func(c child, key []byte) int { return bytes.Compare(c.key, key) })
		if !ok {
			n--
		}
		if n < 0 {
			n = 0 // bbolt goes to the first child as well
		}
		if len(list) == 0 {
			return nil
		}
		id = list[n].page
	}
	return nil
}

func find(rows []Row, key []byte) []byte {
	n, ok := slices.BinarySearchFunc(rows, key, func(r Row, key []byte) int { return bytes.Compare(r.Key, key) })
	if !ok || rows[n].Bucket {
		return nil
	}
	return rows[n].Value
}
