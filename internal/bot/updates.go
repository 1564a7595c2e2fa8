package bot

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
	"github.com/f48b34c0/seen/session"
)

// signOfLife is after how many updates that are not what somebody asked for they
// are told how far the bot has come: from there they can go on later.
const signOfLife = 1000

// tap puts every update on the tape before it is handled. What handles it may
// panic and be called again; then it stands there again.
type tap struct {
	bot  *Bot
	next telegram.UpdateHandler
}

// Handle implements telegram.UpdateHandler.
func (t tap) Handle(ctx context.Context, u tg.UpdatesClass) error {
	if env, ok := u.(*tg.Updates); ok {
		for _, u := range env.Updates {
			if err := t.bot.tape.add(u); err != nil {
				t.bot.opts.Logger.Warn("an update is not shown", zap.String("update", u.TypeName()), zap.Error(err))
			}
		}
	}
	return t.next.Handle(ctx, u)
}

// Updates tells what the bot receives, from now on or from a number on, until ctx
// ends. It tells where it begins at once. Whoever reads slowly is told what was
// missed; the bot waits for nobody. Without Run nothing comes.
func (b *Bot) Updates(ctx context.Context, req answer.UpdatesRequest) iter.Seq2[answer.Received, error] {
	return func(yield func(answer.Received, error) bool) {
		if err := b.watch(ctx, req, func(r answer.Received) bool { return yield(r, nil) }); err != nil {
			yield(answer.Received{}, err)
		}
	}
}

func (b *Bot) watch(ctx context.Context, req answer.UpdatesRequest, yield func(answer.Received) bool) error {
	at := b.tape.newest()
	w, err := b.watcher(ctx, req)
	if err != nil {
		return err
	}
	if req.Since != nil {
		if *req.Since > at {
			return answer.Errorf(answer.Usage, "there is no update %d yet: the last one is %d", *req.Since, at)
		}
		at = *req.Since
	}
	if !yield(answer.Received{N: at}) {
		return nil
	}
	for told := at; ctx.Err() == nil; {
		p := b.tape.after(at)
		if p.gone {
			missed := &answer.Missed{After: at}
			if p.known {
				missed.Count = p.first - 1 - at
			}
			at = p.first - 1
			if told = at; !yield(answer.Received{N: at, Missed: missed}) {
				return nil
			}
		}
		for _, r := range p.updates {
			at++
			line, wanted, err := w.line(r)
			switch line.N = at; {
			case err != nil: // whoever goes on from before it must not end here again
				b.opts.Logger.Warn("an update is not shown", zap.Int64("number", at), zap.Error(err))
				continue
			case wanted:
			case at-told >= signOfLife:
				line = answer.Received{N: at}
			default:
				continue
			}
			if told = at; !yield(line) {
				return nil
			}
		}
		if p.more != nil {
			select {
			case <-ctx.Done():
			case <-p.more:
			}
		}
	}
	return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
}

// watcher is what somebody wants to see.
type watcher struct {
	bot         *Bot
	view        rawtl.View
	types       []uint32
	chats, from []session.ID
}

func (b *Bot) watcher(ctx context.Context, req answer.UpdatesRequest) (*watcher, error) {
	w := &watcher{bot: b, view: rawtl.View{Hashes: req.Hashes}}
	for _, name := range req.Types {
		id, near := b.schema.Constructor("Update", name)
		if id == 0 {
			e := answer.Errorf(answer.Usage, "there is no update of the type %q in layer %d", name, rawtl.Layer)
			if near != "" {
				return nil, e.WithHint("did you mean: %s", near)
			}
			return nil, e.WithHint("seen describe Update lists them")
		}
		w.types = append(w.types, id)
	}
	for _, of := range []struct {
		refs []string
		to   *[]session.ID
	}{{req.Chats, &w.chats}, {req.From, &w.from}} {
		for _, ref := range of.refs {
			p, _, err := b.find(ctx, ref, req.CachedOnly)
			if err != nil {
				return nil, err
			}
			*of.to = append(*of.to, p.ID)
		}
	}
	return w, nil
}

// line is what is told of an update, but for its number, and whether that is what
// was asked for.
func (w *watcher) line(r received) (out answer.Received, wanted bool, err error) {
	b := bin.Buffer{Buf: r.raw}
	if id, _ := b.PeekID(); len(w.types) > 0 && !slices.Contains(w.types, id) { // the update was encoded here
		return out, false, nil
	}
	u, err := tg.DecodeUpdate(&b)
	if err != nil {
		return out, false, unprintable("an update", err)
	}
	named, err := w.bot.schema.Named(u)
	if err != nil {
		return out, false, unprintable(u.TypeName(), err)
	}
	of := aboutOf(u, named, w.bot.file.BotID())
	if len(w.chats) > 0 && !slices.Contains(w.chats, of.chat) || len(w.from) > 0 && !slices.Contains(w.from, of.from) {
		return out, false, nil
	}
	out = answer.Received{At: r.at.UTC().Truncate(time.Millisecond), Type: u.TypeName(), Chat: w.name(of.chat), From: w.name(of.from)}
	for _, id := range of.others {
		if p, err := w.bot.book.Peer(id); err == nil {
			out.Peers = append(out.Peers, nameOf(p))
		}
	}
	if out.Update, err = w.bot.schema.JSON(u, w.view); err != nil {
		return out, false, unprintable(u.TypeName(), err)
	}
	return out, true, nil
}

// name is a peer by its names, as far as the book knows them; nil for nobody.
func (w *watcher) name(id session.ID) *answer.PeerName {
	if id == (session.ID{}) {
		return nil
	}
	p, err := w.bot.book.Peer(id)
	if err != nil {
		p = session.Peer{ID: id}
	}
	out := nameOf(p)
	return &out
}

func nameOf(p session.Peer) answer.PeerName {
	out := answer.PeerName{Kind: p.ID.Kind.String(), ID: p.ID.Num, BotAPIID: p.ID.BotAPI(), Name: p.Name()}
	for _, u := range p.Usernames {
		out.Usernames = append(out.Usernames, u.Name)
	}
	return out
}
