package fakedc

import (
	"bytes"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// markup checks buttons and encodes them as they are shown. A button to a profile
// is the one place where a mention that is not allowed has an error of its own.
//
// See https://core.telegram.org/api/bots/buttons.
func (w *World) markup(a *account, in tg.ReplyMarkupClass) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	if inline, ok := in.(*tg.ReplyInlineMarkup); ok {
		for i := range inline.Rows {
			for j := range inline.Rows[i].Buttons {
				if err := w.button(a, &inline.Rows[i].Buttons[j]); err != nil {
					return nil, err
				}
			}
		}
	}
	var b bin.Buffer
	if err := in.Encode(&b); err != nil {
		return nil, tgerr.New(400, "REPLY_MARKUP_INVALID")
	}
	return b.Buf, nil
}

func (w *World) button(a *account, b *tg.KeyboardInlineButton) error {
	const longestData = 64
	switch x := b.Type.(type) {
	case *tg.InlineButtonTypeCallback:
		if len(x.Data) == 0 || len(x.Data) > longestData {
			return tgerr.New(400, "BUTTON_DATA_INVALID")
		}
	case *tg.InlineButtonTypeURL:
		if x.URL == "" {
			return tgerr.New(400, "BUTTON_URL_INVALID")
		}
	case *tg.InputInlineButtonTypeUserProfile:
		p, err := w.somebody(a, x.UserID, "BUTTON_USER_INVALID")
		switch {
		case err != nil:
			return err
		case p.hideForwards:
			return tgerr.New(400, "BUTTON_USER_PRIVACY_RESTRICTED")
		}
		b.Type = &tg.InlineButtonTypeUserProfile{UserID: p.id}
	case *tg.InputInlineButtonTypeURLAuth:
		return tgerr.New(400, "BUTTON_TYPE_INVALID")
	}
	return nil
}

// offers says whether a message has a callback button with this data.
func (m *message) offers(data string) bool {
	in, err := tg.DecodeReplyMarkup(&bin.Buffer{Buf: m.markup})
	if err != nil {
		return false
	}
	inline, ok := in.(*tg.ReplyInlineMarkup)
	if !ok {
		return false
	}
	for _, row := range inline.Rows {
		for _, b := range row.Buttons {
			if x, ok := b.Type.(*tg.InlineButtonTypeCallback); ok && bytes.Equal(x.Data, []byte(data)) {
				return true
			}
		}
	}
	return false
}
