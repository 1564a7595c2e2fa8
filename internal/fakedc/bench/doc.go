// Package bench measures in one run, with the same clients, what fakedc costs
// against tgtest, gotd's own test server, and what the bot's calls cost against
// those of gotd alone.
package bench
