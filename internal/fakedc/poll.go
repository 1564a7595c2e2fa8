package fakedc

import (
	"fmt"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// poll is a question with answers; an answer's option is its index, as one byte.
type poll struct {
	ID       int64    `json:"id"`
	Question string   `json:"question"`
	Answers  []string `json:"answers"`
	Public   bool     `json:"public,omitempty"`
	Multiple bool     `json:"multiple,omitempty"`
	Quiz     bool     `json:"quiz,omitempty"`
	// Votes are indexes of answers by id of the voter.
	Votes map[int64][]int `json:"votes,omitempty"`
}

// newPoll takes over what a bot asks.
//
// See https://core.telegram.org/api/poll.
func (w *World) newPoll(in *tg.InputMediaPoll) (*media, error) {
	p := &poll{
		ID: w.nextMade(), Question: in.Poll.Question.Text,
		Public: in.Poll.PublicVoters, Multiple: in.Poll.MultipleChoice, Quiz: in.Poll.Quiz,
	}
	for _, a := range in.Poll.Answers {
		switch a := a.(type) {
		case *tg.PollAnswer:
			p.Answers = append(p.Answers, a.Text.Text)
		case *tg.InputPollAnswer:
			p.Answers = append(p.Answers, a.Text.Text)
		}
	}
	switch {
	case p.Question == "":
		return nil, tgerr.New(400, "POLL_QUESTION_INVALID")
	case len(p.Answers) < 1 || len(p.Answers) > 12:
		return nil, tgerr.New(400, "POLL_ANSWERS_INVALID")
	}
	return &media{Poll: p}, nil
}

// tg builds a poll with its results.
//
// See https://core.telegram.org/constructor/messageMediaPoll.
func (p *poll) tg(own bool) *tg.MessageMediaPoll {
	x := &tg.MessageMediaPoll{Poll: tg.Poll{
		ID: p.ID, PublicVoters: p.Public, MultipleChoice: p.Multiple, Quiz: p.Quiz, Creator: own,
		Question: tg.TextWithEntities{Text: p.Question},
	}}
	voters := make([]int, len(p.Answers))
	for _, options := range p.Votes {
		for _, i := range options {
			voters[i]++
		}
	}
	results := make([]tg.PollAnswerVoters, len(p.Answers))
	for i, text := range p.Answers {
		x.Poll.Answers = append(x.Poll.Answers, &tg.PollAnswer{Text: tg.TextWithEntities{Text: text}, Option: []byte{byte(i)}})
		results[i].Option = []byte{byte(i)}
		results[i].SetVoters(voters[i])
	}
	x.Results.SetResults(results)
	x.Results.SetTotalVoters(len(p.Votes))
	return x
}

// vote is told to the bot that has sent the poll, unless votes are secret. No
// options take a vote back.
//
// See https://core.telegram.org/constructor/updateMessagePollVote.
func (w *World) vote(p *person, s Step) (Result, error) {
	m, err := w.find(p, s.Chat, s.Message)
	if err != nil {
		return Result{}, err
	}
	if m.media == nil || m.media.Poll == nil {
		return Result{}, fmt.Errorf("message %d is no poll", s.Message)
	}
	x := m.media.Poll
	if len(s.Options) > 1 && !x.Multiple {
		return Result{}, fmt.Errorf("message %d takes one answer", s.Message)
	}
	for _, i := range s.Options {
		if i < 0 || i >= len(x.Answers) {
			return Result{}, fmt.Errorf("message %d has no answer %d", s.Message, i)
		}
	}
	if x.Votes == nil {
		x.Votes = map[int64][]int{}
	}
	if len(s.Options) == 0 {
		delete(x.Votes, p.id)
	} else {
		x.Votes[p.id] = slices.Clone(s.Options)
	}
	if m.from.bot == nil || !x.Public {
		return Result{}, nil
	}
	return Result{}, w.note(m.from.bot, event{
		what: whatVote, message: m, more: &detail{user: p, options: slices.Clone(s.Options)},
	})
}

func pollOptions(indexes []int) [][]byte {
	list := make([][]byte, len(indexes))
	for i, n := range indexes {
		list[i] = []byte{byte(n)}
	}
	return list
}
