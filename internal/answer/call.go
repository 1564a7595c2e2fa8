package answer

import "encoding/json"

// CallRequest asks for a call of any of Telegram's methods.
type CallRequest struct {
	// Method is the name in Telegram's schema, as in "messages.sendMessage".
	Method string `json:"method"`
	// Params is an object of the method's fields, by their names in the schema.
	// Where a peer is wanted a reference as for ResolveRequest may stand.
	Params json.RawMessage `json:"params,omitempty"`
	// Set is put into Params, in order.
	Set []Setting `json:"set,omitempty"`
	// CachedOnly finds peers in the book alone and never asks the server who they
	// are.
	CachedOnly bool `json:"cached_only,omitempty"`
	// Hashes asks for the access hashes in what is printed. They are masked
	// otherwise.
	Hashes bool `json:"hashes,omitempty"`
	// DryRun sends nothing and asks for what would be sent, as JSON with the ids of
	// the constructors, or with Hex as bytes.
	DryRun bool `json:"dry_run,omitempty"`
	Hex    bool `json:"hex,omitempty"`
	// Files asks for the documents and photos in the answer.
	Files bool `json:"files,omitempty"`
}

// Setting gives one field of a call.
type Setting struct {
	// Path is names and indexes with dots between, as in "entities.0.offset".
	Path string `json:"path"`
	// Value becomes what the field needs: a number, a text, a reference to a peer,
	// or JSON.
	Value string `json:"value"`
}

// Called is the answer to a call.
type Called struct {
	// Result is what the server answered, as JSON by the names of Telegram's
	// schema; or for a dry run the request. A long beyond 2^53 is a string.
	Result json.RawMessage `json:"result,omitempty"`
	// Hex is the request of a dry run as bytes, with asterisks for access hashes.
	Hex string `json:"hex,omitempty"`
	// Note says what this answer does not do; empty mostly.
	Note string `json:"note,omitempty"`
	// Files are the documents and photos in the answer, if they were asked for.
	Files []RemoteFile `json:"files,omitempty"`
}

// Element is one element of a list that is called page by page.
type Element struct {
	// Element is the element, as in a Called's Result.
	Element json.RawMessage `json:"element"`
	// Files are those of the whole page, with its first element.
	Files []RemoteFile `json:"files,omitempty"`
}

// TelegramError is what the server said to a call that it refused.
type TelegramError struct {
	// Method is what was called.
	Method string `json:"method"`
	// Type is the error without its number, as in "FLOOD_WAIT"; Argument is that
	// number. Code is Telegram's, and differs between methods.
	Type     string `json:"type"`
	Argument int    `json:"argument,omitempty"`
	Code     int    `json:"code"`
	// Page is the address of the method's documentation.
	Page string `json:"page"`
}

// WithTelegram returns a copy of e that tells what the server said.
func (e *Error) WithTelegram(said TelegramError) *Error {
	c := *e
	c.Telegram = &said
	return &c
}
