package fakedc

// account is what a bot has: its token, its dialogs and its update sequences.
type account struct {
	user  *person
	token string
	// revoked are tokens that it had before.
	revoked []string
	// botToBot lets it write to other bots that have the same turned on.
	botToBot bool
	// privacy keeps from it what is not meant for it in groups.
	privacy bool
	// signIns counts how often the token was used.
	signIns int

	// pts counts messages of private chats and basic groups, which share one
	// sequence of message ids; qts counts what only bots hear of. Both begin at 1:
	// clients take 0 for "no state". seq stays where it is: no container is counted.
	pts, qts, seq int
	common        []event
	bots          []event
	box           map[int]*message
	lastID        int

	dialogs map[int64]*dialog
	// sent has the date of every random_id that is remembered.
	sent  map[int64]int
	swept int
	// day is the day of the budget for usernames, and resolved how many were asked
	// for in it.
	day, resolved int
	queries       map[int64]*query
	commands      map[string][]command
	uploads       map[int64]*upload
	// business is by id of the connection.
	business map[string]*business
	// whispers counts the messages that only the bot saw.
	whispers int
}

// dialog is the private chat of a bot with a user.
type dialog struct {
	// started is set by the first message of the user, or by their allowing the
	// bot to write, and stays. See https://core.telegram.org/api/bots.
	started bool
	// asked is set when the user pressed a button or asked an inline query. That
	// makes the user known and mentionable, but does not let the bot write.
	asked, pressed bool
	// blocked says that the user does not want to hear of the bot.
	blocked  bool
	messages []*message
}

func newAccount(p *person, token string) *account {
	return &account{
		user: p, token: token, pts: 1, qts: 1, seq: 1,
		box: map[int]*message{}, dialogs: map[int64]*dialog{}, sent: map[int64]int{},
		queries: map[int64]*query{}, commands: map[string][]command{}, uploads: map[int64]*upload{},
		business: map[string]*business{},
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
