// Package pages reads a bbolt file page by page, and trusts none of them.
//
// bbolt maps its file and follows what stands there. On a damaged page it panics,
// reads beyond the end of the file, which ends the process, or goes round in a
// circle until the stack is full. So whoever has to say what is wrong with a file,
// or to save what is left of it, cannot read it by bbolt. This package reads with
// ordinary calls, looks at every number before it uses it, takes no page twice,
// and holds no more than a few pages and a bit or two for each.
//
// Find is the one function for a sound file, and for speed: it looks up a key in
// pages that are mapped. What it comes by it trusts no more than the others do.
//
// The layout is that of bbolt's version 2, in the byte order of the machine: see
// internal/common in go.etcd.io/bbolt. A page begins with its number, its kind,
// the number of its elements and the number of pages that follow it as its
// overflow. Two meta pages come first, and the one with the later transaction
// holds; it names the root, whose leaf elements are the buckets, and the list of
// free pages.
package pages
