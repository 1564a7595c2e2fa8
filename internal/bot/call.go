package bot

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
	"github.com/f48b34c0/seen/session"
)

// Call calls any of Telegram's methods. Whom the call names by a reference is
// found as Resolve finds them, and peers in the answer are in the book by then.
func (b *Bot) Call(ctx context.Context, req answer.CallRequest) (answer.Called, error) {
	if req.DryRun {
		return b.dryRun(ctx, req)
	}
	if err := notByHand(req.Method); err != nil {
		return answer.Called{}, err
	}
	r, err := b.prepare(ctx, req)
	if err != nil {
		return answer.Called{}, err
	}
	result, err := b.invoke(ctx, r)
	if err != nil {
		return answer.Called{}, err
	}
	out := answer.Called{Note: noteOn(r.Object())}
	if out.Result, err = b.schema.JSON(result, rawtl.View{Hashes: req.Hashes}); err != nil {
		return out, unprintable(req.Method, err)
	}
	if req.Files {
		out.Files, err = b.filesIn(req.Method, result)
	}
	return out, err
}

// dryRun tells what would be sent.
func (b *Bot) dryRun(ctx context.Context, req answer.CallRequest) (out answer.Called, err error) {
	r, err := b.prepare(ctx, req)
	if err != nil {
		return out, err
	}
	view := rawtl.View{Hashes: req.Hashes, IDs: true}
	if req.Hex {
		out.Hex, err = r.Hex(view)
	} else {
		out.Result, err = r.JSON(view)
	}
	if err != nil {
		return out, badCall(req.Method, err)
	}
	return out, nil
}

// CallAll calls a method that returns a list in pages, until the last of them.
func (b *Bot) CallAll(ctx context.Context, req answer.CallRequest) iter.Seq2[answer.Element, error] {
	return func(yield func(answer.Element, error) bool) {
		if err := b.eachPage(ctx, req, func(e answer.Element) bool { return yield(e, nil) }); err != nil {
			yield(answer.Element{}, err)
		}
	}
}

