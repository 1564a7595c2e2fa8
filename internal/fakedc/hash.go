package fakedc

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// kind keeps the id spaces apart: users, basic groups and channels overlap.
// See https://core.telegram.org/api/peers#peer-id.
type kind byte

const (
	kindUser kind = iota + 1
	kindChat
	kindChannel
	// kindMin is the hash of a user as min objects have it, kindMinChannel a
	// channel's. They open nothing but photos. See https://core.telegram.org/api/min.
	kindMin
	// kindMade makes ids rather than hashes.
	kindMade
	kindMinChannel
	kindFile
	kindChatInstance
	kindInvite
	kindMalice
	kindInline
	kindBusiness
)

// hashFor is the access hash that a bot has for a peer since its last sign-in.
func (w *World) hashFor(viewer *account, k kind, id int64) int64 {
	h := w.hash(viewer.user.id, k, id)
	if w.opts.SignInHashes && viewer.signIns > 1 {
		h = w.hash(h, k, int64(viewer.signIns))
	}
	return h
}

// hash is the access hash that viewer has for a peer. About half of all hashes
// are negative, as everywhere.
func (w *World) hash(viewer int64, k kind, id int64) int64 {
	mac := hmac.New(sha256.New, w.secret[:])
	var b [17]byte
	binary.BigEndian.PutUint64(b[:], uint64(viewer))
	b[8] = byte(k)
	binary.BigEndian.PutUint64(b[9:], uint64(id))
	mac.Write(b[:])
	sum := mac.Sum(nil)
	h := int64(binary.BigEndian.Uint64(sum))
	if h == 0 {
		// 0 means "no hash" in every input constructor.
		return 1
	}
	return h
}
