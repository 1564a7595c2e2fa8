package bot

import (
	"context"
	"fmt"

	"github.com/gotd/log"
	"github.com/gotd/log/logzap"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// quiet is gotd's logger. It passes warnings and errors on, everything at the
// level debug, and never an object: gotd attaches whole updates, in which access
// hashes stand.
//
// With and Named return the logger itself unless everything is passed on,
// because gotd derives loggers for every message, which costs a fifth of its
// speed.
type quiet struct {
	to  log.Logger
	all bool
}

func gotdLogger(z *zap.Logger) log.Logger {
	return quiet{
		to:  logzap.New(z.Named("gotd")),
		all: z.Core().Enabled(zapcore.DebugLevel),
	}
}

// Enabled reports whether a record is passed on.
func (q quiet) Enabled(ctx context.Context, level log.Level) bool {
	return (q.all || level >= log.LevelWarn) && q.to.Enabled(ctx, level)
}

// Log passes a record on.
func (q quiet) Log(ctx context.Context, level log.Level, msg string, attrs ...log.Attr) {
	if q.Enabled(ctx, level) {
		q.to.Log(ctx, level, msg, plain(attrs)...)
	}
}

// With implements log.Wither.
func (q quiet) With(attrs ...log.Attr) log.Logger {
	if w, ok := q.to.(log.Wither); ok && q.all {
		return quiet{to: w.With(plain(attrs)...), all: true}
	}
	return q
}

// Named implements log.Namer.
func (q quiet) Named(name string) log.Logger {
	if n, ok := q.to.(log.Namer); ok && q.all {
		return quiet{to: n.Named(name), all: true}
	}
	return q
}

// plain replaces objects by the names of their types, and errors by their
// messages: gotd's carry the places in its source.
func plain(attrs []log.Attr) []log.Attr {
	out := make([]log.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = a
		switch a.Value.Kind() {
		case log.KindAny:
			out[i] = log.String(a.Key, fmt.Sprintf("%T", a.Value.Any()))
		case log.KindError:
			if err := a.Value.Error(); err != nil {
				out[i] = log.String(a.Key, err.Error())
			}
		}
	}
	return out
}
