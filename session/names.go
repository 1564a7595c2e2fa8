package session

import (
	"strings"

	"github.com/f48b34c0/seen/session/internal/record"
)

// fold is how a name is looked up.
func fold(name string) string { return strings.ToLower(name) }

// folds reports whether a username, which is Latin, is looked up by lower.
func folds(name, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// contestedWithin is the distance in seconds within which two claims to a name
// cannot be ordered: dates are whole seconds, and envelopes arrive out of order.
const contestedWithin = 2

// verdict is what a claim to a name comes to.
type verdict int

const (
	claimKept     verdict = iota // the name stays where it is
	claimWon                     // the name is the claimant's from now on
	claimRefused                 // the claim is older than the owner's
	claimContests                // nobody can say; the server must be asked
)

// claim decides who bears a name, given the entry that stands and whether its
// owner still bears it. What the server says when it is asked for the name
// settles every earlier contest. The entry that it returns is a new one, or the
// one that stands.
func claim(name string, entry *record.Name, owned bool, s *sighting) (*record.Name, verdict) {
	told := s.told == name
	won := &record.Name{Kind: uint32(s.id.Kind), Id: s.id.Num, At: s.at, Shared: entry.GetShared()}
	switch {
	case entry == nil || !owned:
		return won, claimWon
	case owner(entry) == s.id:
		settled := told && s.at >= entry.At || s.at > entry.At+contestedWithin
		won.At = max(won.At, entry.At)
		won.Contested = entry.Contested && !settled
		return won, claimKept
	case told && s.at >= entry.At, s.at > entry.At+contestedWithin:
		return won, claimWon
	case s.at < entry.At-contestedWithin:
		return entry, claimRefused
	default:
		return &record.Name{
			Kind: entry.Kind, Id: entry.Id, At: max(entry.At, s.at), Contested: true, Shared: true,
		}, claimContests
	}
}

func owner(n *record.Name) ID { return ID{Kind(n.Kind), n.Id} }

// givenUp is the entry of a name that its owner does not bear any more: none, or
// nobody's if somebody else's record may bear it. So a name that a record bears
// always has its entry.
func givenUp(n *record.Name, at int64) *record.Name {
	if !n.Shared {
		return nil
	}
	return &record.Name{At: at, Shared: true}
}

// nobodys reports whether an entry, or the lack of one, says that nobody is known
// to bear the name.
func nobodys(n *record.Name) bool { return n == nil || owner(n) == ID{} }

func nameList(list []*record.Username) string {
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = u.Name
	}
	return strings.Join(names, " ")
}

// without returns the list less one name, given in lower case.
func without(list []*record.Username, lower string) []*record.Username {
	var out []*record.Username
	for _, u := range list {
		if !folds(u.Name, lower) {
			out = append(out, u)
		}
	}
	return out
}
