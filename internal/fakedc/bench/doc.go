// Package bench measures fakedc against tgtest, gotd's own test server, in the
// same run and with the same clients.
package bench
