package bot

import (
	"context"
	"encoding/json"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
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
	params, err := json.Marshal(map[string]any{"peer": "me", "message": "", "media": media})
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "read file: %w", err)
	}
	r, err := b.schema.Parse(ctx, rawtl.Call{Method: method, Params: params}, finder{b, true})
	if err != nil {
		return nil, badCall(method, err)
	}
	return r.Object().(*tg.MessagesSendMediaRequest).Media, nil
}
