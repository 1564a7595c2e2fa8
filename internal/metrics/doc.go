// Package metrics tells Prometheus how a bot is.
//
// It keeps nothing: what it tells was counted elsewhere, and is read when it is
// asked for. The names are stable, and carry no names of people, no ids and no
// texts. It is the only importer of Prometheus's library.
package metrics
