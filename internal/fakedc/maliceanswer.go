package fakedc

import (
	"math"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// strangeAnswer changes what a method answers in a way of that method's own.
func (w *World) strangeAnswer(_ *account, kind string, _, _ int) (m malice, ok bool) {
	switch kind {
	case "endless":
		m.twist = endless
	case "other_person":
		m.twist = otherPerson
	case "far_state":
		m.twist = farState
	default:
		return m, false
	}
	return m, true
}

// endless makes a difference that is never final and leads nowhere.
func endless(request *bin.Buffer, answer bin.Encoder) bin.Encoder {
	switch answer.(type) {
	case *tg.UpdatesDifferenceBox:
		var r tg.UpdatesGetDifferenceRequest
		if r.Decode(request) != nil {
			return answer
		}
		return &tg.UpdatesDifferenceSlice{IntermediateState: tg.UpdatesState{Pts: r.Pts, Qts: r.Qts, Date: r.Date, Seq: 1}}
	case *tg.UpdatesChannelDifferenceBox:
		var r tg.UpdatesGetChannelDifferenceRequest
		if r.Decode(request) != nil {
			return answer
		}
		return &tg.UpdatesChannelDifference{Pts: r.Pts}
	}
	return answer
}

// otherPerson tells of somebody else than was asked for.
func otherPerson(_ *bin.Buffer, answer bin.Encoder) bin.Encoder {
	switch x := answer.(type) {
	case *tg.UserClassVector:
		for i := range x.Elems {
			x.Elems[i] = stranger(strangerID+1+int64(i), 1)
		}
	case *tg.ContactsResolvedPeer:
		// The user whose name it is comes along, and is not the one who is meant.
		x.Peer = &tg.PeerUser{UserID: strangerID + 1}
	}
	return answer
}

// farState says that the sequences are at their end.
func farState(_ *bin.Buffer, answer bin.Encoder) bin.Encoder {
	far := tg.UpdatesState{Pts: math.MaxInt32, Qts: math.MaxInt32, Date: math.MaxInt32, Seq: math.MaxInt32}
	switch x := answer.(type) {
	case *tg.UpdatesState:
		return &far
	case *tg.UpdatesDifferenceBox:
		return &tg.UpdatesDifference{State: far}
	case *tg.UpdatesChannelDifferenceBox:
		if d, ok := x.ChannelDifference.(*tg.UpdatesChannelDifference); ok {
			d.Pts = math.MaxInt32
		}
		if d, ok := x.ChannelDifference.(*tg.UpdatesChannelDifferenceEmpty); ok {
			d.Pts = math.MaxInt32
		}
	}
	return answer
}
