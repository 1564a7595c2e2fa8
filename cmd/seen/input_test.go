package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestAnInterruptedReadIsAnInterruption(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	defer writer.Close() //nolint:errcheck // never fails
	stop()
	_, err := interruptible(ctx, reader).Read(make([]byte, 1))
	if got := answer.From(unread(err)); got.Code != answer.Interrupted || got.Code.Exit() != 130 {
		t.Errorf("an interrupted read is %s, %v", got.Code, got)
	}
	got := answer.From(unread(io.ErrUnexpectedEOF))
	if got.Code != answer.Failed || !strings.HasPrefix(got.Message, "read stdin: ") {
		t.Errorf("a read that fails is %s, %v", got.Code, got)
	}
}
