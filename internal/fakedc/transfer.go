package fakedc

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// transferTime is how long an exported authorization waits for its import.
const transferTime = time.Minute

// transfer is an authorization on its way to another data center.
type transfer struct {
	bot   *account
	dc    int
	until time.Time
}

// exportAuthorization lets a bot sign in at another data center without its token.
//
// See https://core.telegram.org/method/auth.exportAuthorization.
func (s *Server) exportAuthorization(ctx context.Context, dc int) (*tg.AuthExportedAuthorization, error) {
	known := false
	for _, other := range s.world.board.centers() {
		known = known || other.DC() == dc
	}
	if !known || dc == s.opts.DC {
		return nil, tgerr.New(400, "DC_ID_INVALID")
	}
	a, ticket := callerOf(ctx).bot, make([]byte, 32)
	if _, err := rand.Read(ticket); err != nil {
		return nil, err
	}
	w := s.world
	w.mu.Lock()
	defer w.mu.Unlock()
	w.transfers[string(ticket)] = transfer{bot: a, dc: dc, until: s.now().Add(transferTime)}
	return &tg.AuthExportedAuthorization{ID: a.user.id, Bytes: ticket}, nil
}

// importAuthorization signs a key in with what another data center has exported for
// this one, once.
//
// See https://core.telegram.org/method/auth.importAuthorization.
func (s *Server) importAuthorization(ctx context.Context, r *tg.AuthImportAuthorizationRequest) (tg.AuthAuthorizationClass, error) {
	w := s.world
	w.mu.Lock()
	defer w.mu.Unlock()
	x, ok := w.transfers[string(r.Bytes)]
	if !ok || x.dc != s.opts.DC || x.bot.user.id != r.ID || s.now().After(x.until) {
		return nil, tgerr.New(400, "AUTH_BYTES_INVALID")
	}
	delete(w.transfers, string(r.Bytes))
	callerOf(ctx).ses.key.signIn(x.bot)
	return &tg.AuthAuthorization{User: w.user(x.bot, x.bot.user, lookFull)}, nil
}

// away says that a call belongs to the data center where accounts live. Elsewhere
// are files, and what is about signing in and out.
//
// See https://core.telegram.org/api/datacenter.
func (s *Server) away(id uint32) error {
	if s.opts.Home == s.opts.DC {
		return nil
	}
	switch id {
	case tg.HelpGetConfigRequestTypeID, tg.HelpGetNearestDCRequestTypeID,
		tg.AuthBindTempAuthKeyRequestTypeID, tg.AuthLogOutRequestTypeID,
		tg.AuthExportAuthorizationRequestTypeID, tg.AuthImportAuthorizationRequestTypeID,
		tg.AuthImportBotAuthorizationRequestTypeID,
		tg.UploadGetFileRequestTypeID, tg.UploadSaveFilePartRequestTypeID, tg.UploadSaveBigFilePartRequestTypeID:
		return nil
	}
	return tgerr.New(303, "USER_MIGRATE_"+strconv.Itoa(s.opts.Home))
}
