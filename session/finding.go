package session

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Finding is one thing that is wrong with a session file.
type Finding struct {
	// Bucket is where it is, as the schema names it; empty for the file itself.
	Bucket string
	// Key is the record: a peer such as "user 1001", a username, "page 17", or the
	// key in hexadecimal digits.
	Key string
	// Problem says what is wrong.
	Problem string
	// Repair says what [Repair] does about it; empty if it can do nothing.
	Repair string
}

// String returns a line of text.
func (f Finding) String() string {
	s := f.Problem
	if f.Key != "" {
		s = f.Key + ": " + s
	}
	if f.Bucket != "" {
		s = f.Bucket + " " + s
	}
	return s
}

// What Repair does, as its findings say it.
const (
	repairDrops   = "dropped"
	repairRewrite = "written anew"
)

// keyName is a key as people read it.
func keyName(bucket string, k []byte) string {
	switch bucket {
	case bucketPeers:
		if id, ok := idFromKey(k); ok && len(k) == keySize && id.Valid() {
			return id.String()
		}
	case bucketHistory:
		if id, ok := idFromKey(k); ok && id.Valid() {
			return id.String()
		}
	case bucketDialogs:
		if id, ok := dialogUser(k); ok {
			return id.String()
		}
	case bucketState:
		if id, ok := stateChannel(k); ok {
			return id.String()
		}
	case bucketLookups:
		if id, ok := deliveredTo(k); ok {
			return "delivery to " + id.String()
		}
		if method, wait := strings.CutPrefix(string(k), prefixFlood); wait {
			method, _, _ = strings.Cut(method, "\x00") // and perhaps a chat
			return "wait of " + printable([]byte(method))
		}
		if noName(string(k)) {
			return printable(k[1:])
		}
	}
	return printable(k)
}

// printable is a key as it is, or in hexadecimal digits.
func printable(k []byte) string {
	for _, c := range k {
		if c <= ' ' || c > '~' {
			return hex.EncodeToString(k)
		}
	}
	return string(k)
}

func pageName(from, to uint64) string {
	if to > from {
		return fmt.Sprintf("pages %d to %d", from, to)
	}
	return fmt.Sprintf("page %d", from)
}
