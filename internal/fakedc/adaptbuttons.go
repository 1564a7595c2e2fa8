package fakedc

import "strings"

// typed says whether buttons of a layer have a type, which came with layer 228.
// Before that, every kind of button was a constructor of its own.
func (l *layer) typed() bool { return l.byName["keyboardInlineButtonRow"] != nil }

func adaptButtons(markup object, from, to *layer) {
	if from.typed() == to.typed() {
		return
	}
	rows, _ := markup.fields["rows"].([]any)
	for i := range rows {
		row, ok := rows[i].(object)
		if !ok {
			continue
		}
		row.name = "keyboardButtonRow"
		if to.typed() && markup.name == "replyInlineMarkup" {
			row.name = "keyboardInlineButtonRow"
		}
		buttons, _ := row.fields["buttons"].([]any)
		for j := range buttons {
			if b, ok := buttons[j].(object); ok && to.typed() {
				buttons[j] = typedButton(b, markup.name == "replyInlineMarkup")
			} else if ok {
				buttons[j] = plainButton(b)
			}
		}
		rows[i] = row
	}
}

// The words between which the kind of a button stands.
const (
	plainWord, inputPlainWord   = "keyboardButton", "inputKeyboardButton"
	inlineWord, inputInlineWord = "inlineButtonType", "inputInlineButtonType"
	typeWord, inputTypeWord     = "buttonType", "inputButtonType"
	defaultKind                 = "Default"
)

// plainButton takes the type's fields into the button, which is called by its type.
func plainButton(b object) object {
	t, ok := b.fields["type"].(object)
	if !ok {
		return b
	}
	out := object{name: plainWord + kindOfButton(t.name, inlineWord, typeWord), fields: t.fields}
	if strings.HasPrefix(t.name, "input") {
		out.name = inputPlainWord + kindOfButton(t.name, inputInlineWord, inputTypeWord)
	}
	out.name = strings.TrimSuffix(out.name, defaultKind)
	for _, common := range []string{"text", "style"} {
		if v, ok := b.fields[common]; ok {
			out.fields[common] = v
		}
	}
	return out
}

// typedButton puts what is the kind's own into a type.
func typedButton(b object, inline bool) object {
	word, inputWord, name := typeWord, inputTypeWord, plainWord
	if inline {
		word, inputWord, name = inlineWord, inputInlineWord, "keyboardInlineButton"
	}
	t := object{name: word + kindOfButton(b.name, plainWord), fields: map[string]any{}}
	if strings.HasPrefix(b.name, "input") {
		t.name = inputWord + kindOfButton(b.name, inputPlainWord)
	}
	if t.name == typeWord {
		t.name += defaultKind
	}
	out := object{name: name, fields: map[string]any{"type": t}}
	for field, v := range b.fields {
		if field == "text" || field == "style" {
			out.fields[field] = v
		} else {
			t.fields[field] = v
		}
	}
	return out
}

func kindOfButton(name string, words ...string) string {
	for _, word := range words {
		if kind, ok := strings.CutPrefix(name, word); ok {
			return kind
		}
	}
	return name
}
