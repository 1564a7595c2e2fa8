package bot

import "context"

// Reload reads again what may change while the bot runs, and tells what that was.
// With an error everything stays as it is.
func (b *Bot) Reload(context.Context) (read []string, err error) { return nil, nil }
