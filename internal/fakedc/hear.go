package fakedc

// Hear lets f see every call from now on: its method and its bytes, as the client
// sent them and without what wraps it, refused calls included. f is called before
// the answer, by one goroutine per call, and must not keep or change the bytes.
func (w *World) Hear(f func(method string, request []byte)) {
	w.calls.mu.Lock()
	defer w.calls.mu.Unlock()
	w.calls.heard = f
}

func (c *calls) tell(method string, request []byte) {
	c.mu.Lock()
	f := c.heard
	c.mu.Unlock()
	if f != nil {
		f(method, request)
	}
}
