package fakedc

// Counted is an update that one of the first bot's sequences of pts counts, so
// that a bot which has stored that pts must know who is in it.
type Counted struct {
	// Channel is the supergroup or channel that counts it; 0 for the account.
	Channel int64
	// Pts is what the sequence came to with it.
	Pts int
	// User is whose update it is; 0 for what a channel posts.
	User int64
}

// Counted lists the updates of messages, and those of edits, votes and reactions
// that pts counts, each sequence in its order.
func (w *World) Counted() []Counted {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []Counted
	add := func(channel int64, log []event) {
		for _, ev := range log {
			c := Counted{Channel: channel, Pts: ev.seq}
			if m := ev.message; m != nil && !m.post() && m.from != nil {
				c.User = m.from.id
			}
			list = append(list, c)
		}
	}
	if len(w.bots) == 0 {
		return nil
	}
	add(0, w.bots[0].common)
	for _, c := range w.chats {
		if c.super && c.has(w.bots[0].user) {
			add(c.id, c.log)
		}
	}
	return list
}
