package control

import (
	"context"
	"iter"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

// BenchmarkResolve is what the socket costs: the bot knows the answer already.
// One operation is one answer.
func BenchmarkResolve(b *testing.B) {
	path, _ := daemon(b, bot{
		resolve: func(context.Context, answer.ResolveRequest) (answer.Peer, error) { return ann, nil },
		many: func(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
			return func(yield func(answer.Resolved, error) bool) {
				for _, err := range refs(ctx) {
					if !yield(answer.Resolved{Peer: ann}, err) || err != nil {
						return
					}
				}
			}
		},
	}, Options{})
	c := NewClient(path)
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if _, err := c.Resolve(b.Context(), answer.ResolveRequest{Ref: "@ann"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("many", func(b *testing.B) {
		b.ReportAllocs()
		refs := make([]string, b.N)
		for i := range refs {
			refs[i] = "@ann"
		}
		n := 0
		b.ResetTimer()
		for _, err := range c.ResolveMany(b.Context(), asking1(refs...)) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != b.N {
			b.Errorf("%d answers to %d questions", n, b.N)
		}
	})
}
