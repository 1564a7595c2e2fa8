package rawtl

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// TestPagesAreFollowed goes through a list of seven in pages of three by each of
// the ways that core.telegram.org/api/offsets has, and holds what is asked.
func TestPagesAreFollowed(t *testing.T) {
	const all = 7
	ids := func(from, to int) (out []tg.MessageClass) {
		for id := from; id > to; id-- {
			out = append(out, &tg.MessageEmpty{ID: id})
		}
		return out
	}
	for name, c := range map[string]struct {
		call   Call
		answer func(t *testing.T, request bin.Object) bin.Decoder
		want   string
		fails  error
	}{
		"by their number": {
			Call{Method: "channels.getParticipants", Params: []byte(`{"channel":"-1001900000001","filter":"channelParticipantsRecent","limit":3}`)},
			func(_ *testing.T, request bin.Object) bin.Decoder {
				req := request.(*tg.ChannelsGetParticipantsRequest)
				page := &tg.ChannelsChannelParticipants{Count: all}
				for n := range min(req.Limit, all-req.Offset) {
					page.Participants = append(page.Participants, &tg.ChannelParticipant{UserID: int64(1 + req.Offset + n)})
				}
				return &tg.ChannelsChannelParticipantsBox{ChannelParticipants: page}
			},
			"user_id 1 2 3 4 5 6 7 calls 3", nil,
		},
		"by the last one's id": {
			Call{Method: "messages.getHistory", Params: []byte(`{"peer":"@ann","limit":3}`)},
			func(_ *testing.T, request bin.Object) bin.Decoder {
				req := request.(*tg.MessagesGetHistoryRequest)
				from := all
				if req.OffsetID > 0 {
					from = req.OffsetID - 1
				}
				page := &tg.MessagesMessagesSlice{Count: all, Messages: ids(from, max(0, from-req.Limit))}
				return &tg.MessagesMessagesBox{Messages: page}
			},
			"id 7 6 5 4 3 2 1 calls 3", nil,
		},
		"by what the answer says": {
			Call{Method: "payments.getStarsTransactions", Params: []byte(`{"peer":"@ann","offset":"","limit":3}`)},
			func(_ *testing.T, request bin.Object) bin.Decoder {
				req := request.(*tg.PaymentsGetStarsTransactionsRequest)
				from := 0
				_, _ = fmt.Sscan(req.Offset, &from)
				page := &tg.PaymentsStarsStatus{Balance: &tg.StarsAmount{}}
				var list []tg.StarsTransaction
				for n := range min(req.Limit, all-from) {
					list = append(list, tg.StarsTransaction{
						ID: fmt.Sprint(1 + from + n), Amount: &tg.StarsAmount{}, Peer: &tg.StarsTransactionPeerAPI{},
					})
				}
				page.SetHistory(list)
				if from += len(list); from < all {
					page.SetNextOffset(fmt.Sprint(from))
				}
				return page
			},
			`id "1" "2" "3" "4" "5" "6" "7" calls 3`, nil,
		},
		"all at once": {
			Call{Method: "messages.getFavedStickers"},
			func(*testing.T, bin.Object) bin.Decoder {
				return &tg.MessagesFavedStickersBox{FavedStickers: &tg.MessagesFavedStickers{
					Packs:    []tg.StickerPack{{Emoticon: "x"}},
					Stickers: []tg.DocumentClass{&tg.DocumentEmpty{ID: 1}, &tg.DocumentEmpty{ID: 2}},
				}}
			},
			"id 1 2 calls 1", nil,
		},
		"one that has not changed": {
			Call{Method: "messages.getAllStickers", Params: []byte(`{"hash":5}`)},
			func(*testing.T, bin.Object) bin.Decoder {
				return &tg.MessagesAllStickersBox{AllStickers: &tg.MessagesAllStickersNotModified{}}
			},
			"calls 1", nil,
		},
		"a list without a count": {
			Call{Method: "messages.getHistory", Params: []byte(`{"peer":"@ann"}`)},
			func(_ *testing.T, request bin.Object) bin.Decoder {
				if limit := request.(*tg.MessagesGetHistoryRequest).Limit; limit != pageSize {
					return &tg.MessagesMessagesBox{Messages: &tg.MessagesMessages{}}
				}
				return &tg.MessagesMessagesBox{Messages: &tg.MessagesMessages{Messages: ids(2, 0)}}
			},
			"id 2 1 calls 1", nil,
		},
		"one that ends early": {
			Call{Method: "messages.getHistory", Params: []byte(`{"peer":"@ann","limit":3}`)},
			func(_ *testing.T, request bin.Object) bin.Decoder {
				page := &tg.MessagesMessagesSlice{Count: all}
				if request.(*tg.MessagesGetHistoryRequest).OffsetID == 0 {
					page.Messages = ids(7, 6)
				}
				return &tg.MessagesMessagesBox{Messages: page}
			},
			"id 7 calls 2", nil,
		},
		"one that goes in a circle": {
			Call{Method: "messages.getHistory", Params: []byte(`{"peer":"@ann","limit":1}`)},
			func(*testing.T, bin.Object) bin.Decoder {
				return &tg.MessagesMessagesBox{Messages: &tg.MessagesMessagesSlice{Count: all, Messages: ids(7, 6)}}
			},
			"id 7 7 calls 2", ErrSamePage,
		},
		"one whose mark stands still": {
			Call{Method: "payments.getStarsTransactions", Params: []byte(`{"peer":"@ann","offset":"a","limit":1}`)},
			func(*testing.T, bin.Object) bin.Decoder {
				page := &tg.PaymentsStarsStatus{Balance: &tg.StarsAmount{}}
				page.SetNextOffset("a")
				page.SetHistory([]tg.StarsTransaction{{ID: "1", Amount: &tg.StarsAmount{}, Peer: &tg.StarsTransactionPeerAPI{}}})
				return page
			},
			`id "1" calls 1`, ErrSamePage,
		},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := New().Parse(t.Context(), c.call, friends{})
			if err != nil {
				t.Fatal(err)
			}
			pages, err := req.Pages()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			calls := 0
			for more := true; more && err == nil; {
				var elements [][]byte
				calls++
				elements, more, err = pages.Turn(c.answer(t, req.Object()), View{})
				for _, e := range elements {
					got = append(got, idIn(string(e), strings.Fields(c.want)[0]))
				}
			}
			if !errors.Is(err, c.fails) {
				t.Errorf("got %v, want %v", err, c.fails)
			}
			want := strings.TrimPrefix(c.want, strings.Fields(c.want)[0]+" ")
			if len(got) == 0 {
				want = c.want
			}
			if s := strings.TrimSpace(strings.Join(got, " ") + fmt.Sprintf(" calls %d", calls)); s != want {
				t.Errorf("got %s, want %s", s, want)
			}
		})
	}
}

// idIn is what stands in a field of an element as it prints.
func idIn(element, field string) string {
	_, after, _ := strings.Cut(element, `"`+field+`":`)
	return after[:max(0, strings.IndexAny(after, ",}"))]
}

// TestWhatIsNoListIsNotCalledPageByPage: it is refused before it is sent, since the
// call may do something.
func TestWhatIsNoListIsNotCalledPageByPage(t *testing.T) {
	for _, c := range []Call{
		{Method: "users.getUsers", Params: []byte(`{"id":"@ann"}`)},
		{Method: "account.resetAuthorization", Params: []byte(`{"hash":1}`)},
		{Method: "messages.getDialogs", Params: []byte(`{"offset_peer":"inputPeerEmpty"}`)},
		{Method: "contacts.getContactIDs"},
		{Method: "updates.getState"},
	} {
		req, err := New().Parse(t.Context(), c, friends{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = req.Pages()
		if e, ok := errors.AsType[*Error](err); !ok || e.Path != c.Method || e.Hint == "" {
			t.Errorf("%s: got %v", c.Method, err)
		}
	}
}
