package fakedc

// Result is what a step comes to. It has either OK or Error.
type Result struct {
	OK    bool   `json:"ok,omitempty"`
	Error string `json:"error,omitempty"`
	// ID is the person's whom the step was about.
	ID int64 `json:"id,omitempty"`
	// MessageID is of the message that the step made, as the first bot or the
	// supergroup has it.
	MessageID int `json:"message_id,omitempty"`
	// QueryID is of a button that was pressed, or of an inline query.
	QueryID  int64           `json:"query_id,omitempty,string"`
	Count    int             `json:"count,omitempty"`
	Messages []StoredMessage `json:"messages,omitempty"`
	Queries  []AskedQuery    `json:"queries,omitempty"`
	Commands []string        `json:"commands,omitempty"`
	Calls    map[string]int  `json:"calls,omitempty"`
	Stats    *Stats          `json:"stats,omitempty"`
}

// Stats count what a world has.
type Stats struct {
	People      int `json:"people"`
	Connections int `json:"connections"`
	Sessions    int `json:"sessions"`
	// Pts and Qts are the first bot's.
	Pts  int `json:"pts"`
	Qts  int `json:"qts"`
	Date int `json:"date"`
	// Chats are members, messages and pts by key of the chat.
	Chats map[string]ChatStats `json:"chats,omitempty"`
}

// ChatStats count what a chat has.
type ChatStats struct {
	Members  int `json:"members"`
	Messages int `json:"messages"`
	Pts      int `json:"pts,omitempty"`
}

func (w *World) stats() *Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &Stats{People: len(w.people), Date: w.date(), Chats: map[string]ChatStats{}}
	s.Connections, s.Sessions = w.board.count()
	if len(w.bots) > 0 {
		s.Pts, s.Qts = w.bots[0].pts, w.bots[0].qts
	}
	for _, c := range w.chats {
		x := ChatStats{Members: len(c.members), Messages: len(c.messages)}
		if c.super {
			x.Pts = c.pts
		}
		s.Chats[c.key] = x
	}
	return s
}
