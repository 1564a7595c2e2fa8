package bot

import (
	"unicode"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

const (
	// maxText is the longest message and maxCaption the longest text under a file, in
	// UTF-16 code units; see core.telegram.org/api/config#message-length-max.
	maxText    = 4096
	maxCaption = 1024
)

// pieces cuts a text into messages, of which the first holds so many units. Without
// split it is refused if it needs more than one.
func (s styled) pieces(first int, split bool) ([]styled, error) {
	limit := first
	var out []styled
	for {
		n := width(s.text)
		if n <= limit && len(s.entities) <= maxEntities {
			return append(out, s), nil
		}
		if !split {
			return nil, s.tooLong(limit)
		}
		head, tail := s.cutAt(s.bestCut(limit))
		if len(head.entities) > maxEntities {
			return nil, s.tooLong(maxText) // they all lie over one another
		}
		if head.text != "" {
			out = append(out, head)
		}
		s, limit = tail, maxText
		if s.text == "" {
			return out, nil
		}
	}
}

func (s styled) tooLong(limit int) error {
	n := width(s.text)
	if n <= limit {
		return answer.Errorf(answer.Usage, "%d parts of the text are marked; a message holds %d", len(s.entities), maxEntities).
			WithHint("--split sends it in several messages")
	}
	where := "a message"
	if limit == maxCaption {
		where = "the text under a file"
	}
	return answer.Errorf(answer.Usage, "the text is %d UTF-16 units long; %s holds %d", n, where, limit).
		WithHint("--split sends it in several messages")
}

// bestCut is where to cut a text so that the head is as long as it may be: after a
// paragraph, else after a line, else after a word, and anywhere if there is none of
// them in the second half. Where an entity would be torn that stands for one thing,
// nothing is cut if it can be helped.
func (s styled) bestCut(limit int) int {
	at := units(s.text)
	most := min(limit, len(at))
	if len(s.entities) > maxEntities { // which are in the order of their offsets
		most = min(most, s.entities[maxEntities].GetOffset())
	}
	best, rank := 0, 0
	for i := most; i > 0 && (rank == 0 || i > most/2); i-- {
		// Not between the halves of a surrogate pair, which are the same rune twice.
		if half(at, i) || s.tears(i) {
			continue
		}
		r := 1
		switch {
		case i < len(at) && at[i-1] == '\n' && i > 1 && at[i-2] == '\n':
			r = 4
		case at[i-1] == '\n':
			r = 3
		case unicode.IsSpace(at[i-1]) || i < len(at) && unicode.IsSpace(at[i]):
			r = 2
		}
		if r > rank {
			best, rank = i, r
		}
	}
	if best == 0 { // in the middle of a word, or of what should not be torn
		best = max(most, 1)
		if half(at, best) {
			best++
			if best > most && most > 1 {
				best -= 2
			}
		}
	}
	return best
}

// half reports whether an offset is in the middle of a rune: the units before it that
// are the same rune of two units are odd in number.
func half(at []rune, i int) bool {
	if i == 0 || i >= len(at) || width(string(at[i])) == 1 {
		return false
	}
	n := 0
	for j := i; j > 0 && at[j-1] == at[i]; j-- {
		n++
	}
	return n%2 == 1
}

// tears reports whether an offset is inside of what stands for one thing.
func (s styled) tears(at int) bool {
	for _, e := range s.entities {
		if e.GetOffset() >= at {
			break // and so do all that follow
		}
		if e.GetOffset()+e.GetLength() <= at {
			continue
		}
		switch e.(type) {
		case *tg.InputMessageEntityMentionName, *tg.MessageEntityCustomEmoji, *tg.MessageEntityTextURL, *tg.MessageEntityCode:
			return true
		}
	}
	return false
}

// cutAt cuts a text in two, each with its part of the entities.
func (s styled) cutAt(at int) (head, tail styled) {
	end := byteOf(s.text, at)
	head.text, tail.text = s.text[:end], s.text[end:]
	for _, e := range s.entities {
		from, to := e.GetOffset(), e.GetOffset()+e.GetLength()
		if from < at {
			head.entities = append(head.entities, moved(e, from, min(to, at)-from))
		}
		if to > at {
			tail.entities = append(tail.entities, moved(e, max(from, at)-at, to-max(from, at)))
		}
	}
	return head.trim(), tail.trim()
}

// byteOf is where in a text so many units end.
func byteOf(s string, n int) int {
	for i, r := range s {
		if n <= 0 {
			return i
		}
		n -= width(string(r))
	}
	return len(s)
}
