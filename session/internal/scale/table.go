package main

import (
	"fmt"
	"strings"
)

// markdown is what stands in the README.
func (r *Report) markdown() string {
	m := r.Machine
	var b strings.Builder
	fmt.Fprintf(&b, "%d cores of %s, %.0f GB of memory, %s, %s, %s; its disk syncs 5,000 scattered pages in %.0f ms.\n",
		m.Processors, m.Processor, float64(m.Memory)/1e9, m.System, m.Go, m.Day, m.Sync*1e3)
	if m.Load > 1 {
		fmt.Fprintf(&b, "**Others kept it busy, at a load of %.0f: the times say little.**\n", m.Load)
	}
	b.WriteString("\n![How fast a book grows, and how long a look-up takes](session/internal/scale/scale.svg)\n\n")
	b.WriteString("| peers in the book |")
	for _, s := range r.Stages {
		fmt.Fprintf(&b, " %s |", grouped(s.Peers))
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(r.Stages)) + "\n")
	for _, l := range lines() {
		fmt.Fprintf(&b, "| %s |", l.what)
		for i := range r.Stages {
			fmt.Fprintf(&b, " %s |", l.tell(r, i))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.WriteString(r.targets())
	b.WriteByte('\n')
	b.WriteString(r.beyond())
	return b.String()
}

// line is one line of the table.
type line struct {
	what string
	tell func(r *Report, i int) string
}

func lines() []line {
	of := func(tell func(s Stage) string) func(*Report, int) string {
		return func(r *Report, i int) string { return tell(r.Stages[i]) }
	}
	return []line{
		{"entered a second, on the disk: all of them", func(r *Report, i int) string { return grouped(int(r.rate(i))) }},
		{"the last tenth of them", of(func(s Stage) string { return grouped(int(s.last())) })},
		{"hash by id, asked for before", of(func(s Stage) string { return s.Reading.Lookups.Hot.String() })},
		{"hash by id, anybody's", of(func(s Stage) string { return s.Reading.Lookups.Hash.String() })},
		{"anybody by id", of(func(s Stage) string { return s.Reading.Lookups.Peer.String() })},
		{"anybody by name, the owner checked", of(func(s Stage) string { return s.Reading.Lookups.Name.String() })},
		{"the same by id, nothing cached by the system", of(func(s Stage) string { return duration(s.Reading.Cold.Peer.Nanoseconds) })},
		{"bytes of the file per peer", of(func(s Stage) string { return fmt.Sprintf("%.0f", s.perPeer("")) })},
		{"of them records, names, free pages", of(func(s Stage) string {
			return fmt.Sprintf("%.0f, %.0f, %.0f", s.perPeer("peers"), s.perPeer("names"), s.perPeer("free"))
		})},
		{"own memory (RssAnon): idle after all that", of(func(s Stage) string { return megabytes(s.Ingest.Idle) })},
		{"the most while they enter", of(func(s Stage) string { return megabytes(s.Ingest.Most) })},
		{"what a full listing adds", of(func(s Stage) string { return megabytes(s.Reading.Listing - s.Reading.Idle) })},
		{"opening to read and write", of(func(s Stage) string { return duration(s.Reading.Open * 1e9) })},
		{"`seen resolve NAME --cached-only`, the process", of(func(s Stage) string { return duration(s.Start.Book * 1e9) })},
		{"that, against a file of one peer", of(func(s Stage) string { return fmt.Sprintf("%.2fx", s.Start.Book/s.Start.Empty) })},
	}
}

// rate is how many were entered a second from the first one on.
func (r *Report) rate(upTo int) float64 {
	var seconds float64
	for _, s := range r.Stages[:upTo+1] {
		seconds += s.Ingest.Points[len(s.Ingest.Points)-1].Seconds
	}
	return float64(r.Stages[upTo].Peers) / seconds
}

// last is how many were entered a second among the last tenth.
func (s Stage) last() float64 {
	points := s.Ingest.Points
	end := points[len(points)-1]
	var begin Point
	for _, p := range points {
		if p.Peers <= s.Peers-s.Peers/10 {
			begin = p
		}
	}
	if begin.Peers == 0 { // too few to tell
		return float64(end.Peers-s.Ingest.From) / end.Seconds
	}
	return float64(end.Peers-begin.Peers) / (end.Seconds - begin.Seconds)
}

// perPeer is how many bytes of the file a bucket takes per peer, or all of it.
func (s Stage) perPeer(bucket string) float64 {
	size := s.Reading.Size
	if bucket != "" {
		size = 0
	}
	for _, b := range s.Reading.Pages {
		if b.Name == bucket {
			size = b.Size
		}
	}
	return float64(size) / float64(s.Peers)
}

func (c Cost) String() string {
	if c.Allocs < 0.01 {
		return duration(c.Nanoseconds) + ", no allocation"
	}
	return duration(c.Nanoseconds)
}

// duration tells nanoseconds in two or three digits.
func duration(ns float64) string {
	for _, unit := range []string{"ns", "µs", "ms"} {
		switch {
		case ns < 10 && unit != "ns":
			return fmt.Sprintf("%.1f %s", ns, unit)
		case ns < 1000:
			return fmt.Sprintf("%.0f %s", ns, unit)
		}
		ns /= 1000
	}
	return fmt.Sprintf("%.1f s", ns)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(max(n, 0))/1e6) }

// grouped writes a number as 10,000,000.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
