package fakedc

import (
	"maps"
	"sync"
)

// calls counts what clients asked, by method.
type calls struct {
	mu     sync.Mutex
	counts map[string]int
	heard  func(method string, request []byte)
}

func (c *calls) count(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[method]++
}

// Calls says how often each method was called since the world began, refused
// calls included. Keys are TL names such as messages.sendMessage.
func (w *World) Calls() map[string]int {
	w.calls.mu.Lock()
	defer w.calls.mu.Unlock()
	return maps.Clone(w.calls.counts)
}

func (c *calls) total() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.counts {
		n += one
	}
	return n
}
