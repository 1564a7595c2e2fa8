package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// people are who is mentioned, as they are addressed and as they are told of.
type people map[tg.InputUserClass]struct {
	input tg.InputUserClass
	told  answer.Peer
}

// mentioned finds everybody whom a text mentions.
func (b *Bot) mentioned(ctx context.Context, pieces []styled, refs meant) (people, error) {
	out := make(people)
	for _, e := range slices.Concat(entitiesOf(pieces)...) {
		m, ok := e.(*tg.InputMessageEntityMentionName)
		if !ok {
			continue
		}
		if _, known := out[m.UserID]; known {
			continue
		}
		ref := refs[m.UserID]
		p, from, err := b.find(ctx, ref, false)
		if err != nil {
			e := *answer.From(err)
			e.Message = fmt.Sprintf("the mention of %s: %s", ref, e.Message)
			return nil, &e
		}
		in, ok := p.InputUser()
		if !ok {
			return nil, answer.Errorf(answer.Usage, "%s is a %s; only people can be mentioned", ref, p.ID.Kind)
		}
		who := out[m.UserID]
		who.input, who.told = in, described(p, false)
		who.told.Input, who.told.Source = ref, from
		out[m.UserID] = who
	}
	return out, nil
}

func entitiesOf(pieces []styled) [][]tg.MessageEntityClass {
	out := make([][]tg.MessageEntityClass, len(pieces))
	for i, p := range pieces {
		out[i] = p.entities
	}
	return out
}

// in puts the people into the mentions of a part, and returns what is asked for.
func (who people) in(p *sheet) (asked []answer.Mention) {
	at := units(p.text)
	for _, e := range p.entities {
		m, ok := e.(*tg.InputMessageEntityMentionName)
		if !ok {
			continue
		}
		found := who[m.UserID]
		m.UserID = found.input
		asked = append(asked, answer.Mention{
			Peer: found.told, Text: textOf(at[m.Offset : m.Offset+m.Length]), Offset: m.Offset, Length: m.Length,
		})
	}
	return asked
}

// textOf is the text of units: see units.
func textOf(at []rune) string {
	var out strings.Builder
	for i := 0; i < len(at); i += width(string(at[i])) {
		out.WriteRune(at[i])
	}
	return out.String()
}
