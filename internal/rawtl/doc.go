// Package rawtl makes calls of Telegram's API out of JSON, and JSON out of the
// answers: every method of the layer, by its name in Telegram's schema.
//
//	schema := rawtl.New()
//	req, err := schema.Parse(ctx, rawtl.Call{Method: "users.getUsers", Params: raw}, peers)
//	result := req.NewResult()
//	err = invoker.Invoke(ctx, req.Object(), result)
//	out, err := schema.JSON(result, rawtl.View{})
//
// # JSON of an object
//
// An object has the fields of the schema by their names there, and the
// constructor under "_" (or "@type", as tdlib has it), which may be left out
// where a type has only one. A constructor without fields may be its bare name.
// Flags are found by the fields that are given, so that an explicit zero is sent
// and a field that is null or missing is not; a flag word has no name of its own.
//
//	int           a whole number
//	long          a whole number, or one in a string; beyond 2^53 it prints as a string
//	double        a number, or "NaN", "Infinity" and "-Infinity"
//	string        a string, which must be valid UTF-8
//	bytes         base64, with or without padding
//	int128, int256  32 or 64 hexadecimal digits
//	Bool, true    true or false
//	Vector        a list; anything else is a list of one
//
// Numbers go through no floating point, in neither direction. Left out may be
// random ids, which are drawn, and the numbers that a method pages by: hash,
// limit, and those with offset, min or max in their names.
//
// A field whose type is InputPeer, InputUser or InputChannel, and one of
// InputDialogPeer or InputNotifyPeer, takes a reference to a peer in place of the
// object, and [Peers] says who that is.
//
// # What will bite
//
// An access hash prints as "hash:masked" unless a [View] asks for it, and such a
// one is refused where an access hash is wanted.
//
// The types are gotd's, in the layer that [Layer] names. What wraps other calls,
// such as invokeWithLayer, is not called by name.
package rawtl

//go:generate go test -run TestTablesAreCurrent . -update
