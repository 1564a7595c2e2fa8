package session

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Named is a peer by one of its usernames.
type Named struct {
	// Name is the username as it is written, without @.
	Name string
	Peer Peer
}

// Prefixed returns peers that bear a username which begins with prefix, in any
// case, in the order of the names: at most limit of them, each name once. Names
// that are contested are left out.
func (b *Book) Prefixed(prefix string, limit int) ([]Named, error) {
	prefix = fold(prefix)
	names := map[string]struct{}{}
	b.file.queue.prefixed(prefix, names)
	// Some names have nobody any more: their entries are dropped when the names
	// are next claimed.
	most := 2*limit + 16
	err := b.file.view(func(batch *batch) error {
		c := batch.tx.Bucket([]byte(bucketNames)).Cursor()
		for k, _ := c.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)) && most > 0; k, _ = c.Next() {
			names[string(k)] = struct{}{}
			most--
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []Named
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if len(out) == limit {
			break
		}
		p, err := b.ByName(name)
		switch {
		case errors.Is(err, ErrNeverSeen), errors.Is(err, ErrContested):
			continue
		case err != nil:
			return out, err
		}
		for _, u := range p.Usernames {
			if fold(u.Name) == name {
				out = append(out, Named{u.Name, p})
			}
		}
	}
	return out, nil
}

// prefixed adds the names that are claimed in what waits.
func (q *queue) prefixed(prefix string, to map[string]struct{}) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	for _, p := range []*pending{&q.writing, &q.waiting} {
		for name := range p.byName {
			if strings.HasPrefix(name, prefix) {
				to[name] = struct{}{}
			}
		}
	}
}
