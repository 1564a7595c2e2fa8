package session

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
)

// schema is the version of the buckets and records. A file of an older one is
// upgraded when it is opened, and a file of a newer one is refused.
const schema = 2

// The buckets, as design and as order of writing: what state covers comes before
// state, and a peer before the names that point to it.
const (
	bucketPeers   = "peers"
	bucketHistory = "history"
	bucketDialogs = "dialogs"
	bucketLookups = "lookups"
	bucketOutbox  = "outbox"
	bucketNames   = "names"
	bucketAuth    = "auth"
	bucketState   = "state"
	bucketMeta    = "meta"
)

// buckets lists them in the order of writing.
func buckets() []string {
	return []string{
		bucketPeers, bucketHistory, bucketDialogs, bucketLookups, bucketOutbox,
		bucketNames, bucketAuth, bucketState, bucketMeta,
	}
}

// Keys of the buckets that hold single records.
const (
	keyMeta    = "meta"
	keySession = "session"
	keyAccount = "account"
	// A channel's pts stands under this byte and the big-endian id.
	prefixChannel = 'c'
)

func channelKey(id int64) []byte {
	k := make([]byte, keySize)
	k[0] = prefixChannel
	binary.BigEndian.PutUint64(k[1:], uint64(id))
	return k
}

// historyKey sorts a peer's changes by time; n tells those of one second apart.
func historyKey(id ID, at int64, n uint32) []byte {
	k := id.key()
	k = binary.BigEndian.AppendUint64(k, uint64(at))
	return binary.BigEndian.AppendUint32(k, n)
}

func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// load reads one record. It returns false if the key is not there.
func load(tx *bbolt.Tx, bucket string, key []byte, into proto.Message) (bool, error) {
	v := tx.Bucket([]byte(bucket)).Get(key)
	if v == nil {
		return false, nil
	}
	if err := proto.Unmarshal(v, into); err != nil {
		return false, fmt.Errorf("decode %s %x: %w", bucket, key, err)
	}
	return true, nil
}
