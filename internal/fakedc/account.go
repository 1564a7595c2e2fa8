package fakedc

// account is what a bot has: its token, its dialogs and its update sequences.
type account struct {
	user  *person
	token string

	// pts counts messages of private chats and basic groups, which share one
	// sequence of message ids; qts counts what only bots hear of. Both begin at 1:
	// clients take 0 for "no state".
	pts, qts int
	common   []event
	bots     []event
	box      map[int]*message
	lastID   int

	dialogs map[int64]*dialog
	// sent holds the random_ids of all messages sent.
	sent map[int64]struct{}
}

// dialog is the private chat of a bot with a user.
type dialog struct {
	// started is set by the first message of the user and stays.
	started bool
	// blocked says that the user does not want to hear of the bot.
	blocked  bool
	messages []*message
}

// event is an entry of an update log: a message, or a user who stopped the bot
// or took it up again.
type event struct {
	seq  int
	date int
	// message is nil for a stop.
	message *message
	user    *person
	stopped bool
}

func newAccount(p *person, token string) *account {
	return &account{
		user: p, token: token, pts: 1, qts: 1,
		box: map[int]*message{}, dialogs: map[int64]*dialog{}, sent: map[int64]struct{}{},
	}
}

func (a *account) dialog(p *person) *dialog {
	d := a.dialogs[p.id]
	if d == nil {
		d = &dialog{}
		a.dialogs[p.id] = d
	}
	return d
}

// after returns the events of a log that follow seq. Every event counts one.
func after(log []event, seq int) []event {
	// The first event of a log has seq 2.
	i := max(seq-1, 0)
	if i >= len(log) {
		return nil
	}
	return log[i:]
}
