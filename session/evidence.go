package session

import "math"

// evidence is what has borne out the standing of a dialog last. The file does not
// have it of somebody who writes every minute: that says nothing new, and is
// written twice a day at most. See recent.
type evidence struct {
	at   int64
	ours bool // it was an answer to a call of the bot's own
	// stored is how much of it the file has, and first the first message there, 0 if
	// it has none.
	stored, first int64
	// message and qts are the highest that were heard.
	message, qts int64
	// calm says that the bot may write because of something that the user did.
	calm bool
}

// packed is evidence in 24 bytes: it is kept of many users. All of it is an int in TL,
// so nothing is lost but times that cannot be.
type packed struct {
	at, stored          uint32
	first, message, qts int32
	ours, calm          bool
}

func (e evidence) pack() packed {
	return packed{
		at: second(e.at), stored: second(e.stored),
		first: int32(e.first), message: int32(e.message), qts: int32(e.qts),
		ours: e.ours, calm: e.calm,
	}
}

// second is a time in Unix seconds, until the year 2106.
func second(at int64) uint32 { return uint32(min(max(at, 0), math.MaxUint32)) }

func (p packed) unpack() evidence {
	return evidence{
		at: int64(p.at), stored: int64(p.stored),
		first: int64(p.first), message: int64(p.message), qts: int64(p.qts),
		ours: p.ours, calm: p.calm,
	}
}

// evidence returns what bore the standing in a record out last.
func (b *batch) evidence(d *dialogEntry) evidence {
	e := d.last
	if !d.noted {
		e, _ = b.recent.evidence(d.user)
	}
	if stored := max(d.rec.At, d.rec.Confirmed); stored > e.at {
		e.at, e.ours = stored, answered(d.rec.Reason)
	}
	return e
}

func (r *recent) evidence(user int64) (evidence, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.remembered(user)
}

// remembered is evidence for whoever holds mu.
func (r *recent) remembered(user int64) (evidence, bool) {
	p, ok := r.users.get(user)
	return p.unpack(), ok
}

// calm reports whether an event says nothing that the file would not have: one more
// message of somebody who may be written to. It is remembered, so that an older
// event which comes later does not count.
func (r *recent) calm(e *event) bool {
	if e.what != acted || e.message == 0 || e.start {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last, ok := r.remembered(e.user)
	if !ok || !last.calm || last.first == 0 || int64(e.message) < last.first || e.at >= last.stored+confirmAfter {
		return false
	}
	if e.at > last.at {
		last.at, last.ours, last.message = e.at, false, max(last.message, int64(e.message))
		r.users.replace(e.user, last.pack())
	}
	return true
}

// forget takes a user out.
func (r *recent) forget(user int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.users.put(user, packed{})
}
