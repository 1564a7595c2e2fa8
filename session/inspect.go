package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

// inspector reads a session file that may be damaged anywhere. It is what check
// and repair have in common.
type inspector struct {
	ctx   context.Context
	found func(Finding)
	now   time.Time
	done  Checked
	reads int

	file *pages.File
	// view is the file as of the last commit, of which all pages have been read;
	// nil if no meta page is whole.
	view *pages.View
	// torn says that pages are damaged, and not only records.
	torn bool

	buckets   map[string]pages.Bucket
	strangers []pages.Bucket // of another version
	gaps      map[string][]pages.Gap

	meta *record.Meta // nil if it cannot be read
	seal *sealer
	// self are the peers that say they are the bot itself, the first few.
	self []ID
}

// inspect begins to read a file, and refuses it as Open does.
func inspect(ctx context.Context, r io.ReaderAt, size int64, key *Key, found func(Finding)) (*inspector, error) {
	i, err := begin(ctx, r, size, found)
	if err != nil || i.meta == nil {
		return i, err
	}
	i.seal, err = admit(i.meta, Options{Key: key})
	return i, err
}

// inspectSealed is inspect for who has the sealer already.
func inspectSealed(ctx context.Context, r io.ReaderAt, size int64, seal *sealer, found func(Finding)) (*inspector, error) {
	i, err := begin(ctx, r, size, found)
	if err == nil {
		i.seal = seal
	}
	return i, err
}

func begin(ctx context.Context, r io.ReaderAt, size int64, found func(Finding)) (*inspector, error) {
	i := &inspector{
		ctx: ctx, found: found, now: time.Now(), done: Checked{Size: size},
		buckets: make(map[string]pages.Bucket), gaps: make(map[string][]pages.Gap),
	}
	var err error
	i.file, err = pages.Open(r, size)
	switch {
	case errors.Is(err, pages.ErrNotBolt):
		return i, ErrNotSession
	case err != nil:
		i.torn = true
		i.tell(Finding{Key: pageName(0, 1), Problem: err.Error(), Repair: "all pages are read for what is on them"})
		return i, nil
	}
	metas := i.file.Metas()
	if len(metas) == 1 {
		i.page("", pages.Problem{Page: uint64(1 - metas[0].Page), What: "is a meta page that is not whole: the last commit may be lost"})
	}
	if n := i.file.Lacks(metas[0]); n > 0 {
		i.torn = true
		i.tell(Finding{Problem: fmt.Sprintf("the file was cut off, and lacks %d bytes", n), Repair: "what is left is kept"})
	}
	i.view = i.file.At(metas[0])
	if err := i.open(); err != nil {
		return i, err
	}
	return i, i.survey()
}

// open finds the buckets and the file's own record.
func (i *inspector) open() error {
	torn := false
	list := i.view.Buckets(func(g pages.Gap) {
		torn = true
		i.gap("", g)
	})
	known := buckets()
	for _, b := range list {
		if slices.Contains(known, b.Name) {
			i.buckets[b.Name] = b
		} else {
			i.strangers = append(i.strangers, b)
		}
	}
	if len(i.buckets) == 0 && !torn {
		return ErrNotSession
	}
	for _, name := range known {
		if _, ok := i.buckets[name]; !ok {
			i.torn = true
			i.gaps[name] = []pages.Gap{{}}
			i.tell(Finding{Bucket: name, Problem: "the bucket is missing", Repair: lossOf(name)})
		}
	}
	if b, ok := i.buckets[bucketMeta]; ok {
		v := i.view.Get(b, []byte(keyMeta))
		rec, wrong := readMeta(v)
		switch {
		case v == nil || wrong != "":
			if v == nil {
				wrong = "is missing"
			}
			i.tell(Finding{Bucket: bucketMeta, Key: keyMeta, Problem: wrong, Repair: lossOf(bucketMeta)})
		default:
			i.meta = rec
		}
	}
	return nil
}

