package fakedc_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gotd/td/telegram/downloader"
	"github.com/gotd/td/telegram/uploader"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// gotd's own uploader and downloader have to find the rules as they know them.
func TestAFileOfTenMegabytesComesBack(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	data := bytes.Repeat([]byte("0123456789abcdef"), 10<<20/16)
	for i := range data[:1024] {
		data[i*1024]++
	}
	in, err := uploader.NewUploader(c.Client).FromBytes(c.ctx, "ten.bin", data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{
		Peer: friends, RandomID: 1, Message: "ten",
		Media: &tg.InputMediaUploadedDocument{File: in, MimeType: "application/x-ten"},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := r.(*tg.Updates).Updates[1].(*tg.UpdateNewChannelMessage).Message.(*tg.Message)
	media := m.Media.(*tg.MessageMediaDocument)
	d := media.Document.(*tg.Document)
	if d.Size != int64(len(data)) || d.MimeType != "application/x-ten" || len(d.Attributes) != 1 {
		t.Errorf("document is %v", d)
	}
	at := &tg.InputDocumentFileLocation{ID: d.ID, AccessHash: d.AccessHash, FileReference: d.FileReference}
	var back bytes.Buffer
	if _, err := downloader.NewDownloader().Download(c.Client, at).Stream(c.ctx, &back); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, back.Bytes()) {
		t.Errorf("%d bytes came back, and not the same", back.Len())
	}
	for want, r := range map[string]*tg.UploadGetFileRequest{
		"LIMIT_INVALID":          {Location: at, Limit: 5000},
		"OFFSET_INVALID":         {Location: at, Limit: 4096, Offset: 1},
		"FILE_ID_INVALID":        {Location: &tg.InputDocumentFileLocation{ID: d.ID, AccessHash: 1, FileReference: d.FileReference}, Limit: 4096},
		"FILE_REFERENCE_EMPTY":   {Location: &tg.InputDocumentFileLocation{ID: d.ID, AccessHash: d.AccessHash}, Limit: 4096},
		"FILE_REFERENCE_INVALID": {Location: &tg.InputDocumentFileLocation{ID: d.ID, AccessHash: d.AccessHash, FileReference: []byte("x")}, Limit: 4096},
	} {
		_, err := c.UploadGetFile(c.ctx, r)
		wantError(t, err, 400, want)
	}
}

func TestPartsOfFilesAreChecked(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	save := func(part int, data []byte) error {
		_, err := c.UploadSaveFilePart(c.ctx, &tg.UploadSaveFilePartRequest{FileID: 1, FilePart: part, Bytes: data})
		return err
	}
	wantError(t, save(-1, []byte("x")), 400, "FILE_PART_INVALID")
	wantError(t, save(0, nil), 400, "FILE_PART_EMPTY")
	wantError(t, save(0, make([]byte, 513<<10)), 400, "FILE_PART_TOO_BIG")
	_, err := c.UploadSaveBigFilePart(c.ctx, &tg.UploadSaveBigFilePartRequest{FileID: 2, Bytes: []byte("x")})
	wantError(t, err, 400, "FILE_PARTS_INVALID")
	send := func(parts int) error {
		_, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{
			Peer: friends, RandomID: 1, Media: &tg.InputMediaUploadedPhoto{File: &tg.InputFile{ID: 1, Parts: parts}},
		})
		return err
	}
	wantError(t, send(1), 400, "FILE_PARTS_INVALID")
	if err := save(0, []byte("no picture")); err != nil {
		t.Fatal(err)
	}
	wantError(t, send(2), 400, "FILE_PARTS_INVALID")
	wantError(t, send(1), 400, "IMAGE_PROCESS_FAILED")
}

