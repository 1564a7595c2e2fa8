package fakedc

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/gotd/td/mt"
)

const (
	// A salt is the current one for half an hour and good for another.
	// See https://core.telegram.org/mtproto/description#server-salt.
	saltPeriod = 30 * time.Minute
	// maxFutureSalts is how many get_future_salts may ask for.
	maxFutureSalts = 64
)

// salts are the server salts of one key. The first was agreed on with the key;
// the others follow from it.
type salts struct {
	first int64
	seed  [sha256.Size]byte
	since time.Time
	// skipped is how many periods were cut short, and oldest the first salt that
	// is still good: a salt that has expired by command is good no more.
	skipped, oldest int
}

func newSalts(first int64, key []byte, now time.Time) salts {
	return salts{first: first, seed: sha256.Sum256(key), since: now}
}

func (s *salts) number(now time.Time) int {
	return max(int(now.Sub(s.since)/saltPeriod), 0) + s.skipped
}

func (s *salts) at(n int) int64 {
	if n == 0 {
		return s.first
	}
	sum := sha256.Sum256(strconv.AppendInt(s.seed[:], int64(n), 10))
	return int64(binary.LittleEndian.Uint64(sum[:]))
}

func (s *salts) current(now time.Time) int64 { return s.at(s.number(now)) }

// good says whether a message may bear salt: the current one, the one before and,
// since clients change over some minutes ahead, the one that follows.
func (s *salts) good(salt int64, now time.Time) bool {
	n := s.number(now)
	for i := n; i >= max(n-1, s.oldest); i-- {
		if salt == s.at(i) {
			return true
		}
	}
	return salt == s.at(n+1)
}

func (s *salts) future(count int, now time.Time) []mt.FutureSalt {
	n := s.number(now)
	list := make([]mt.FutureSalt, min(max(count, 1), maxFutureSalts))
	for i := range list {
		since := s.since.Add(time.Duration(n+i-s.skipped) * saltPeriod)
		list[i] = mt.FutureSalt{
			ValidSince: int(since.Unix()), ValidUntil: int(since.Add(2 * saltPeriod).Unix()), Salt: s.at(n + i),
		}
	}
	return list
}

// expire makes every salt so far worthless, the next one included: a client may
// have asked for it already.
func (s *salts) expire(now time.Time) {
	s.oldest = s.number(now) + maxFutureSalts + 1
	s.skipped += maxFutureSalts + 1
}
