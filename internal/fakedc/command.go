package fakedc

import (
	"context"
	"regexp"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// command is what a bot has in its menu.
type command struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// setCommands replaces the menu of one scope and language.
//
// See https://core.telegram.org/method/bots.setBotCommands.
func (w *World) setCommands(ctx context.Context, r *tg.BotsSetBotCommandsRequest) (bool, error) {
	const most = 100
	valid := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	at, err := w.menu(a, r.Scope, r.LangCode)
	if err != nil {
		return false, err
	}
	list := make([]command, 0, len(r.Commands))
	for _, c := range r.Commands {
		switch {
		case !valid.MatchString(c.Command):
			return false, tgerr.New(400, "BOT_COMMAND_INVALID")
		case c.Description == "" || units(c.Description) > 256:
			return false, tgerr.New(400, "BOT_COMMAND_DESCRIPTION_INVALID")
		}
		list = append(list, command{Name: c.Command, Description: c.Description})
	}
	if len(list) > most {
		return false, tgerr.New(400, "BOT_COMMANDS_TOO_MUCH")
	}
	a.commands[at] = list
	return true, nil
}

// getCommands is the menu of one scope and language, not what a user sees.
//
// See https://core.telegram.org/method/bots.getBotCommands.
func (w *World) getCommands(ctx context.Context, r *tg.BotsGetBotCommandsRequest) ([]tg.BotCommand, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	at, err := w.menu(a, r.Scope, r.LangCode)
	if err != nil {
		return nil, err
	}
	return commands(a.commands[at]), nil
}

// resetCommands takes a menu away.
//
// See https://core.telegram.org/method/bots.resetBotCommands.
func (w *World) resetCommands(ctx context.Context, r *tg.BotsResetBotCommandsRequest) (bool, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	at, err := w.menu(a, r.Scope, r.LangCode)
	if err != nil {
		return false, err
	}
	delete(a.commands, at)
	return true, nil
}

// menu is the key of a scope and language. Chats and people are called by the keys
// that stories have for them.
func (w *World) menu(a *account, scope tg.BotCommandScopeClass, lang string) (string, error) {
	peer := func(in tg.InputPeerClass) (string, error) {
		p, c, err := w.place(a, in)
		switch {
		case err != nil:
			return "", err
		case c != nil:
			return c.key, nil
		}
		return p.key, nil
	}
	if lang != "" && !regexp.MustCompile(`^[a-z]{2}$`).MatchString(lang) {
		return "", tgerr.New(400, "LANG_CODE_INVALID")
	}
	var (
		at  string
		err error
	)
	switch scope := scope.(type) {
	case *tg.BotCommandScopeDefault:
		at = "default"
	case *tg.BotCommandScopeUsers:
		at = "users"
	case *tg.BotCommandScopeChats:
		at = "chats"
	case *tg.BotCommandScopeChatAdmins:
		at = "admins"
	case *tg.BotCommandScopePeer:
		at, err = peer(scope.Peer)
	case *tg.BotCommandScopePeerAdmins:
		at, err = peer(scope.Peer)
		at += " admins"
	case *tg.BotCommandScopePeerUser:
		p, got := w.inputUser(a, scope.UserID)
		if got != granted {
			return "", tgerr.New(400, "USER_ID_INVALID")
		}
		at, err = peer(scope.Peer)
		at += " " + p.key
	}
	return at + "/" + lang, err
}

func commands(list []command) []tg.BotCommand {
	out := make([]tg.BotCommand, len(list))
	for i, c := range list {
		out[i] = tg.BotCommand{Command: c.Name, Description: c.Description}
	}
	return out
}

// info is what a profile says of a bot.
func (a *account) info() tg.BotInfo {
	x := tg.BotInfo{}
	x.SetUserID(a.user.id)
	if list := a.commands["default/"]; len(list) > 0 {
		x.SetCommands(commands(list))
	}
	return x
}

func (w *World) listCommands(s Step) (Result, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	var r Result
	for _, c := range a.commands[keyOr(s.Scope, "default")+"/"+s.Lang] {
		r.Commands = append(r.Commands, "/"+c.Name+" - "+c.Description)
	}
	return r, nil
}
