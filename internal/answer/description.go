package answer

import "encoding/json"

// Description tells of a method, a constructor or a type in Telegram's schema.
type Description struct {
	// Layer is the layer of the schema that all of this is about.
	Layer int `json:"layer"`
	// Kind is "method", "constructor" or "type".
	Kind string `json:"kind"`
	Name string `json:"name"`
	// ID is the number of a method or constructor, in hexadecimal digits.
	ID string `json:"id,omitempty"`
	// Type is what a constructor is of, and Returns what a method answers.
	Type    string `json:"type,omitempty"`
	Returns string `json:"returns,omitempty"`
	// Fields are those of a method or constructor, in the order of the schema.
	Fields []FieldDescription `json:"fields,omitempty"`
	// Constructors are those of a type, and Methods the ones that return it.
	Constructors []Description `json:"constructors,omitempty"`
	Methods      []string      `json:"methods,omitempty"`
	// Bots says that bots may call the method, as its page says in BotsLayer. Where
	// it is missing nothing is known.
	Bots      bool `json:"bots,omitempty"`
	BotsLayer int  `json:"bots_layer,omitempty"`
	// Errors are those that the page of a method documents. Others happen.
	Errors []DocumentedError `json:"errors,omitempty"`
	// Page is the address of the documentation.
	Page string `json:"page"`
	// Example are fields that the method can be called with, or an object of the
	// constructor.
	Example json.RawMessage `json:"example,omitempty"`
}

// FieldDescription tells of a field.
type FieldDescription struct {
	Name string `json:"name"`
	// Type is as the schema has it, as in "Vector<InputUser>".
	Type string `json:"type"`
	// Optional fields may be left out. So may others, for a value that Default
	// tells: "drawn" for a random id, "0" for a number that a list is paged by.
	Optional bool   `json:"optional,omitempty"`
	Default  string `json:"default,omitempty"`
	// Peer says that a name, a link or an id may stand in place of the object.
	Peer bool `json:"peer,omitempty"`
}

// DocumentedError is an error that a method's page lists.
type DocumentedError struct {
	Type string `json:"type"`
	Code int    `json:"code"`
}

// SchemaName is a name in Telegram's schema.
type SchemaName struct {
	// Kind is "method", "constructor" or "type".
	Kind string `json:"kind"`
	Name string `json:"name"`
}
