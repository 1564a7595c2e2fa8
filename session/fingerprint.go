package session

import (
	"hash/maphash"
	"math/bits"

	"github.com/gotd/td/tg"
)

// fingerprint stands for an object: of all that a sighting takes out of it,
// and of whether it is there. It is never 0.
type fingerprint struct {
	seed maphash.Seed
	sum  uint64
}

func (p *fingerprint) number(v uint64) {
	const spread = 0xa0761d6478bd642f
	hi, lo := bits.Mul64(p.sum^v, spread)
	p.sum = bits.RotateLeft64(p.sum, 29) + hi ^ lo
}

func (p *fingerprint) text(s string) {
	if s == "" {
		p.number(1)
		return
	}
	p.number(maphash.String(p.seed, s))
}

func (p *fingerprint) bits(list ...bool) {
	var v uint64 = 1
	for _, set := range list {
		v <<= 1
		if set {
			v |= 1
		}
	}
	p.number(v)
}

func (p *fingerprint) names(single string, list []tg.Username) {
	p.text(single)
	p.number(uint64(len(list)))
	for i := range list {
		p.bits(list[i].Active, list[i].Editable)
		p.text(list[i].Username)
	}
}

func (p *fingerprint) hash(v int64, ok bool) {
	p.bits(ok)
	p.number(uint64(v))
}

func (p *fingerprint) done() uint64 { return max(1, p.sum) }

func (k *known) user(u *tg.User) uint64 {
	p := fingerprint{seed: k.seed, sum: 2}
	_, hasPhone := u.GetPhone()
	p.bits(u.Self, u.Bot, u.Premium, u.Deleted, u.Verified, u.Scam, u.Fake, u.Support, u.Min, hasPhone)
	p.hash(u.GetAccessHash())
	p.text(u.FirstName)
	p.text(u.LastName)
	p.text(u.Phone)
	p.text(u.LangCode)
	p.names(u.Username, u.Usernames)
	return p.done()
}

func (k *known) channel(c *tg.Channel) uint64 {
	p := fingerprint{seed: k.seed, sum: 3}
	p.bits(c.Verified, c.Scam, c.Fake, c.Megagroup, c.Broadcast, c.Forum, c.Monoforum, c.Left, c.Min)
	p.hash(c.GetAccessHash())
	p.text(c.Title)
	p.names(c.Username, c.Usernames)
	return p.done()
}
