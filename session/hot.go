package session

import "sync"

// hot keeps the hashes that were asked for last, as a request has them: gotd asks
// for the same few again and again, and the file takes microseconds and
// allocations to tell. It is bounded: 16,384 to 32,768 of them.
//
// What is kept is never older than the file and the row of what waits. A sighting
// drops what is kept of its peer when it is queued, and so does every row when it
// is committed, which is how a peer that is forgotten goes. A reader that has begun
// before that and ends after it keeps nothing: see hotShard.changes.
type hot struct{ shards [hotShards]hotShard }

const (
	hotShards = 16
	perHot    = 1 << 10 // in a generation of a shard
)

type hotShard struct {
	mu sync.Mutex
	// changes counts what was dropped.
	changes    uint64
	young, old map[ID]int64
}

func (h *hot) shard(id ID) *hotShard {
	return &h.shards[uint64(id.Num)*0x9E3779B97F4A7C15>>(64-4)]
}

// get returns what is kept of a peer, and else what put wants to know.
func (h *hot) get(id ID) (hash int64, ok bool, changes uint64) {
	s := h.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if hash, ok = s.young[id]; ok {
		return hash, true, 0
	}
	if hash, ok = s.old[id]; ok {
		s.keep(id, hash)
	}
	return hash, ok, s.changes
}

// put keeps what was read, unless something was dropped meanwhile.
func (h *hot) put(id ID, hash int64, changes uint64) {
	s := h.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changes == changes {
		s.keep(id, hash)
	}
}

func (s *hotShard) keep(id ID, hash int64) {
	if s.young == nil || len(s.young) >= perHot {
		if s.old == nil {
			s.old = make(map[ID]int64, perHot)
		}
		clear(s.old)
		s.young, s.old = s.old, s.young
	}
	s.young[id] = hash
}

func (h *hot) drop(id ID) {
	s := h.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	delete(s.young, id)
	delete(s.old, id)
}

// dropRows drops whoever was written.
func (h *hot) dropRows(rows []row) {
	for _, r := range rows {
		if r.bucket != bucketPeers {
			continue
		}
		if id, ok := idFromKey(r.key); ok {
			h.drop(id)
		}
	}
}
