package fakedc

import "slices"

// mischief is what happens to pushed updates on their way. Telegram loses,
// repeats and reorders them too; pts is what tells.
//
// See https://core.telegram.org/api/updates#update-handling.
type mischief struct {
	plans []plan
	held  []late
}

type fate byte

const (
	ordinary fate = iota
	dropped
	doubled
	// held means after the next one.
	held
)

// plan is the fate of the next few updates; a negative count means all.
type plan struct {
	fate  fate
	count int
}

// late is an update that waits to be overtaken.
type late struct {
	conn   *conn
	parcel parcel
}

// next must be called with the switchboard's lock held, as all of this.
func (m *mischief) next() fate {
	if len(m.plans) == 0 {
		return ordinary
	}
	p := &m.plans[0]
	// What is held has to be overtaken by something.
	if p.fate == held && len(m.held) > 0 {
		return ordinary
	}
	f := p.fate
	if p.count > 0 {
		p.count--
	}
	if p.count == 0 {
		m.plans = slices.Delete(m.plans, 0, 1)
	}
	return f
}

func (m *mischief) hold(c *conn, p parcel) { m.held = append(m.held, late{c, p}) }

// overtaken lets go of what was held.
func (b *switchboard) overtaken() {
	for _, l := range b.mischief.held {
		b.send(l.conn, l.parcel)
	}
	b.mischief.held = nil
}

func (b *switchboard) spoilUpdates(p plan) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mischief.plans = append(b.mischief.plans, p)
}

// behave ends all plans and lets go of what was held.
func (b *switchboard) behave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mischief.plans = nil
	b.overtaken()
}