// eachPage calls until the last page, an error, or somebody who has enough.
func (b *Bot) eachPage(ctx context.Context, req answer.CallRequest, yield func(answer.Element) bool) error {
	if err := notByHand(req.Method); err != nil {
		return err
	}
	r, err := b.prepare(ctx, req)
	if err != nil {
		return err
	}
	pages, err := r.Pages()
	if err != nil {
		return badCall(req.Method, err)
	}
	for more := true; more; {
		result, err := b.invoke(ctx, r)
		if err != nil {
			return err
		}
		var elements [][]byte
		elements, more, err = pages.Turn(result, rawtl.View{Hashes: req.Hashes})
		if errors.Is(err, rawtl.ErrSamePage) {
			err = answer.Errorf(answer.Undetermined, "%s: %w, so the list may go on", req.Method, err)
		} else if err != nil {
			err = unprintable(req.Method, err)
		}
		for i, raw := range elements {
			e := answer.Element{Element: raw}
			if i == 0 && req.Files {
				if e.Files, err = b.filesIn(req.Method, result); err != nil {
					return err
				}
			}
			if !yield(e) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the request of a call.
func (b *Bot) prepare(ctx context.Context, req answer.CallRequest) (*rawtl.Request, error) {
	call := rawtl.Call{Method: req.Method, Params: req.Params}
	for _, s := range req.Set {
		call.Set = append(call.Set, rawtl.Setting{Path: s.Path, Text: s.Value})
	}
	r, err := b.schema.Parse(ctx, call, finder{b, req.CachedOnly})
	if err != nil {
		return nil, badCall(req.Method, err)
	}
	return r, nil
}

// CheckParams refuses what is not the JSON of a call, and says where it is wrong.
// It is for whoever is about to send it through a door, which nothing but JSON
// goes through.
func CheckParams(method string, params []byte) error {
	if err := rawtl.CheckParams(method, params); err != nil {
		return badCall(method, err)
	}
	return nil
}

// invoke sends a request. Its answer goes through the book like every other.
func (b *Bot) invoke(ctx context.Context, r *rawtl.Request) (bin.Decoder, error) {
	api, err := b.api(ctx)
	if err != nil {
		return nil, err
	}
	result := r.NewResult()
	if err := api.Invoker().Invoke(ctx, r.Object(), result); err != nil {
		return nil, b.explainCall(err, r.Method())
	}
	// The writer does not wait for what a difference shows: the update state
	// covers that, but not of a difference that somebody asked for by hand.
	if noteOn(r.Object()) != "" {
		if err := b.file.Flush(ctx); err != nil {
			return nil, b.explain(err)
		}
	}
	return result, nil
}

// finder finds the peers of a call.
type finder struct {
	bot        *Bot
	cachedOnly bool
}

// Peer implements rawtl.Peers.
func (f finder) Peer(ctx context.Context, ref string) (tg.InputPeerClass, error) {
	if r, err := session.ParseRef(ref); err == nil && r.Self {
		return &tg.InputPeerSelf{}, nil // nobody has to be asked who that is
	}
	p, _, err := f.bot.find(ctx, ref, f.cachedOnly)
	if err != nil {
		return nil, err
	}
	return p.Input(), nil
}

// notByHand refuses what would begin, end or give away the session that the call
// is made with. The bot does that itself.
func notByHand(method string) error {
	if !strings.HasPrefix(method, "auth.") {
		return nil
	}
	return answer.Errorf(answer.Usage, "%s is not called by hand: it begins, ends or gives away the session of the bot", method).
		WithHint("--dry-run shows what it would send")
}

// noteOn says what the bot does not do with an answer that it usually asks for
// itself.
func noteOn(request bin.Object) string {
	switch request.(type) {
	case *tg.UpdatesGetDifferenceRequest, *tg.UpdatesGetChannelDifferenceRequest:
		return "the bot keeps its own place in the updates: these are not handled, and come again where they were not"
	default:
		return ""
	}
}

// badCall puts what rawtl refuses into words of ours. What finding a peer came to
// keeps its code.
func badCall(method string, err error) error {
	e, ok := errors.AsType[*rawtl.Error](err)
	if !ok {
		return unprintable(method, err)
	}
	if own, ok := errors.AsType[*answer.Error](e.Cause); ok {
		c := *own
		c.Message = e.Path + ": " + own.Message
		return &c
	}
	out := answer.Errorf(answer.Usage, "%w", e)
	switch {
	case e.Hint != "":
		return out.WithHint("%s", e.Hint)
	case e.Path != "":
		return out.WithHint("seen describe %s tells what it takes", method)
	default:
		return out.WithHint("seen describe --methods lists them")
	}
}

func unprintable(method string, err error) *answer.Error {
	return answer.Errorf(answer.Failed, "%s: %w", method, err)
}

// explainCall is explain for a call of a method by name: it tells the server's
// own words as well.
func (b *Bot) explainCall(err error, method string) error {
	rpc, ok := tgerr.As(err)
	if !ok {
		return b.explain(err)
	}
	page := "https://core.telegram.org/method/" + method
	e := answer.From(b.explain(err))
	if e.Code == answer.Failed {
		e = answer.Errorf(answer.Failed, "%s: the server refused: %s", method, rpc.Message)
		e = e.WithHint("see %s", page)
		if means := meaning(rpc.Type); means != "" {
			e = e.WithHint("%s; see %s", means, page)
		}
	}
	return e.WithTelegram(answer.TelegramError{
		Method: method, Type: rpc.Type, Argument: rpc.Argument, Code: rpc.Code, Page: page,
	})
}

// meaning says what the errors mean that the bot itself acts on elsewhere.
func meaning(typ string) string {
	switch typ {
	case "PEER_ID_INVALID", "USER_ID_INVALID":
		return "they may never have started the bot, or what the book has of them is not good any more"
	case "USER_IS_BLOCKED":
		return "they have stopped the bot, and only they can start it again"
	case "INPUT_USER_DEACTIVATED":
		return "their account is deleted"
	case "USER_IS_BOT", "USER_BOT_TO_BOT_DISABLED":
		return "they are a bot, and bots may not write to it"
	case "CHANNEL_INVALID", "CHANNEL_PRIVATE", "CHAT_ID_INVALID":
		return "the bot is not there, or not any more"
	case "CHAT_WRITE_FORBIDDEN", "CHAT_ADMIN_REQUIRED", "USER_BANNED_IN_CHANNEL", "CHAT_RESTRICTED":
		return "the bot lacks that right there"
	case "BOT_METHOD_INVALID":
		return "only people may call it"
	case "USERNAME_NOT_OCCUPIED":
		return "nobody has that name"
	case "USERNAME_INVALID":
		return "that cannot be anybody's name"
	case "RANDOM_ID_DUPLICATE":
		return "a message with that random_id was sent before: leave it out to have one drawn"
	default:
		return ""
	}
}
