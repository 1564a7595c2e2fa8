package bot

import (
	"context"

	"github.com/f48b34c0/seen/internal/answer"
)

// Suggest lists usernames of the book that begin in some way. It asks nobody.
func (b *Bot) Suggest(_ context.Context, req answer.SuggestRequest) (answer.Suggested, error) {
	limit := req.Limit
	if limit <= 0 {
		limit = 50
	}
	list, err := b.book.Prefixed(req.Prefix, min(limit, 1000))
	if err != nil {
		return answer.Suggested{}, answer.Errorf(answer.Failed, "read the book: %w", err)
	}
	out := answer.Suggested{Names: []answer.Suggestion{}}
	for _, n := range list {
		out.Names = append(out.Names, answer.Suggestion{
			Username: n.Name, Kind: n.Peer.ID.Kind.String(), ID: n.Peer.ID.Num, Name: n.Peer.Name(),
		})
	}
	return out, nil
}
