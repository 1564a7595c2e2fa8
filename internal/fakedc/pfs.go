package fakedc

import (
	"context"
	"crypto/aes"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

func (a *authKey) temporary() bool { return !a.expires.IsZero() }

func (a *authKey) expired(now time.Time) bool { return a.temporary() && !now.Before(a.expires) }

// owner is the key that is signed in: the key itself, or the permanent key that
// a temporary one is bound to. An unbound temporary key has none.
func (a *authKey) owner() *authKey {
	if !a.temporary() {
		return a
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.perm
}

// bind says false when the key is bound to another key already.
func (a *authKey) bind(perm *authKey) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.perm != nil && a.perm != perm {
		return false
	}
	a.perm = perm
	return true
}

// bindTempAuthKey lets a temporary key speak for a permanent one. Only who has
// the permanent key can write the message inside the request.
//
// See https://core.telegram.org/method/auth.bindTempAuthKey.
func (s *Server) bindTempAuthKey(ctx context.Context, r *tg.AuthBindTempAuthKeyRequest) (bool, error) {
	var (
		invalid = tgerr.New(400, "ENCRYPTED_MESSAGE_INVALID")
		who     = callerOf(ctx)
		temp    = who.ses.key
		now     = s.now()
		id      [8]byte
	)
	if !temp.temporary() {
		return false, tgerr.New(400, "TEMP_AUTH_KEY_EMPTY")
	}
	binary.LittleEndian.PutUint64(id[:], uint64(r.PermAuthKeyID))
	perm, ok := s.world.keys.find(s.opts.DC, id, now)
	if !ok || perm.temporary() {
		return false, invalid
	}
	inner, msgID, ok := openBinding(perm, r.EncryptedMessage)
	if !ok || msgID != who.msgID ||
		inner.Nonce != r.Nonce || inner.ExpiresAt != r.ExpiresAt ||
		inner.PermAuthKeyID != r.PermAuthKeyID || inner.TempAuthKeyID != temp.IntID() || inner.TempSessionID != who.ses.id {
		return false, invalid
	}
	if int64(r.ExpiresAt) <= now.Unix() {
		return false, tgerr.New(400, "EXPIRES_AT_INVALID")
	}
	if !temp.bind(perm) {
		return false, tgerr.New(400, "TEMP_AUTH_KEY_ALREADY_BOUND")
	}
	return true, nil
}

// openBinding decrypts a binding message, which is packed as in MTProto 1.0.
//
// See https://core.telegram.org/api/pfs#special-binding-message.
func openBinding(perm *authKey, message []byte) (inner crypto.BindAuthKeyInner, msgID int64, ok bool) {
	// random:int128 msg_id:long seqno:int length:int
	const header = 16 + 8 + 4 + 4
	var outer crypto.EncryptedMessage
	if err := outer.Decode(&bin.Buffer{Buf: message}); err != nil || outer.AuthKeyID != perm.ID ||
		len(outer.EncryptedData)%aes.BlockSize != 0 || len(outer.EncryptedData) < header {
		return inner, 0, false
	}
	key, iv := crypto.KeysV1(perm.Value, outer.MsgKey)
	plain, err := decryptIGE(key[:], iv[:], outer.EncryptedData)
	if err != nil {
		return inner, 0, false
	}
	msgID = int64(binary.LittleEndian.Uint64(plain[16:]))
	length := int(binary.LittleEndian.Uint32(plain[header-4:]))
	if length < 0 || length > len(plain)-header || crypto.MessageKeyV1(plain[:header+length]) != outer.MsgKey {
		return inner, 0, false
	}
	err = inner.Decode(&bin.Buffer{Buf: plain[header : header+length]})
	return inner, msgID, err == nil
}

// decryptIGE takes the two halves of the IV in Telegram's order: the previous
// ciphertext first, then the previous plaintext. len(data) must be a multiple of
// the block size.
//
// See https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector.
func decryptIGE(key, iv, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	const n = aes.BlockSize
	out := make([]byte, len(data))
	lastCipher, lastPlain := iv[:n], iv[n:2*n]
	for at := 0; at < len(data); at += n {
		in, to := data[at:at+n], out[at:at+n]
		for i := range n {
			to[i] = in[i] ^ lastPlain[i]
		}
		block.Decrypt(to, to)
		for i := range n {
			to[i] ^= lastCipher[i]
		}
		lastCipher, lastPlain = in, to
	}
	return out, nil
}

// rebind ties temporary keys to the permanent ones that they speak for.
func (k *keyring) rebind(list []savedKey) error {
	for _, s := range list {
		if s.Perm == nil {
			continue
		}
		var value crypto.Key
		copy(value[:], s.Key)
		temp, perm := k.keys[value.ID()], k.keys[[8]byte(s.Perm)]
		if temp == nil || perm == nil || !temp.bind(perm) {
			return fmt.Errorf("a temporary key of the key %x, which is not there", s.Perm)
		}
	}
	return nil
}
