package bot

import (
	"context"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// media is what a file becomes in a message. It was uploaded before.
func (b *Bot) media(ctx context.Context, file answer.Attachment) (tg.InputMediaClass, error) {
	const method = "messages.sendMedia"
	media := map[string]any{"_": "inputMediaUploadedPhoto", "file": file.File}
	if !file.Photo {
		media = map[string]any{
			"_": "inputMediaUploadedDocument", "file": file.File, "force_file": true, "mime_type": file.Type,
			"attributes": []any{map[string]any{"_": "documentAttributeFilename", "file_name": file.Name}},
		}
	}
	r, err := b.written(ctx, method, "file", map[string]any{"peer": "me", "message": "", "media": media})
	if err != nil {
		return nil, err
	}
	return r.(*tg.MessagesSendMediaRequest).Media, nil
}