func TestABotEditsForwardsAndDeletes(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	ann := &tg.InputPeerUser{UserID: 1001}
	if _, err := c.send(ann, "one", 1); err != nil {
		t.Fatal(err)
	}
	edit := func(id int, text string) error {
		_, err := c.MessagesEditMessage(c.ctx, &tg.MessagesEditMessageRequest{Peer: ann, ID: id, Message: text})
		return err
	}
	wantError(t, edit(2, "one"), 400, "MESSAGE_NOT_MODIFIED")
	wantError(t, edit(1, "x"), 403, "MESSAGE_AUTHOR_REQUIRED")
	wantError(t, edit(9, "x"), 400, "MESSAGE_ID_INVALID")
	if err := edit(2, "two"); err != nil {
		t.Fatal(err)
	}
	r, err := c.MessagesForwardMessages(c.ctx, &tg.MessagesForwardMessagesRequest{
		FromPeer: ann, ToPeer: friends, ID: []int{1, 2}, RandomID: []int64{2, 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	if u := r.(*tg.Updates); len(u.Updates) != 4 {
		t.Errorf("forwarding made %v", u)
	}
	log := do(t, s, fakedc.Step{Do: "log", Chat: "friends"}).Messages
	if len(log) != 2 || log[0].ForwardFrom != "ann" || log[1].ForwardFrom != "bot" || log[1].Text != "two" {
		t.Errorf("friends has %v", log)
	}
	state, err := c.UpdatesGetState(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := c.MessagesDeleteMessages(c.ctx, &tg.MessagesDeleteMessagesRequest{ID: []int{1, 2, 77}, Revoke: true})
	if err != nil || gone.PtsCount != 2 || gone.Pts != state.Pts+2 {
		t.Errorf("deleting gave %v, %v", gone, err)
	}
	do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "mine"})
	_, err = c.ChannelsDeleteMessages(c.ctx, &tg.ChannelsDeleteMessagesRequest{
		Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, ID: []int{3},
	})
	wantError(t, err, 403, "MESSAGE_DELETE_FORBIDDEN")
	do(t, s, fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"delete"}})
	if _, err := c.ChannelsDeleteMessages(c.ctx, &tg.ChannelsDeleteMessagesRequest{
		Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, ID: []int{1, 3},
	}); err != nil {
		t.Error(err)
	}
	if log := do(t, s, fakedc.Step{Do: "log", Chat: "friends"}).Messages; len(log) != 1 || log[0].ID != 2 {
		t.Errorf("friends has %v", log)
	}
}

// A file of more than ten megabytes is a big one, and comes by the other method.
func TestABigFileIsSavedAsOne(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	const parts = 21
	part := make([]byte, 512<<10)
	for i := range parts {
		_, err := c.UploadSaveFilePart(c.ctx, &tg.UploadSaveFilePartRequest{FileID: 1, FilePart: i, Bytes: part})
		if i == parts-1 {
			wantError(t, err, 400, "FILE_PARTS_INVALID")
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := c.UploadSaveBigFilePart(c.ctx, &tg.UploadSaveBigFilePartRequest{
			FileID: 2, FilePart: i, FileTotalParts: parts, Bytes: part,
		}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{
		Peer: friends, RandomID: 1, Media: &tg.InputMediaUploadedDocument{File: &tg.InputFileBig{ID: 2, Parts: parts, Name: "big"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := r.(*tg.Updates).Updates[1].(*tg.UpdateNewChannelMessage).Message.(*tg.Message)
	if d := m.Media.(*tg.MessageMediaDocument).Document.(*tg.Document); d.Size != parts*512<<10 {
		t.Errorf("the document has %d bytes", d.Size)
	}
}

func TestAnEditReplacesMedia(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if _, err := c.send(friends, "text", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{
		Peer: friends, RandomID: 2, Media: &tg.InputMediaPoll{Poll: tg.Poll{
			Question: tg.TextWithEntities{Text: "?"},
			Answers:  []tg.PollAnswerClass{&tg.PollAnswer{Text: tg.TextWithEntities{Text: "yes"}, Option: []byte("0")}},
		}},
	}); err != nil {
		t.Fatal(err)
	}
	edit := func(id int, caption string, media tg.InputMediaClass) error {
		r := &tg.MessagesEditMessageRequest{Peer: friends, ID: id}
		r.SetMessage(caption)
		r.SetMedia(media)
		_, err := c.MessagesEditMessage(c.ctx, r)
		return err
	}
	file := func(id int64) tg.InputMediaClass {
		if _, err := c.UploadSaveFilePart(c.ctx, &tg.UploadSaveFilePartRequest{FileID: id, Bytes: []byte("data")}); err != nil {
			t.Fatal(err)
		}
		return &tg.InputMediaUploadedDocument{File: &tg.InputFile{ID: id, Parts: 1, Name: "a.txt"}}
	}
	wantError(t, edit(1, "x", &tg.InputMediaContact{FirstName: "Ann"}), 400, "MEDIA_NEW_INVALID")
	wantError(t, edit(2, "x", file(1)), 400, "MEDIA_PREV_INVALID")
	wantError(t, edit(1, strings.Repeat("x", 1025), file(2)), 400, "MEDIA_CAPTION_TOO_LONG")
	if err := edit(1, "caption", file(3)); err != nil {
		t.Fatal(err)
	}
	if m := s.World().Messages("friends")[0]; m.Media != "document" || m.Text != "caption" || m.Edited == 0 {
		t.Errorf("stored as %+v", m)
	}
}
