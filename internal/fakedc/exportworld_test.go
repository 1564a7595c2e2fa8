package fakedc

// Encode is the snapshot of w.
func Encode(w *World) ([]byte, error) { return w.encodeSnapshot() }
