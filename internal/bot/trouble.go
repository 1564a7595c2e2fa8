package bot

import (
	"errors"
	"syscall"

	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// tellTrouble logs that the session file cannot be written, or can be again. It
// is called once for each.
func tellTrouble(to *zap.Logger, err error) {
	if err == nil {
		to.Warn("the session file is written again; nothing was lost")
		return
	}
	to.Error("the session file cannot be written; what is new is kept in memory and tried again", zap.Error(err))
}

// unwritten puts what keeps the session file from being written into words. Once
// the bot has given up, or is closed, only a new start helps.
func (b *Bot) unwritten(err error, over bool) *answer.Error {
	if !errors.Is(err, session.ErrUnwritten) {
		return answer.Errorf(answer.Failed, "close session file: %w", err)
	}
	then := "it is tried again by itself"
	if over || b.file.Err() != nil {
		then = "start again then: the server sends once more what was not written"
	}
	return answer.Errorf(answer.Failed, "%w", err).WithHint("%s; %s", remedy(err, b.file.Path()), then)
}

// remedy says what helps against a disk that refuses to be written.
func remedy(err error, path string) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "make room on the disk of " + path
	case errors.Is(err, syscall.EFBIG):
		return "raise the limit on the size of files (ulimit -f)"
	case errors.Is(err, syscall.EROFS):
		return "make the disk of " + path + " writable"
	default:
		return "look after the disk of " + path
	}
}
