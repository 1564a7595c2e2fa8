package fakedc

// snapshot is a world as it is stored: plain values, where people are ids, chats
// are keys and messages are indexes into Messages. Uploads that were not sent and
// faults are not in it.
type snapshot struct {
	Version  int            `json:"version"`
	Secret   []byte         `json:"secret"`
	Offset   int64          `json:"clock_offset"`
	Crowd    int            `json:"crowd"`
	NextID   int64          `json:"next_id"`
	Made     int64          `json:"made"`
	People   []savedPerson  `json:"people"`
	Chats    []savedChat    `json:"chats"`
	Messages []savedMessage `json:"messages"`
	Bots     []savedBot     `json:"bots"`
	Files    []*file        `json:"files,omitempty"`
	Keys     []savedKey     `json:"keys"`
	Calls    map[string]int `json:"calls,omitempty"`
}

const snapshotVersion = 1

type savedPerson struct {
	Key          string   `json:"key"`
	ID           int64    `json:"id"`
	FirstName    string   `json:"first_name,omitempty"`
	LastName     string   `json:"last_name,omitempty"`
	Username     string   `json:"username,omitempty"`
	Bought       []string `json:"bought,omitempty"`
	Lang         string   `json:"lang,omitempty"`
	Phone        string   `json:"phone,omitempty"`
	Premium      bool     `json:"premium,omitempty"`
	Deleted      bool     `json:"deleted,omitempty"`
	Photo        int64    `json:"photo,omitempty"`
	HidePhoto    bool     `json:"hide_photo,omitempty"`
	HideForwards bool     `json:"hide_forwards,omitempty"`
}

type savedChat struct {
	Key       string            `json:"key"`
	ID        int64             `json:"id"`
	Title     string            `json:"title"`
	Super     bool              `json:"super,omitempty"`
	Broadcast bool              `json:"broadcast,omitempty"`
	Username  string            `json:"username,omitempty"`
	Date      int               `json:"date"`
	Members   map[int64]*member `json:"members"`
	Order     []int64           `json:"order"`
	Requests  map[int64]request `json:"requests,omitempty"`
	Bans      map[int64]*ban    `json:"bans,omitempty"`
	Forum     bool              `json:"forum,omitempty"`
	Topics    map[int]*topic    `json:"topics,omitempty"`
	Slow      int               `json:"slow,omitempty"`
	Spoke     map[int64]int     `json:"spoke,omitempty"`
	Pts       int               `json:"pts"`
	Log       []savedEvent      `json:"log,omitempty"`
	Messages  []int             `json:"messages,omitempty"`
}

type savedMessage struct {
	ID        int              `json:"id,omitempty"`
	Boxed     []savedBoxed     `json:"boxed,omitempty"`
	Date      int              `json:"date"`
	Edited    int              `json:"edited,omitempty"`
	From      int64            `json:"from"`
	Chat      string           `json:"chat,omitempty"`
	With      int64            `json:"with,omitempty"`
	Action    *action          `json:"action,omitempty"`
	Text      string           `json:"text,omitempty"`
	Entities  []StoredEntity   `json:"entities,omitempty"`
	Media     *media           `json:"media,omitempty"`
	Markup    []byte           `json:"markup,omitempty"`
	Reply     *int             `json:"reply,omitempty"`
	Forward   *forward         `json:"forward,omitempty"`
	Via       int64            `json:"via,omitempty"`
	Business  string           `json:"business,omitempty"`
	Topic     int              `json:"topic,omitempty"`
	Silent    bool             `json:"silent,omitempty"`
	NoPreview bool             `json:"no_preview,omitempty"`
	Reactions map[int64]string `json:"reactions,omitempty"`
	Look      look             `json:"look,omitempty"`
	Gone      bool             `json:"gone,omitempty"`
}

type savedBoxed struct {
	Bot int64 `json:"bot"`
	ID  int   `json:"id"`
}

type savedEvent struct {
	Seq     int          `json:"seq"`
	Count   int          `json:"count"`
	Date    int          `json:"date"`
	What    what         `json:"what,omitempty"`
	Message *int         `json:"message,omitempty"`
	More    *savedDetail `json:"more,omitempty"`
}

type savedDetail struct {
	User    int64   `json:"user,omitempty"`
	Actor   int64   `json:"actor,omitempty"`
	Chat    string  `json:"chat,omitempty"`
	Stopped bool    `json:"stopped,omitempty"`
	IDs     []int   `json:"ids,omitempty"`
	About   string  `json:"about,omitempty"`
	Was     *member `json:"was,omitempty"`
	Is      *member `json:"is,omitempty"`
	Old     string  `json:"old,omitempty"`
	New     string  `json:"new,omitempty"`
	Options []int   `json:"options,omitempty"`

	Business string `json:"business,omitempty"`
	Reply    bool   `json:"reply,omitempty"`
	Until    int    `json:"until,omitempty"`
	Query    int64  `json:"query,omitempty"`
}

type savedBot struct {
	ID       int64                 `json:"id"`
	Token    string                `json:"token"`
	Revoked  []string              `json:"revoked,omitempty"`
	BotToBot bool                  `json:"bot_to_bot,omitempty"`
	Privacy  bool                  `json:"privacy,omitempty"`
	SignIns  int                   `json:"sign_ins"`
	Pts      int                   `json:"pts"`
	Qts      int                   `json:"qts"`
	Seq      int                   `json:"seq"`
	Common   []savedEvent          `json:"common,omitempty"`
	Bots     []savedEvent          `json:"bots,omitempty"`
	LastID   int                   `json:"last_id"`
	Dialogs  map[int64]savedDialog `json:"dialogs,omitempty"`
	Sent     map[int64]int         `json:"sent,omitempty"`
	Day      int                   `json:"day,omitempty"`
	Resolved int                   `json:"resolved,omitempty"`
	Queries  map[int64]*query      `json:"queries,omitempty"`
	Commands map[string][]command  `json:"commands,omitempty"`
	Business []savedBusiness       `json:"business,omitempty"`
	Whispers int                   `json:"whispers,omitempty"`
}

type savedBusiness struct {
	Connection *business `json:"connection"`
	Messages   []int     `json:"messages,omitempty"`
}

type savedDialog struct {
	Started  bool  `json:"started,omitempty"`
	Asked    bool  `json:"asked,omitempty"`
	Pressed  bool  `json:"pressed,omitempty"`
	Blocked  bool  `json:"blocked,omitempty"`
	Messages []int `json:"messages,omitempty"`
}

type savedKey struct {
	Key  []byte `json:"key"`
	DC   int    `json:"dc"`
	Salt int64  `json:"salt"`
	// Expires is a temporary key's, in Unix seconds; Perm is the permanent key that
	// it is bound to.
	Expires int64         `json:"expires,omitempty"`
	Perm    []byte        `json:"perm,omitempty"`
	Bot     int64         `json:"bot,omitempty"`
	Told    map[int64]int `json:"told,omitempty"`
}
