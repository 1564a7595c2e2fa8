package bot

import (
	"context"
	"errors"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// gate stands in front of every call, whoever makes it: verbs, the outbox, raw
// calls and gotd itself. A call that the server has told to wait is not sent
// before its time, messages keep to the pace, and a look-up of a username is
// charged before it is made. What the server says of waits it remembers.
type gate struct {
	limits *session.Limits
	waits  waits
	pace   *pacer
	now    func() time.Time
	// lookups is how many usernames may be looked up a day; 0 is any number.
	lookups int
	// patience is how long a call waits for the server by itself.
	patience time.Duration
}

func newGate(ctx context.Context, limits *session.Limits, opts Options) (*gate, error) {
	g := &gate{
		limits:   limits,
		waits:    waits{limits: limits, now: opts.Now},
		pace:     newPacer(opts.Pace, opts.Now),
		now:      opts.Now,
		lookups:  max(opts.LookupsPerDay, 0),
		patience: max(opts.FloodPatience, 0),
	}
	if err := g.waits.load(ctx); err != nil {
		return nil, answer.Errorf(answer.Failed, "read the server's waits: %w", err)
	}
	return g, nil
}

// Handle implements telegram.Middleware.
func (g *gate) Handle(next tg.Invoker) telegram.InvokeFunc {
	return func(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
		c := callOf(input)
		patience := g.patience
		for {
			if err := g.pass(ctx, c, &patience); err != nil {
				return err
			}
			err := next.Invoke(ctx, input, output)
			d, ok := waitIn(err)
			if !ok {
				return err
			}
			// It has to be known to the next process even if this call was given up.
			if e := g.waits.learn(context.WithoutCancel(ctx), c.method, c.chat, err, d); e != nil {
				return errors.Join(err, e)
			}
			if d > patience {
				return err
			}
		}
	}
}

// pass returns when a call may be sent, or with the reason why it may not. What it
// waits for the server is taken from patience.
func (g *gate) pass(ctx context.Context, c call, patience *time.Duration) error {
	for paced := c.messages == 0; ; {
		if f, rest := g.waits.rest(c.method, c.chat); rest > 0 {
			if rest > *patience {
				return &heldError{f, rest}
			}
			*patience -= rest
			if err := pause(ctx, rest); err != nil {
				return err
			}
			continue
		}
		if paced {
			break
		}
		// The server may ask for a wait meanwhile.
		paced = true
		if err := g.pace.wait(ctx, c.chat, c.messages); err != nil {
			return err
		}
	}
	if !c.lookup {
		return nil
	}
	return g.charge(ctx)
}

// charge takes a look-up from the budget of the day.
func (g *gate) charge(ctx context.Context) error {
	now := g.now()
	err := g.limits.ChargeLookup(ctx, now, g.lookups)
	if spent, ok := errors.AsType[*session.SpentError](err); ok {
		return spentToday(spent.Used, spent.Limit, spent.Until.Sub(now))
	}
	return err
}

func spentToday(used, limit int, wait time.Duration) error {
	return answer.Errorf(answer.FloodWait,
		"%d usernames were looked up in the last 24 hours, and the limit is %d", used, limit).
		WithRetryAfter(wait).
		WithHint("ids and people whom the bot has seen cost nothing; SEEN_LOOKUPS_PER_DAY sets the limit, " +
			"but Telegram refuses all look-ups for a day after about 200")
}

// refuses tells whether a call would be refused here, so that nobody connects for
// it in vain.
func (g *gate) refuses(method string) error {
	if f, rest := g.waits.rest(method, session.ID{}); rest > g.patience {
		return &heldError{f, rest}
	}
	if method != lookingUp {
		return nil
	}
	now := g.now()
	spent, err := g.limits.Lookups(now)
	if err != nil {
		return answer.Errorf(answer.Failed, "read the session file: %w", err)
	}
	if until := spent.Free(g.lookups); !until.IsZero() {
		return spentToday(spent.Used(), g.lookups, until.Sub(now))
	}
	return nil
}
