package main

import (
	"io"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	"github.com/f48b34c0/seen/internal/answer"
)

// newLogger returns a logger that writes to w: lines for people if that is a
// terminal, else JSON.
func newLogger(w io.Writer, level string) (*zap.Logger, error) {
	min, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "there is no log level %q", level).
			WithHint("--log-level is debug, info, warn or error")
	}
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.ISO8601TimeEncoder
	encoder := zapcore.NewJSONEncoder(config)
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		config.EncodeLevel = zapcore.CapitalLevelEncoder
		encoder = zapcore.NewConsoleEncoder(config)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), min)), nil
}
