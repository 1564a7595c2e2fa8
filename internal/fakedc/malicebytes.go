package fakedc

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
)

// strangeBytes are messages that are not what they begin to be.
func (w *World) strangeBytes(a *account, kind string, size, nth int) (m malice, ok bool) {
	var b bin.Buffer
	switch kind {
	case "unknown":
		b.PutID(0xdeadbeef)
		b.PutLong(1)
	case "wrong_types":
		// A container whose updates are users, whose users are chats, and whose chats
		// are a number.
		b.PutID(tg.UpdatesTypeID)
		b.PutVectorHeader(1)
		put(&b, stranger(strangerID+1, 1))
		b.PutVectorHeader(1)
		put(&b, strangeChat(1))
		b.PutLong(1)
	case "announced":
		// Two thousand million users, and none there.
		b.PutID(tg.UpdatesTypeID)
		b.PutVectorHeader(0)
		b.PutVectorHeader(math.MaxInt32)
	case "negative":
		b.PutID(tg.UpdatesTypeID)
		b.PutVectorHeader(-1)
	case "long_string":
		// 16 MB less one byte are announced, and four are there.
		b.PutID(tg.UpdateShortMessageTypeID)
		b.Put([]byte{0xfe, 0xff, 0xff, 0xff, 'a', 'b', 'c', 'd'})
	case "truncated":
		put(&b, &tg.Updates{Users: []tg.UserClass{stranger(strangerID+1, 1)}, Date: 1})
		b.Buf = b.Buf[:len(b.Buf)/8*4]
	case "nested":
		b.Buf = nested(sizeOr(size, 1000))
	case "gzip":
		put(&b, proto.GZIP{Data: make([]byte, sizeOr(size, 16<<20))})
	case "gzip_nested":
		put(&b, &tg.UpdatesTooLong{})
		for range sizeOr(size, 100) {
			inner := b.Buf
			b = bin.Buffer{}
			put(&b, proto.GZIP{Data: inner})
		}
	case "container":
		// A thousand million messages, one of which is there, without an end.
		b.PutID(proto.MessageContainerTypeID)
		b.PutInt(1_000_000_000)
		b.PutLong(1)
		b.PutInt(1)
		b.PutInt(math.MaxInt32)
	case "container_nested":
		put(&b, &tg.UpdatesTooLong{})
		for range sizeOr(size, 100) {
			inner := b.Buf
			b = bin.Buffer{}
			put(&b, &proto.MessageContainer{Messages: []proto.Message{{ID: 1, Bytes: len(inner), Body: inner}}})
		}
	case "result":
		// The answer to a call that nobody has made.
		put(&b, &proto.Result{RequestMessageID: math.MaxInt64, Result: []byte{0xb5, 0x75, 0x72, 0x99}})
	case "bad_msg":
		put(&b, &mt.BadMsgNotification{BadMsgID: math.MinInt64, BadMsgSeqno: -1, ErrorCode: -1})
	case "session":
		put(&b, &mt.NewSessionCreated{FirstMsgID: math.MaxInt64, UniqueID: int64(nth), ServerSalt: 1})
	case "empty":
		b.Buf = []byte{}
	case "random":
		r := rand.New(rand.NewPCG(uint64(w.hash(0, kindMalice, int64(nth))), uint64(size)))
		b.Buf = make([]byte, sizeOr(size, 1024)/4*4)
		for at := 0; at < len(b.Buf); at += 4 {
			binary.LittleEndian.PutUint32(b.Buf[at:], r.Uint32())
		}
	default:
		return m, false
	}
	return malice{body: b.Buf}, true
}

// put is for objects that are made here and encode for certain.
func put(b *bin.Buffer, v bin.Encoder) { _ = v.Encode(b) }

// nested is a page with a text that is bold in bold in bold.
func nested(deep int) []byte {
	page := &tg.WebPage{ID: 1, URL: "https://example.org", DisplayURL: "example.org"}
	page.SetCachedPage(tg.Page{URL: "https://example.org", Blocks: []tg.PageBlockClass{&tg.PageBlockParagraph{Text: &tg.TextEmpty{}}}})
	body, err := encode(&tg.Updates{Updates: []tg.UpdateClass{&tg.UpdateWebPage{Webpage: page, Pts: 1}}})
	if err != nil {
		return nil
	}
	innermost := binary.LittleEndian.AppendUint32(nil, tg.TextEmptyTypeID)
	bold := binary.LittleEndian.AppendUint32(nil, tg.TextBoldTypeID)
	return bytes.Replace(body, innermost, append(bytes.Repeat(bold, deep), innermost...), 1)
}
