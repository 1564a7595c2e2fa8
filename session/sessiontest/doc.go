// Package sessiontest is what any store of the book has to pass: the behaviors
// that Telegram documents and that peer caches in the field get wrong, each as a
// named test, and a model of plain maps that random stories are held against.
//
// A store that is not [session.File] implements [Store] and calls [TestBook].
package sessiontest
