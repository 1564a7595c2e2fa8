// Command scale measures what a session file of ten thousand to ten million peers
// costs: how fast they go in, how long a look-up takes, and what the file and the
// memory come to. It writes the table and the drawing in the README.
//
// Whoever it measures is a process of its own, which prints what it has measured
// as JSON: the memory that one has taken would still be there for the next. With
// SCALE_PROFILE=FOLDER each of them leaves a profile of the processor there.
package main
