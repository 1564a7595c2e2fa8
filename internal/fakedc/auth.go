package fakedc

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// importBotAuthorization sends a client to the data center where accounts live.
//
// See https://core.telegram.org/api/datacenter#user-migration.
func (s *Server) importBotAuthorization(ctx context.Context, r *tg.AuthImportBotAuthorizationRequest) (tg.AuthAuthorizationClass, error) {
	if s.opts.Home != s.opts.DC {
		return nil, tgerr.New(303, "USER_MIGRATE_"+strconv.Itoa(s.opts.Home))
	}
	return s.world.importBotAuthorization(ctx, r)
}

// importBotAuthorization signs a key in. Any api_id will do; the token decides.
//
// See https://core.telegram.org/method/auth.importBotAuthorization.
func (w *World) importBotAuthorization(ctx context.Context, r *tg.AuthImportBotAuthorizationRequest) (tg.AuthAuthorizationClass, error) {
	if r.APIID == 0 || r.APIHash == "" {
		return nil, tgerr.New(400, "API_ID_INVALID")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, bot := range w.bots {
		if slices.Contains(bot.revoked, r.BotAuthToken) {
			return nil, tgerr.New(400, "ACCESS_TOKEN_EXPIRED")
		}
		if bot.token != r.BotAuthToken || bot.user.deleted {
			continue
		}
		key := callerOf(ctx).ses.key
		key.signIn(bot)
		bot.signIns++
		// A new sign-in begins now: what was before it is not missed.
		for _, c := range w.chats {
			if c.super {
				key.tell(c.id, c.pts)
			}
		}
		return &tg.AuthAuthorization{User: w.user(bot, bot.user, lookFull)}, nil
	}
	return nil, tgerr.New(400, "ACCESS_TOKEN_INVALID")
}

// revoke gives a bot another token, as its owner can at @BotFather. Whoever is signed
// in by the old one is signed out.
func (w *World) revoke(p *person, s Step) (Result, error) {
	switch {
	case p.bot == nil:
		return Result{}, errNotABot
	case s.Token == "" || s.Token == p.bot.token:
		return Result{}, errors.New("which token?")
	}
	p.bot.revoked = append(p.bot.revoked, p.bot.token)
	p.bot.token = s.Token
	w.keys.each(func(key *authKey) {
		if !key.temporary() && key.account() == p.bot {
			key.signIn(nil)
		}
	})
	return Result{}, nil
}

func (w *World) logOut(ctx context.Context) (*tg.AuthLoggedOut, error) {
	callerOf(ctx).ses.key.signIn(nil)
	return &tg.AuthLoggedOut{}, nil
}
