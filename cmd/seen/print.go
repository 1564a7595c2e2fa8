package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
)

// printer writes results to stdout, and is alone in doing so. They are text for
// people or one JSON object per line for programs, and the same bytes whether
// stdout is a terminal or not.
type printer struct {
	w      io.Writer
	format format
}

func (p *printer) addFlags(flags *pflag.FlagSet) {
	flags.VarP(&p.format, "output", "o", "`format` of the result: text or json")
	flags.Var(jsonFlag{&p.format}, "json", "same as -o json")
	flags.Lookup("json").NoOptDefVal = "true"
}

// put prints v as one line of JSON, or what text writes.
func (p *printer) put(v any, text func(io.Writer)) error {
	w := bufio.NewWriter(p.w)
	if p.format == asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return answer.Errorf(answer.Failed, "print result: %w", err)
		}
	} else {
		text(w)
	}
	if err := w.Flush(); err != nil {
		return answer.Errorf(answer.Failed, "print result: %w", err)
	}
	return nil
}

// fields prints names and values in two columns. A value that is empty is left
// out.
func fields(w io.Writer, pairs ...string) {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			line(tab, pairs[i]+"\t"+plain(pairs[i+1]))
		}
	}
	_ = tab.Flush() // put reports what goes wrong with w
}

// line writes one line of text. Put reports what goes wrong with w.
func line(w io.Writer, s string) { _, _ = fmt.Fprintln(w, strings.TrimRight(s, " ")) }

// peer prints one peer on one line. The columns have fixed widths, because the
// next peer is not known yet.
func (p *printer) peer(peer answer.Peer) error {
	return p.put(peer, func(w io.Writer) { line(w, row(peer)) })
}

// peers prints a list as it comes, with a header in text.
func (p *printer) peers(list iter.Seq2[answer.Peer, error]) error {
	header := "KIND     ID             HASH  USERNAMES             NAME"
	return stream(p, header, list, (*printer).peer)
}

// stream prints a list as it comes, element by element, with a header in text.
func stream[A any](p *printer, header string, list iter.Seq2[A, error], put func(*printer, A) error) error {
	w := bufio.NewWriter(p.w)
	lines := &printer{w: w, format: p.format}
	if p.format != asJSON && header != "" {
		line(w, header)
	}
	for element, err := range list {
		if err == nil {
			err = put(lines, element)
		}
		if err != nil {
			_ = w.Flush() // the first error is the one to tell
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return answer.Errorf(answer.Failed, "print result: %w", err)
	}
	return nil
}

func row(p answer.Peer) string {
	s := fmt.Sprintf("%-8s %-14d %-5s %-21s %s", p.Kind, p.ID, p.Hash, usernames(p), plain(p.Name))
	if p.AccessHash != "" {
		s += "  access_hash=" + p.AccessHash
	}
	return s
}

// who names a peer in a sentence.
func who(p answer.Peer) string {
	s := fmt.Sprintf("%s %d", p.Kind, p.ID)
	if p.Name != "" {
		s = plain(p.Name) + ", " + s
	}
	return s
}

func usernames(p answer.Peer) string {
	if len(p.Usernames) == 0 {
		return ""
	}
	return plain("@" + strings.Join(p.Usernames, " @"))
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// plain takes out of a text what could move the cursor or turn the line around:
// names are chosen by strangers. The joiner stays, because emoji are made with it.
func plain(s string) string {
	const joiner = '\u200d'
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r), r == joiner:
			return r
		case unicode.IsSpace(r):
			return ' '
		default:
			return unicode.ReplacementChar
		}
	}, s)
}
