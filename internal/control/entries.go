package control

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"sync"

	"github.com/f48b34c0/seen/internal/answer"
)

// errorLine begins the line that says why the entries end early. No entry has
// such a field.
const errorLine = `{"error":`

// received are the entries in a request's body.
func received(body io.Reader) iter.Seq2[answer.Entry, error] {
	return func(yield func(answer.Entry, error) bool) {
		for line, err := range answer.Lines(body) {
			var e answer.Entry
			switch {
			case err != nil:
			case bytes.HasPrefix(line.Text, []byte(errorLine)):
				err = reason(line)
			default:
				e, err = line.Parse()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// reason is why the client has no more entries.
func reason(line answer.Line) error {
	var f failure
	if err := json.Unmarshal(line.Text, &f); err != nil || f.Error == nil {
		return answer.Errorf(answer.Usage, "line %d tells of an error and not which", line.Number)
	}
	return f.Error
}

// outgoing is a request's body: entries, each written when it is read.
//
// The transport may close it while it reads, and closes it again when it has
// read. Closing does not wait for an entry, which may come from a terminal.
type outgoing struct {
	mu    sync.Mutex // held while the entries are touched
	next  func() (answer.Entry, error, bool)
	stop  func()
	text  bytes.Buffer
	enc   *json.Encoder
	ended bool
}

func newOutgoing(entries iter.Seq2[answer.Entry, error]) *outgoing {
	o := &outgoing{}
	o.next, o.stop = iter.Pull2(entries)
	o.enc = json.NewEncoder(&o.text)
	o.enc.SetEscapeHTML(false)
	return o
}

// Read writes the entries that fit, or the error that ends them.
func (o *outgoing) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.text.Len() == 0 {
		if o.ended {
			return 0, io.EOF
		}
		e, err, ok := o.next()
		var line any = e
		switch {
		case !ok:
			o.ended = true
			continue
		case err != nil:
			o.ended = true
			line = failure{Error: answer.From(err)}
		}
		if err := o.enc.Encode(line); err != nil {
			return 0, err
		}
	}
	return o.text.Read(p)
}

// Close lets go of the entries.
func (o *outgoing) Close() error {
	if o.mu.TryLock() {
		defer o.mu.Unlock()
		o.ended = true
		o.stop()
	}
	return nil
}
