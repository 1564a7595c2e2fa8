package fakedc

// adapt changes what one layer says with other constructors than another: fields
// that were left out or added are the writer's to see to.
func adapt(v any, from, to *layer) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = adapt(v[i], from, to)
		}
	case object:
		for name, x := range v.fields {
			v.fields[name] = adapt(x, from, to)
		}
		adaptObject(v, from, to)
	}
	return v
}

func adaptObject(o object, from, to *layer) {
	switch o.name {
	case "replyInlineMarkup", "replyKeyboardMarkup":
		adaptButtons(o, from, to)
	case "botBusinessConnection":
		adaptRights(o, to)
	case "poll":
		// A poll that is sent has no hash yet.
		o.setDefault("hash", int64(0))
		adaptText(o, "question", to)
	case "pollAnswer":
		adaptText(o, "text", to)
	case "documentAttributeVideo":
		// Before layer 157 a film lasted for whole seconds.
		if seconds, ok := o.fields["duration"].(float64); ok && to.kind(o.name, "duration") == "int" {
			o.fields["duration"] = int32(seconds)
		}
	case "messages.sendMessage", "messages.sendMedia":
		adaptReply(o, to)
	case "config":
		if to.has("config", "saved_gifs_limit") {
			for name, limit := range map[string]int32{
				"saved_gifs_limit": 200, "stickers_faved_limit": 5, "pinned_dialogs_count_max": 5, "pinned_infolder_count_max": 100,
			} {
				o.setDefault(name, limit)
			}
		}
	case "user", "channel":
		if to.byName[o.name] != nil && !to.has(o.name, "usernames") && o.fields["usernames"] != nil {
			o.setDefault("username", firstName(o.fields["usernames"]))
		}
	case "updateUserName":
		if to.has("updateUserName", "username") {
			o.setDefault("username", firstName(o.fields["usernames"]))
		}
	case "updateMessagePollVote":
		if voter, ok := o.fields["peer"].(object); ok && to.has(o.name, "user_id") && voter.name == "peerUser" {
			o.setDefault("user_id", voter.fields["user_id"])
		}
	}
}

// setDefault sets a field that the other layer has besides.
func (o object) setDefault(name string, v any) {
	if _, ok := o.fields[name]; !ok {
		o.fields[name] = v
	}
}

// kind is the type of a field in a layer, or "".
func (l *layer) kind(constructor, name string) string {
	if c := l.byName[constructor]; c != nil {
		for _, f := range c.fields {
			if f.name == name {
				return f.kind.String()
			}
		}
	}
	return ""
}

// has says whether a constructor of a layer has a field.
func (l *layer) has(constructor, name string) bool { return l.kind(constructor, name) != "" }

// adaptText is about texts of polls, which had no entities before layer 178.
func adaptText(o object, name string, to *layer) {
	if text, ok := o.fields[name].(object); ok && to.kind(o.name, name) == "string" {
		o.fields[name] = text.fields["text"]
	}
	if text, ok := o.fields[name].([]byte); ok && to.kind(o.name, name) == "TextWithEntities" {
		o.fields[name] = object{name: "textWithEntities", fields: map[string]any{"text": text, "entities": []any{}}}
	}
}

// adaptReply is about what a message answers, which was a number before layer 158.
func adaptReply(request object, to *layer) {
	id, ok := request.fields["reply_to_msg_id"]
	if !ok || !to.has(request.name, "reply_to") {
		return
	}
	request.fields["reply_to"] = object{name: "inputReplyToMessage", fields: map[string]any{"reply_to_msg_id": id}}
	delete(request.fields, "reply_to_msg_id")
}

// firstName is the one username that somebody had before layer 149.
func firstName(usernames any) any {
	list, _ := usernames.([]any)
	for _, x := range list {
		if o, ok := x.(object); ok {
			return o.fields["username"]
		}
	}
	return []byte{}
}

// adaptRights is about the one right that connected bots had before layer 203.
func adaptRights(connection object, to *layer) {
	if !to.has(connection.name, "can_reply") {
		return
	}
	rights, _ := connection.fields["rights"].(object)
	if _, ok := rights.fields["reply"]; ok {
		connection.fields["can_reply"] = struct{}{}
	}
}
