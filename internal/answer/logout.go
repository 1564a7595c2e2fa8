package answer

// LogoutRequest asks to end the bot's session at Telegram.
type LogoutRequest struct{}

// LoggedOut tells whose session was ended.
type LoggedOut struct {
	// LoggedOut is the bot. Its book stays.
	LoggedOut Peer `json:"logged_out"`
}
