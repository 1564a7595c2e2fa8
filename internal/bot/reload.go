package bot

import "context"

// Reload reads again what can change while the bot runs, and tells what was read:
// its greetings. What is wrong stays as it was. Greetings that are owed already stay
// as they are.
func (b *Bot) Reload(context.Context) (read []string, err error) {
	if b.opts.Greetings == "" || b.opts.NoGreeting {
		return nil, nil
	}
	g, err := ReadGreetings(b.opts.Greetings)
	if err != nil {
		return nil, err
	}
	b.greetings.Store(g)
	return []string{"greetings"}, nil
}
