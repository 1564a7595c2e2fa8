package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress tells how far a long command is, in one line that is written over. It
// is for people who watch: where there is no terminal it says nothing.
type progress struct {
	w     io.Writer // nil without a terminal
	count int
	told  time.Time
	// every is how many are counted between two looks at the clock, and done what
	// has become of them; 100 and "read" if they are empty.
	every int
	done  string
}

// often is how often the line is written anew.
const often = 200 * time.Millisecond

// progress is one that shows on stderr, unless nobody wants to know.
func (c *cli) progress() *progress {
	if c.quiet {
		return &progress{}
	}
	return newProgress(c.err)
}

func newProgress(w io.Writer) *progress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{w: file, told: time.Now()}
}

// add counts one more. The clock is read only now and then.
func (p *progress) add() {
	p.count++
	if p.w == nil || p.count%cmp.Or(p.every, 100) != 0 || time.Since(p.told) < often {
		return
	}
	p.told = time.Now()
	_, _ = fmt.Fprintf(p.w, "\r%d %s", p.count, cmp.Or(p.done, "read")) // it is for show
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil {
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
}