// survey reads every page, before any record is looked at: what a record lacks may
// stand on one that cannot be read.
func (i *inspector) survey() error {
	for _, name := range buckets() {
		if b, ok := i.buckets[name]; ok {
			if err := i.surveyed(b); err != nil {
				return err
			}
		}
	}
	for _, b := range i.strangers {
		if err := i.surveyed(b); err != nil {
			return err
		}
	}
	lost := uint64(0)
	i.view.Free(func(p pages.Problem) { i.page("", p) })
	i.view.Unaccounted(func(p pages.Problem) {
		if i.torn && p.What == pages.Unused {
			lost += p.To - p.Page + 1
			return
		}
		i.page("", p)
	})
	if lost > 0 {
		i.tell(Finding{Problem: fmt.Sprintf("%d pages belong to nothing that can be read", lost), Repair: "read for what is on them"})
	}
	return nil
}

func (i *inspector) surveyed(b pages.Bucket) error {
	return i.view.Each(b, func(pages.Row) error { return i.more() }, func(g pages.Gap) { i.gap(b.Name, g) })
}

// more ends the reading with its context.
func (i *inspector) more() error {
	if i.reads++; i.reads%1024 == 0 {
		return i.ctx.Err()
	}
	return nil
}

func (i *inspector) page(bucket string, p pages.Problem) {
	i.torn = true
	i.tell(Finding{Bucket: bucket, Key: pageName(p.Page, p.To), Problem: p.What, Repair: repairRewrite})
}

func (i *inspector) tell(f Finding) {
	i.done.Findings++
	if i.found != nil {
		i.found(f)
	}
}

// gap tells of a page for which rows of a bucket may be missing.
func (i *inspector) gap(bucket string, g pages.Gap) {
	i.torn = true
	what := g.What
	if bucket != "" && (g.From != nil || g.Until != nil) {
		what += ", " + between(bucket, g)
	}
	repair := lossOf(bucket)
	i.tell(Finding{Bucket: bucket, Key: pageName(g.Page, g.To), Problem: what, Repair: repair})
	const many = 1000 // as one: all that lies between them
	if list := i.gaps[bucket]; len(list) >= many {
		list[many-1].Until = g.Until
	} else {
		i.gaps[bucket] = append(list, g)
	}
}

func between(bucket string, g pages.Gap) string {
	switch {
	case g.From == nil:
		return "with what comes before " + keyName(bucket, g.Until)
	case g.Until == nil:
		return "with what comes from " + keyName(bucket, g.From) + " on"
	default:
		return "with what comes from " + keyName(bucket, g.From) + " on and before " + keyName(bucket, g.Until)
	}
}

// lossOf says what repair makes of it when rows of a bucket cannot be read.
func lossOf(bucket string) string {
	switch bucket {
	case bucketPeers:
		return "whoever has a name or a history stays, by those; the others have to be seen again"
	case bucketNames:
		return "the names are entered again from the peers"
	case bucketAuth:
		return "without its auth key the bot signs in again"
	case bucketState:
		return "taken as the commit before had it, or begun where the server is"
	case bucketMeta:
		return "made anew from what the other records tell"
	case "":
		return "what is under it is looked for in all pages"
	default:
		return "what stood there is lost, if no other page has it"
	}
}

// missing reports whether a key may be one of those that could not be read, which
// has been told already.
func (i *inspector) missing(bucket string, key []byte) bool {
	return slices.ContainsFunc(i.gaps[bucket], func(g pages.Gap) bool { return g.Holds(key) })
}

// each reads the rows of one of our buckets, as far as they can be read.
func (i *inspector) each(bucket string, do func(k, v []byte) error) error {
	b, ok := i.buckets[bucket]
	if !ok {
		return nil
	}
	return i.eachOf(b, do)
}

func (i *inspector) eachOf(b pages.Bucket, do func(k, v []byte) error) error {
	return i.file.At(i.file.Metas()[0]).Each(b, func(r pages.Row) error {
		if err := i.more(); err != nil {
			return err
		}
		return do(r.Key, r.Value)
	}, func(pages.Gap) {})
}

// get reads one row; nil if there is none.
func (i *inspector) get(bucket string, key []byte) []byte {
	b, ok := i.buckets[bucket]
	if !ok {
		return nil
	}
	return i.view.Get(b, key)
}
