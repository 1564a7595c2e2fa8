package main

import (
	"fmt"
	"math"
	"strings"
)

// target is what a book of any size has to keep to.
type target struct {
	what, bound, measured string
	met                   bool
}

// targets says of the largest book whether it does.
func (r *Report) targets() string {
	s := r.Stages[len(r.Stages)-1]
	l := s.Reading.Lookups
	ratio := s.Start.Book / s.Start.Empty
	listing := s.Reading.Listing - s.Reading.Idle
	list := []target{
		{"hash by id, asked for before", "1 µs, no allocation", l.Hot.String(), l.Hot.Nanoseconds < 1000 && l.Hot.Allocs < 0.01},
		{"anybody by id", "3 µs", duration(l.Peer.Nanoseconds), l.Peer.Nanoseconds < 3000},
		{"anybody by name, the owner checked", "6 µs", duration(l.Name.Nanoseconds), l.Name.Nanoseconds < 6000},
		{"start of a command, against a file of one peer", "1.2x", fmt.Sprintf("%.2fx", ratio), ratio <= 1.2},
		{"bytes of the file per peer", "250", fmt.Sprintf("%.0f", s.perPeer("")), s.perPeer("") < 250},
		{"the last tenth entered, a second", "15,000", grouped(int(s.last())), s.last() >= 15_000},
		{"own memory, idle", "80 MB", megabytes(s.Ingest.Idle), s.Ingest.Idle < 80e6},
		{"own memory, under load", "200 MB", megabytes(s.Ingest.Most), s.Ingest.Most < 200e6},
		// One page of a listing, and what the collector has not come to yet.
		{"what a full listing adds", "nothing that grows", megabytes(listing), listing < 16e6},
		{"opening to read and write", "20 ms", duration(s.Reading.Open * 1e9), s.Reading.Open < 0.020},
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| with %s peers | target | measured | met |\n|---|---|---|---|\n", grouped(s.Peers))
	for _, t := range list {
		met := "no"
		if t.met {
			met = "yes"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.what, t.bound, t.measured, met)
	}
	return b.String()
}

// beyond goes on with the curve up to 100 million: with the slope, in logarithms,
// of the last tenths of the two largest books.
func (r *Report) beyond() string {
	const far = 100_000_000
	s := r.Stages[len(r.Stages)-1]
	rate := s.last()
	if n := len(r.Stages); n > 1 {
		before := r.Stages[n-2]
		slope := math.Log(rate/before.last()) / math.Log(float64(s.Peers)/float64(before.Peers))
		rate *= math.Pow(far/float64(s.Peers), min(slope, 0))
	}
	size := s.perPeer("") * far
	var b strings.Builder
	fmt.Fprintf(&b, "| 100,000,000 peers, by the same curve | |\n|---|--:|\n")
	fmt.Fprintf(&b, "| file | %.0f GB |\n", size/1e9)
	// bbolt notes for each page which commit handed it out.
	const noted = 35
	pages := int64(s.perPeer("") * (far - float64(s.Peers)) / 4096)
	fmt.Fprintf(&b, "| own memory, idle and under load | %s, %s |\n",
		megabytes(s.Ingest.Idle+noted*pages), megabytes(s.Ingest.Most+noted*pages*(100+gcPercent)/100))
	fmt.Fprintf(&b, "| memory for the system's cache, so that nothing waits for the disk | %.0f GB |\n", size/1e9)
	fmt.Fprintf(&b, "| entered a second at the end, as long as the cache holds the file | %s |\n", grouped(int(rate)))
	if cold := r.Cold.Points; len(cold) > 0 {
		end := cold[len(cold)-1]
		fmt.Fprintf(&b, "| entered a second when it holds nothing of it, measured at %s | %s |\n",
			grouped(s.Peers), grouped(int(float64(end.Peers-r.Cold.From)/end.Seconds)))
	}
	fmt.Fprintf(&b, "| commits a second, while the cache holds it | %.1f |\n", rate*float64(s.Ingest.Commits)/float64(s.Peers-s.Ingest.From))
	fmt.Fprintf(&b, "| a look-up by id, and by name, when the disk has to be read | %s, %s |\n",
		duration(s.Reading.Cold.Peer.Nanoseconds), duration(s.Reading.Cold.Name.Nanoseconds))
	fmt.Fprintf(&b, "| a full listing | %.0f s |\n", s.Reading.Listed*far/float64(s.Peers))
	return b.String()
}
