package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
)

// card prints all that is known of one peer.
func (p *printer) card(peer answer.Peer) error {
	return p.put(peer, func(w io.Writer) {
		fields(
			w,
			"kind", peer.Kind,
			"id", fmt.Sprint(peer.ID),
			"bot api id", fmt.Sprint(peer.BotAPIID),
			"name", peer.Name,
			"usernames", usernames(peer),
			"language", peer.Language,
			"phone", peer.Phone,
			"flags", strings.Join(flags(peer), ", "),
			"migrated to", peerID(peer.MigratedTo),
			"hash", peer.Hash,
			"access hash", peer.AccessHash,
			"first seen", when(peer.FirstSeen),
			"first source", source(peer.FirstSource),
			"last seen", when(peer.LastSeen),
			"last source", source(peer.LastSource),
		)
	})
}

// flags are those of a peer, and that parts of it alone were seen.
func flags(p answer.Peer) []string {
	if p.Min {
		return append([]string{"min"}, p.Flags...)
	}
	return p.Flags
}

func source(s *answer.Source) string {
	if s == nil {
		return ""
	}
	text := strings.TrimSpace(s.Via + " " + s.What)
	if s.Chat != nil {
		text += " in " + peerID(s.Chat)
	}
	return text
}

func peerID(id *answer.PeerID) string {
	if id == nil {
		return ""
	}
	return fmt.Sprintf("%s %d", id.Kind, id.ID)
}
